"""Calls: which of them failed."""

from __future__ import annotations

from decimal import Decimal

from affiche.values.digest import digest
from affiche.values.money import Money
from affiche.values.spending import CALL_STATES, OVERTAKEN, Call, Intent

INTENT = Intent(
    key=digest("a"), call=digest("call"), goods="picture", provider="p", model="m", offer="p/m/generate",
    estimate=Money(amount=Decimal("0.04")), campaign="summer", brand="Verde", month="2026-11", owner="me",
)  # fmt: skip


def test_a_call_failed_when_it_ended_and_gave_nothing_to_use() -> None:
    failed = {state: Call(id=1, intent=INTENT, state=state, at=0.0).failed for state in CALL_STATES}
    assert failed == {"sent": False, "done": False, "spoilt": True, "free": True, "uncertain": True}


def test_a_call_that_another_one_overtook_did_not_fail() -> None:
    assert not any(Call(id=1, intent=INTENT, state=state, at=0.0, note=OVERTAKEN).failed for state in CALL_STATES)
