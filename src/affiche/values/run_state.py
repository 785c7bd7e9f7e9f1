"""The states of a run as a table: what each means, who may follow whom.

    queued -> planning -> (waiting for money | copy | picture) -> rendering -> checking -> needs review -> approved -> delivered

A run that was interrupted goes back to `queued` and finds in the ledger what was made; so going back is always legal from a
state of work. Registry and engine move runs by this table alone; the portal and the API show its words.
"""

from __future__ import annotations

from enum import StrEnum


class RunState(StrEnum):
    """Where a run stands."""

    QUEUED = "queued"
    PLANNING = "planning"
    WAITING_FOR_MONEY = "waiting_for_money"
    WAITING_FOR_COPY = "waiting_for_copy"
    WAITING_FOR_PICTURE = "waiting_for_picture"
    RENDERING = "rendering"
    CHECKING = "checking"
    NEEDS_REVIEW = "needs_review"
    APPROVED = "approved"
    DELIVERED = "delivered"
    PARTIALLY_SUCCEEDED = "partially_succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


_S = RunState

#: Waiting for somebody or something outside: no render process is busy with the run.
WAITING = frozenset({_S.WAITING_FOR_MONEY, _S.WAITING_FOR_COPY, _S.WAITING_FOR_PICTURE})
#: A worker is at it, or will be when what it waits for is there: a worker that dies leaves such a run behind.
UNDER_WAY = frozenset({_S.PLANNING, _S.RENDERING, _S.CHECKING}) | WAITING
#: The engine owes these runs something; all others wait for people or are over.
OPEN = UNDER_WAY | {_S.QUEUED}
#: The engine is done with these. People may still approve, deliver, or ask for what failed once more.
ENDED = frozenset(RunState) - OPEN

_WORK = frozenset({_S.QUEUED, _S.FAILED, _S.CANCELLED}) | WAITING

#: State -> states that may follow it.
NEXT: dict[RunState, frozenset[RunState]] = {
    _S.QUEUED: frozenset({_S.PLANNING, _S.FAILED, _S.CANCELLED}),
    _S.PLANNING: _WORK | {_S.RENDERING, _S.CHECKING},
    _S.WAITING_FOR_MONEY: _WORK | {_S.PLANNING, _S.RENDERING},
    _S.WAITING_FOR_COPY: _WORK | {_S.PLANNING, _S.RENDERING},
    _S.WAITING_FOR_PICTURE: _WORK | {_S.PLANNING, _S.RENDERING},
    _S.RENDERING: _WORK | {_S.CHECKING},
    _S.CHECKING: _WORK | {_S.NEEDS_REVIEW, _S.APPROVED, _S.PARTIALLY_SUCCEEDED},
    # Back to the queue: a retry of what failed, or the brief was changed.
    _S.NEEDS_REVIEW: frozenset({_S.APPROVED, _S.QUEUED, _S.CANCELLED}),
    _S.APPROVED: frozenset({_S.DELIVERED, _S.NEEDS_REVIEW, _S.QUEUED, _S.CANCELLED}),
    _S.DELIVERED: frozenset({_S.QUEUED}),
    _S.PARTIALLY_SUCCEEDED: frozenset({_S.QUEUED, _S.NEEDS_REVIEW, _S.APPROVED, _S.CANCELLED}),
    _S.FAILED: frozenset({_S.QUEUED, _S.CANCELLED}),
    _S.CANCELLED: frozenset({_S.QUEUED}),
}


def may_follow(state: RunState, after: RunState) -> bool:
    """Whether a run in `state` may go to `after`; staying is always allowed (a message that arrives twice)."""
    return state == after or after in NEXT[state]
