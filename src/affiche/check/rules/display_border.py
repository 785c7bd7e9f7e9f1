"""`display.border`: a banner that is white or black at its edge has a border."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from affiche.check import example
from affiche.check.luminance import luminances
from affiche.check.rule import Example, Limits, Rule, Verdict, passed, skipped, warned
from affiche.check.subject import Subject
from affiche.placement.model import Placement, Source
from affiche.ports import Pixels
from affiche.values.color import Color

#: Channels whose fixed sizes stand inside web pages (their placements accept exactly one size).
_IN_PAGES = frozenset({"iab", "google", "amazon"})
#: How far in the ground of the banner is looked at, px: inside any usual border.
_INSIDE = 4


def _check(subject: Subject, limits: Limits) -> Iterator[Verdict]:
    placement, pixels = subject.placement, subject.pixels
    assert placement is not None and pixels is not None
    if not _in_page(placement):
        yield skipped("not-display", f"not checked: {placement.name} is no banner inside a page")
        return
    if min(pixels.shape[:2]) < 4 * _INSIDE:
        yield skipped("tiny", "not checked: the banner is too small for a border")
        return
    rim, inside = luminances(_ring(pixels, 0)), luminances(_ring(pixels, _INSIDE))
    pale = float(np.maximum((inside > limits["white"]).mean(), (inside < limits["black"]).mean()))
    edge = float(
        np.median((np.maximum(rim, np.median(inside)) + 0.05) / (np.minimum(rim, np.median(inside)) + 0.05))
    )
    if pale < limits["min_share"]:
        yield passed("the edge of the banner is not white or black", measured=f"{pale:.0%} of the edge")
    elif edge >= limits["min_contrast"]:
        yield passed(
            "the banner has a border",
            outcome="bordered",
            measured=f"{edge:.2f}:1",
            limit=f"{limits['min_contrast']:g}:1",
        )
    else:
        message = "the edge is mostly white or black and has no border: the banner melts into the page"
        yield warned(
            "no-border",
            message,
            measured=f"{pale:.0%} of the edge",
            limit=f"{limits['min_share']:.0%}",
            hint="a border of one pixel that contrasts with the ground",
        )


def _in_page(placement: Placement) -> bool:
    return placement.channel in _IN_PAGES and placement.aspect_tolerance == 0 and not placement.shown_width


def _ring(pixels: Pixels, depth: int) -> npt.NDArray[np.uint8]:
    """The pixels `depth` px inside the edge, all the way around, (n, 4)."""
    far = -1 - depth
    sides = (
        pixels[depth, depth : far or None],
        pixels[far, depth : far or None],
        pixels[depth:far, depth],
        pixels[depth:far, far],
    )
    return np.concatenate(sides)


def _banner(color: Color, rim: Color | None = None) -> Subject:
    pixels = example.flat(rim or color, width=300, height=250)
    pixels[1:-1, 1:-1] = (color.r, color.g, color.b, 255)
    return example.sample(
        pixels=pixels,
        placement=replace(example.PLACEMENT, channel="iab", aspect_tolerance=0.0, shown_width=0),
    )


def _thin() -> Subject:
    return replace(_banner(example.GREEN), pixels=example.flat(example.GREEN, width=120, height=12))


RULE = Rule(
    id="display.border",
    title="A banner that is white or black at its edge has a border",
    rationale=(
        "Publishers ask for a visible border around partly white or black banners, because they melt into "
        "the page otherwise. Looks at the outermost pixels and at a ring four pixels further in."
    ),
    source=Source(ref="mediassociates-specs.com/banner", kind="third_party"),
    severity="warn",
    version=1,
    needs=("pixels", "placement"),
    limits={"min_share": 0.5, "white": 0.88, "black": 0.008, "min_contrast": 1.25},
    kinds=("creative", "file"),
    outcomes={
        "ok": "Less than half of the edge is white or black.",
        "bordered": "It is, and there is a border.",
        "no-border": "It is, and there is no border.",
        "not-display": "The placement is no banner inside a web page.",
        "tiny": "The banner is too small for a border.",
    },
    check=_check,
    examples=(
        Example(status="pass", outcome="ok", told="A green banner.", make=lambda: _banner(example.GREEN)),
        Example(
            status="pass",
            outcome="bordered",
            told="A white banner with a grey border.",
            make=lambda: _banner(Color(255, 255, 255), Color(170, 170, 170)),
        ),
        Example(
            status="warn",
            outcome="no-border",
            told="A white banner without a border.",
            make=lambda: _banner(Color(255, 255, 255)),
        ),
        Example(status="skip", outcome="not-display", told="A square for a feed.", make=example.sample),
        Example(status="skip", outcome="tiny", told="A banner of 12 px height.", make=_thin),
    ),
)
