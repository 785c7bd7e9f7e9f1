"""Leases: dead is whose number stands still for the observer; clocks that jump and observers that sleep harm nobody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from affiche.engine.leases import Lease
from affiche.engine.tables import EngineDatabase


class Clock:
    """Seconds that pass when we say so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def database(tmp_path: Path) -> Iterator[EngineDatabase]:
    made = EngineDatabase(f"sqlite:///{tmp_path / 'engine.db'}")
    yield made
    made.close()


def lease(database: EngineDatabase, worker: str, clock: Clock) -> Lease:
    made = Lease(database.db, worker, version="1", ttl_s=6.0, clock=clock)
    made.take()
    return made


def watch(observer: Lease, clock: Clock, seconds: float, *living: Lease) -> tuple[str, ...]:
    """Who is found dead while `seconds` pass, a look each second and a half."""
    dead: list[str] = []
    for _ in range(round(seconds / 1.5)):
        clock.now += 1.5
        observer.beat()
        for other in living:
            other.beat()
        dead += observer.bury()
    return tuple(dead)


def test_who_stands_still_is_dead_once_and_learns_it(database: EngineDatabase) -> None:
    clock = Clock()
    a, b, c = (lease(database, name, clock) for name in "abc")
    assert watch(a, clock, 5.0, b) == ()
    assert watch(a, clock, 6.0, b) == ("c",)
    assert watch(a, clock, 30.0, b) == ()
    assert a.living() == {"a": "1", "b": "1"}
    assert b.beat()
    assert not c.beat()


def test_two_observers_do_not_both_get_a_dead_worker(database: EngineDatabase) -> None:
    clock = Clock()
    a, b, _ = (lease(database, name, clock) for name in "abc")
    found: list[str] = []
    for _round in range(8):
        clock.now += 1.5
        for observer in (a, b):
            observer.beat()
        found += [*a.bury(), *b.bury()]
    assert found == ["c"]


def test_clocks_of_others_do_not_matter(database: EngineDatabase) -> None:
    here, there = Clock(), Clock()
    a, b = lease(database, "a", here), lease(database, "b", there)
    there.now += 1e9
    assert watch(a, here, 20.0, b) == ()
    there.now -= 2e9
    assert watch(a, here, 20.0, b) == ()


def test_an_observer_that_slept_looks_anew(database: EngineDatabase) -> None:
    clock = Clock()
    a, b = lease(database, "a", clock), lease(database, "b", clock)
    assert watch(a, clock, 3.0, b) == ()
    clock.now += 3600.0  # frozen; b beat all the time, which a could not see
    a.beat()
    assert a.bury() == ()
    assert watch(a, clock, 12.0, b) == ()
