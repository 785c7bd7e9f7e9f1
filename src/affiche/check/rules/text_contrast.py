"""`text.contrast`: the pixels behind each line of type against the colour of the type."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from affiche.check import example
from affiche.check.luminance import worst_contrast
from affiche.check.rule import Example, Limits, Rule, Verdict, failed, passed, skipped
from affiche.check.subject import Subject
from affiche.placement.model import Source
from affiche.values.color import Color
from affiche.values.frame import TextItem

_WEIGHT = re.compile(r"(\d{3})$")


def _check(subject: Subject, limits: Limits) -> Iterator[Verdict]:
    worst: dict[str, tuple[float, float, TextItem]] = {}
    for index, item in enumerate(subject.texts):
        ground = subject.ground(index)
        if item.slot == "logo" or ground is None:
            continue
        ratio, needed = (
            worst_contrast(item.color, ground, share=limits["worst_share"]),
            _needed(item, subject, limits),
        )
        if item.slot not in worst or ratio - needed < worst[item.slot][0] - worst[item.slot][1]:
            worst[item.slot] = (ratio, needed, item)
    if not worst:
        yield skipped("no-type", "not checked: there is no type on known ground")
        return
    low = {slot: found for slot, found in worst.items() if found[0] < found[1] - 0.005}
    for slot, (ratio, needed, item) in low.items():
        yield failed(
            "low",
            f"{slot}: “{item.text}” has too little contrast with what is behind it",
            measured=f"{ratio:.2f}:1",
            limit=f"{needed:g}:1",
            rect=item.ink,
            hint="another colour of type, a stronger scrim, or a calmer part of the picture",
        )
    if not low:
        slot, (ratio, needed, _) = min(worst.items(), key=lambda entry: entry[1][0] / entry[1][1])
        yield passed(
            f"every line of type stands out; {slot} the least",
            measured=f"{ratio:.2f}:1",
            limit=f"{needed:g}:1",
        )


def _needed(item: TextItem, subject: Subject, limits: Limits) -> float:
    """3:1 for large type, as shown on the device; 4.5:1 otherwise."""
    shown_px = item.size * subject.shown_scale
    weight = _WEIGHT.search(item.fonts[0]) if item.fonts else None
    bold = weight is not None and int(weight.group(1)) >= 700
    large = shown_px >= (limits["large_bold_px"] if bold else limits["large_px"])
    return limits["min_ratio_large"] if large else limits["min_ratio"]


def _half_bright() -> Subject:
    """A ground that is dark on one half and nearly as light as the type on the other: the mean would hide it."""
    ground = example.flat(Color(20, 32, 27), width=230, height=50)
    ground[:, 115:] = np.array([225, 220, 210, 255], np.uint8)
    paper = example.line("Wake up the afternoon", example.HEADLINE.ink, color=example.PAPER)
    return example.sample(frame=example.framed(overlay=(paper,)).frame, grounds={0: ground}, placement=None)


RULE = Rule(
    id="text.contrast",
    title="Type stands out from the pixels behind it",
    rationale=(
        "An ad is seen for a second, outdoors, on a dimmed phone. Measured on the painted pixels behind "
        "the ink box of each line, before the type was drawn: the 5 % worst pixels may fall below the "
        "limit, no more. Large is judged as shown on the device, not in file pixels. The logo is exempt, "
        "as in WCAG."
    ),
    source=Source(
        ref="WCAG 2.2, 1.4.3 Contrast (Minimum), level AA; worst 5 %: own rule", kind="assumed", as_of="n/d"
    ),
    severity="fail",
    version=1,
    needs=("frame", "grounds"),
    limits={
        "min_ratio": 4.5,
        "min_ratio_large": 3.0,
        "large_px": 24.0,
        "large_bold_px": 18.66,
        "worst_share": 0.05,
    },
    outcomes={
        "ok": "Every line reaches its ratio.",
        "low": "A line falls below its ratio on more than the allowed share of the pixels behind it.",
        "no-type": "There is no type, or nothing is known of what lies behind it.",
    },
    check=_check,
    examples=(
        Example(status="pass", outcome="ok", told="Ink on paper, 15:1.", make=example.sample),
        Example(
            status="fail",
            outcome="low",
            told="Paper type over a picture whose right half is nearly as light.",
            make=_half_bright,
        ),
        Example(
            status="skip",
            outcome="no-type",
            told="A creative without type.",
            make=lambda: example.framed(overlay=()),
        ),
    ),
)
