"""Route: one picture from whoever can make it best for the money. The recipe is `obtain`; every decision is told and recorded.

    reconcile what a crash left -> who is able -> draw -> reserve -> ask -> look at it -> keep, or learn and ask again

What ends a search: a usable picture; a refusal of the content (which is never sent elsewhere by itself); no money; nobody left;
so many tries. A call whose end nobody knows stops its picture until a person or a policy decides (`CallUncertain`).
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from affiche.errors import (
    AfficheError,
    BadOutput,
    BudgetExhausted,
    CallUncertain,
    ContentBlocked,
    ModelRetired,
    ProviderError,
    ProviderUnavailable,
    RateLimited,
    UnderWay,
)
from affiche.imagine.able import TAKES, Able, Policy, able
from affiche.imagine.arms import Arm, Drawn, draw, in_order
from affiche.imagine.hedge import quicker
from affiche.imagine.limits import Limits
from affiche.imagine.shown import shown_to, styles_in
from affiche.ports import Imager, Journal
from affiche.values.digest import digest
from affiche.values.geometry import Size
from affiche.values.imagery import ImageRequest, ImageResult, Offer
from affiche.values.money import Money
from affiche.values.spending import OVERTAKEN, Call, Cap, Intent

#: Under this name the journal keeps what was learnt.
LEARNT = "picture offers"
_TRIES = 12
#: How often one call whose end is unknown is asked for again where that is never billed twice.
_REPEATS = 2
#: How long an idempotency key is trusted after a crash, seconds. Assumed: who keeps keys keeps them for a day.
KEY_LIVES_S = 20 * 3600
#: Longer than this a rate limit is not waited for when somebody else can do it.
_PATIENCE_S = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What was seen in a picture: whether it can be used, 0..1 how good it is, and why not."""

    usable: bool
    quality: float
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Obtained:
    """A picture with its story. `cost` of everything that was paid on the way, `told` every decision in order."""

    result: ImageResult
    offer: Offer
    cost: Money
    quality: float
    takes: int
    seconds: float
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Who asks, and how much may be spent."""

    campaign: str
    brand: str
    month: str
    owner: str
    caps: tuple[Cap, ...] = ()
    purpose: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The means of a router: who can be asked, the journal, limits, the day, clock and randomness."""

    offers: tuple[Offer, ...]
    imagers: Mapping[str, Imager]
    journal: Journal
    limits: Limits
    policy: Policy
    today: date
    clock: Callable[[], float]
    chance: random.Random
    judge: Callable[[ImageResult, ImageRequest, Offer], Judged]
    #: Seconds since 1970, as the journal dates calls.
    now: Callable[[], float] = time.time
    #: Stores a usable picture with what is known of it, before its call counts as done: a crash in between loses nothing.
    keep: Callable[[ImageRequest, Obtained], None] = lambda *_: None


async def obtain(request: ImageRequest, order: Order, desk: Desk) -> Obtained:
    """The picture. Raises CallUncertain, ContentBlocked, BudgetExhausted, ProviderError; money is never spent unrecorded."""
    search = _Search(request=request, order=order, desk=desk, started=desk.clock())
    try:
        return await _searched(search)
    except AfficheError as error:
        for line in search.told:
            error.add_note(line)  # why nobody gave it is kept with what failed
        raise


async def _searched(search: _Search) -> Obtained:
    rest = await search.reconcile()
    if rest is not None:
        return rest
    search.remember()
    for _ in range(_TRIES):
        drawn = search.next()
        if drawn is None:
            raise search.end()
        found = await search.asked(drawn)
        if found is not None:
            return found
        if search.takes >= TAKES:
            break
    raise search.end()


