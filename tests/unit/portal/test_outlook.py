"""What can be done about a run: nothing that is known to fail is offered, and every word of it is there in every language."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest

from affiche.plan.model import StepKind
from affiche.portal.outlook import _LATE, _STOPPED, _UNDER_WAY, TOO_LATE, outlook
from affiche.portal.pages.run import _PHASES, of_run
from affiche.portal.words import _table
from affiche.registry import runs

PAST, TO_COME = ((datetime.now(UTC) + timedelta(hours=hours)).isoformat() for hours in (-1, 1))


def offered(state: str, deadline: str | None = None, **totals: int) -> list[str]:
    run = {"state": state, "reason": "", "deadline": deadline, "totals": totals}
    return [verb for verb, _, _ in outlook(run, "en", under_way=state in ("rendering", "paused"))["verbs"]]


@pytest.mark.parametrize("state", ["failed", "cancelled"])
def test_another_try_is_offered_until_the_deadline_passed(state: str) -> None:
    assert offered(state) == offered(state, TO_COME) == ["retry"]
    assert offered(state, PAST) == ["anew"]


def test_a_paused_run_whose_deadline_passed_can_only_be_cancelled() -> None:
    assert offered("paused") == ["resume", "cancel"]
    assert offered("paused", PAST) == ["cancel"]


def test_what_failed_its_checks_is_not_tried_again_for_it_would_be_the_same() -> None:
    assert offered("partial", creatives=6, failed=2, error=1) == ["retry"]
    assert offered("partial", creatives=6, failed=2, error=0) == []
    assert offered("partial", PAST, creatives=6, error=1) == ["anew"]


def test_a_run_that_goes_on_is_paused_or_cancelled_and_one_that_is_done_is_left_alone() -> None:
    assert offered("rendering", PAST) == ["pause", "cancel"]
    assert offered("needs-review", PAST) == offered("delivered") == []


def test_the_reason_is_told_in_the_language_of_the_page() -> None:
    run = {"state": "partial", "reason": "3 of 12 creatives failed", "deadline": None, "totals": {"creatives": 12, "failed": 1, "error": 2}}
    assert outlook(run, "de", under_way=False)["reason"] == "3 von 12 Werbemitteln sind fehlgeschlagen"


@pytest.mark.parametrize("state", ["failed", "cancelled", "partial"])
def test_a_run_that_is_to_be_tried_again_is_under_way_before_the_engine_has_heard_of_it(state: str) -> None:
    """Or the page would not bring the ads that are made meanwhile: they come when a run that was seen under way is over."""
    run = {"state": state, "wish": "retry", "reason": "", "deadline": None, "totals": {}, "progress": {}, "created_at": PAST, "started_at": PAST}
    shown = of_run(run, "en")
    assert shown["active"] and shown["state"] == "queued" and not shown["verbs"]


def test_a_deadline_that_passed_is_told_once() -> None:
    assert TOO_LATE == runs.TOO_LATE
    run = {"state": "failed", "reason": TOO_LATE, "deadline": PAST, "totals": {}}
    told = outlook(run, "en", under_way=False)
    assert (told["reason"], told["hint"]) == ("", "Its deadline has passed, so it cannot go on. Another build reuses what was made.")


@pytest.mark.parametrize("language", ["de", "ar", "ja"])
def test_labels_are_in_every_language(language: str) -> None:
    verbs = [*_UNDER_WAY, *(verb for table in (_STOPPED, _LATE) for verbs in table.values() for verb in verbs)]
    wanted = {*(label for _, label, _ in verbs), *_PHASES.values()}
    assert wanted - _table(language).keys() == set()
    assert {*_STOPPED, *_LATE} <= runs.MOVES.keys() and _PHASES.keys() == {*get_args(StepKind)}
