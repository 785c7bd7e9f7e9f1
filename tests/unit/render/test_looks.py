"""Looks: a picture is looked at once for all plans, and whatever is wrong with what was kept costs a second look, no more."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from affiche import wire
from affiche.plan.model import PictureStep
from affiche.ports import Outcome
from affiche.render import looks as looks_module
from affiche.render.looks import Looks
from affiche.render.record import info_data, info_of
from affiche.settings import Settings
from affiche.values.digest import Digest, digest, digest_bytes
from tests.flow.kit_build import write_can


@pytest.fixture
def step(tmp_path: Path) -> PictureStep:
    file = tmp_path / "can.png"
    write_can(file, (200, 60, 40))
    content = digest_bytes(file.read_bytes())
    return PictureStep(key=digest("look", content), digest=content, name=file.name, file=str(file), role="picture", focal=None)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", out=tmp_path / "out", jobs=1)


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many processes were asked for, look by look."""
    asked: list[int] = []
    crew = wire.crew
    monkeypatch.setattr(wire, "crew", lambda settings, jobs=0: asked.append(jobs) or crew(settings, alone=True))
    return asked


def test_a_second_plan_looks_at_nothing_and_knows_the_same(step: PictureStep, settings: Settings, processes: list[int]) -> None:
    first = wire.looked_at([step], settings)
    again = wire.looked_at([step], settings)
    assert first[step.key] == again[step.key]
    assert processes == [1]


@pytest.mark.parametrize("kept", ["", "{", "[]", '{"kind": "photo"}', "\x00\xff"])
def test_what_cannot_be_read_is_looked_at_again(step: PictureStep, settings: Settings, processes: list[int], kept: str) -> None:
    first = wire.looked_at([step], settings)
    (settings.home / "looks" / f"{step.key}.json").write_text(kept)
    assert wire.looked_at([step], settings) == first
    assert processes == [1, 1]


def test_a_home_that_cannot_be_written_is_no_hindrance(step: PictureStep, settings: Settings, processes: list[int]) -> None:
    settings.home.mkdir()
    (settings.home / "looks").write_text("a file where a folder should be")
    assert step.key in wire.looked_at([step], settings)
    assert processes == [1]


def test_the_older_half_makes_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: PictureStep, settings: Settings) -> None:
    monkeypatch.setattr(looks_module, "_MOST", 10)
    info = next(iter(wire.looked_at([step], settings).values()))
    kept = Looks(tmp_path / "kept")
    names = [Digest(f"{number:064x}") for number in range(14)]
    for name in names:
        assert kept.keep(Outcome(key=name, kind="imagine", blobs={}, data=info_data(info))).kind == info.kind
    left = set(kept.find(names))
    assert 6 <= len(left) <= 10 and names[-1] in left
    assert json.loads((tmp_path / "kept" / f"{names[-1]}.json").read_text()) == json.loads(json.dumps(info_data(info)))
    assert info_of(Outcome(key=info.digest, kind="imagine", blobs={}, data=info_data(info))) == info
