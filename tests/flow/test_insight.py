"""Insight over made-up days: one window for figures and charts, gaps that stay gaps, zeros that are told, money per ad."""

from __future__ import annotations

import csv
import io
import logging
import re
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

import httpx2
import pytest
import sqlalchemy as sa

from affiche import wire
from affiche.imagine.route import LEARNT
from affiche.registry.scope import HOME_TENANT, Scope
from affiche.registry.tables.work import campaigns, creatives, runs
from affiche.runs.insight import insight
from bench.past import A_DAY, TIMES, past
from tests.browser.kit_many import brief, built
from tests.flow.kit_service import Service, service

TODAY = datetime.now(UTC).date()
#: The first moment of the oldest of seven days, and the last one before it.
FIRST = datetime.combine(TODAY - timedelta(days=6), time(), UTC)
BEFORE = FIRST - timedelta(microseconds=1)
SPEND = {"openai": {"calls": 4, "failed": 1, "cost": "0.30", "currency": "USD", "why": ""}}
NEVER = "nobody/never/generate"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Of three campaigns of two ads one ran just before the seven days, one in their first moment (twice, and was paid), one yesterday."""
    with service(tmp_path_factory.mktemp("insight"), work=True, portal=True) as running:
        made = [
            built(
                running, brief(products=1, locales=2, placements=1) | {"name": f"N{n}", "campaign": f"n{n}"}
            )
            for n in range(3)
        ]
        running.wait(running.http.post("/v1/runs", json={"campaign": made[1]}).json()["run"]["id"])
        days = [BEFORE, FIRST, datetime.combine(TODAY - timedelta(days=1), time(12), UTC)]
        with running.registry.write() as c:
            for id, at in zip(made, days, strict=True):
                for table, column in ((runs, "campaign"), (creatives, "campaign"), (campaigns, "id")):
                    c.execute(sa.update(table).where(table.c[column] == id).values(created_at=at))
            paid = sa.select(sa.func.min(runs.c.id)).where(runs.c.campaign == made[1]).scalar_subquery()
            c.execute(sa.update(runs).where(runs.c.id == paid).values(progress={"spend": SPEND}))
        with wire.journal(running.house.settings) as book:
            book.update(
                LEARNT,
                lambda _: {
                    NEVER: {"usable": 0.0, "spoilt": 4.0, "price": 0.02, "latency_s": 3.0, "calls": 4}
                },
            )
        yield running


@pytest.fixture(scope="module")
def browser(served: Service) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=served.url, follow_redirects=True, timeout=60) as client:
        client.get("/")
        yield client


def rows(browser: httpx2.Client, chart: str, days: int = 7) -> dict[str, str]:
    """A chart's CSV without its head."""
    return dict(list(csv.reader(io.StringIO(browser.get(f"/insight/{chart}.csv?days={days}").text)))[1:])  # type: ignore[arg-type]


def test_figures_and_charts_count_the_same_calendar_days(served: Service, browser: httpx2.Client) -> None:
    told = served.http.get("/v1/insight", params={"days": 7}).json()
    assert (told["first"], told["last"]) == (str(FIRST.date()), str(TODAY))
    assert (told["creatives"], told["campaigns"], sum(told["runs"].values())) == (4, 2, 3), (
        "what came before is not counted"
    )
    for chart, total in (("creatives", told["creatives"]), ("campaigns", 2), ("cost", told["cost"])):
        drawn = rows(browser, chart)
        assert list(drawn) == [str(FIRST.date() + timedelta(days=n)) for n in range(7)]
        assert sum(float(value or 0) for value in drawn.values()) == pytest.approx(total)
    assert served.http.get("/v1/insight", params={"days": 8}).json()["creatives"] == 6


def test_the_page_says_which_days_those_are(browser: httpx2.Client) -> None:
    for language, sign in (
        ("en", "whole days in UTC"),
        ("de", "ganze Tage in UTC"),
        ("ar", "أيام كاملة بتوقيت UTC"),
        ("ja", "UTCの暦日"),
    ):
        assert sign in browser.get("/insight?days=7", headers={"Accept-Language": language}).text


@pytest.mark.parametrize("chart", ["reuse", "seconds", "cost", "cost-per-creative", "sound"])
def test_a_day_without_a_build_is_empty_and_not_zero(browser: httpx2.Client, chart: str) -> None:
    values = list(rows(browser, chart).values())
    assert [bool(value) for value in values] == [True, False, False, False, False, True, False]
    page = browser.get("/insight?days=7").text
    card = page[page.index(f'id="{chart}-title"') :].partition("</article>")[0]
    assert card.count('class="gap"') == 5 and card.count('<td class="num">–</td>') == 5


