"""The table of run states: complete, connected, and without a way around review."""

from __future__ import annotations

import pytest

from affiche.values.run_state import ENDED, NEXT, OPEN, UNDER_WAY, WAITING, RunState, may_follow

S = RunState


def reachable(start: RunState, without: frozenset[RunState] = frozenset()) -> set[RunState]:
    found, todo = {start}, [start]
    while todo:
        for state in NEXT[todo.pop()] - found - without:
            found.add(state)
            todo.append(state)
    return found


def test_every_state_has_a_row_and_can_be_reached() -> None:
    assert set(NEXT) == set(RunState) == reachable(S.QUEUED)


def test_open_and_ended_divide_the_states() -> None:
    assert set(RunState) == OPEN | ENDED
    assert not OPEN & ENDED
    assert WAITING < UNDER_WAY < OPEN


@pytest.mark.parametrize("state", sorted(OPEN))
def test_work_can_always_be_cancelled_failed_and_begun_anew(state: RunState) -> None:
    assert may_follow(state, S.CANCELLED)
    assert may_follow(state, S.FAILED)
    assert may_follow(state, S.QUEUED)


@pytest.mark.parametrize("state", sorted(ENDED))
def test_whatever_ended_can_be_asked_for_again_but_never_jumps_into_work(state: RunState) -> None:
    assert may_follow(state, S.QUEUED)
    assert not NEXT[state] & UNDER_WAY


def test_nothing_is_delivered_without_approval() -> None:
    assert S.DELIVERED not in reachable(S.QUEUED, without=frozenset({S.APPROVED}))


def test_nothing_is_reviewed_without_checks() -> None:
    assert not {S.NEEDS_REVIEW, S.APPROVED} & reachable(S.QUEUED, without=frozenset({S.CHECKING}))


@pytest.mark.parametrize(
    ("state", "after"),
    [(S.QUEUED, S.RENDERING), (S.QUEUED, S.APPROVED), (S.FAILED, S.RENDERING), (S.DELIVERED, S.CANCELLED), (S.RENDERING, S.DELIVERED)],
)
def test_illegal_moves(state: RunState, after: RunState) -> None:
    assert not may_follow(state, after)


def test_a_message_that_arrives_twice_changes_nothing() -> None:
    assert all(may_follow(state, state) for state in RunState)
