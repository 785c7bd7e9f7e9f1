"""Dealers: the part of wire that knows who makes pictures and words: catalog, keys, adapters, caps.

May live here: which providers can be reached with what is in the environment, and how they are opened. How one is chosen stands
in `imagine/route.py`, what a build does with it in `procure.py`.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from decimal import Decimal, InvalidOperation

from affiche.adapters.journal.owner import at_work, new_owner
from affiche.assets import asset_of
from affiche.errors import UsageError
from affiche.imagers import Market, market, open_imager
from affiche.imagine.able import Policy
from affiche.imagine.catalog.read import Catalog as PictureCatalog
from affiche.imagine.limits import Limits, Rate
from affiche.imagine.route import Desk as RouterDesk
from affiche.imagine.route import Judged, Order
from affiche.inputs import Campaign
from affiche.plan.imagined import Makers
from affiche.plan.model import Plan
from affiche.ports import Codec, Journal, Writer
from affiche.procure import Trade
from affiche.settings import Settings, secret
from affiche.trade import Shop
from affiche.values.breaker import KEPT, Breakers
from affiche.values.money import Money
from affiche.values.spending import Cap
from affiche.write.catalog import WriterFacts, providers


def makers(campaign: Campaign, settings: Settings, today: date, refused: frozenset[str] = frozenset()) -> Makers:
    """Who could make the pictures that a brief wishes."""
    budget = campaign.brief.budget is not None or bool(settings.spend_month or settings.spend_brand)
    there = _market(settings)
    asked = _asked(there, settings)
    offers = tuple(offer for offer in there.catalog.offers if offer.provider in asked)
    style = tuple(asset.digest for file in campaign.style if (asset := asset_of(file, campaign.base_dir)) and asset.digest)
    return Makers(
        offers=offers, policy=_policy(settings), today=today, budget=budget, refused=refused, style=style,
        accepted=campaign.accepted,
    )  # fmt: skip


def picture_catalog(settings: Settings) -> PictureCatalog:
    """Providers of pictures: the shipped ones as the operator's file changes them, or those that only draw."""
    return _market(settings).catalog


def reachable(settings: Settings) -> tuple[str, ...]:
    """The ids of providers that are set up and may be asked."""
    return _asked(_market(settings), settings)


def notices(settings: Settings, today: date) -> tuple[str, ...]:
    """What to say before pictures are bought: models of reachable providers that are gone or soon will be."""
    there = _market(settings)
    return there.catalog.notices(today, _asked(there, settings))


def _market(settings: Settings) -> Market:
    return market(settings, simulated="simulated" in settings.providers)


def _asked(there: Market, settings: Settings) -> tuple[str, ...]:
    wanted = [name for name in settings.providers if name != "simulated"]
    return tuple(name for name in there.ready if not wanted or name in wanted)


def shop_of(
    campaign: Campaign, settings: Settings, today: date, again: Callable[[frozenset[str]], Plan], *, codec: Codec,
    book: Callable[[], AbstractContextManager[Journal]], style: Callable[[], tuple[tuple[bytes, str], ...]],
) -> Trade:  # fmt: skip
    """Buys the pictures of `campaign`; `again` plans it without those of some products, `style` reads the brand's style pictures.

    Raises UsageError.
    """
    brand, month = campaign.brand, today.strftime("%Y-%m")
    order = Order(
        campaign=campaign.brief.campaign, brand=brand.name, month=month, owner=new_owner(),
        caps=caps(campaign, settings, month),
    )  # fmt: skip
    colors = tuple(color.hex for role, color in brand.colors.items() if role in ("primary", "accent", "paper"))
    return Shop(
        opened=lambda: _router(settings, today, book(), order.owner), order=order, codec=codec, colors=colors, again=again,
        style=style,
    )  # fmt: skip


