"""`words.forbidden`: no word that the brand or the brief forbids is in the copy."""

from __future__ import annotations

from collections.abc import Iterator

from affiche.check import example
from affiche.check.rule import Example, Limits, Rule, Verdict, failed, passed, skipped
from affiche.check.subject import Subject
from affiche.placement.model import Source
from affiche.values.locale import Locale
from affiche.values.text import Text
from affiche.values.wording import contains, words_for


def _check(subject: Subject, _limits: Limits) -> Iterator[Verdict]:
    tables = (*((subject.brand.forbidden,) if subject.brand else ()), subject.forbidden)
    looked_for: set[str] = set()
    found = False
    for role, text in subject.words.items():
        said: set[str] = set()  # what is forbidden in both languages is told once
        for language in _languages(text, subject):
            words = words_for(tables, language)
            looked_for.update(words)
            for word in words:
                if word not in said and contains(text.value, word, language):
                    found = True
                    said.add(word)
                    hint = "other words, or a change of the brand's list"
                    yield failed(
                        "found",
                        f"{role} says “{word}”, which is forbidden",
                        measured=word,
                        rect=subject.word_box(role),
                        hint=hint,
                    )
    if not looked_for:
        yield skipped("no-list", "not checked: no words are forbidden in this language")
    elif not found:
        yield passed("no forbidden word is in the copy", measured=f"{len(looked_for)} words looked for")


def _languages(text: Text, subject: Subject) -> tuple[Locale, ...]:
    """The language the words are in, and the one they are shown to (they differ for untranslated copy)."""
    written = Locale.parse(text.locale)
    shown = subject.locale or written
    return (shown,) if shown.language == written.language else (written, shown)


def _copy(headline: str) -> Subject:
    words = {"headline": Text(value=headline, locale="en-US")}
    return example.sample(words=words, forbidden={"en": ("miracle", "eco friendly")})


RULE = Rule(
    id="words.forbidden",
    title="No forbidden word is in the copy",
    rationale=(
        "Legal and brand teams keep lists by language. Whole words, without regard to case, hyphens, "
        "invisible characters or Unicode spelling; in scripts without blanks anywhere in the text. "
        "Inflected forms must be listed; words inside pictures are not read."
    ),
    source=Source(
        ref="lists of the brand (`voice.forbidden`) and the brief", kind="assumed", as_of="2026-11-21"
    ),
    severity="fail",
    version=2,
    needs=("words",),
    outcomes={
        "ok": "None of the listed words is there.",
        "found": "A listed word is there.",
        "no-list": "No words are listed for this language.",
    },
    check=_check,
    examples=(
        Example(
            status="pass",
            outcome="ok",
            told="“Wake up the afternoon” with “miracle” on the list.",
            make=lambda: _copy("Wake up the afternoon"),
        ),
        Example(
            status="fail",
            outcome="found",
            told="“An ECO‑friendly sip” with “eco friendly” on the list.",
            make=lambda: _copy("An ECO\u2011friendly sip"),
        ),
        Example(status="skip", outcome="no-list", told="A brand without a list.", make=example.sample),
    ),
)
