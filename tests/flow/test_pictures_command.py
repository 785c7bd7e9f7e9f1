"""`affiche pictures`: pictures come in with their rights, once, and a changed one is noticed."""

from __future__ import annotations

import json
import tomllib

from affiche.cli.main import run
from affiche.rights import SUFFIX
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
