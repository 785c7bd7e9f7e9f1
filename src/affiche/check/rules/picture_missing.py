"""`picture.missing`: the creative shows a picture of the product."""

from __future__ import annotations

from collections.abc import Iterator

from affiche.check import example
from affiche.check.rule import Example, Limits, Rule, Verdict, passed, warned
from affiche.check.subject import Subject
from affiche.placement.model import Source


def _check(subject: Subject, _limits: Limits) -> Iterator[Verdict]:
    shown = [item for item in subject.shown if item.slot in ("product", "picture")]
    if shown:
        yield passed("the layout shows a picture", rect=shown[0].rect)
    else:
        yield warned(
            "typographic",
            "there is no picture: the ad is set in type alone",
            hint="give the product a `picture`, or let one be imagined (`picture: {imagine: true}`)",
        )


RULE = Rule(
    id="picture.missing",
    title="The ad shows a picture",
    rationale=(
        "A product without a picture gets a designed typographic ad, never a made-up photograph; somebody "
        "should know. Says that a packshot or photograph was placed, not what it shows."
    ),
    source=Source(ref="own rule", kind="assumed", as_of="2026-11-21"),
    severity="warn",
    version=1,
    needs=("frame",),
    outcomes={
        "ok": "A packshot or photograph was placed.",
        "typographic": "The ad consists of type (and perhaps a set) alone.",
    },
    check=_check,
    examples=(
        Example(status="pass", outcome="ok", told="A packshot beside the headline.", make=example.sample),
        Example(
            status="warn",
            outcome="typographic",
            told="Headline, button and logo on paper.",
            make=lambda: example.framed(base=(example.GROUND,)),
        ),
    ),
)