def caps(campaign: Campaign, settings: Settings, month: str) -> tuple[Cap, ...]:
    """What may be spent: the brief's budget, the brand's in all, everybody's in the month. Raises UsageError."""
    budget, limits = campaign.brief.budget, list[Cap]()
    if budget is not None:
        limit = _money(budget.max, budget.currency, "budget.max")
        limits.append(Cap(scope="campaign", name=campaign.brief.campaign, limit=limit))
    if settings.spend_brand:
        limits.append(Cap(scope="brand", name=campaign.brand.name, limit=_money(settings.spend_brand, "USD", "spend_brand")))
    if settings.spend_month:
        limits.append(Cap(scope="month", name=month, limit=_money(settings.spend_month, "USD", "spend_month")))
    return tuple(limits)


def _money(text: str, currency: str, what: str) -> Money:
    try:
        return Money(amount=Decimal(text), currency=currency)
    except InvalidOperation:
        raise UsageError(f"{what} must be an amount such as 25.00, not {text!r}") from None


def _policy(settings: Settings) -> Policy:
    if settings.spend_uncertain not in ("ask", "again"):
        raise UsageError(f"spend_uncertain must be ask or again, not {settings.spend_uncertain!r}")
    return Policy(
        vendors=tuple(name for name in settings.providers if name != "simulated"), regions=settings.provider_regions,
        licences=settings.provider_licences, order=settings.provider_order,
        uncertain=settings.spend_uncertain, hedge_after_s=settings.hedge_after_s,
    )  # fmt: skip


@contextmanager
def _router(
    settings: Settings, today: date, opened: AbstractContextManager[Journal], owner: str
) -> Iterator[RouterDesk]:
    """The desk of the router: imagers are opened when a picture is wanted, and closed with the journal.

    While it is open `owner` is at work.
    """
    there = _market(settings)
    imagers, rates = {}, {}
    for name in _asked(there, settings):
        provider = there.catalog.provider(name)
        assert provider is not None
        imagers[name] = open_imager(provider, there, settings)
        rates[name] = Rate(calls=provider.per_minute or 60, at_once=provider.concurrency)
    with opened as book, at_work(owner):
        limits = Limits(rates=rates, clock=time.monotonic, breakers=breakers(book))
        yield RouterDesk(
            offers=there.catalog.offers, imagers=imagers, journal=book, limits=limits,
            policy=_policy(settings), today=today, clock=time.monotonic, chance=random.Random(),
            judge=lambda *_: Judged(usable=True, quality=0.5),
        )  # fmt: skip


def writing(owner: str) -> AbstractContextManager[None]:
    """While it lasts, the build of that name is at work: others wait for its answers."""
    return at_work(owner)


def breakers(book: Journal) -> Breakers:
    """Who is left alone, as the journal knows it: the same for pictures and for words."""
    return Breakers(
        clock=time.monotonic, wall=time.time, load=lambda: book.load(KEPT), update=lambda change: book.update(KEPT, change)
    )  # fmt: skip


def opened_writers(writers: Sequence[WriterFacts], settings: Settings) -> tuple[Writer, ...]:
    """The writers themselves. Raises UsageError without a key, CapabilityError when a library is not installed."""
    urls = [url.strip() for url in settings.writer_url.split(",")]
    if settings.writer_url and len(urls) != len(writers):
        message = f"writer_url has {len(urls)} addresses for {len(writers)} writers"
        raise UsageError(message, hint="one for each, parted by commas; an empty place is the provider's own address")
    return tuple(
        _opened_writer(facts, settings, urls[place] if settings.writer_url else "") for place, facts in enumerate(writers)
    )  # fmt: skip


def _opened_writer(facts: WriterFacts, settings: Settings, url: str) -> Writer:
    from affiche.adapters.writers.access import Access as WriterAccess
    from affiche.adapters.writers.table import open_writer

    keys = providers()[facts.provider].keys
    key = next((found for name in keys if (found := secret(name))), "")
    if not key and facts.needs_key:
        raise UsageError(f"the writer {facts.id} needs the variable {keys[0]}", hint="set it, or name another writer")
    timeout_s = float(settings.writer_timeout_s or 60)
    access = WriterAccess(key=key, base_url=url, region=settings.writer_region, timeout_s=timeout_s)
    return open_writer(facts.provider, facts.model, access)
