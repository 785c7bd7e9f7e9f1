"""The router: who is asked, what ends a search, what is paid, what is never paid twice."""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from affiche.adapters.journal import MemoryJournal
from affiche.errors import (
    AccessRefused,
    BadOutput,
    BudgetExhausted,
    CallUncertain,
    ContentBlocked,
    ProviderTimeout,
    ProviderUnavailable,
    RateLimited,
)
from affiche.imagine.able import Policy, able
from affiche.imagine.arms import Arm, draw
from affiche.imagine.limits import Rate
from affiche.imagine.route import LEARNT, obtain
from affiche.values.breaker import BREAKS_AFTER
from affiche.values.geometry import Size
from affiche.values.imagery import Capabilities
from affiche.values.money import Money
from affiche.values.spending import Cap
from tests.unit.imagine.market import TODAY, Stall, always, desk, offer, order, picture, request, usd

CHEAP, DEAR = offer("cheap", 0.01), offer("dear", 0.10)
CAP = Cap(scope="campaign", name="summer", limit=Money(amount=Decimal("0.05")))


def run(wanted: Any) -> Any:
    return asyncio.run(wanted)


def test_a_picture_is_obtained_paid_and_told() -> None:
    at = desk(Stall(provider="cheap", does=always(picture(paid=0.012))), offers=(CHEAP,))
    found = run(obtain(request(), order(), at))
    assert (found.offer, found.cost, found.takes) == (CHEAP, usd(0.012), 1)
    assert [call.state for call in at.journal.calls()] == ["done"]
    assert "cheap/m/generate gave it for 0.01 USD" in found.told[-1]


def test_a_provider_that_is_down_is_left_for_another_and_costs_nothing() -> None:
    down = Stall(provider="cheap", does=always(ProviderUnavailable("502", provider="cheap")))
    at = desk(down, Stall(provider="dear", does=always(picture())), offers=(CHEAP, DEAR))
    found = run(obtain(request(), order(), at))
    assert (found.offer, found.cost) == (DEAR, usd(0.10))
    assert [(c.intent.provider, c.state) for c in at.journal.calls()] == [("cheap", "free"), ("dear", "done")]


def test_a_refusal_of_content_is_not_sent_elsewhere() -> None:
    other = Stall(provider="dear", does=always(picture()))
    at = desk(Stall(provider="cheap", does=always(ContentBlocked("no", stage="input"))), other, offers=(CHEAP, DEAR))
    with pytest.raises(ContentBlocked):
        run(obtain(request(), order(), at))
    assert other.asked == []
    assert LEARNT not in at.journal.load(LEARNT), "a refusal of content says nothing about the provider"
    assert at.journal.load(LEARNT) == {}


def test_a_bad_take_is_paid_and_another_one_asked() -> None:
    stall = Stall(provider="cheap", does=lambda n, *_: picture(usable=n > 0))
    at = desk(stall, offers=(CHEAP,))
    found = run(obtain(request(), order(), at))
    assert (found.takes, found.cost) == (2, usd(0.02))
    assert [c.state for c in at.journal.calls()] == ["spoilt", "done"]
    assert len({wanted.key for wanted, _ in stall.asked}) == 2, "another take is another call"


def test_bad_takes_end() -> None:
    stall = Stall(provider="cheap", does=always(picture(usable=False)))
    with pytest.raises(BadOutput, match="blank"):
        run(obtain(request(), order(), desk(stall, offers=(CHEAP,))))
    assert len(stall.asked) == 3


def test_another_build_does_not_send_what_was_refused_again() -> None:
    refusing, other = Stall(provider="cheap", does=always(ContentBlocked("no", stage="input"))), Stall(provider="dear", does=always(picture()))
    at = desk(refusing, other, offers=(CHEAP, DEAR), policy=Policy(order=("cheap", "dear")))
    for _ in range(2):
        with pytest.raises(ContentBlocked):
            run(obtain(request(), order(), at))
    assert (len(refusing.asked), other.asked) == (1, [])


def test_another_build_does_not_pay_for_bad_takes_again() -> None:
    stall = Stall(provider="cheap", does=always(picture(usable=False)))
    at = desk(stall, offers=(CHEAP,))
    for _ in range(2):
        with pytest.raises(BadOutput):
            run(obtain(request(), order(), at))
    assert [c.state for c in at.journal.calls()] == ["spoilt"] * 3


