"""The shipped catalog: integrity of the data, the values that must be in force, and finding by every kind of name."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from affiche.placement.catalog import CHANNELS, Catalog, UnknownPlacement
from affiche.placement.model import Placement
from affiche.placement.shipped import shipped_catalog
from affiche.values.digest import digest
from affiche.values.geometry import Insets, Size
from affiche.values.problem import Problem, Where

CATALOG = shipped_catalog()
STILL_FORMATS = {"jpeg", "png", "webp", "avif"}


def test_ids_are_unique_and_aliases_point_at_them() -> None:
    ids = [p.id for p in CATALOG.all()]
    assert len(set(ids)) == len(ids) >= 110
    assert not set(CATALOG.aliases) & set(ids)
    for alias, id in CATALOG.aliases.items():
        assert CATALOG.find(alias).id == id
        assert alias in CATALOG.find(id).aliases


@pytest.mark.parametrize("placement", CATALOG.all(), ids=lambda p: p.id)
def test_each_row_is_complete(placement: Placement) -> None:
    assert placement.sources and placement.formats and placement.max_bytes > 0
    assert all(
        0 <= v < 0.5
        for v in (placement.safe.left, placement.safe.top, placement.safe.right, placement.safe.bottom)
    )
    assert placement.still == bool(STILL_FORMATS & set(placement.formats))
    if placement.min_size:
        assert placement.size.width >= placement.min_size.width or placement.id == "linkedin.single.4x5"
    if placement.status == "confirmed":
        assert any(s.kind == "official" for s in placement.sources)
    if placement.status == "conflicting":
        assert placement.conflicts
    if placement.shown_width:
        assert 0.03 < placement.shown_scale <= 1.0
    digest("placement", placement)


@pytest.mark.parametrize(
    ("id", "kilobytes"),
    [
        ("iab.billboard", 250), ("iab.leaderboard", 150), ("iab.super_leaderboard", 200), ("iab.portrait", 250),
        ("iab.mrec", 150), ("iab.skyscraper", 150), ("iab.button", 50), ("iab.mobile_banner.320x50", 50),
        ("iab.interstitial.750x1334", 300), ("iab.feature_phone.120x20", 5), ("google.dg.uploaded.728x90", 150),
        ("google.dg.logo", 150), ("google.pmax.square", 5120), ("dooh.landscape", 750), ("dooh.billboard.1400x400", 500),
        ("meta.link.1_91", 30000), ("linkedin.single.1_91", 5000), ("snapchat.filter", 300), ("tiktok.profile", 50),
    ],
)  # fmt: skip
def test_weight_limits_are_in_kilobytes_of_1000(id: str, kilobytes: int) -> None:
    assert CATALOG.find(id).max_bytes == kilobytes * 1000


def test_the_stricter_value_is_in_force_and_the_conflict_is_kept() -> None:
    reels = CATALOG.find("instagram-reel")
    assert (reels.safe.bottom, reels.safe.left) == (0.35, 0.06) and "20 %" in reels.conflicts[0]
    assert CATALOG.find("google.pmax.portrait").min_size == Size(width=480, height=600)
    assert CATALOG.find("google.dg.logo").min_size == Size(width=144, height=144)
    assert CATALOG.find("linkedin-wide").copy_limits["primary"].hard_max == 600
    tiktok = CATALOG.find("tiktok").copy_limits["primary"]
    assert (tiktok.hard_for("Latn"), tiktok.hard_for("Jpan"), tiktok.emoji_max) == (100, 50, 0)


def test_safe_area_is_mirrored_for_right_to_left_where_the_platform_says_so() -> None:
    tiktok = CATALOG.find("tiktok")
    assert (
        tiktok.safe_for("rtl")
        == tiktok.safe_for("ltr").mirrored()
        == Insets(left=0.165, top=0.13, right=0.06, bottom=0.24)
    )
    story = CATALOG.find("instagram-story")
    assert story.safe_for("rtl") == story.safe


@pytest.mark.parametrize(
    ("text", "id", "size"),
    [
        ("1:1", "ratio.1x1", "1080x1080"), ("4x5", "ratio.4x5", "1080x1350"), ("9:16", "ratio.9x16", "1080x1920"),
        ("16:9", "ratio.16x9", "1920x1080"), ("2:1", "ratio.2x1", "1200x600"), ("1200x630", "size.1200x630", "1200x630"),
        ("1200X675", "size.1200x675", "1200x675"), ("1200 x 627 px", "size.1200x627", "1200x627"), ("1080x1080", "size.1080x1080", "1080x1080"),
        ("728x90", "size.728x90", "728x90"), ("3:4", "ratio.3x4", "1080x1440"), ("1.91:1", "ratio.1.91x1", "1200x628"),
        ("Instagram_Story", "meta.stories.9x16", "1080x1920"), ("LINKEDIN-WIDE", "linkedin.single.1_91", "1200x628"),
        ("IAB.Mobile-Banner.320x50", "iab.mobile_banner.320x50", "320x50"), ("linkedin.single.1-91", "linkedin.single.1_91", "1200x628"),
    ],
)  # fmt: skip
def test_finds_by_ratio_size_alias_and_any_spelling(text: str, id: str, size: str) -> None:
    found = CATALOG.find(text)
    assert (found.id, str(found.size)) == (id, size)


@given(width=st.integers(16, 8192), height=st.integers(16, 8192))
def test_any_size_within_bounds_is_a_placement(width: int, height: int) -> None:
    text = f"{width}x{height}"
    if 1 / 12.5 <= width / height <= 12.5:
        found = CATALOG.find(text)
        assert found.size == Size(width=width, height=height)
        assert CATALOG.find(found.id) == found
    else:
        with pytest.raises(UnknownPlacement, match="12:1"):
            CATALOG.find(text)


@given(st.text(max_size=40))
def test_any_text_is_found_or_refused_with_a_hint(text: str) -> None:
    found = CATALOG.resolve(text, where=Where())
    assert found.hint if isinstance(found, Problem) else found


def test_a_mistake_gets_a_suggestion() -> None:
    with pytest.raises(UnknownPlacement) as caught:
        CATALOG.find("instagram-sqare")
    assert "instagram-square" in caught.value.hint
    with pytest.raises(UnknownPlacement) as caught:
        CATALOG.find("google.pmax.text")
    assert "google.pmax.landscape" in caught.value.hint
    with pytest.raises(UnknownPlacement, match="16 to 8192"):
        CATALOG.find("9000x8000")


def test_a_row_with_several_sizes_expands_but_is_no_single_placement() -> None:
    assert len(CATALOG.expand("google.dg.uploaded")) == 7
    assert [p.id for p in CATALOG.expand("1:1")] == ["ratio.1x1"]
    with pytest.raises(UnknownPlacement, match="several sizes"):
        CATALOG.find("google.dg.uploaded")


@pytest.mark.parametrize(
    ("video", "still"),
    [("instagram-reel", "instagram-story"), ("tiktok", "ratio.9x16"), ("youtube.bumper", "ratio.16x9")],
)
def test_video_only_is_refused_for_stills_with_the_nearest_still(video: str, still: str) -> None:
    refused = CATALOG.resolve(video, where=Where(file="brief.yaml", line=3, column=5))
    assert isinstance(refused, Problem)
    assert refused.code == "placement.video-only" and still in refused.hint and refused.where.line == 3
    assert isinstance(CATALOG.resolve(video, where=Where(), stills=False), tuple)


def test_filter_narrows_by_channel_class_and_media() -> None:
    assert {p.channel for p in CATALOG.filter(channel="iab")} == {"iab"}
    assert {p.aspect_class for p in CATALOG.filter(aspect_class="skyscraper")} == {"skyscraper"}
    assert all(p.media in ("video", "both") for p in CATALOG.filter(media="video"))
    with pytest.raises(UnknownPlacement, match="channel"):
        CATALOG.filter(channel="myspace")


def test_only_the_needed_channel_is_read() -> None:
    asked: list[str] = []
    data = Path(sys.modules[Catalog.__module__].__file__ or "").parent / "data"

    def read(name: str) -> str:
        asked.append(name)
        return (data / f"{name}.toml").read_text(encoding="utf-8")

    Catalog(read).find("iab-mrec")
    assert asked == ["aliases", "iab"]
    assert {f.stem for f in data.glob("*.toml")} == {*CHANNELS, "aliases"}


def test_a_fresh_process_loads_everything_at_once() -> None:
    code = (
        "import time; from affiche.placement.shipped import shipped_catalog; t = time.process_time();"
        "shipped_catalog().all(); print(time.process_time() - t)"
    )
    best = min(
        float(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout)
        for _ in range(3)
    )
    assert best < 0.030
