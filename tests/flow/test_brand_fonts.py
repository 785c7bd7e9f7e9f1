"""A brand's own fonts through the whole house: set in ads, part of keys, made once, refused in words; letters borrowed are told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from affiche import wire
from affiche.inputs import load_campaign
from affiche.plan.expand import expand
from affiche.plan.fit import overflows
from affiche.plan.model import Plan
from affiche.render import typefaces
from affiche.settings import Settings
from tests.unit.typeset.fontfiles import altered, shipped, squares

TODAY = date(2026, 11, 21)
BRAND = """brand: 1
name: Acme
fonts:
  - {file: fonts/acme.woff2, family: Acme, weight: 700}
type: {display: {family: acme, weight: 700}, text: Manrope}
"""
BRIEF = """affiche: 1
campaign: own-type
brand: brand.yaml
message: {locale: en-US, headline: Wake up the afternoon}
markets: [{region: US, locales: [en-US]}]
products: [{id: yuzu, name: Yuzu}]
placements: [instagram-square]
"""


def write(folder: Path, font: bytes, brand: str = BRAND) -> Path:
    (folder / "fonts").mkdir(exist_ok=True)
    (folder / "fonts" / "acme.woff2").write_bytes(font)
    (folder / "brand.yaml").write_text(brand)
    (folder / "brief.yaml").write_text(BRIEF)
    return folder / "brief.yaml"


def planned(brief: Path, home: Path) -> Plan:
    campaign, problems = load_campaign(brief)
    assert campaign is not None, problems
    return expand(wire.materials(campaign, Settings(home=home, jobs=1), TODAY))


def key(plan: Plan) -> str:
    return plan.creatives[0].compose_key


@pytest.fixture(scope="module")
def woff2() -> bytes:
    return altered(shipped("Oswald 600"), flavor="woff2")


def test_the_brand_is_set_in_its_own_font(tmp_path: Path, woff2: bytes) -> None:
    plan = planned(write(tmp_path, woff2), tmp_path / "home")
    assert not plan.refused, plan.problems
    family = plan.part.brand.display.family
    assert family.startswith("Acme@")
    assert plan.part.brand.text.family == "Manrope"
    assert [(face.family, face.weight) for face in plan.part.brand.faces] == [(family, 700)]
    assert list(overflows(plan, {})) == []


def test_another_file_of_the_same_name_is_another_key(tmp_path: Path, woff2: bytes) -> None:
    home = tmp_path / "home"
    first = planned(write(tmp_path, woff2), home)
    same = planned(write(tmp_path, woff2), home)
    other = planned(write(tmp_path, altered(shipped("Oswald 700"), flavor="woff2")), home)
    assert key(first) == key(same)
    assert key(first) != key(other)


def test_a_font_is_examined_once(tmp_path: Path, woff2: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    first = planned(write(tmp_path, woff2), home)
    monkeypatch.setattr(wire, "_pool", None)
    assert key(planned(tmp_path / "brief.yaml", home)) == key(first)


@pytest.mark.parametrize(
    ("font", "word"),
    [(b"<html>not found</html>", "is no font"), (altered(shipped("Oswald 600"), rights=2), "must not be embedded"), (shipped("Oswald 600")[:20000], "cut off")],
    ids=["html", "restricted", "cut"],
)
def test_a_font_that_cannot_be_used_refuses_the_plan_in_words(tmp_path: Path, font: bytes, word: str) -> None:
    plan = planned(write(tmp_path, font), tmp_path / "home")
    assert plan.refused
    (problem,) = [p for p in plan.problems if p.code == "font.unusable"]
    assert word in problem.message
    assert "acme.woff2" in problem.message
    assert str(problem.where) == "brand.yaml (fonts[0].file)"


def test_a_font_that_is_not_there_is_a_problem_of_the_brand_file(tmp_path: Path, woff2: bytes) -> None:
    brief = write(tmp_path, woff2, BRAND.replace("acme.woff2,", "acne.woff2,"))
    campaign, problems = load_campaign(brief)
    assert campaign is None
    (problem,) = [p for p in problems if p.code == "font.missing"]
    assert "acme.woff2" in problem.hint


def test_a_variable_font_gives_the_weights_that_the_brand_asks_for(tmp_path: Path) -> None:
    brand = BRAND.replace(", weight: 700}\ntype", "}\ntype").replace("text: Manrope", "text: {family: Acme, weight: 450}")
    plan = planned(write(tmp_path, squares(variable=True), brand), tmp_path / "home")
    assert [face.weight for face in plan.part.brand.faces] == [450, 600, 700]
    assert plan.part.brand.text.family == plan.part.brand.display.family


def test_a_font_that_takes_too_long_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forever(*_: object, **__: object) -> None:
        while True:
            pass

    file = tmp_path / "a.ttf"
    file.write_bytes(squares())
    job = typefaces.FontJob(key="k", file=str(file), digest=typefaces.digest_bytes(squares()), family="A", weight=0, wanted=())  # type: ignore[arg-type]
    monkeypatch.setattr(typefaces.ingest, "ingest", forever)
    monkeypatch.setattr(typefaces, "MAX_SECONDS", 0.05)
    (made,) = typefaces.examine_all([job], blobs=None)  # type: ignore[arg-type]
    assert "takes longer" in made.problem