def test_takes_that_an_earlier_build_paid_are_part_of_the_cost() -> None:
    ends = [picture(usable=False), ProviderUnavailable("502", provider="cheap"), picture()]
    at = desk(Stall(provider="cheap", does=lambda n, *_: ends[n]), offers=(CHEAP,))
    with pytest.raises(ProviderUnavailable):
        run(obtain(request(), order(), at))
    found = run(obtain(request(), order(), at))
    assert (found.takes, found.cost) == (2, usd(0.02))


def test_a_cap_leaves_the_dear_one_out() -> None:
    at = desk(
        Stall(provider="cheap", does=always(ProviderUnavailable("502"))), Stall(provider="dear", does=always(picture())), offers=(CHEAP, DEAR)
    )
    with pytest.raises(BudgetExhausted, match="summer"):
        run(obtain(request(), order(CAP), at))
    assert at.journal.spent(CAP) == usd(0)


def test_a_timeout_of_a_provider_that_cannot_say_is_uncertain_and_stops() -> None:
    stall = Stall(provider="cheap", does=always(ProviderTimeout("nothing came")))
    at = desk(stall, Stall(provider="dear", does=always(picture())), offers=(CHEAP, DEAR))
    with pytest.raises(CallUncertain):
        run(obtain(request(), order(), at))
    assert [c.state for c in at.journal.calls()] == ["uncertain"]
    with pytest.raises(CallUncertain, match="lost") as stopped:
        run(obtain(request(), order(), at))
    assert "spend resolve 1" in stopped.value.hint
    assert len(stall.asked) == 1, "it is never paid again unasked"


def test_a_person_says_that_it_was_free_and_it_goes_on() -> None:
    stall = Stall(provider="cheap", does=lambda n, *_: picture() if n else ProviderTimeout("nothing came"))
    at = desk(stall, offers=(CHEAP,))
    with pytest.raises(CallUncertain):
        run(obtain(request(), order(), at))
    at.journal.settle(1, "free", None)
    assert run(obtain(request(), order(), at)).takes == 1


def test_the_policy_may_pay_again() -> None:
    stall = Stall(provider="cheap", does=lambda n, *_: picture() if n else ProviderTimeout("nothing came"))
    at = desk(stall, offers=(CHEAP,), policy=Policy(uncertain="again"))
    assert run(obtain(request(), order(), at)).cost == usd(0.02)


def test_an_idempotent_provider_is_asked_for_the_same_call_again() -> None:
    stall = Stall(provider="cheap", does=lambda n, *_: picture() if n else ProviderTimeout("nothing came"))
    at = desk(stall, offers=(offer("cheap", 0.01, repeat="idempotent"),))
    assert run(obtain(request(), order(), at)).cost == usd(0.01)
    assert len({wanted.key for wanted, _ in stall.asked}) == 1
    assert len(at.journal.calls()) == 1


def _left_behind(at: Any) -> None:
    """A call that got no answer three times, and that its process could not end."""
    with pytest.raises(CallUncertain):
        run(obtain(request(), order(), at))
    assert [c.state for c in at.journal.calls()] == ["uncertain"]


def test_an_uncertain_call_of_an_idempotent_provider_is_taken_up_by_the_next_build() -> None:
    stall = Stall(provider="cheap", does=lambda n, *_: picture() if n > 2 else ProviderTimeout("nothing came"))
    at = desk(stall, offers=(offer("cheap", 0.01, repeat="idempotent"),))
    _left_behind(at)
    assert run(obtain(request(), order(), at)).cost == usd(0.01)
    assert len({wanted.key for wanted, _ in stall.asked}) == 1, "the same call, so one bill"


def test_an_idempotency_key_is_not_trusted_the_next_day() -> None:
    stall = Stall(provider="cheap", does=lambda n, *_: picture() if n > 2 else ProviderTimeout("nothing came"))
    at = desk(stall, offers=(offer("cheap", 0.01, repeat="idempotent"),))
    _left_behind(at)
    with pytest.raises(CallUncertain):
        run(obtain(request(), order(), replace(at, now=lambda: 24 * 3600.0)))
    assert len(stall.asked) == 3, "nobody was asked again"