def test_a_day_that_paid_nothing_and_a_day_of_no_ads_are_zero(browser: httpx2.Client) -> None:
    assert list(rows(browser, "cost").values())[5] == "0"
    assert list(rows(browser, "creatives").values())[1:5] == ["0"] * 4


def test_an_ad_that_was_made_again_counts_once_in_what_an_ad_costs(
    served: Service, browser: httpx2.Client
) -> None:
    each = list(rows(browser, "cost-per-creative").values())
    assert (each[0], each[5]) == ("0.15", "0"), "two runs of two ads, one of them paid 0.30"
    assert served.http.get("/v1/insight", params={"days": 7}).json()["cost_per_creative"] == pytest.approx(
        0.30 / 4
    )


def test_an_offer_that_always_fails_is_told_with_its_zero(browser: httpx2.Client) -> None:
    assert rows(browser, "provider-success") == {NEVER: "0"}
    page = browser.get("/insight?days=7").text
    card = page[page.index('id="provider-success-title"') :].partition("</article>")[0]
    assert re.search(r"<title>nobody/never/generate: 0%</title>", card)


def test_how_many_calls_of_a_provider_failed_is_told(browser: httpx2.Client) -> None:
    assert (rows(browser, "provider-calls"), rows(browser, "provider-failed")) == (
        {"openai": "4"},
        {"openai": "25"},
    )


def test_every_chart_has_its_table_and_its_csv(browser: httpx2.Client) -> None:
    page = browser.get("/insight?days=30").text
    names = re.findall(r'href="/insight/([a-z-]+)\.csv\?days=30"', page)
    assert len(names) == len(set(names)) == 15
    for name in names:
        card = page[page.index(f'id="{name}-title"') :].partition("</article>")[0]
        assert "<table>" in card or "No rule found anything." in card
        assert card.count("<tr><th scope") - 1 == len(rows(browser, name, 30)) or "<table>" not in card
    assert browser.get("/insight/nothing.csv").status_code == 404


def test_where_nothing_was_built_the_page_says_what_to_do(tmp_path_factory: pytest.TempPathFactory) -> None:
    with (
        service(tmp_path_factory.mktemp("empty"), portal=True) as running,
        httpx2.Client(base_url=running.url, follow_redirects=True) as client,
    ):
        client.get("/")
        week, quarter = (client.get(f"/insight?days={days}").text for days in (7, 90))
    assert "Nothing in the last 7 days" in week and 'href="?days=90"' in week
    assert "No numbers yet" in quarter and 'href="/start"' in quarter
    assert '<svg class="chart"' not in week + quarter


@pytest.mark.logs
def test_hundreds_of_campaigns_are_counted_by_a_few_queries(
    tmp_path_factory: pytest.TempPathFactory, caplog: pytest.LogCaptureFixture
) -> None:
    """The past is written in one piece: on a slow machine the worker waits too long for the database, says so and goes on."""
    wanted = brief(products=1, locales=2, placements=1)
    wanted["copy"] = {"en-US": wanted["copy"]["en-US"]}  # the other language has no words: a warning
    with service(tmp_path_factory.mktemp("past"), work=True) as running:
        made = built(running, wanted)
        one = running.http.get("/v1/insight", params={"days": 90}).json()
        said = one["findings"]["copy.untranslated"]
        assert said > 0
        asked: list[str] = []
        with past(running.house.settings.home, made, days=60) as creatives_of_then, running.registry.read() as c:
            sa.event.listen(c, "before_cursor_execute", lambda *told: asked.append(told[2]))
            told = insight(c, Scope(tenant=HOME_TENANT), days=90)
        assert creatives_of_then == 60 * A_DAY * TIMES * 2
        assert told["findings"]["copy.untranslated"] == said * (60 * A_DAY * TIMES + 1)
        assert len(told["cost_by_day"]) == 60 and told["campaigns"] == 60 * A_DAY + 1
        assert len(asked) < 40, "not one query for each campaign"
        after = running.http.get("/v1/insight", params={"days": 90}).json()
        assert after["creatives"] == one["creatives"], "the past is gone again"
    loud = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING and record.name.startswith("affiche")]
    assert all("failed: OperationalError" in said for said in loud), loud
