"""`affiche check`, `rules` and `placements` as they are called: answers, exit codes, hostile files, overlays, recorded findings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from affiche.adapters.codec import FileCodec
from affiche.check import example
from affiche.cli.main import run
from affiche.values.digest import digest_bytes
from affiche.values.finding import Finding
from affiche.values.geometry import Rect

CODEC = FileCodec()


def saved(path: Path, pixels: np.ndarray, *, format: Any = "png") -> Path:
    path.write_bytes(CODEC.encode(pixels, format=format, quality=90))
    return path


@pytest.fixture
def ad(tmp_path: Path) -> Path:
    return saved(tmp_path / "ad.png", example.painted())


def answer(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, Any]:
    code = run([*map(str, arguments), "--json"])
    return code, json.loads(capsys.readouterr().out)


def codes(file: dict[str, Any]) -> dict[str, str]:
    return {finding["code"]: finding["status"] for finding in file["findings"]}


def test_a_foreign_picture_gets_what_pixels_can_answer_and_a_reason_for_the_rest(ad: Path, capsys) -> None:
    code, said = answer(capsys, "check", ad, "--placement", "600x600")
    file = said["files"][0]
    assert (code, file["status"], file["width"], file["format"]) == (0, "passed", 600, "png")
    found = codes(file)
    assert found["file.dimensions.ok"] == found["file.weight.ok"] == found["file.blank.ok"] == "pass"
    assert found["text.contrast.no-frame"] == found["logo.found.no-logo_match"] == "skip"


def test_a_file_that_fails_gives_exit_code_3(ad: Path, capsys) -> None:
    code, said = answer(capsys, "check", ad, "--placement", "iab-mrec")
    assert code == 3 and codes(said["files"][0])["file.dimensions.other-size"] == "fail"


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("empty.png", b"", "empty"),
        ("text.png", b"hello", "not a picture"),
        ("page.jpg", b"<html></html>", "web page"),
        ("cut.png", None, "cut off"),
        ("bomb.png", b"bomb", "megapixels"),
        ("drawing.svg", b'<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"/>', "no pixels"),
    ],
)
def test_hostile_files_get_a_clear_error_and_the_others_are_still_checked(
    name: str, data: bytes | None, told: str, ad: Path, tmp_path: Path, capsys
) -> None:
    whole = ad.read_bytes()
    if data == b"bomb":  # a header that promises 60000 x 60000 px
        data = whole[:16] + (60000).to_bytes(4, "big") * 2 + whole[24:]
    (tmp_path / name).write_bytes(whole[: len(whole) // 2] if data is None else data)
    code, said = answer(capsys, "check", tmp_path / name, ad)
    bad, good = said["files"]
    assert code == 2 and not bad["ok"] and good["ok"]
    # A bomb with a damaged header may be told as damaged first: what counts is that nothing was decoded.
    assert told in bad["error"]["message"] or (told == "megapixels" and "damaged" in bad["error"]["message"])


def test_folders_and_missing_files_are_told_apart(tmp_path: Path, capsys) -> None:
    code, said = answer(capsys, "check", tmp_path, tmp_path / "nowhere.png")
    assert code == 2
    assert ["not a file" in f["error"]["message"] or "no such file" in f["error"]["message"] for f in said["files"]] == [True, True]


def test_a_logo_is_looked_for_in_the_pixels(tmp_path: Path, capsys) -> None:
    logo = drawn_logo()
    picture = np.full((700, 700, 4), 255, np.uint8)
    picture[..., :3] = np.linspace(60, 150, 700)[:, None, None]
    place = picture[80 : 80 + 60, 120 : 120 + 200, :3]
    small = logo[::2, ::2]
    place[:] = np.where(small[..., 3:] > 0, 245, place)
    with_logo, without = saved(tmp_path / "with.png", picture), saved(tmp_path / "ad.png", example.painted())
    mark = saved(tmp_path / "logo.png", logo)
    code, said = answer(capsys, "check", with_logo, without, "--logo", mark)
    found, absent = said["files"]
    assert code == 3
    assert codes(found)["logo.found.ok"] == "pass" and codes(absent)["logo.found.absent"] == "fail"
    rect = next(f["rect"] for f in found["findings"] if f["code"] == "logo.found.ok")
    assert Rect(*rect).intersection(Rect(120, 80, 200, 60)).area > 0.8 * 200 * 60


def drawn_logo() -> np.ndarray:
    """Rings and bars: a mark with edges in many directions, 400x120, dark on transparent."""
    y, x = np.mgrid[:120, :400]
    rings = sum((np.abs(np.hypot(x - cx, y - 60) - 40) < 9) for cx in (60, 170))
    bars = ((x // 22) % 2 == 0) & (x > 250) & (np.abs(y - 60) < 45)
    slash = np.abs((x - 300) - (y - 60)) < 8
    logo = np.zeros((120, 400, 4), np.uint8)
    logo[..., 3] = np.where((rings > 0) | bars | slash, 255, 0)
    return logo


def test_an_overlay_is_drawn_with_a_legend(ad: Path, tmp_path: Path, capsys) -> None:
    run(["check", str(ad), "--placement", "iab-mrec", "--overlay", str(tmp_path / "out.png")])
    drawn = CODEC.decode((tmp_path / "out.png").read_bytes())
    assert drawn.shape[0] > 600 and drawn.shape[1] == 600
    assert "out.png" in capsys.readouterr().out
    assert run(["check", str(ad), str(ad), "--overlay", str(tmp_path / "two.png")]) == 2
    assert "folder" in capsys.readouterr().err


def test_what_a_build_recorded_is_told(ad: Path, tmp_path: Path, capsys) -> None:
    recorded = Finding(rule="text.fit", code="text.fit.left-out", status="warn", message="body left out", rect=Rect(1, 2, 3, 4))
    creative = {
        "product": "yuzu", "locale": "ja-JP", "placement": "instagram-square", "variant": "a", "status": "flagged",
        "findings": [recorded.as_dict()],
        "files": [{"path": "yuzu/1x1/ad.png", "sha256": digest_bytes(ad.read_bytes())}],
    }  # fmt: skip
    (tmp_path / "manifest.json").write_text(json.dumps({"affiche": 1, "campaign": "summer", "creatives": [creative]}))
    inside = tmp_path / "yuzu" / "1x1" / "ad.png"
    inside.parent.mkdir(parents=True)
    inside.write_bytes(ad.read_bytes())
    code, said = answer(capsys, "check", inside)
    file = said["files"][0]
    # 600x600 is the smallest that Instagram takes: accepted, but below the master.
    assert (code, file["status"]) == (0, "flagged")
    assert file["placement"] == "meta.ig_feed.image.1x1"
    assert file["recorded"]["campaign"] == "summer" and not file["recorded"]["altered"]
    assert file["recorded"]["findings"][0]["code"] == "text.fit.left-out"
    inside.write_bytes(ad.read_bytes() + b"x")
    assert answer(capsys, "check", inside)[1]["files"][0]["recorded"]["altered"]


@pytest.mark.parametrize("text", ['{"affiche": 1, "creatives": [{}]}', "[]", '{"creatives": 3}', "{", '{"affiche":1,"creatives":[{"files":3}]}'])
def test_a_damaged_manifest_says_nothing(text: str, ad: Path, capsys) -> None:
    (ad.parent / "manifest.json").write_text(text)
    assert answer(capsys, "check", ad)[1]["files"][0]["recorded"] is None


def test_rules_and_placements_are_lists_of_objects_with_an_id(capsys) -> None:
    code, rules = answer(capsys, "rules", "--channel", "iab")
    assert code == 0 and {"text.contrast", "picture.missing", "copy.untranslated"} <= {rule["id"] for rule in rules}
    assert next(rule for rule in rules if rule["id"] == "logo.clear-space")["reasons"]
    code, placements = answer(capsys, "placements", "--class", "skyscraper", "--media", "image")
    assert code == 0 and {p["aspect_class"] for p in placements} == {"skyscraper"}
    assert answer(capsys, "placements", "iab.mobile_banner", "1:1")[1][2]["id"] == "ratio.1x1"


def test_wrong_filters_say_what_is_allowed(capsys) -> None:
    assert run(["placements", "--class", "round"]) == 2
    assert "skyscraper" in capsys.readouterr().err
    assert run(["rules", "--channel", "myspace"]) == 2
    assert "meta" in capsys.readouterr().err