def test_a_job_is_polled_again_after_a_crash_and_not_submitted() -> None:
    journal = MemoryJournal()
    journal.living = lambda owner: False  # type: ignore[method-assign]
    jobs = offer("cheap", 0.01, repeat="job")
    class Killed(BaseException):
        pass
    def dies(n: int, wanted: object, job: str) -> Any:
        if not job:
            raise Killed
        return picture()
    stall = Stall(provider="cheap", does=dies, job="job-1")
    with pytest.raises(Killed):
        run(obtain(request(), order(owner="dead"), desk(stall, offers=(jobs,), journal=journal)))
    found = run(obtain(request(), order(), desk(stall, offers=(jobs,), journal=journal)))
    assert [job for _, job in stall.asked] == ["", "job-1"]
    assert (found.cost, len(journal.calls())) == (usd(0.01), 1)


def test_what_another_living_process_asks_is_not_asked_again() -> None:
    journal = MemoryJournal()
    class Killed(BaseException):
        pass
    def dies(*_: object) -> Any:
        raise Killed
    with pytest.raises(Killed):
        run(obtain(request(), order(owner="other"), desk(Stall(provider="cheap", does=dies), offers=(CHEAP,), journal=journal)))
    with pytest.raises(CallUncertain, match="another process"):
        run(obtain(request(), order(), desk(Stall(provider="cheap", does=always(picture())), offers=(CHEAP,), journal=journal)))


def test_a_rate_limit_is_waited_for_when_nobody_else_can() -> None:
    stall = Stall(provider="cheap", does=lambda n, *_: picture() if n else RateLimited("slow down", retry_after_s=7))
    at = desk(stall, offers=(CHEAP,))
    assert run(obtain(request(), order(), at)).takes == 1
    assert at.limits.sleep.__self__.slept == [7]  # type: ignore[attr-defined]


def test_a_rate_limit_sends_to_another_at_once() -> None:
    limited = Stall(provider="cheap", does=always(RateLimited("slow down", retry_after_s=7)))
    at = desk(limited, Stall(provider="dear", does=always(picture())), offers=(CHEAP, DEAR))
    assert run(obtain(request(), order(), at)).offer is DEAR


def test_a_breaker_opens_rests_and_closes_again() -> None:
    stall = Stall(provider="cheap", does=lambda n, *_: ProviderUnavailable("502") if n < BREAKS_AFTER else picture())
    at = desk(stall, offers=(CHEAP,))
    for number in range(BREAKS_AFTER):
        with pytest.raises(ProviderUnavailable):
            run(obtain(request(str(number)), order(), at))
    with pytest.raises(ProviderUnavailable):
        run(obtain(request("while it rests"), order(), at))
    assert len(stall.asked) == BREAKS_AFTER
    at.clock.now += 30  # type: ignore[attr-defined]
    assert run(obtain(request("later"), order(), at)).takes == 1
    assert at.limits.breaker("cheap").state(at.clock()) == "closed"


def test_a_wrong_key_leaves_the_provider_out() -> None:
    at = desk(Stall(provider="cheap", does=always(AccessRefused("401"))), Stall(provider="dear", does=always(picture())), offers=(CHEAP, DEAR))
    assert run(obtain(request(), order(), at)).offer is DEAR


def test_an_explicit_order_is_kept() -> None:
    stalls = [Stall(provider=name, does=always(picture())) for name in ("cheap", "dear")]
    at = desk(*stalls, offers=(CHEAP, DEAR), policy=Policy(order=("dear", "cheap")))
    assert run(obtain(request(), order(), at)).offer is DEAR


@pytest.mark.parametrize(
    ("policy", "why"),
    [(Policy(vendors=("x",)), "allowed vendors"), (Policy(regions=("eu",)), "eu"), (Policy(licences=("cc0",)), "no stated licence")],
)
def test_policy_leaves_offers_out_and_says_why(policy: Policy, why: str) -> None:
    with pytest.raises(ProviderUnavailable, match=why):
        run(obtain(request(), order(), desk(Stall(provider="cheap", does=always(picture())), offers=(CHEAP,), policy=policy)))


