"""Render processes of a worker: affinity, replacement after a crash, a late task or growth, niceness."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from affiche.adapters.pool.slots import ProcessSlots
from affiche.errors import RenderCrash
from tests.contract import kit_tasks as tasks


@pytest.fixture
def slots() -> Iterator[ProcessSlots]:
    made = ProcessSlots(count=2, keep_bytes=200_000_000)
    yield made
    made.kill()


def test_equal_affinity_meets_the_same_process_others_the_one_that_waited_longest(slots: ProcessSlots) -> None:
    first, second = slots.run("a", 30, tasks.pid), slots.run("b", 30, tasks.pid)
    assert first != second
    assert [slots.run(name, 30, tasks.pid) for name in "abab"] == [first, second, first, second]
    assert slots.run("a", 30, tasks.niceness) == min(19, os.nice(0) + 10)


def test_a_crash_hits_its_own_task_only(slots: ProcessSlots) -> None:
    with ThreadPoolExecutor(2) as threads:
        slow = threads.submit(slots.run, "calm", 30, tasks.slow, 0.6)
        with pytest.raises(RenderCrash, match="crashed"):
            slots.run("bad", 30, tasks.crash)
        assert slow.result() in slots.pids()
    assert slots.run("bad", 30, tasks.pid)


def test_who_was_killed_from_outside_is_told_from_who_broke(slots: ProcessSlots) -> None:
    for task, killed in ((tasks.killed, True), (tasks.crash, False)):
        with pytest.raises(RenderCrash) as crash:
            slots.run("a", 30, task)
        assert crash.value.killed is killed
    slots.run("a", 30, tasks.pid)
    for pid in slots.pids():
        os.kill(pid, signal.SIGKILL)  # while it has nothing to do
    time.sleep(0.3)
    with pytest.raises(RenderCrash) as crash:
        slots.run("a", 30, tasks.pid)
    assert crash.value.killed


def test_an_error_that_cannot_travel_is_told_and_is_no_crash(slots: ProcessSlots) -> None:
    with pytest.raises(RuntimeError, match="Local: what went wrong"):
        slots.run("a", 30, tasks.untold)


def test_what_takes_too_long_is_ended(slots: ProcessSlots) -> None:
    slots.run("a", 30, tasks.pid)
    started = time.monotonic()
    with pytest.raises(RenderCrash, match="longer"):
        slots.run("a", 0.3, tasks.slow, 60)
    assert time.monotonic() - started < 5
    assert slots.run("a", 30, tasks.pid)


def test_a_process_that_keeps_too_much_is_replaced_after_its_task(slots: ProcessSlots) -> None:
    first = slots.run("a", 30, tasks.grow, 10_000_000)
    assert slots.run("a", 30, tasks.pid) == first
    assert slots.run("a", 30, tasks.grow, 250_000_000) == first
    assert slots.run("a", 30, tasks.pid) != first


def test_errors_of_a_task_are_raised_and_the_process_stays(slots: ProcessSlots) -> None:
    first = slots.run("a", 30, tasks.pid)
    with pytest.raises(ValueError, match="no"):
        slots.run("a", 30, tasks.refuse)
    assert slots.run("a", 30, tasks.pid) == first


def test_more_tasks_than_processes_take_turns(slots: ProcessSlots) -> None:
    with ThreadPoolExecutor(6) as threads:
        pids = list(threads.map(lambda n: slots.run(str(n), 30, tasks.pid), range(6)))
    assert len(set(pids)) == 2


def test_whoever_waits_for_a_process_is_told_when_there_will_be_none() -> None:
    """All of them: a worker that ends would otherwise wait for the thread that waits, for ever."""
    slots, told = ProcessSlots(count=1), []

    def ask() -> None:
        with pytest.raises(RenderCrash):
            slots.run("a", 30, tasks.slow, 20.0)
        told.append(True)

    threads = [threading.Thread(target=ask, daemon=True) for _ in range(4)]
    for thread in threads:
        thread.start()
    while not slots.pids():
        time.sleep(0.05)
    time.sleep(0.5)
    slots.kill()
    for thread in threads:
        thread.join(10)
    assert len(told) == 4
