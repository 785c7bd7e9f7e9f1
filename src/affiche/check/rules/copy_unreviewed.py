"""`copy.unreviewed`: every text was written or approved by a person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from affiche.check import example
from affiche.check.rule import Example, Limits, Rule, Verdict, passed, warned
from affiche.check.subject import Subject
from affiche.placement.model import Source
from affiche.values.locale import Locale
from affiche.values.text import Evidence, Text

_APPROVE = "read it, then `affiche words approve`, or give the text in the brief"


def _check(subject: Subject, limits: Limits) -> Iterator[Verdict]:
    looked_at = {role: text for role, text in subject.words.items() if text.evidence is not None}
    for role, text in looked_at.items():
        assert text.evidence is not None
        yield from _verdicts(role, text, text.evidence, subject=subject, limits=limits)
    if not looked_at:
        yield passed("every text was given, approved or comes from the reviewed phrasebook")


def _verdicts(role: str, text: Text, known: Evidence, *, subject: Subject, limits: Limits) -> Iterator[Verdict]:
    rect = subject.word_box(role)
    if text.origin == "source":
        why = "; ".join(known.flags)
        yield warned(
            "rejected",
            f"what {known.model} wrote for {role} cannot be used: {why}",
            rect=rect,
            hint="give the text in the brief",
        )
        return
    if text.origin == "memory":
        told = f"{role} is an approved text for almost the same source (“{known.source[:60]}”)"
        yield warned("near", told, measured=f"{known.match} % alike", limit="100 %", rect=rect, hint=_APPROVE)
        return
    yield warned("unread", f"{role} was written by {known.model} and nobody has approved it", rect=rect, hint=_APPROVE)
    for flag in known.flags:
        yield warned("flagged", f"{role}: {flag}", rect=rect, hint=_APPROVE)
    yield from _scores(role, known, limits)


def _scores(role: str, known: Evidence, limits: Limits) -> Iterator[Verdict]:
    if known.judge is not None and known.judge < limits["min_judge"]:
        why = f": {known.judged}" if known.judged else ""
        told = f"{known.model}, asked as a judge, doubts {role}{why}"
        yield warned("judge", told, measured=f"{known.judge} of 100", limit=f"{limits['min_judge']:.0f}", hint=_APPROVE)
    if known.back is not None and known.back < limits["min_back"]:
        told = f"{role} translated back says “{known.back_text[:120]}”"
        yield warned(
            "back", told, measured=f"{known.back} of 100 (chrF)", limit=f"{limits['min_back']:.0f}", hint=_APPROVE
        )


_MODEL = Evidence(model="a model", source="Wake up the afternoon")


def _german(text: Text) -> Subject:
    return example.sample(words={"headline": text}, locale=Locale.parse("de-DE"))


def _written(**known: object) -> Subject:
    text = Text(value="Weck den Nachmittag", locale="de-DE", origin="model")
    return _german(replace(text, evidence=replace(_MODEL, **known)))  # type: ignore[arg-type]


RULE = Rule(
    id="copy.unreviewed",
    title="Every text was written or approved by a person",
    rationale=(
        "Words from a model, and near matches of the translation memory, go on air only after somebody read them. Scores of a "
        "judge and of back-translations are opinions of machines: they say where to look first, not that a text is good."
    ),
    source=Source(ref="own rule", kind="assumed", as_of="2026-11-25"),
    severity="warn",
    version=1,
    needs=("words", "locale"),
    outcomes={
        "ok": "Every text was given, approved or comes from the phrasebook.",
        "unread": "A model wrote a text and nobody approved it.",
        "near": "A text was approved for a source that is almost the same.",
        "flagged": "A text of a model has a flaw that was not mended.",
        "rejected": "A text of a model was not used; the source stands.",
        "judge": "The judge gave a low score.",
        "back": "The back-translation differs much from the source.",
    },
    check=_check,
    limits={"min_judge": 70.0, "min_back": 35.0},
    examples=(
        Example(
            status="pass",
            outcome="ok",
            told="Given German copy.",
            make=lambda: _german(Text(value="Weck den Nachmittag", locale="de-DE")),
        ),
        Example(status="warn", outcome="unread", told="A headline that a model wrote.", make=_written),
        Example(
            status="warn",
            outcome="flagged",
            told="One that is longer than what fits.",
            make=lambda: _written(flags=("it has 31 characters; at most 28 fit",)),
        ),
        Example(
            status="warn",
            outcome="judge",
            told="One with 40 of 100.",
            make=lambda: _written(judge=40, judged="says the opposite"),
        ),
        Example(
            status="warn",
            outcome="back",
            told="One that says something else when it is translated back.",
            make=lambda: _written(back=12, back_text="Sleep through the day"),
        ),
        Example(
            status="warn",
            outcome="near",
            told="A memory's text for nearly the same source.",
            make=lambda: _german(
                Text(
                    value="Weck den Nachmittag",
                    locale="de-DE",
                    origin="memory",
                    evidence=Evidence(match=92, source="Wake up this afternoon"),
                )
            ),
        ),
        Example(
            status="warn",
            outcome="rejected",
            told="A model's text that lost a placeholder.",
            make=lambda: _german(
                Text(
                    value="Only {price}",
                    locale="en-US",
                    origin="source",
                    evidence=Evidence(model="a model", flags=("its placeholders are none",)),
                )
            ),
        ),
    ),
)
