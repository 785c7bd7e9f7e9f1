"""`copy.untranslated`: the words are in the language of the locale."""

from __future__ import annotations

from collections.abc import Iterator

from affiche.check import example
from affiche.check.rule import Example, Limits, Rule, Verdict, passed, warned
from affiche.check.subject import Subject
from affiche.placement.model import Source
from affiche.values.locale import Locale
from affiche.values.text import Text


def _check(subject: Subject, _limits: Limits) -> Iterator[Verdict]:
    assert subject.locale is not None
    other = [(role, text) for role, text in subject.words.items() if _foreign(text, subject.locale)]
    for role, text in other:
        yield warned(
            "source",
            f"{role} is still in the source language",
            measured=text.locale,
            limit=subject.locale.tag,
            rect=subject.word_box(role),
            hint=f"give `copy.{subject.locale.tag}.{role}`, or let it be written by a model",
        )
    if not other:
        origins = ", ".join(sorted({text.origin for text in subject.words.values()}))
        yield passed(
            "every text is recorded as being in the language of the locale",
            measured=origins,
            limit=subject.locale.tag,
        )


def _foreign(text: Text, locale: Locale) -> bool:
    written = Locale.parse(text.locale)
    same = written.language == locale.language and written.script == locale.script
    # Numbers, prices and signs need no translation.
    return text.origin == "source" and not same and any(c.isalpha() for c in text.value)


def _german(headline: Text) -> Subject:
    return example.sample(words={"headline": headline}, locale=Locale.parse("de-DE"))


RULE = Rule(
    id="copy.untranslated",
    title="No text is left in the source language",
    rationale=(
        "Without given copy, memory or a model the source text is used, honestly marked. Looks at the "
        "recorded origin and language of each text; it does not guess the language of words."
    ),
    source=Source(ref="own rule", kind="assumed", as_of="2026-11-21"),
    severity="warn",
    version=1,
    needs=("words", "locale"),
    outcomes={
        "ok": "Every text has the language of the locale.",
        "source": "A text is the untranslated source.",
    },
    check=_check,
    examples=(
        Example(
            status="pass",
            outcome="ok",
            told="German copy for de-DE.",
            make=lambda: _german(Text(value="Weck den Nachmittag", locale="de-DE")),
        ),
        Example(
            status="warn",
            outcome="source",
            told="The English source for de-DE.",
            make=lambda: _german(Text(value="Wake up the afternoon", locale="en-US", origin="source")),
        ),
    ),
)