@pytest.mark.parametrize(
    ("more", "why"),
    [({"mask": b"x"}, "no mask"), ({"transparent": True}, "transparent"), ({"quality": "high"}, "not high"), ({"operation": "expand"}, "not expand")],
)
def test_what_nobody_can_do_is_never_asked(more: dict[str, Any], why: str) -> None:
    stall = Stall(provider="cheap", does=always(picture()))
    with pytest.raises(ProviderUnavailable, match=why):
        run(obtain(request(**more), order(), desk(stall, offers=(CHEAP,))))
    assert stall.asked == []


def test_a_model_that_was_shut_down_is_not_asked() -> None:
    gone = offer("cheap", 0.01, sunset=date(2026, 11, 1), replaced_by="n")
    with pytest.raises(ProviderUnavailable, match="n replaces it"):
        run(obtain(request(), order(), desk(Stall(provider="cheap", does=always(picture())), offers=(gone,))))


def test_a_size_that_an_offer_has_not_is_asked_for_in_the_nearest_that_it_has() -> None:
    exact = Capabilities(size_rule="exact", sizes=(Size(width=1024, height=1024), Size(width=1792, height=1024)))
    stall = Stall(provider="cheap", does=always(picture()))
    run(obtain(request(size=Size(width=900, height=900)), order(), desk(stall, offers=(offer("cheap", 0.01, can=exact),))))
    assert stall.asked[0][0].size == Size(width=1024, height=1024)


def test_the_rate_of_a_provider_is_kept() -> None:
    at = desk(Stall(provider="cheap", does=always(picture())), offers=(CHEAP,), cheap=Rate(calls=2, seconds=10, at_once=9))

    async def many() -> None:
        await asyncio.gather(*(obtain(request(str(n)), order(), at) for n in range(5)))

    run(many())
    assert at.clock() == 20, "five calls at two in ten seconds"


def test_a_thousand_requests_at_once_never_pass_the_budget() -> None:
    at = desk(Stall(provider="cheap", does=always(picture())), offers=(CHEAP,), cheap=Rate(calls=10_000, at_once=64))
    cap = Cap(scope="campaign", name="summer", limit=Money(amount=Decimal("3.21")))

    async def many() -> list[Any]:
        return await asyncio.gather(*(obtain(request(str(n)), order(cap), at) for n in range(1000)), return_exceptions=True)

    ends = run(many())
    assert sum(not isinstance(end, Exception) for end in ends) == 321
    assert at.journal.spent(cap) == usd(3.21)


def test_a_picture_that_another_begins_first_is_not_asked_for() -> None:
    class Late(MemoryJournal):
        def begin(self, intent: Any, caps: Any) -> Any:
            super().begin(replace(intent, owner="another"), ())
            return super().begin(intent, caps)

    stall = Stall(provider="cheap", does=always(picture()))
    at = replace(desk(stall, offers=(CHEAP,)), journal=Late())
    breaker = at.limits.breaker("cheap")
    breaker.trying = True
    with pytest.raises(CallUncertain, match="another process"):
        run(obtain(request(), order(), at))
    assert stall.asked == [] and len(at.journal.calls()) == 1
    assert not breaker.trying, "the provider was not tried: it may be by the next one"


def test_of_equal_offers_the_one_with_better_pictures_is_asked_more_often() -> None:
    good, poor = offer("good", 0.05), offer("poor", 0.05)
    fit, _ = able(request(), [good, poor], Policy(), TODAY)
    known = {"usable": 30.0, "spoilt": 3.0, "price": 0.05, "latency_s": 5.0, "calls": 33}
    arms = {good.id: Arm(**known, quality=0.95), poor.id: Arm(**known, quality=0.05)}
    chance = random.Random(1)
    first = [draw(fit, arms, chance)[0] for _ in range(1000)]
    assert sum(one.able.offer == good for one in first) > 900
    assert all(one.good > one.cost for one in first), "what is told is money, what decides is money for what it is worth"


def test_what_was_tried_is_kept_with_what_failed() -> None:
    down = [Stall(provider=name, does=always(ProviderUnavailable("502", provider=name))) for name in ("cheap", "dear")]
    with pytest.raises(ProviderUnavailable) as failed:
        run(obtain(request(), order(), desk(*down, offers=(CHEAP, DEAR))))
    told = " ".join(failed.value.__notes__)
    assert "cheap/m/generate is left out" in told and "dear/m/generate is left out" in told and "chosen " in told
