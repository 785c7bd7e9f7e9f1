"""`affiche pictures`: pictures come in with their rights, once, and a changed one is noticed."""

from __future__ import annotations

import json
import tomllib

from affiche.cli.main import run
from affiche.values.rights import SUFFIX
from tests.contract.kit_imagers import png

SAID = ["--rights", "Licensed to Acme until 2028-01-01 ©", "--source", "midjourney"]


def told(capsys, *arguments: str):
    code = run([*arguments, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_pictures_come_in_with_their_rights(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    made = tmp_path / "downloads"
    made.mkdir()
    (made / "A Yuzu (v7) #1.PNG").write_bytes(png(40, 30))
    (made / "notes.txt").write_text("x")
    (made / "broken.png").write_bytes(b"no picture")
    code, rows = told(capsys, "pictures", "import", str(made), *SAID, "--by", "Kim", "--prompt", 'a "yuzu"\nin light')
    assert code == 2 and [row["state"] for row in rows] == ["imported", "refused", "refused"]
    record = tomllib.loads((tmp_path / "assets" / f"a-yuzu-v7-1.png{SUFFIX}").read_text())
    assert record["rights"] == "Licensed to Acme until 2028-01-01 ©" and record["prompt"] == 'a "yuzu"\nin light'
    assert record["generated"] is True and record["original"] == "A Yuzu (v7) #1.PNG"

    assert told(capsys, "pictures", "import", str(made), *SAID)[1][0]["state"] == "unchanged"
    assert told(capsys, "pictures", "list") [0] == 0


def test_another_picture_of_the_same_name_gets_a_name_of_its_own(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    for color in ("#ff0000", "#00ff00"):
        folder = tmp_path / color[1:]
        folder.mkdir()
        (folder / "one.png").write_bytes(png(8, 8, color))
        assert told(capsys, "pictures", "import", str(folder), *SAID)[0] == 0
    assert len([path for path in (tmp_path / "assets").iterdir() if path.suffix == ".png"]) == 2


def test_what_was_changed_or_never_recorded_is_named(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "d"
    folder.mkdir()
    (folder / "one.png").write_bytes(png(8, 8))
    told(capsys, "pictures", "import", str(folder), *SAID)
    (tmp_path / "assets" / "one.png").write_bytes(png(9, 9))
    (tmp_path / "assets" / "two.png").write_bytes(png(9, 9))
    code, rows = told(capsys, "pictures", "list")
    assert code == 2 and {row["file"]: row["state"] for row in rows} == {"one.png": "altered", "two.png": "unrecorded"}


def test_without_rights_nothing_comes_in(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "d").mkdir()
    assert run(["pictures", "import", "d", "--rights", " ", "--source", "x"]) == 2
    assert run(["pictures", "import", "d", "--source", "x"]) == 2
    assert not (tmp_path / "assets").exists()


BRIEF = """\
affiche: 1
campaign: rights
brand: {name: Aurora, colors: ["#0B3D2E", "#F4C430"]}
message: {locale: en-US, headline: Wake up the afternoon, cta: Find a can}
markets: [{region: US, locales: [en-US]}]
products: [{id: can, name: Can, picture: assets/one.png}]
placements: [iab-medium-rectangle]
"""


def built(tmp_path, day: str, monkeypatch, capsys) -> dict:
    """The creative that a build on `day` publishes."""
    from datetime import date

    for module in ("affiche.cli.build", "affiche.cli.campaign"):
        monkeypatch.setattr(f"{module}.today", lambda: date.fromisoformat(day))
    run(["build", str(tmp_path / "brief.yaml"), "--out", str(tmp_path / "out")])
    capsys.readouterr()
    (creative,) = json.loads((tmp_path / "out" / "rights" / "manifest.json").read_text())["creatives"]
    return creative


def published(tmp_path, creative: dict) -> list[bytes]:
    """The bytes of its files."""
    return [(tmp_path / "out" / "rights" / file["path"]).read_bytes() for file in creative["files"]]


def of_rights(creative: dict) -> list[tuple[str, str]]:
    return [(f["code"].rpartition(".")[2], f["status"]) for f in creative["findings"] if f["rule"] == "picture.rights"]


def test_a_build_asks_for_the_record_and_the_manifest_keeps_it(tmp_path, monkeypatch, capsys) -> None:
    from tests.flow.kit_build import write_can

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AFFICHE_HOME", str(tmp_path / "home"))
    (tmp_path / "d").mkdir()
    write_can(tmp_path / "d" / "one.png", (200, 40, 40))
    (tmp_path / "brief.yaml").write_text(BRIEF)
    assert told(capsys, "pictures", "import", "d", *SAID, "--until", "2026-12-31")[0] == 0

    fresh = built(tmp_path, "2026-11-25", monkeypatch, capsys)
    assert of_rights(fresh) == [("ok", "pass")]
    assert fresh["origins"]["picture"] == "generated"
    assert all(b"digitalsourcetype/compositeWithTrainedAlgorithmicMedia<" in data for data in published(tmp_path, fresh))
    assert fresh["sources"][0]["rights"] == {"name": "assets/one.png", "standing": "valid", "rights": SAID[1], "source": "midjourney", "generated": True, "until": "2026-12-31"}

    assert of_rights(built(tmp_path, "2026-12-15", monkeypatch, capsys)) == [("ending", "warn")]
    late = built(tmp_path, "2027-01-01", monkeypatch, capsys)
    assert of_rights(late) == [("expired", "fail")]
    assert late["status"] == "failed"
    assert late["keys"]["compose"] == fresh["keys"]["compose"]  # only checked anew, not drawn

    write_can(tmp_path / "assets" / "one.png", (200, 40, 44))
    altered = built(tmp_path, "2026-11-25", monkeypatch, capsys)
    assert ("altered", "warn") in of_rights(altered) and altered["origins"]["picture"] == "given"
    assert not any(b"digitalsourcetype" in data for data in published(tmp_path, altered)), "it is not the picture of the record"
    (tmp_path / "assets" / f"one.png{SUFFIX}").write_text("until = 'soon'")
    assert of_rights(built(tmp_path, "2026-11-25", monkeypatch, capsys)) == [("unreadable", "warn")]
    (tmp_path / "assets" / f"one.png{SUFFIX}").unlink()
    assert of_rights(built(tmp_path, "2026-11-25", monkeypatch, capsys)) == [("unrecorded", "skip")]


def test_what_people_made_is_not_said_to_be_a_models_and_the_file_changes_with_the_record(tmp_path, monkeypatch, capsys) -> None:
    from tests.flow.kit_build import write_can

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AFFICHE_HOME", str(tmp_path / "home"))
    (tmp_path / "d").mkdir()
    write_can(tmp_path / "d" / "one.png", (200, 40, 40))
    (tmp_path / "brief.yaml").write_text(BRIEF)
    assert told(capsys, "pictures", "import", "d", *SAID, "--made-by-people")[0] == 0
    photo = built(tmp_path, "2026-11-25", monkeypatch, capsys)
    assert photo["files"] and not any(b"digitalsourcetype" in data for data in published(tmp_path, photo))
    record = tmp_path / "assets" / f"one.png{SUFFIX}"
    record.write_text(record.read_text().replace("generated = false", "generated = true"))
    models = built(tmp_path, "2026-11-25", monkeypatch, capsys)
    assert models["keys"]["compose"] != photo["keys"]["compose"]
    assert all(b"digitalsourcetype/compositeWithTrainedAlgorithmicMedia<" in data for data in published(tmp_path, models))
