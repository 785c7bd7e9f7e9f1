"""Claims: forbidden words in any text of a plan, found before anything is drawn and before anybody pays for a picture. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from affiche.plan.model import Plan
from affiche.values.locale import Locale
from affiche.values.problem import Problem, Where
from affiche.values.wording import contains, words_for


def forbidden_claims(plan: Plan) -> tuple[Problem, ...]:
    """One warning for each forbidden word in a text of a locale, in order of the plan.

    (Its creatives will fail `words.forbidden`.)
    """
    return tuple(dict.fromkeys(_found(plan)))


def _found(plan: Plan) -> Iterator[Problem]:
    tables = (plan.part.brand.forbidden, plan.part.forbidden)
    if not any(tables):
        return
    for part in {id(creative.words): creative.words for creative in plan.creatives}.values():
        for role, text in part.words.items():
            for locale in {part.locale, Locale.parse(text.locale)}:
                for word in words_for(tables, locale):
                    if contains(text.value, word, locale):
                        yield _problem(plan, part.locale, role, word, text.value)


def _problem(plan: Plan, locale: Locale, role: str, word: str, text: str) -> Problem:
    pointer = f"copy.{locale.tag}.{role}"
    where = plan.brief.places.get(pointer, Where(file=plan.brief_file, pointer=pointer))
    return Problem(
        severity="warning", code="words.forbidden", where=where,
        message=f"{role} in {locale.tag} says “{word}”, which is forbidden: “{text[:80]}”",
        hint="change the words before pictures are paid for; the creatives fail",
    )  # fmt: skip
