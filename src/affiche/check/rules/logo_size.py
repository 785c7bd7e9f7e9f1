"""`logo.size`: the logo is not shown smaller than the brand allows."""

from __future__ import annotations

from collections.abc import Iterator

from affiche.check import example
from affiche.check.rule import Example, Limits, Rule, Verdict, failed, passed, skipped, warned
from affiche.check.subject import Subject
from affiche.placement.model import Source
from affiche.values.geometry import Rect

#: Brand files give the smallest width in px of a 1080 px creative, which is shown 360 px wide.
_SHOWN_PER_PX = 360 / 1080
_USUAL_PX = 60.0


def _check(subject: Subject, limits: Limits) -> Iterator[Verdict]:
    box = subject.slot_boxes.get("logo")
    if box is None:
        yield skipped("no-logo", "not checked: there is no logo")
        return
    logo = subject.brand.logo if subject.brand else None
    least = (logo.min_width if logo else _USUAL_PX) * _SHOWN_PER_PX
    shown = box.width * subject.shown_scale
    measured, limit = f"{shown:.0f} px wide as shown", f"{least:.0f} px"
    if shown < least - 0.5:
        yield failed(
            "too-small",
            "the logo is shown smaller than the brand allows",
            measured=measured,
            limit=limit,
            rect=box,
        )
    elif subject.size and box.area > limits["max_share"] * subject.size.width * subject.size.height:
        share = box.area / (subject.size.width * subject.size.height)
        yield warned(
            "large",
            "the logo takes a large part of the ad",
            measured=f"{share:.0%}",
            limit=f"{limits['max_share']:.0%}",
            rect=box,
        )
    else:
        yield passed("the logo is large enough", measured=measured, limit=limit, rect=box)


RULE = Rule(
    id="logo.size",
    title="The logo is at least as large as the brand asks for",
    rationale=(
        "Below a certain width a logo is a smudge. The brand gives the width in px of a 1080 px creative; "
        "both sides are compared as shown on the device, so that a 300x250 banner is held to the same "
        "size for the eye. Measures the logo's visible box."
    ),
    source=Source(
        ref="the brand's own `logo.min_width`; 60 px at 1080 when it says nothing",
        kind="assumed",
        as_of="2026-11-21",
    ),
    severity="fail",
    version=1,
    needs=("frame",),
    limits={"max_share": 0.3},
    outcomes={
        "ok": "It is large enough.",
        "too-small": "It is shown smaller than the brand allows.",
        "large": "It takes an unusually large part of the ad.",
        "no-logo": "There is no logo.",
    },
    check=_check,
    examples=(
        Example(
            status="pass", outcome="ok", told="120 px in a file shown at half size.", make=example.sample
        ),
        Example(
            status="fail",
            outcome="too-small",
            told="24 px in a file shown at half size.",
            make=lambda: example.framed(overlay=(example.logo(Rect(60, 60, 24, 8)),)),
        ),
        Example(
            status="warn",
            outcome="large",
            told="A logo over a third of the ad.",
            make=lambda: example.framed(overlay=(example.logo(Rect(30, 30, 540, 240)),)),
        ),
        Example(
            status="skip",
            outcome="no-logo",
            told="A creative without a logo.",
            make=lambda: example.framed(overlay=()),
        ),
    ),
)
