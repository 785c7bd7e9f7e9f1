"""`layout.collision`: texts, button and logo do not lie over each other."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from affiche.check import example
from affiche.check.rule import Example, Limits, Rule, Verdict, failed, passed, skipped
from affiche.check.subject import Subject
from affiche.placement.model import Source
from affiche.values.geometry import Rect


def _check(subject: Subject, limits: Limits) -> Iterator[Verdict]:
    boxes = subject.slot_boxes
    if len(boxes) < 2:
        yield skipped("nothing", "not checked: there are no two things that could collide")
        return
    clashes = 0
    for (one, a), (other, b) in combinations(boxes.items(), 2):
        common = a.intersection(b)
        if min(common.width, common.height) > limits["tolerance_px"]:
            clashes += 1
            yield failed(
                "overlap",
                f"{one} and {other} lie over each other",
                measured=f"{min(common.width, common.height):.0f} px deep",
                limit=f"{limits['tolerance_px']:g} px",
                rect=common,
            )
    if not clashes:
        yield passed(f"{', '.join(boxes)} keep clear of each other")


RULE = Rule(
    id="layout.collision",
    title="Texts, button and logo do not overlap",
    rationale=(
        "Compares the ink of the type and the boxes of button and logo in pairs. Type over a photograph "
        "is no collision; type over a packshot is `product.covered`."
    ),
    source=Source(ref="own rule", kind="assumed", as_of="2026-11-21"),
    severity="fail",
    version=1,
    needs=("frame",),
    limits={"tolerance_px": 2.0},
    outcomes={
        "ok": "No two overlap.",
        "overlap": "Two overlap by more than the tolerance in both directions.",
        "nothing": "There are fewer than two.",
    },
    check=_check,
    examples=(
        Example(
            status="pass",
            outcome="ok",
            told="Headline, button and logo one below the other.",
            make=example.sample,
        ),
        Example(
            status="fail",
            outcome="overlap",
            told="Body copy that runs into the button.",
            make=lambda: example.framed(
                overlay=(
                    *example.FRAME.overlay,
                    example.line("Nothing added.", Rect(60, 400, 200, 30), slot="body"),
                )
            ),
        ),
        Example(
            status="skip",
            outcome="nothing",
            told="A creative with a logo only.",
            make=lambda: example.framed(overlay=(example.logo(),)),
        ),
    ),
)
