"""What a rule is: a permanent id, why it exists, where its limits come from, and a function from subject to verdicts.

May live here: the shape of rules and the four verdicts. Next: `table.py` lists all rules, `run.py` runs them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from affiche.check.subject import Subject
from affiche.placement.model import Source
from affiche.values.finding import FindingStatus
from affiche.values.geometry import Rect

#: Thresholds by name, in the unit that the name says (`min_px`, `min_ratio`).
Limits = Mapping[str, float]
#: What a rule must know to say anything: attributes of the subject.
Need = Literal["frame", "grounds", "pixels", "placement", "brand", "file", "words", "locale", "logo_match"]
#: `creative`: laid out by Affiche. `file`: any picture file, of which nothing but the pixels is known.
Kind = Literal["creative", "file"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One outcome of one rule; `outcome` is the last part of the finding's code."""

    status: FindingStatus
    outcome: str
    message: str
    measured: str = ""
    limit: str = ""
    rect: Rect | None = None
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A subject on which the rule has this outcome; `told` says in words what it shows."""

    status: FindingStatus
    outcome: str
    told: str
    make: Callable[[], Subject]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule. `version` goes up whenever the same subject could get another verdict: it is part of the keys.

    `outcomes` says what each outcome means (for docs); `limits` are defaults that a profile may change.
    """

    id: str
    title: str
    rationale: str
    source: Source
    severity: Literal["fail", "warn"]
    version: int
    needs: tuple[Need, ...]
    outcomes: Mapping[str, str]
    check: Callable[[Subject, Limits], Iterator[Verdict]]
    examples: tuple[Example, ...]
    limits: Limits = field(default_factory=dict)
    kinds: tuple[Kind, ...] = ("creative",)


def passed(
    message: str, *, outcome: str = "ok", measured: str = "", limit: str = "", rect: Rect | None = None
) -> Verdict:
    """It holds."""
    return Verdict(status="pass", outcome=outcome, message=message, measured=measured, limit=limit, rect=rect)


def warned(
    outcome: str,
    message: str,
    *,
    measured: str = "",
    limit: str = "",
    rect: Rect | None = None,
    hint: str = "",
) -> Verdict:
    """Somebody should look at it."""
    return Verdict(
        status="warn", outcome=outcome, message=message, measured=measured, limit=limit, rect=rect, hint=hint
    )


def failed(
    outcome: str,
    message: str,
    *,
    measured: str = "",
    limit: str = "",
    rect: Rect | None = None,
    hint: str = "",
) -> Verdict:
    """It must not go out like this."""
    return Verdict(
        status="fail", outcome=outcome, message=message, measured=measured, limit=limit, rect=rect, hint=hint
    )


def skipped(outcome: str, message: str) -> Verdict:
    """The rule has nothing to say here, and why."""
    return Verdict(status="skip", outcome=outcome, message=message)
