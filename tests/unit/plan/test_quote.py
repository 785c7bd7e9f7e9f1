"""What is reused, why the rest is not."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from affiche.plan.expand import expand
from affiche.plan.quote import Count, quote, step_keys, to_run, why
from tests.unit.plan.campaigns import COPY, asset, brief, materials

PLAN = expand(materials(pictures={"yuzu": asset("yuzu.png"), "elder": asset("elder.png")}, logo=asset("logo.svg")))
ALL = [key for keys in step_keys(PLAN).values() for key in keys]


def test_a_first_build_runs_everything() -> None:
    found = quote(PLAN, [], {}, jobs=2)
    assert found.steps["imagine"] == Count(total=3, reused=0)
    assert found.total.to_run == 3 + 12 + 12
    assert [(r.what, r.creatives) for r in found.reasons] == [("first build", 12)]
    assert (found.paid_calls, found.cost_max.amount) == (0, 0)


def test_an_unchanged_campaign_runs_nothing() -> None:
    found = quote(PLAN, ALL, {}, jobs=2)
    assert found.total.to_run == 0
    assert found.reasons == ()
    assert found.seconds < 1


@given(st.sets(st.sampled_from(ALL)))
def test_steps_are_reused_or_run_and_nothing_else(known: set[str]) -> None:
    found = quote(PLAN, known, {}, jobs=2)  # type: ignore[arg-type]
    assert found.total.reused == len(known)
    assert found.total.to_run == len(ALL) - len(known)
    waiting = to_run(PLAN, known)  # type: ignore[arg-type]
    assert all(set(c.keys) <= known for c in PLAN.creatives if c not in waiting)


def test_the_reason_names_what_changed_and_where() -> None:
    before = expand(materials())
    made_from = {before.subject(c): before.inputs_of(c) for c in before.creatives}
    after = expand(materials(brief(copy={**COPY, "de-DE": {"headline": "Wach auf"}})))
    known = [key for c in before.creatives for key in c.keys]
    found = quote(after, known, made_from, jobs=1)
    assert [(r.what, r.creatives, r.locales) for r in found.reasons] == [("headline changed", 4, ("de-DE",))]


def test_reasons() -> None:
    now = {"headline": "1", "logo": "1", "toolchain": "1"}
    assert why(now, None) == "first build"
    assert why(now, now) == "stored result is gone"
    assert why(now, {**now, "logo": "2"}) == "logo changed"
    assert why(now, {**now, "logo": "2", "headline": "2", "toolchain": "2"}) == "headline and logo changed"
    assert why(now, {**now, "toolchain": "2"}) == "toolchain changed"
    assert why(now, {**now, "cta": "2"}) == "cta changed"


def test_equal_work_is_counted_once() -> None:
    # Two products that look alike in every way are one piece of work.
    asked = brief(products=("yuzu",))
    twin = expand(materials(asked))
    both = expand(materials(brief(products=("yuzu",), variants=asked.variants * 2)))
    assert quote(both, [], {}, jobs=1).total == quote(twin, [], {}, jobs=1).total
