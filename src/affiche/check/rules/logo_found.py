"""`logo.found`: a logo was looked for in the pixels of a picture that Affiche did not make."""

from __future__ import annotations

from collections.abc import Iterator

from affiche.check import example
from affiche.check.rule import Example, Limits, Rule, Verdict, failed, passed, warned
from affiche.check.subject import LogoMatch, Subject
from affiche.placement.model import Source
from affiche.values.geometry import Rect


def _check(subject: Subject, limits: Limits) -> Iterator[Verdict]:
    match = subject.logo_match
    assert match is not None
    measured = f"score {match.score:.2f}"
    limit = f"found from {limits['found']:g}, absent below {limits['absent']:g}"
    if match.score >= limits["found"]:
        yield passed("the logo was found", measured=measured, limit=limit, rect=match.rect)
    elif match.score >= limits["absent"]:
        yield warned(
            "unsure",
            "something like the logo was found; please look",
            measured=measured,
            limit=limit,
            rect=match.rect,
        )
    else:
        yield failed("absent", "the logo was not found in the picture", measured=measured, limit=limit)


def _matched(score: float) -> Subject:
    return example.sample(logo_match=LogoMatch(score=score, rect=Rect(60, 60, 120, 40)))


RULE = Rule(
    id="logo.found",
    title="The logo is found in the pixels",
    rationale=(
        "For a picture of unknown layout the logo is searched at many sizes by the direction of its "
        "edges, so that its colour and the ground do not matter. Works on unrotated, undistorted logos; "
        "the thresholds come from measured sets with and without logos (see `logo_search.py`)."
    ),
    source=Source(ref="own measurement (logo_search.py)", kind="assumed", as_of="2026-11-21"),
    severity="fail",
    version=1,
    needs=("logo_match",),
    limits={"found": 0.60, "absent": 0.45},
    kinds=("file",),
    outcomes={"ok": "It was found.", "unsure": "Something like it was found.", "absent": "It was not found."},
    check=_check,
    examples=(
        Example(status="pass", outcome="ok", told="A clear match.", make=lambda: _matched(0.8)),
        Example(
            status="warn",
            outcome="unsure",
            told="A match between the thresholds.",
            make=lambda: _matched(0.5),
        ),
        Example(status="fail", outcome="absent", told="No match anywhere.", make=lambda: _matched(0.2)),
    ),
)
