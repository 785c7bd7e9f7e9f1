"""Remedies: changes of a brief tried on one creative, drawn and checked as a build would: what is offered is known to help.

What can be tried: another template that shows the same words and the same kind of picture; the shorter wording that the brief
approves. What a model would have to do (more canvas, more pixels) is offered for the findings that it is made for, and not tried.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from affiche.brief.model import SHORT
from affiche.check.profile import RuleInForce
from affiche.check.run import check
from affiche.check.subject import Subject
from affiche.compose.compose import compose
from affiche.compose.direct.bind import roles_shown
from affiche.compose.direct.choose import lacking
from affiche.compose.request import ComposeRequest
from affiche.compose.template.model import Template
from affiche.errors import AfficheError
from affiche.placement.model import aspect_class
from affiche.plan.model import Creative, Plan, rights_of
from affiche.plan.request import request_of
from affiche.ports import Painter, PictureInfo, Pictures, Pixels
from affiche.values.digest import Digest
from affiche.values.finding import Finding

Verb = Literal["words", "template"]
#: Most remedies that are worth a person's time.
OFFERED = 4
_WEIGHT = {"error": 1000, "fail": 100, "warn": 10}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change of a brief: `value` is the id of a template, or the words of `role`."""

    verb: Verb
    value: str
    role: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What a change gives: all that is found then, and how it looks. `mended`, `raised`: rules, against the ad as it is."""

    change: Change
    findings: tuple[Finding, ...]
    mended: tuple[str, ...]
    raised: tuple[str, ...]
    pixels: Pixels

    @property
    def weight(self) -> int:
        """How bad what is still found is; 0 is a clean ad."""
        return _weight(self.findings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """Draws and checks one creative. `infos` and `pictures` of what it shows; `faces` makes a brand's own fonts known."""

    painter: Painter
    infos: Mapping[Digest, PictureInfo]
    pictures: Pictures
    rules: Sequence[RuleInForce]

    def seen(self, plan: Plan, creative: Creative) -> tuple[tuple[Finding, ...], Pixels]:
        """What the rules say of a creative, and its pixels. Raises PaintError, AssetError, StorageError."""
        request = request_of(plan.part, creative, self.infos)
        frame = compose(request)
        painted = self.painter.painted(frame, self.painter.base(frame, self.pictures), self.pictures)
        subject = Subject(
            frame=frame, pixels=painted.pixels, grounds=painted.grounds, words=creative.words.words,
            brand=creative.product.brand, placement=creative.place.placement, locale=creative.words.locale,
            pictures=self.infos, forbidden=plan.part.forbidden, rights=rights_of(plan.part, creative.product),
        )  # fmt: skip
        return check(subject, self.rules), painted.pixels


def helping(
    plan: Plan, creative: Creative, changes: Sequence[Change], again: Callable[[Change], tuple[Plan, Creative]], trial: Trial
) -> tuple[tuple[Finding, ...], tuple[Tried, ...]]:  # fmt: skip
    """What is found now, and the changes that make it better, the best first; of equals the one that is named first.

    `again` plans with a change. A change that cannot be drawn is left out. Raises PaintError and AssetError when the creative
    as it is cannot be drawn, StorageError.
    """
    now, _ = trial.seen(plan, creative)
    if not _weight(now):
        return now, ()
    made = [tried for change in changes if (tried := _tried(change, now, again, trial)) is not None]
    better = sorted((one for one in made if one.weight < _weight(now)), key=lambda one: one.weight)
    return now, tuple(better[:OFFERED])


def _tried(
    change: Change, now: tuple[Finding, ...], again: Callable[[Change], tuple[Plan, Creative]], trial: Trial
) -> Tried | None:
    try:
        findings, pixels = trial.seen(*again(change))
    except AfficheError:
        return None
    before, after = _asked(now), _asked(findings)
    return Tried(
        change=change, findings=findings, pixels=pixels, mended=tuple(rule for rule in before if rule not in after),
        raised=tuple(rule for rule in after if rule not in before),
    )  # fmt: skip


def changes_for(request: ComposeRequest, templates: Mapping[str, Template]) -> Iterator[Change]:
    """What may be tried for the creative of `request`, the gentlest first: shorter words, then templates by their order.

    A template is tried when it shows this kind of picture and every text that is shown now, and needs no other product.
    """
    for role, text in request.words.items():
        short = request.words.get(f"{role}{SHORT}")
        if short is not None and short.value != text.value:
            yield Change(verb="words", role=role, value=short.value, name=short.value)
    kind = aspect_class(request.size)
    shown = request.words.keys() & set(roles_shown(request.template, kind))
    picture = request.picture.kind if request.picture else "none"
    for id, template in templates.items():
        if (
            template.digest != request.template.digest and picture in template.pictures and not template.lineup
            and not lacking(template, request.words) and shown <= set(roles_shown(template, kind))
        ):  # fmt: skip
            yield Change(verb="template", value=id, name=template.name)


def with_words(creative: Creative, change: Change) -> Creative:
    """The creative with other words in one role."""
    words = creative.words
    text = replace(words.words[change.role], value=change.value)
    said = replace(words, words={**words.words, change.role: text})
    return replace(creative, words=said)


def _asked(findings: Sequence[Finding]) -> tuple[str, ...]:
    """The rules that ask for something."""
    return tuple(dict.fromkeys(finding.rule for finding in findings if finding.status in _WEIGHT))


def _weight(findings: Sequence[Finding]) -> int:
    return sum(_WEIGHT.get(finding.status, 0) for finding in findings)
