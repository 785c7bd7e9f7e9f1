"""`layout.safe-area`: type, button and logo keep out of what the platform covers."""

from __future__ import annotations

from collections.abc import Iterator

from affiche.check import example
from affiche.check.rule import Example, Limits, Rule, Verdict, failed, passed, skipped
from affiche.check.subject import Subject
from affiche.placement.model import Source
from affiche.values.geometry import Rect


def _check(subject: Subject, limits: Limits) -> Iterator[Verdict]:
    if not subject.slot_boxes:
        yield skipped("nothing", "not checked: there is no type and no logo")
        return
    safe = _safe(subject)
    outside = {
        slot: rect
        for slot, rect in subject.slot_boxes.items()
        if not safe.contains(rect, tolerance=limits["tolerance_px"])
    }
    for slot, rect in outside.items():
        yield failed(
            "outside",
            f"{slot} reaches into the margin that the platform may cover",
            measured=f"{_over(rect, safe):.0f} px outside",
            limit=f"{limits['tolerance_px']:g} px",
            rect=rect,
            hint="a template that keeps the safe area of this placement",
        )
    if not outside:
        least = min(_margin(rect, safe) for rect in subject.slot_boxes.values())
        yield passed(
            "type, button and logo lie inside the safe area", measured=f"{least:.0f} px inside", rect=safe
        )


def _safe(subject: Subject) -> Rect:
    """The placement's own safe area, not only the one that the layout was told."""
    frame = subject.frame
    assert frame is not None
    if subject.placement is None:
        return frame.safe
    direction = subject.locale.direction if subject.locale else "ltr"
    canvas = Rect(0, 0, frame.size.width, frame.size.height)
    return canvas.inset(subject.placement.safe_for(direction).of(frame.size))


def _margin(rect: Rect, safe: Rect) -> float:
    return min(rect.x - safe.x, rect.y - safe.y, safe.right - rect.right, safe.bottom - rect.bottom)


def _over(rect: Rect, safe: Rect) -> float:
    return -_margin(rect, safe)


RULE = Rule(
    id="layout.safe-area",
    title="Type, button and logo lie inside the safe area",
    rationale=(
        "Stories, Reels and TikTok lay names, captions and buttons over the edges. The ink of the type "
        "and the boxes of button and logo must lie inside the placement's safe area (mirrored where the "
        "platform mirrors its own buttons). Pictures may run to the edge. Where the platform publishes "
        "none, the safe area is the canvas."
    ),
    source=Source(
        ref="safe areas of the placement catalog, each with its source",
        kind="third_party",
        as_of="2026-11-21",
    ),
    severity="fail",
    version=1,
    needs=("frame",),
    limits={"tolerance_px": 1.0},
    outcomes={
        "ok": "Everything that must be seen lies inside.",
        "outside": "Something reaches into the margin.",
        "nothing": "There is no type and no logo.",
    },
    check=_check,
    examples=(
        Example(status="pass", outcome="ok", told="Everything keeps 30 px of 600.", make=example.sample),
        Example(
            status="fail",
            outcome="outside",
            told="A legal line in the lowest 30 px.",
            make=lambda: example.framed(
                overlay=(
                    *example.FRAME.overlay,
                    example.line("Terms apply.", Rect(60, 572, 120, 16), slot="legal"),
                )
            ),
        ),
        Example(
            status="skip",
            outcome="nothing",
            told="A creative without type and logo.",
            make=lambda: example.framed(overlay=()),
        ),
    ),
)
