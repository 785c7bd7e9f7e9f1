"""Length budgets: measured where a text stands; a smaller place gives a smaller budget, a roomy one none."""

from __future__ import annotations

from affiche.compose.compose import fit_report
from affiche.plan.budgets import _sample, budget_of, budgets
from affiche.plan.expand import expand
from affiche.plan.model import Plan
from affiche.plan.request import request_of
from affiche.values.text import Text
from affiche.write.words import Want
from tests.unit.plan.campaigns import brief, materials, replace

_LONG = "A rather long headline that says a great many things about one small can of water, " * 3


def want(locale: str = "de-DE", source: str = _LONG, role: str = "headline") -> Want:
    return Want(role=role, source=source, source_locale="en-US", locale=locale)


def planned(*placements: str) -> Plan:
    return expand(materials(brief(placements=placements, products=("yuzu",))))


def test_a_smaller_place_gives_a_smaller_budget() -> None:
    small, both = budget_of(planned("320x50"), {}, want()), budget_of(planned("320x50", "300x250"), {}, want())
    assert 8 <= small == both < len(_LONG), "the smaller place decides"
    assert budget_of(planned("300x250"), {}, want()) > small


def test_what_has_room_for_twice_the_source_needs_no_budget() -> None:
    plan = planned("1:1")
    assert budgets(plan, {}, [want(source="Hello"), want(source="Hi", role="legal")]) == {}


def test_a_text_of_the_budget_fits_and_a_longer_one_does_not() -> None:
    plan = planned("320x50")
    limit = budget_of(plan, {}, want())
    request = request_of(plan.part, next(c for c in plan.creatives if c.id.locale == "de-DE"), {})

    def fits(count: int) -> bool:
        words = {**request.words, "headline": Text(value=_sample("de-DE", count), locale="de-DE")}
        fit = next(f for f in fit_report(replace(request, words=words)) if f.slot == "headline")
        return fit.fits and not fit.remedy

    assert fits(limit) and not fits(limit + 3)


def test_samples_are_as_long_as_asked_in_every_script() -> None:
    for tag in ("de-DE", "ja-JP", "ar-SA", "th-TH", "hi-IN", "xx-XX"):
        assert all(len(_sample(tag, count)) == count for count in (8, 13, 40, 200)), tag