@dataclass(slots=True, kw_only=True)
class _Search:
    """One picture being looked for."""

    request: ImageRequest
    order: Order
    desk: Desk
    started: float
    takes: int = 0
    cost: Money | None = None
    told: list[str] = field(default_factory=list)
    out: dict[str, str] = field(default_factory=dict)
    last: Exception | None = None
    #: Calls that have no answer yet: two only where somebody hedges.
    under_way: dict[int, Call] = field(default_factory=dict)
    #: Calls that left this machine, as far as can be known.
    sent: set[int] = field(default_factory=set)

    # -- who is asked

    def next(self, besides: str = "") -> Able | None:
        """Whom to ask now, not the provider `besides`; None when nobody is left."""
        fit, why_not = able(self.request, self.desk.offers, self.desk.policy, self.desk.today)
        if not self.told and why_not:
            self.told += [f"{offer} {reason}" for offer, reason in why_not.items() if not reason.startswith("does ")]
        there = self.desk.imagers.keys() - {besides}
        left = [one for one in fit if one.offer.id not in self.out and one.offer.provider in there]
        if self.desk.policy.order:
            ranked = in_order(left, self.desk.policy.order)
        else:
            drawn = draw(left, self.arms(), self.desk.chance)
            self._tell_draw(drawn)
            ranked = [one.able for one in drawn]
        return next((one for one in ranked if self._passes(one)), None)

    def arms(self) -> dict[str, Arm]:
        return {name: Arm.of(data) for name, data in self.desk.journal.load(LEARNT).items()}

    def _tell_draw(self, drawn: Sequence[Drawn]) -> None:
        if drawn:
            others = "; ".join(one.why() for one in drawn[1:3])
            self.told.append(f"chosen {drawn[0].why()}" + (f"; before {others}" if others else ""))

    def _passes(self, one: Able) -> bool:
        breaker = self.desk.limits.breaker(one.offer.provider)
        if breaker.passes(self.desk.clock()):
            return True
        self.told.append(f"{one.offer.provider} is left alone: it failed {breaker.failures} times in a row")
        return False

    # -- one call

    async def asked(self, one: Able) -> Obtained | None:
        """As `ask`; where the policy hedges and no answer comes, somebody else is asked as well."""
        after = self.desk.policy.hedge_after_s
        if not after:
            return await self.ask(one)

        def another() -> Coroutine[Any, Any, Obtained | None] | None:
            other = self.next(besides=one.offer.provider) if self.takes + 1 < TAKES else None
            if other is None:
                return None
            self.told.append(f"{one.offer.id} has not answered for {after:g} s; {other.offer.id} is asked as well")
            return self.ask(other)

        try:
            return await quicker(self.ask(one), lambda: self.desk.limits.sleep(after), another, CallUncertain)
        except AfficheError:
            self._leave_waiting()
            raise

    async def ask(self, one: Able) -> Obtained | None:
        """One call, written down before it is made. None: it did not work, and why is told."""
        intent = self._intent(one, number=len(self.desk.journal.calls(key=self.request.key)))
        try:
            call = self.desk.journal.begin(intent, self.order.caps)
        except CallUncertain:  # somebody else is buying it: nothing was learnt of the provider
            self.desk.limits.breaker(one.offer.provider).untried()
            raise
        except BudgetExhausted as error:
            self.desk.limits.breaker(one.offer.provider).untried()
            self._leave(one.offer, str(error), error)
            return None
        return await self._made(call, self._sent(call, one.offer, one.size), one.offer, job="")

    def _sent(self, call: Call, offer: Offer, size: Size) -> ImageRequest:
        """What goes to this provider under the name of this call; the same after a crash."""
        sent = replace(shown_to(self.request, offer.can), size=size, key=call.intent.call)
        if styles := styles_in(sent):
            self.told.append(f"{offer.id} is shown {styles} of the brand's style pictures")
        return sent

    def _intent(self, one: Able, number: int) -> Intent:
        order, offer = self.order, one.offer
        return Intent(
            key=self.request.key, call=digest("call", self.request.key, offer.id, number), goods="picture",
            provider=offer.provider, model=offer.model, offer=offer.id, estimate=one.cost, campaign=order.campaign,
            brand=order.brand, month=order.month, owner=order.owner, purpose=order.purpose,
        )  # fmt: skip

    async def _made(self, call: Call, request: ImageRequest, offer: Offer, *, job: str) -> Obtained | None:
        """The end of a call that is in the journal: settled, learnt from, told."""
        desk, begun = self.desk, self.desk.clock()
        jobs = [job] if job else []

        async def on_job(known: str) -> None:
            jobs.append(known)
            desk.journal.job(call.id, known)

        result = None
        self.under_way[call.id] = call
        for left in reversed(range(_REPEATS + 1)):
            try:
                async with desk.limits.turn(offer.provider):
                    self.sent.add(call.id)
                    result = await desk.imagers[offer.provider].make(request, offer, on_job=on_job, job=jobs[-1] if jobs else "")
                break
            except ProviderError as error:
                if error.billed is None and left and _repeatable(offer, jobs):
                    self.told.append(f"{offer.id} did not answer; asked again for the same call, which is not billed twice")
                    continue
                self.under_way.pop(call.id, None)
                await self._failed(call, offer, error, desk.clock() - begun)
                return None
            except BaseException:
                # Cancelled or broken in the middle: whether it was billed nobody can say here. The next build reconciles.
                desk.limits.breaker(offer.provider).untried()
                raise
        assert result is not None
        self.under_way.pop(call.id, None)
        desk.limits.breaker(offer.provider).succeeded()
        return self._looked_at(call, result, offer, desk.clock() - begun)

    def _looked_at(self, call: Call, result: ImageResult, offer: Offer, seconds: float) -> Obtained | None:
        paid = result.paid or call.intent.estimate
        judged = self.desk.judge(result, self.request, offer)
        self._pay(paid)
        if judged.usable:
            self._leave_waiting()
        found = self._found(result, offer, judged, paid, seconds) if judged.usable else None
        if found is not None:
            self.desk.keep(self.request, found)
        self.desk.journal.settle(call.id, "done" if judged.usable else "spoilt", paid, "; ".join(judged.reasons))
        self._learn(offer, usable=judged.usable, price=float(paid.amount), seconds=seconds, quality=judged.quality)
        if found is None:
            self.told.append(f"{offer.id} gave a picture that cannot be used ({'; '.join(judged.reasons)}) for {paid}")
            message = f"the pictures of {offer.provider} could not be used: {'; '.join(judged.reasons)}"
            self.last = BadOutput(message, provider=offer.provider)
        return found

    def _found(self, result: ImageResult, offer: Offer, judged: Judged, paid: Money, seconds: float) -> Obtained:
        self.told.append(f"{offer.id} gave it for {paid} in {seconds:.1f} s")
        return Obtained(
            result=result, offer=offer, cost=self.cost or paid, quality=judged.quality, takes=self.takes,
            seconds=self.desk.clock() - self.started, told=tuple(self.told),
        )  # fmt: skip

    def _leave_waiting(self) -> None:
        """Nobody waits for the calls that have no answer yet: what was sent counts in full, because it may have been billed."""
        for call in self.under_way.values():
            sent = call.id in self.sent
            paid = call.intent.estimate if sent else None
            self.desk.journal.settle(call.id, "spoilt" if sent else "free", paid, OVERTAKEN)
            if paid is not None:
                self._pay(paid)
                self.told.append(f"{call.intent.offer} was overtaken, which counts in full ({paid})")
        self.under_way.clear()

    async def _failed(self, call: Call, offer: Offer, error: ProviderError, seconds: float) -> None:
        """Settles and learns; raises what must end the search."""
        journal, breaker, now = self.desk.journal, self.desk.limits.breaker(offer.provider), self.desk.clock()
        self.last = error
        note = f"{error.code}: {error.public}"
        if error.billed is None and not isinstance(error, ContentBlocked):
            journal.settle(call.id, "uncertain", None, note)
            breaker.failed(now)
            self._learn(offer, usable=False, price=None, seconds=seconds)
            self.told.append(f"{offer.id} did not answer; nobody knows whether it was billed")
            if self.desk.policy.uncertain != "again":
                raise CallUncertain(
                    f"{offer.provider} was asked and did not answer; {call.intent.estimate} may have been billed",
                    hint="Say what happened with `affiche spend resolve`, then build again.",
                ) from error
            self._pay(call.intent.estimate)
            return
        # A refusal of content whose price nobody stated counts as paid: caps must hold in the worst case.
        paid = None if error.billed is False else call.intent.estimate
        journal.settle(call.id, "free" if paid is None else "spoilt", paid, note)
        if paid is not None:
            self._pay(paid)
        if isinstance(error, ContentBlocked):
            breaker.succeeded()
            raise error
        await self._cope(offer, error, now)
        if not isinstance(error, RateLimited):
            self._learn(offer, usable=False, price=float(paid.amount) if paid else None, seconds=seconds)

    async def _cope(self, offer: Offer, error: ProviderError, now: float) -> None:
        """Wait, or leave the offer out of this search."""
        breaker = self.desk.limits.breaker(offer.provider)
        if isinstance(error, RateLimited):
            wait = error.retry_after_s or 1.0
            breaker.untried()
            if wait <= _PATIENCE_S and not self._others(offer):
                self.told.append(f"{offer.provider} wants a pause of {wait:.0f} s")
                await self.desk.limits.sleep(wait)
                return
            breaker.rest(now, wait)
            self._leave(offer, f"wants a pause of {wait:.0f} s", error)
        elif isinstance(error, ProviderUnavailable):
            breaker.failed(now)
            self._leave(offer, f"did not take the request ({error.public})", error)
        elif isinstance(error, BadOutput):
            breaker.succeeded()
            self.told.append(f"{offer.id} answered with something unusable ({error.public})")
        else:
            breaker.succeeded() if isinstance(error, ModelRetired) else breaker.failed(now)
            self._leave(offer, f"{error.code} ({error.public})", error)

    def _others(self, offer: Offer) -> bool:
        fit, _ = able(self.request, self.desk.offers, self.desk.policy, self.desk.today)
        others = (a.offer for a in fit if a.offer.provider != offer.provider and a.offer.provider in self.desk.imagers)
        return any(other.id not in self.out for other in others)

    # -- what is left of a crash

    async def reconcile(self) -> Obtained | None:
        """Calls of this picture that somebody began and nobody ended: asked for again where that costs nothing."""
        calls = self.desk.journal.calls(key=self.request.key, states=("sent", "uncertain"))
        self.under_way = {call.id: call for call in calls if call.state == "sent"}
        self.sent = set(self.under_way)
        for call in sorted(calls, key=lambda call: not self._same_again(call)):
            if call.state == "uncertain" and not self._same_again(call):
                self._stop(call)
                continue
            if call.intent.owner != self.order.owner and self.desk.journal.living(call.intent.owner):
                message = f"another process is asking {call.intent.provider} for this picture"
                raise UnderWay(message, hint="Wait for it to end.")
            found = await self._again(call)
            if found is not None:
                return found
        self.under_way.clear()
        return None

    async def _again(self, call: Call) -> Obtained | None:
        offer = next((one for one in self.desk.offers if one.id == call.intent.offer), None)
        if offer is None or not self._same_again(call):
            self.desk.journal.settle(call.id, "uncertain", None, "the process died while it waited")
            self._stop(call)
            return None
        self.told.append(f"an earlier call of {offer.id} was taken up again")
        fit, _ = able(self.request, [offer], Policy(), date.min)
        size = fit[0].size if fit else self.request.size
        return await self._made(call, self._sent(call, offer, size), offer, job=call.job)

    def _same_again(self, call: Call) -> bool:
        """Whether this call can be made again, today, without being billed twice: a job is polled, a young key is repeated."""
        offer = next((one for one in self.desk.offers if one.id == call.intent.offer), None)
        if offer is None or offer.provider not in self.desk.imagers or not _repeatable(offer, [call.job] if call.job else []):
            return False
        return bool(call.job) or self.desk.now() - call.at < KEY_LIVES_S

    def _stop(self, call: Call) -> None:
        """Raises CallUncertain unless the policy pays again."""
        if self.desk.policy.uncertain != "again":
            raise CallUncertain(
                f"an earlier call to {call.intent.provider} may have been billed ({call.intent.estimate}); its picture is lost",
                hint=f"Say what happened: `affiche spend resolve {call.id} --billed` or `--free`, then build again.",
            )
        self._pay(call.intent.estimate)

    def remember(self) -> None:
        """How earlier builds fared with this very request: what was refused is not sent again, takes that were paid count.

        Raises ContentBlocked, BadOutput.
        """
        for call in self.desk.journal.calls(key=self.request.key, states=("free", "spoilt")):
            provider = call.intent.provider
            if call.note.startswith(f"{ContentBlocked.code}:"):
                said = call.note.partition(": ")[2]
                message = f"{provider} refused this content before ({said}); it is not sent again unchanged"
                raise ContentBlocked(message, provider=provider, hint="Change the brief, or ask for another `take` on purpose.")
            if call.state == "spoilt":
                self._pay(call.counts)
                self.told.append(f"{call.intent.offer} was paid {call.counts} before and gave nothing usable ({call.note})")
        if self.takes >= TAKES:
            message = f"{self.takes} takes were paid ({self.cost}) and none could be used; no more are bought unasked"
            raise BadOutput(message, hint="Say `take: 2` in the brief to ask anew, or give a picture.")

    # -- bookkeeping

    def _learn(self, offer: Offer, *, usable: bool, price: float | None, seconds: float, quality: float = 0.0) -> None:
        def change(data: Mapping[str, object]) -> dict[str, object]:
            before = data.get(offer.id)
            arm = Arm.of(before) if isinstance(before, Mapping) else Arm()
            return {**data, offer.id: arm.after(usable=usable, price=price, latency_s=seconds, quality=quality).as_dict()}

        self.desk.journal.update(LEARNT, change)

    def _pay(self, amount: Money) -> None:
        self.takes += 1
        self.cost = amount if self.cost is None else self.cost + amount

    def _leave(self, offer: Offer, reason: str, error: Exception) -> None:
        self.out[offer.id] = reason
        self.told.append(f"{offer.id} is left out: {reason}")
        self.last = error

    def end(self) -> Exception:
        """Why there is no picture."""
        if self.last is not None:
            return self.last
        _, why_not = able(self.request, self.desk.offers, self.desk.policy, self.desk.today)
        told = "; ".join(f"{offer} {reason}" for offer, reason in why_not.items()) or "no provider has a key"
        return ProviderUnavailable(f"nobody can make this picture: {told}")


def _repeatable(offer: Offer, jobs: Sequence[str]) -> bool:
    """Whether the same call can be made again without paying twice."""
    return offer.repeat == "idempotent" or (offer.repeat == "job" and bool(jobs))


__all__ = ["Desk", "Judged", "Obtained", "Order", "obtain"]
