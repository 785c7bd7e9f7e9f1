"""`logo.clear-space`: nothing comes too close to the logo."""

from __future__ import annotations

from collections.abc import Iterator

from affiche.check import example
from affiche.check.rule import Example, Limits, Rule, Verdict, failed, passed, skipped, warned
from affiche.check.subject import Subject
from affiche.placement.model import Source
from affiche.values.geometry import Rect

#: What a brand that does not say otherwise asks for, in logo heights.
_USUAL = 0.5


def _check(subject: Subject, limits: Limits) -> Iterator[Verdict]:
    frame, box = subject.frame, subject.slot_boxes.get("logo")
    assert frame is not None
    if box is None:
        yield skipped("no-logo", "not checked: there is no logo")
        return
    logo = subject.brand.logo if subject.brand else None
    needed = (logo.clear_space if logo else _USUAL) * box.height
    near = min(_neighbours(subject, box), key=lambda entry: entry[0])
    measured, limit, around = f"{near[0]:.0f} px", f"{needed:.0f} px", box.grown(needed)
    hint = "a template that gives the logo more room"
    if near[0] < needed * limits["fail_share"]:
        yield failed(
            "violated",
            f"{near[1]} comes too close to the logo",
            measured=measured,
            limit=limit,
            rect=around,
            hint=hint,
        )
    elif near[0] < needed - 0.5:
        yield warned(
            "tight",
            f"{near[1]} is closer to the logo than the brand asks for",
            measured=measured,
            limit=limit,
            rect=around,
            hint=hint,
        )
    else:
        yield passed(
            f"the logo stands clear; {near[1]} is nearest", measured=measured, limit=limit, rect=around
        )


def _neighbours(subject: Subject, box: Rect) -> Iterator[tuple[float, str]]:
    frame = subject.frame
    assert frame is not None
    edges = (box.x, box.y, frame.size.width - box.right, frame.size.height - box.bottom)
    yield max(0.0, min(edges)), "the edge of the canvas"
    for slot, rect in subject.slot_boxes.items():
        if slot != "logo":
            yield _gap(box, rect), slot


def _gap(one: Rect, other: Rect) -> float:
    """The distance between two boxes along the wider-open axis; 0 when they overlap."""
    across = max(other.x - one.right, one.x - other.right)
    down = max(other.y - one.bottom, one.y - other.bottom)
    return max(0.0, across, down)


RULE = Rule(
    id="logo.clear-space",
    title="The logo keeps its clear space from type, button and edge",
    rationale=(
        "Brand guides ask for empty room around the logo, here in logo heights as the brand file says. "
        "Looks at type, button and the edges of the canvas; what the picture shows around the logo is not "
        "judged."
    ),
    source=Source(
        ref="the brand's own `logo.clear_space`; 0.5 logo heights when it says nothing",
        kind="assumed",
        as_of="2026-11-21",
    ),
    severity="fail",
    version=1,
    needs=("frame",),
    limits={"fail_share": 0.5},
    outcomes={
        "ok": "The clear space is kept.",
        "tight": "Something is closer than the brand asks for.",
        "violated": "Something is closer than half of what the brand asks for.",
        "no-logo": "There is no logo.",
    },
    check=_check,
    examples=(
        Example(
            status="pass",
            outcome="ok",
            told="60 px to the nearest edge, the brand asks for 20.",
            make=example.sample,
        ),
        Example(
            status="warn",
            outcome="tight",
            told="A headline 14 px below the logo, the brand asks for 20.",
            make=lambda: example.framed(
                overlay=(example.logo(), example.line("Wake up", Rect(60, 114, 230, 50)))
            ),
        ),
        Example(
            status="fail",
            outcome="violated",
            told="A headline 4 px below the logo.",
            make=lambda: example.framed(
                overlay=(example.logo(), example.line("Wake up", Rect(60, 104, 230, 50)))
            ),
        ),
        Example(
            status="skip",
            outcome="no-logo",
            told="A creative without a logo.",
            make=lambda: example.framed(overlay=()),
        ),
    ),
)
