"""Cron: what fits, what comes next (croniter is the oracle), what is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from croniter import croniter
from hypothesis import given, settings
from hypothesis import strategies as st

from affiche.values import cron

START = datetime(2026, 1, 1, tzinfo=UTC)


def field(low: int, high: int) -> st.SearchStrategy[str]:
    number = st.integers(low, high)
    spans = st.tuples(st.integers(low, high - 1), st.integers(low + 1, high)).map(sorted).filter(lambda span: span[0] < span[1])
    part = st.one_of(
        st.just("*"), number.map(str), spans.map(lambda s: f"{s[0]}-{s[1]}"),
        st.tuples(spans, st.integers(1, 9)).map(lambda s: f"{s[0][0]}-{s[0][1]}/{s[1]}"), st.integers(1, 20).map("*/{}".format),
    )  # fmt: skip
    return st.one_of(part, st.lists(number.map(str), min_size=1, max_size=3).map(",".join))


DAYS = st.one_of(st.tuples(field(1, 28), field(1, 12), st.just("*")), st.tuples(st.just("*"), field(1, 12), field(0, 6)))
CRONS = st.tuples(field(0, 59), field(0, 23), DAYS).map(lambda parts: " ".join((*parts[:2], *parts[2])))


@settings(max_examples=60, deadline=None)
@given(text=CRONS, minutes=st.integers(0, 900_000))
def test_the_next_time_is_that_of_the_reference(text: str, minutes: int) -> None:
    moment = START + timedelta(minutes=minutes)
    assert cron.read(text).after(moment) == croniter(text, moment).get_next(datetime)


def test_what_does_not_exist_never_comes() -> None:
    assert cron.read("0 0 30 2 *").after(START) is None
    assert cron.read("0 0 29 2 *").after(START) == datetime(2028, 2, 29, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "* * * *", "* * * * * *", "60 * * * *", "5-2 * * * *", "*/0 * * * *", "@daily", "0 0 * jan *", "1/2 * * * *", "*-3 * * * *", "0 0 1 * 1", "0-0 * * * *"])
def test_other_spellings_are_refused_with_a_reason(text: str) -> None:
    with pytest.raises(ValueError, match="wanted|is no"):
        cron.read(text)
