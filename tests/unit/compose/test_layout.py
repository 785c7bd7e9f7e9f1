"""Layout on frames: nothing leaves its room, nothing collides, right-to-left mirrors, bases are shared across locales."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from affiche.compose.compose import compose, fit_report
from affiche.values.frame import Fill, Frame, PictureItem, TextItem
from affiche.values.geometry import Insets, Rect
from tests.unit.compose.requests import BRAND, CAN, COPY, JAR, PHOTO, SIZES, request

PICTURES = {"stage": CAN, "hero": PHOTO, "split": CAN, "type": None}
#: A touch is not a collision: boxes may share an edge, ink boxes of two roles may come this close, px at 100 % of a side.
TOUCH = 1.0


def collisions(frame: Frame) -> list[tuple[str, str]]:
    """Pairs of slots whose rectangles overlap by more than a touch."""
    named = [(name, rect) for name, rect in frame.slots.items() if name != "picture"]
    found = []
    for (one, a), (other, b) in combinations(named, 2):
        common = a.intersection(b)
        if common.width > TOUCH and common.height > TOUCH:
            found.append((one, other))
    return found


@pytest.mark.parametrize("template", PICTURES)
@pytest.mark.parametrize("size", SIZES, ids=lambda s: f"{s[0]}x{s[1]}")
@pytest.mark.parametrize("locale", COPY)
def test_words_keep_to_the_safe_area_and_to_themselves(template: str, size: tuple[int, int], locale: str) -> None:
    frame = compose(request(template, size, locale, picture=PICTURES[template]))
    canvas = Rect(0, 0, *size)
    for item in frame.texts:
        assert canvas.contains(Rect(item.x, item.ink.y, item.width, item.ink.height)), (item.slot, item.text)
    assert collisions(frame) == []
    assert all(fit.fits for fit in frame.fits), [fit for fit in frame.fits if not fit.fits]


@pytest.mark.parametrize("locale", COPY)
def test_lines_stand_on_whole_px_at_even_distances(locale: str) -> None:
    lines = [item for item in compose(request("stage", (1200, 628), locale, picture=CAN)).texts if item.slot == "body"]
    baselines = [line.baseline for line in lines]
    assert baselines == [round(baseline) for baseline in baselines]
    gaps = [low - high for high, low in pairwise(baselines)]
    assert max(gaps, default=0) - min(gaps, default=0) <= 1


@pytest.mark.parametrize("template", PICTURES)
def test_safe_area_of_reels_is_kept(template: str) -> None:
    safe = Insets(left=65, top=269, right=65, bottom=672)
    frame = compose(request(template, (1080, 1920), "de-DE", picture=PICTURES[template], safe=safe))
    for name in ("headline", "cta", "logo", "product"):
        if name in frame.slots:
            assert frame.safe.contains(frame.slots[name], tolerance=14 if name == "product" else 1), name


def test_right_to_left_is_the_mirror_image() -> None:
    words = {"headline": "WWW", "body": "", "legal": "", "cta": "OK"}
    left = compose(request("stage", (1200, 628), "en-US", **words))
    right = compose(request("stage", (1200, 628), "ar-SA", **words))
    product, mirrored = left.slots["product"], right.slots["product"]
    assert mirrored.x == pytest.approx(1200 - product.right)
    assert [type(i) for i in left.base] == [type(i) for i in right.base]
    packshot = next(i for i in right.base if isinstance(i, PictureItem))
    assert not packshot.mirrored, "a label must never be mirrored"


@pytest.mark.parametrize("template", PICTURES)
def test_locales_of_one_direction_share_their_base(template: str) -> None:
    frames = [compose(request(template, (1080, 1350), tag, picture=PICTURES[template])) for tag in ("en-US", "de-DE", "ja-JP")]
    assert len({frame.base_digest for frame in frames}) == 1


def test_a_packshot_is_never_cropped_and_stands_in_its_box() -> None:
    for size in SIZES:
        frame = compose(request("stage", size))
        items = [i for i in frame.base if isinstance(i, PictureItem)]
        for item in items:
            assert item.source == CAN.bounds
            assert Rect(0, 0, *size).contains(item.rect, tolerance=size[1] * 0.02)
            assert item.rect.width / item.rect.height == pytest.approx(CAN.bounds.width / CAN.bounds.height, rel=1e-3)


def test_a_photo_keeps_its_focal_point() -> None:
    for size in SIZES:
        frame = compose(request("hero", size, picture=PHOTO, legal="", cta=""))
        item = next(i for i in frame.base if isinstance(i, PictureItem))
        focal = (PHOTO.bounds.width * 0.7, PHOTO.bounds.height * 0.3)
        assert item.source.x - 1 <= focal[0] <= item.source.right + 1
        assert item.source.y - 1 <= focal[1] <= item.source.bottom + 1
        assert item.source.width / item.source.height == pytest.approx(item.rect.width / item.rect.height, rel=1e-3)


def test_copy_that_cannot_fit_is_reported_with_sizes() -> None:
    long = "Donaudampfschifffahrtsgesellschaftskapitänspatentverlängerungsantragsformular " * 6
    fits = fit_report(request("stage", (160, 600), "de-DE", headline=long))
    headline = next(fit for fit in fits if fit.slot == "headline")
    assert not headline.fits
    assert headline.remedy and headline.min_size > 0


def test_a_dropped_text_is_said() -> None:
    fits = fit_report(request("stage", (320, 50), "de-DE", cta="Händler und Händlerinnen in Ihrer unmittelbaren Nähe finden und vergleichen"))
    assert any(fit.slot == "cta" and "left out" in fit.remedy for fit in fits)


def test_absent_copy_leaves_no_gap() -> None:
    full = compose(request("split", (1080, 1080)))
    bare = compose(request("split", (1080, 1080), legal="", body=""))
    assert "legal" not in bare.slots and "body" not in bare.slots
    assert bare.slots["headline"].y == pytest.approx(full.slots["headline"].y, abs=2)


@settings(max_examples=60, deadline=None)
@given(
    width=st.integers(120, 2400), height=st.integers(50, 2400), words=st.integers(1, 40),
    locale=st.sampled_from(sorted(COPY)), template=st.sampled_from(sorted(PICTURES)),
)  # fmt: skip
def test_text_never_leaves_the_canvas_unless_it_is_reported(
    width: int, height: int, words: int, locale: str, template: str
) -> None:
    headline = " ".join((COPY[locale]["headline"].split() * words)[:words])
    frame = compose(request(template, (width, height), locale, picture=PICTURES[template], headline=headline))
    if all(fit.fits for fit in frame.fits):
        for item in frame.texts:
            assert Rect(0, 0, width, height).contains(Rect(item.x, item.baseline, item.width, 0), tolerance=1), item


def test_lines_of_one_text_are_stacked_without_overlap() -> None:
    frame = compose(request("type", (1080, 1080), "de-DE", picture=None))
    lines = [i for i in frame.texts if isinstance(i, TextItem) and i.slot == "headline"]
    assert len(lines) > 1
    for upper, lower in zip(lines, lines[1:], strict=False):
        assert lower.baseline - upper.baseline >= upper.size * 0.9


def test_a_text_that_does_not_fit_says_how_much_to_cut() -> None:
    fits = fit_report(request("stage", (160, 600), headline="Wake up the long afternoon and then the evening " * 5))
    headline = next(fit for fit in fits if fit.slot == "headline")
    assert "characters too many" in headline.remedy


def test_a_shorter_wording_stands_in_where_the_full_one_does_not_fit() -> None:
    long = "Wake up the long afternoon and then the evening " * 5
    frame = compose(request("stage", (160, 600), headline=long, headline_short="Wake up"))
    headline = next(fit for fit in frame.fits if fit.slot == "headline")
    assert headline.fits and "".join(headline.lines).startswith("Wake")
    assert headline.remedy == "the shorter approved wording"
    assert any("shorter wording of headline" in note for note in frame.decisions)


def test_a_shorter_wording_is_not_used_where_the_full_one_fits() -> None:
    frame = compose(request("stage", headline_short="Wake"))
    assert " ".join(line.text for line in frame.texts if line.slot == "headline") == "Wake up the afternoon"


def test_a_shorter_button_saves_the_button_from_being_left_out() -> None:
    words = {"cta": "Händler und Händlerinnen in Ihrer unmittelbaren Nähe finden und vergleichen", "cta_short": "Händler"}
    frame = compose(request("stage", (320, 50), "de-DE", **words))
    assert any(line.slot == "cta" and line.text == "Händler" for line in frame.texts)


def test_a_panel_never_swallows_the_packshot_on_it() -> None:
    """A green can stands on no green panel, an orange one on no orange one."""
    green, orange = (replace(CAN, palette=(tone,)) for tone in ("#0F5C4E", "#F27B50"))
    panels = {}
    for name, can in (("green", green), ("orange", orange)):
        frame = compose(request("poster", (1080, 1080), "en-US", picture=can))
        panels[name] = next(item.paint for item in frame.base if isinstance(item, Fill) and item.slot == "panel")
    assert panels["green"] == BRAND.colors["accent"]
    assert panels["orange"] == BRAND.colors["primary"]


def test_large_type_has_air_under_it() -> None:
    frame = compose(request("grid", (1200, 628), "en-US", picture=None))
    poster = compose(request("poster", (1080, 1350), "en-US", picture=CAN))
    for made in (frame, poster):
        headline, below = made.slots["headline"], sorted(r.y for n, r in made.slots.items() if n in ("body", "cta"))
        size = next(item.size for item in made.texts if item.slot == "headline")
        assert below[0] - headline.bottom >= size * 0.29


def test_the_picture_before_stands_on_the_start_side() -> None:
    labels = {"label1": "قبل", "label2": "بعد"}
    frame = compose(replace(request("before-after", (1080, 1080), "ar-SA", picture=CAN, **labels), before=JAR))
    assert frame.slots["before"].x > frame.slots["product"].x
    assert frame.slots["label1"].x > frame.slots["label2"].x
    assert {item.picture for item in frame.base if isinstance(item, PictureItem)} == {CAN.digest, JAR.digest}


def test_each_remedy_is_told_in_its_order() -> None:
    """Another break, another layout, the shorter approved wording; what none of them helps fails with the cut it needs."""
    hyphenated = compose(request("stage", (160, 600), "en-US", headline="Incomprehensibilities"))
    assert remedy(hyphenated, "headline") == "another break: words are hyphenated"
    long = "A table for two under the oldest tree of the whole city garden, now and always"
    laid = compose(request("poster", (1080, 1080), "en-US", cta="Find the nearest shop today", headline="Now"))
    assert remedy(laid, "cta") == "another layout: foot"
    short = compose(request("stage", (320, 50), "en-US", headline=long * 2, headline_short="Wake up"))
    assert remedy(short, "headline") == "the shorter approved wording"
    failed = compose(request("stage", (320, 50), "en-US", headline=long * 2))
    assert "characters too many" in remedy(failed, "headline")


def remedy(frame: Frame, slot: str) -> str:
    return next(fit.remedy for fit in frame.fits if fit.slot == slot)
