"""Claims: forbidden words in any text of a plan, found before anything is drawn and before anybody pays for a picture. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from affiche.plan.model import Plan
from affiche.values.locale import Locale
from affiche.values.problem import Problem, Where
from affiche.values.wording import contains, words_for


def checked(expanded: Callable[[frozenset[str]], Plan], refused: frozenset[str] = frozenset()) -> Plan:
    """The plan that `expanded` makes without pictures of models for `refused` products and for those that say a forbidden word.

    What was found is among its problems.
    """
    plan = expanded(refused)
    problems, products = forbidden_claims(plan)
    if not problems:
        return plan
    if any(wish.product in products for wish in plan.wishes):
        plan = expanded(refused | products)
    return replace(plan, problems=(*plan.problems, *problems))


def forbidden_claims(plan: Plan) -> tuple[tuple[Problem, ...], frozenset[str]]:
    """A warning for each forbidden word in a text of a locale, and the products that say one. (Their creatives will fail.)

    No picture is bought for such a product: it would be paid for an ad that nobody may show.
    """
    found = tuple(_found(plan))
    return tuple(dict.fromkeys(problem for problem, _ in found)), frozenset(product for _, product in found)


def _found(plan: Plan) -> Iterator[tuple[Problem, str]]:
    tables = (plan.part.brand.forbidden, plan.part.forbidden)
    if not any(tables):
        return
    for creative in {id(creative.words): creative for creative in plan.creatives}.values():
        part = creative.words
        for role, text in part.words.items():
            for locale in {part.locale, Locale.parse(text.locale)}:
                for word in words_for(tables, locale):
                    if contains(text.value, word, locale):
                        yield _problem(plan, part.locale, role, word, text.value), creative.id.product


def _problem(plan: Plan, locale: Locale, role: str, word: str, text: str) -> Problem:
    pointer = f"copy.{locale.tag}.{role}"
    where = plan.brief.places.get(pointer, Where(file=plan.brief_file, pointer=pointer))
    return Problem(
        severity="warning",
        code="words.forbidden",
        where=where,
        message=f"{role} in {locale.tag} says “{word}”, which is forbidden: “{text[:80]}”",
        hint="change the words; no picture is bought for the product until then, and its creatives fail",
    )
