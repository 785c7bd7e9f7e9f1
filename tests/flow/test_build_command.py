"""The build, plan and explain commands as a user types them: exit codes, JSON contracts, messages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from affiche.cli.main import COMMANDS, existing, loaded, run
from tests.flow.kit_build import BRIEF, write_campaign

SMALL = {"placements": ["320x50"], "markets": [{"locales": ["en-US", "de-DE"]}]}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AFFICHE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("AFFICHE_DEBUG", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict]:
    code = run(list(arguments))
    return code, json.loads(capsys.readouterr().out)


@pytest.mark.slow
def test_plan_build_plan_explain(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    brief = write_campaign(home / "campaign", **SMALL)
    code, planned = told(capsys, "plan", str(brief), "--json")
    assert code == 0
    assert planned["campaign"] == "summer" and planned["creatives"] == 4
    assert planned["steps"] == {
        "total": 10, "reused": 0, "to_run": 10,
        "by_kind": {
            "imagine": {"total": 2, "reused": 0, "to_run": 2}, "compose": {"total": 4, "reused": 0, "to_run": 4},
            "check": {"total": 4, "reused": 0, "to_run": 4},
        },
    }  # fmt: skip
    assert (planned["paid_calls"], planned["cost"]) == (0, {"min": 0, "max": 0, "currency": "USD"})
    assert [path.name for path in (home / "home").iterdir()] == ["looks"]

    code, built = told(capsys, "build", str(brief), "--out", "out", "--json")
    assert code in (0, 3)
    assert len(built["creatives"]) == 4
    row = built["creatives"][0]
    assert {"product", "locale", "placement", "variant", "status", "files", "reused", "findings"} <= row.keys()
    assert {"path", "sha256", "bytes", "width", "height"} <= row["files"][0].keys()
    assert Path(row["files"][0]["path"]).is_file()
    assert {"rule", "code", "status", "message", "measured", "limit", "rect"} <= row["findings"][0].keys()
    assert built["steps"] == {"ran": 10, "reused": 0} and built["seconds"] > 0

    code, again = told(capsys, "build", str(brief), "--out", "out", "--json")
    assert again["steps"] == {"ran": 0, "reused": 10}
    assert all(c["reused"] for c in again["creatives"])
    code, planned = told(capsys, "plan", str(brief), "--json")
    assert (planned["steps"]["to_run"], planned["reasons"]) == (0, [])

    german = next(c for c in again["creatives"] if c["locale"] == "de-DE")
    write_campaign(home / "campaign", **SMALL, copy={"de-DE": {**BRIEF["copy"]["de-DE"], "headline": "Wach auf"}})  # type: ignore[index]
    code, answer = told(capsys, "explain", german["files"][0]["path"], "--brief", str(brief), "--json")
    assert code == 0 and not answer["altered"]
    assert answer["now"] == "a build would make it again: headline changed"
    headline = next(s for s in answer["sources"] if s["role"] == "headline")
    assert headline["value"] == "Weck den Nachmittag" and headline["where"].startswith("brief.yaml:")
    assert run(["explain", german["files"][0]["path"]]) == 0
    assert "made again when" in capsys.readouterr().out


@pytest.mark.slow
def test_a_failed_creative_is_exit_code_3_and_many_briefs_go_on(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    brief = write_campaign(home / "campaign", **SMALL)
    (home / "campaign" / "yuzu.png").write_bytes(b"\x89PNG\r\n\x1a\n broken")
    (home / "bad.yaml").write_text("affiche: 1\ncampaign: bad\n")
    code, built = told(capsys, "build", str(brief), str(home / "bad.yaml"), "--json", "--out", "out")
    assert code == 3
    first, second = built["campaigns"]
    assert {(c["product"], c["status"] == "error") for c in first["creatives"]} == {("yuzu", True), ("elder", False)}
    assert second["campaign"] is None and any(p["severity"] == "error" for p in second["problems"])


def test_a_bad_brief_is_exit_code_2_with_every_problem(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    brief = write_campaign(home / "campaign", placements=["300x250", "nowhere"], design={"template": "heroo"})
    for command in (["build"], ["plan", "--no-fit"]):
        assert run([*command, str(brief)]) == 2
        said = capsys.readouterr().err
        assert "nowhere" in said and "heroo" in said and "nothing was built" in said
        assert "Traceback" not in said
    assert not (home / "out").exists()


def test_a_missing_brief_is_exit_code_2(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("build", "plan"):
        assert run([command, "nowhere.yaml"]) == 2
        assert "nowhere.yaml does not exist" in capsys.readouterr().err


def test_every_picture_that_is_not_there_is_named(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    products = [{"id": f"drink-{n}", "name": f"Drink {n}", "picture": f"can-{n}.png"} for n in range(7)]
    brief = write_campaign(home / "campaign", products=products)
    for command in (["build"], ["plan", "--no-fit"]):
        assert run([*command, str(brief)]) == 2
        said = capsys.readouterr().err
        assert [n for n in range(7) if f"'can-{n}.png' of 'Drink {n}' does not exist" in said] == [*range(7)]


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ("locale=xx-XX", "no locale 'xx-XX'"), ("locale=de-DF", "did you mean de-DE"), ("color=red", "names are product"),
        ("locale", "NAME=VALUE"),
    ],
)  # fmt: skip
def test_only_says_what_it_does_not_know(home: Path, capsys: pytest.CaptureFixture[str], chosen: str, said: str) -> None:
    brief = write_campaign(home / "campaign", **SMALL)
    assert run(["plan", str(brief), "--only", chosen]) == 2
    assert said in capsys.readouterr().err


def test_only_takes_names_as_people_write_them(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    brief = write_campaign(home / "campaign", **SMALL)
    code, planned = told(capsys, "plan", str(brief), "--only", "locale=DE_de,product=yuzu", "--json", "--no-fit")
    assert (code, planned["creatives"]) == (0, 1)


def test_an_unknown_setting_is_refused(home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    brief = write_campaign(home / "campaign", **SMALL)
    monkeypatch.setenv("AFFICHE_HOMEE", "x")
    assert run(["plan", str(brief)]) == 2
    assert "did you mean AFFICHE_HOME" in capsys.readouterr().err


def test_an_unknown_command_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["bild"]) == 2
    assert "did you mean build" in capsys.readouterr().err


def test_a_fault_of_ours_is_a_short_text_and_a_report(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("affiche.cli.main._called", lambda arguments: 1 / 0)
    assert run(["plan", "x.yaml"]) == 1
    said = capsys.readouterr().err
    assert "ZeroDivisionError" in said and "Traceback" not in said
    report = Path(said.partition("report is in ")[2].partition(";")[0])
    assert "Traceback" in report.read_text()
    report.unlink()


def test_explain_wants_a_file_of_ours(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "stray.jpg").write_bytes(b"x")
    for name, said in (("none.jpg", "does not exist"), ("stray.jpg", "no manifest names")):
        assert run(["explain", name]) == 2
        assert said in capsys.readouterr().err


def test_every_command_of_the_table_exists_and_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    assert existing() == COMMANDS
    for name, row in COMMANDS.items():
        assert callable(loaded(row)) or loaded(row), name
        assert run([name, "--help"]) == 0
        assert "Usage: affiche" in capsys.readouterr().out


def test_a_feed_of_bad_rows_does_not_flood_the_terminal(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    brief = write_campaign(home / "campaign", **SMALL, feed="rows.csv")
    (brief.parent / "rows.csv").write_text("name,price\n" + ",1\n" * 300)
    run(["plan", str(brief), "--no-fit"])
    told_of = capsys.readouterr().err
    assert told_of.count("neither a name nor an id") == 6 and "and 295 more" in told_of
