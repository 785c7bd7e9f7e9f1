"""Breakers: open after failures in a row, tried once, remembered over processes."""

from collections.abc import Mapping
from typing import Any

from affiche.values.breaker import BREAKS_AFTER, FIRST_REST_S, LONGEST_REST_S, Breakers, resting


class Time:
    """A machine: `clock` starts anew with each process, `now` does not."""

    def __init__(self) -> None:
        self.started, self.at = 1000.0, 1_000_000.0
        self.kept: Mapping[str, Any] = {}
        self.writes = 0

    def process(self, clock_at: float) -> Breakers:
        offset = clock_at - self.at
        return Breakers(clock=lambda: self.at + offset, wall=lambda: self.at, load=lambda: self.kept, update=self.update)

    def update(self, change: Any) -> None:
        self.kept = change(self.kept)
        self.writes += 1


def fail(breakers: Breakers, name: str, times: int) -> None:
    for _ in range(times):
        breakers.of(name).failed(breakers.clock())


def test_another_process_leaves_alone_who_failed_in_this_one() -> None:
    time = Time()
    fail(time.process(5.0), "words a", BREAKS_AFTER)
    time.at += 1
    other = time.process(77_000.0)
    assert not other.of("words a").passes(other.clock())
    assert other.of("words b").passes(other.clock())
    assert resting(time.kept, time.at) == {"words a": f"left alone for {FIRST_REST_S - 1:.0f} s: failed 4 times in a row"}
    time.at += FIRST_REST_S
    third = time.process(3.0)
    assert third.of("words a").passes(third.clock()) and not third.of("words a").passes(third.clock()), "one may try"
    third.of("words a").failed(third.clock())
    time.at += FIRST_REST_S + 1
    fourth = time.process(9.0)
    assert not fourth.of("words a").passes(fourth.clock()), "it rests twice as long now"
    time.at += FIRST_REST_S
    assert fourth.of("words a").passes(fourth.clock())
    fourth.of("words a").succeeded()
    assert resting(time.kept, time.at) == {}


def test_failures_in_a_row_add_up_over_processes_unless_they_are_old() -> None:
    time = Time()
    fail(time.process(0.0), "a", BREAKS_AFTER - 1)
    time.at += 5
    second = time.process(0.0)
    fail(second, "a", 1)
    assert second.of("a").state(second.clock()) == "open"
    fail(second, "b", BREAKS_AFTER - 1)
    time.at += LONGEST_REST_S + 1
    third = time.process(0.0)
    fail(third, "b", 1)
    assert third.of("b").state(third.clock()) == "closed"


def test_success_writes_nothing_when_nothing_was_wrong() -> None:
    time = Time()
    breakers = time.process(0.0)
    breakers.of("a").succeeded()
    assert time.writes == 0
    breakers.of("a").rest(0.0, 30.0)
    breakers.of("a").succeeded()
    assert time.writes == 2
