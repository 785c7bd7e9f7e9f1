"""`words.required`: what must be said in this locale is said."""

from __future__ import annotations

from collections.abc import Iterator

from affiche.check import example
from affiche.check.rule import Example, Limits, Rule, Verdict, failed, passed, skipped
from affiche.check.subject import Subject
from affiche.placement.model import Source
from affiche.values.text import Text
from affiche.values.wording import contains, words_for


def _check(subject: Subject, _limits: Limits) -> Iterator[Verdict]:
    assert subject.locale is not None
    locale = subject.locale
    tables = (*((subject.brand.required,) if subject.brand else ()), subject.required)
    required = words_for(tables, locale)
    if not required:
        yield skipped("no-list", "not checked: nothing is required in this language")
        return
    copy = " \n ".join(text.value for role, text in subject.words.items() if _shown(role, subject))
    absent = [word for word in required if not contains(copy, word, locale)]
    for word in absent:
        yield failed(
            "absent",
            f"“{word}” must be said and is not",
            limit=word,
            hint="add it, for example to the legal line",
        )
    if not absent:
        yield passed("everything that must be said is said", measured=", ".join(required))


def _shown(role: str, subject: Subject) -> bool:
    """Words that the layout left out are not said."""
    return subject.frame is None or not subject.texts or any(item.slot == role for item in subject.texts)


def _legal(text: str) -> Subject:
    return example.sample(
        frame=None, words={"legal": Text(value=text, locale="en-US")}, required={"en": ("Drink responsibly",)}
    )


RULE = Rule(
    id="words.required",
    title="Every required wording is in the copy",
    rationale=(
        "Some wordings must appear in every ad of a locale. Looked for in the texts that the layout "
        "shows, without regard to case and spelling variants. Whether they can be read is `text.size` and "
        "`text.contrast`."
    ),
    source=Source(
        ref="lists of the brand (`voice.required`) and the brief", kind="assumed", as_of="2026-11-21"
    ),
    severity="fail",
    version=1,
    needs=("words", "locale"),
    outcomes={
        "ok": "Every listed wording is there.",
        "absent": "A listed wording is missing.",
        "no-list": "Nothing is listed for this language.",
    },
    check=_check,
    examples=(
        Example(
            status="pass",
            outcome="ok",
            told="“Please drink responsibly.” with “Drink responsibly” required.",
            make=lambda: _legal("Please drink responsibly."),
        ),
        Example(
            status="fail",
            outcome="absent",
            told="“Terms apply.” with “Drink responsibly” required.",
            make=lambda: _legal("Terms apply."),
        ),
        Example(status="skip", outcome="no-list", told="A brand without a list.", make=example.sample),
    ),
)
