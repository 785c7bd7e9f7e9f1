"""What machines are promised: the shape of every `--json`, checked on real runs of the commands.

A shape is a dict of key -> type, tuple of allowed values, or nested shape. A documented key must be there with its type;
further keys are allowed, so that programs that read the documented ones keep working.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from affiche.cli.main import existing, run
from tests.flow.kit_build import BRIEF, write_campaign

SMALL = {"placements": ["320x50"], "markets": [{"region": "DE", "locales": ["en-US", "de-DE"]}]}
NUMBER = (int, float)


class OneOf(tuple):  # type: ignore[type-arg]
    """The values that a text may have."""

    __slots__ = ()


PROBLEM = {"severity": OneOf(("error", "warning", "note")), "code": str, "where": str, "message": str, "hint": str}
BRIEF_SHAPE = {
    "campaign": str,
    "message": {"locale": str, "headline": str},
    "audience": str,
    "markets": [{"region": str, "locales": [str]}],
    "products": [{"id": str, "name": str}],
    "brand": {"colors": [str]},
    "placements": [str],
}
READ = {"files": [{"path": str, "ok": bool, "brief": object, "problems": [PROBLEM]}]}
COUNT = {"total": int, "reused": int, "to_run": int}
PLAN = {
    "campaign": str,
    "creatives": int,
    "steps": {**COUNT, "by_kind": dict},
    "paid_calls": int,
    "cost": {"min": NUMBER, "max": NUMBER, "currency": str},
    "problems": [PROBLEM],
}
FINDING = {
    "rule": str, "code": str, "status": OneOf(("pass", "warn", "fail", "error", "skip")), "message": str,
    "measured": object, "limit": object, "rect": object,
}  # fmt: skip
CREATIVE = {
    "product": str, "locale": str, "placement": str, "variant": str,
    "status": OneOf(("passed", "flagged", "failed", "error")), "reused": bool, "findings": [FINDING],
    "files": [{"path": str, "sha256": str, "bytes": int, "width": int, "height": int}],
}  # fmt: skip
BUILD = {
    "campaign": str,
    "creatives": [CREATIVE],
    "steps": {"ran": int, "reused": int},
    "cost": object,
    "seconds": NUMBER,
}
LISTS = ("placements", "templates", "locales", "rules", "sets", "providers", "markets", "doctor")


def differences(value: Any, shape: Any, at: str = "$") -> list[str]:
    """Where `value` is not of `shape`."""
    if isinstance(shape, dict):
        if not isinstance(value, dict):
            return [f"{at} is no object: {value!r}"]
        missing = [f"{at}.{key} is missing" for key in shape if key not in value]
        return missing + [d for key in shape if key in value for d in differences(value[key], shape[key], f"{at}.{key}")]
    if isinstance(shape, list):
        if not isinstance(value, list):
            return [f"{at} is no array: {value!r}"]
        return [d for number, item in enumerate(value) for d in differences(item, shape[0], f"{at}[{number}]")]
    if isinstance(shape, OneOf):
        return [] if value in shape else [f"{at} is {value!r}, not one of {shape}"]
    is_flag = isinstance(value, bool) and shape in (int, NUMBER)
    return [] if isinstance(value, shape) and not is_flag else [f"{at} is {value!r}, not {shape}"]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AFFICHE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("AFFICHE_DEBUG", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any]:
    """(exit code, what standard output holds: one JSON document and nothing else)."""
    code = run([*arguments, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_the_shapes_find_differences() -> None:
    assert differences({"files": [{"path": 1, "ok": True, "brief": None, "problems": [{}]}]}, READ) == [
        "$.files[0].path is 1, not <class 'str'>",
        *(f"$.files[0].problems[0].{key} is missing" for key in PROBLEM),
    ]
    assert differences({"ran": True, "reused": 1}, BUILD["steps"]) == ["$.ran is True, not <class 'int'>"]
    assert differences("odd", OneOf(("even",))) == ["$ is 'odd', not one of ('even',)"]


def test_read(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ours = write_campaign(home / "campaign")
    foreign, broken = home / "foreign.json", home / "broken.yaml"
    foreign.write_text(json.dumps({"campaignName": "A", "message": "Sip it", "products": ["Tea"], "targetRegion": "DACH"}))
    broken.write_text("campaign: a: b\n")
    code, answer = told(capsys, "read", str(ours), str(foreign), str(broken), "absent.yaml")
    assert code == 2
    assert not differences(answer, READ)
    assert [file["ok"] for file in answer["files"]] == [True, True, False, False]
    for file in answer["files"][:2]:
        assert not differences(file["brief"], BRIEF_SHAPE)
    for file in answer["files"][2:]:
        assert file["brief"] is None and file["problems"][0]["severity"] == "error"
    assert told(capsys, "read", str(ours), str(foreign))[0] == 0


@pytest.mark.slow
def test_plan_and_build(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    brief = write_campaign(home / "campaign", **SMALL)
    code, planned = told(capsys, "plan", str(brief))
    assert code == 0 and not differences(planned, PLAN)
    assert all(not differences(kind, COUNT) for kind in planned["steps"]["by_kind"].values())
    code, built = told(capsys, "build", str(brief), "--out", "out")
    assert not differences(built, BUILD)
    assert code == (3 if {"failed", "error"} & {c["status"] for c in built["creatives"]} else 0)
    assert planned["creatives"] == len(built["creatives"])
    assert planned["steps"]["to_run"] == built["steps"]["ran"]
    for file in (file for creative in built["creatives"] for file in creative["files"]):
        data = Path(file["path"]).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (file["bytes"], file["sha256"])
        with Image.open(file["path"]) as image:
            assert image.size == (file["width"], file["height"])


@pytest.mark.slow
def test_a_broken_picture_among_good_ones(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    brief = write_campaign(home / "campaign", **SMALL)
    (brief.parent / "yuzu.png").write_bytes(b"\x89PNG\r\n\x1a\n and no more")
    code, built = told(capsys, "build", str(brief), "--out", "out")
    assert code == 3 and not differences(built, BUILD)
    assert {c["product"] for c in built["creatives"] if c["status"] == "error"} == {"yuzu"}
    assert all(c["files"] for c in built["creatives"] if c["product"] == "elder")


def test_what_cannot_be_built_is_json_too(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = home / "bad.yaml"
    bad.write_text(json.dumps({**BRIEF, "campaign": "../up", "placements": ["300x250"]}))
    for command in ("plan", "build"):
        for file in (str(bad), "absent.yaml"):
            code, answer = told(capsys, command, file)
            assert code == 2
            assert answer["campaign"] is None and answer["problems"]
            assert not differences(answer["problems"], [PROBLEM])
            assert file.rpartition("/")[2] in answer["problems"][0]["where"]


@pytest.mark.parametrize("command", LISTS)
def test_lists_are_arrays_of_objects_with_an_id(command: str, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command in existing()
    _, rows = told(capsys, command)
    assert rows and not differences(rows, [{"id": str}])
    assert len({row["id"] for row in rows}) == len(rows)


def test_check(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Image.effect_noise((300, 250), 80).save(home / "noise.png")
    (home / "no.png").write_bytes(b"no picture")
    code, answer = told(capsys, "check", "noise.png", "no.png")
    assert code == 2
    assert not differences(answer, {"files": [{"path": str, "ok": bool, "findings": [FINDING]}]})
    assert [file["ok"] for file in answer["files"]] == [True, False]
    assert answer["files"][1]["error"]["message"] and answer["files"][1]["error"]["hint"]
