"""`logo.present`: the layout places the logo on the canvas, and something shows in its box."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from affiche.check import example
from affiche.check.luminance import ground_pixels, luminances, thinned
from affiche.check.rule import Example, Limits, Rule, Verdict, failed, passed, warned
from affiche.check.subject import Subject
from affiche.placement.model import Source
from affiche.values.geometry import Rect, Size


def _check(subject: Subject, limits: Limits) -> Iterator[Verdict]:
    frame = subject.frame
    assert frame is not None
    box = subject.slot_boxes.get("logo")
    area = frame.size.width * frame.size.height
    if box is None:
        brand = subject.brand
        if brand is not None and brand.logo is None and not brand.name:
            yield warned("none-given", "the brand has neither logo nor name to show", hint="add a brand file with a logo")
        elif area < limits["small_area_px2"]:
            yield warned(
                "missing-small", "no logo: the banner has little room for one", measured=str(frame.size)
            )
        else:
            yield failed("missing", "there is no logo", hint="a logo file that exists, or a template with a logo slot")
        return
    if box.intersection(Rect(0, 0, frame.size.width, frame.size.height)).area < 0.99 * box.area:
        yield failed("cut", "the logo runs off the canvas", rect=box)
        return
    spread = _spread(subject, box)
    if spread is not None and spread < limits["min_spread"]:
        yield failed(
            "invisible",
            "the logo can hardly be told from what is behind it",
            measured=f"{spread:.2f}:1",
            limit=f"{limits['min_spread']:g}:1",
            rect=box,
            hint="the logo for dark grounds (`on_dark`), or another place",
        )
    else:
        measured = "" if spread is None else f"{spread:.2f}:1"
        yield passed("the logo is placed, and its box is not empty", measured=measured, rect=box)


def _spread(subject: Subject, box: Rect) -> float | None:
    """Contrast between the lightest and darkest parts inside the box: an upper bound for the contrast of the logo."""
    if subject.pixels is None:
        return None
    values = luminances(thinned(ground_pixels(subject.pixels, box), 1024))
    low, high = np.partition(values, [values.size // 50, values.size - 1 - values.size // 50])[
        [values.size // 50, values.size - 1 - values.size // 50]
    ]
    return float((high + 0.05) / (low + 0.05))


RULE = Rule(
    id="logo.present",
    title="The logo is placed and its box is not empty",
    rationale=(
        "An ad without sender is wasted money. The layout must place the logo (or the brand name set as "
        "type) wholly on the canvas, and the painted pixels in its box must differ. On a busy photograph "
        "that difference can come from the photograph: the rule finds empty boxes, it does not recognise "
        "the logo (see `logo.found`)."
    ),
    source=Source(ref="own rule", kind="assumed", as_of="2026-11-21"),
    severity="fail",
    version=2,
    needs=("frame",),
    limits={"min_spread": 1.4, "small_area_px2": 9000.0},
    outcomes={
        "ok": "It is there.",
        "missing": "The layout places no logo.",
        "missing-small": "The layout places no logo on a very small banner.",
        "none-given": "There is no logo and no brand name that could be placed.",
        "cut": "A part of it lies outside the canvas.",
        "invisible": "Its box looks even: the logo does not show on this ground.",
    },
    check=_check,
    examples=(
        Example(status="pass", outcome="ok", told="A dark logo on paper.", make=example.sample),
        Example(
            status="fail",
            outcome="missing",
            told="Headline and button only.",
            make=lambda: example.framed(overlay=(example.HEADLINE, example.BUTTON, example.LABEL)),
        ),
        Example(
            status="fail",
            outcome="cut",
            told="A logo that hangs over the left edge.",
            make=lambda: example.framed(overlay=(example.logo(Rect(-30, 60, 120, 40)),)),
        ),
        Example(
            status="fail",
            outcome="invisible",
            told="A paper logo on paper: the box looks empty.",
            make=lambda: example.sample(pixels=example.flat(example.PAPER)),
        ),
        Example(
            status="warn",
            outcome="none-given",
            told="A brief that names no brand.",
            make=lambda: example.sample(
                frame=replace(example.FRAME, overlay=(example.HEADLINE,)), brand=replace(example.BRAND, logo=None, name="")
            ),
        ),
        Example(
            status="warn",
            outcome="missing-small",
            told="A 120x20 banner without a logo.",
            make=lambda: example.framed(overlay=(), size=Size(width=120, height=20)),
        ),
    ),
)
