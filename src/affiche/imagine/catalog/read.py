"""Catalog files to values. Which day it is, is an argument: what is retired on it is not offered."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

from affiche.errors import InputError, ModelRetired
from affiche.imagine.catalog.schema import CanRow, OfferRow, PriceRow, ProviderRow, checked
from affiche.values.geometry import Size
from affiche.values.imagery import Capabilities, Offer, Operation, Price, Quality

#: How long before its end a model is warned about.
NOTICE = timedelta(days=60)


class CatalogError(InputError):
    """A catalog of providers cannot be used."""

    code = "catalog"


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """Who makes pictures.

    `secrets`: name -> environment variable, of which `optional` may be missing; `needs`: options that the operator sets.
    """

    id: str
    name: str
    adapter: str
    base: str
    secrets: Mapping[str, str] = field(default_factory=dict)
    optional: frozenset[str] = frozenset()
    needs: tuple[str, ...] = ()
    site: str = ""
    note: str = ""
    timeout_s: float = 300.0
    poll_s: float = 1.0
    per_minute: int = 0
    concurrency: int = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    """Providers and offers, in the order of the file. `as_of`: when it was last gone through."""

    as_of: date
    providers: tuple[Provider, ...]
    offers: tuple[Offer, ...]

    def provider(self, id: str) -> Provider | None:
        """The provider of that id."""
        return next((provider for provider in self.providers if provider.id == id), None)

    def live(self, today: date) -> tuple[Offer, ...]:
        """The offers that can be used on `today`."""
        return tuple(offer for offer in self.offers if not retired(offer, today))

    def notices(self, today: date, providers: Iterable[str]) -> tuple[str, ...]:
        """What to say at start about models of `providers` that are gone or soon will be: one sentence for each model."""
        wanted = set(providers)
        said = {f"{o.provider}/{o.model}": o for o in self.offers if o.provider in wanted and o.sunset is not None}
        return tuple(_notice(name, o, today) for name, o in said.items() if o.sunset is not None and o.sunset - NOTICE <= today)

    def with_others(self, other: Catalog) -> Catalog:
        """This one and `other`, whose rows come after and win where ids are the same."""
        theirs = {p.id for p in other.providers}, {o.id for o in other.offers}
        return Catalog(
            as_of=min(self.as_of, other.as_of),
            providers=(*(p for p in self.providers if p.id not in theirs[0]), *other.providers),
            offers=(*(o for o in self.offers if o.id not in theirs[1]), *other.offers),
        )


def retired(offer: Offer, today: date) -> bool:
    """Whether the model is gone on `today`: its last day is the one before its sunset."""
    return offer.sunset is not None and offer.sunset <= today


def refuse_retired(offer: Offer, today: date) -> None:
    """Raises ModelRetired when `offer` is asked for after its end."""
    if retired(offer, today):
        hint = f"use {offer.replaced_by}" if offer.replaced_by else "choose another: affiche providers"
        raise ModelRetired(f"{offer.provider}/{offer.model} was shut down on {offer.sunset}", hint=hint, provider=offer.provider)


@cache
def shipped_catalog() -> Catalog:
    """The catalog that comes with Affiche."""
    return _shipped("providers.toml")


@cache
def simulated_catalog() -> Catalog:
    """Providers that draw on this machine and say so: for demos and tests."""
    return _shipped("simulated.toml")


def _shipped(name: str) -> Catalog:
    text = (files("affiche.imagine.catalog") / "data" / name).read_text(encoding="utf-8")
    return read_catalog(text, file=name)


def read_catalog(text: str, *, file: str) -> Catalog:
    """The catalog in a TOML `text`. Raises CatalogError naming row and key."""
    try:
        read = checked(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise CatalogError(f"{file} is no TOML: {error}") from None
    except ValueError as error:
        raise CatalogError(f"{file}: {error}") from None
    providers = tuple(_provider(row) for row in read.provider)
    offers = tuple(offer for row in read.offer for offer in offers_of(row))
    _refuse_doubles(file, [p.id for p in providers])
    _refuse_doubles(file, [o.id for o in offers])
    return Catalog(as_of=read.as_of, providers=providers, offers=offers)


def refuse_strangers(catalog: Catalog, *, file: str) -> None:
    """Raises CatalogError when an offer's provider, or a replacement, is nowhere in `catalog`."""
    known, models = {p.id for p in catalog.providers}, {o.model for o in catalog.offers}
    for offer in catalog.offers:
        if offer.provider not in known:
            raise CatalogError(f"{file}: {offer.id} is of a provider that is not in the catalog")
        if offer.replaced_by and offer.replaced_by not in models:
            raise CatalogError(f"{file}: {offer.id} is replaced by {offer.replaced_by}, which is not in the catalog")


def _refuse_doubles(file: str, ids: list[str]) -> None:
    twice = next((id for at, id in enumerate(ids) if id in ids[:at]), None)
    if twice:
        raise CatalogError(f"{file}: {twice} stands there twice")


def _notice(name: str, offer: Offer, today: date) -> str:
    instead = f"; use {offer.replaced_by}" if offer.replaced_by else ""
    if retired(offer, today):
        return f"{name} was shut down on {offer.sunset} and is not asked any more{instead}"
    return f"{name} will be shut down on {offer.sunset}{instead}"


def _provider(row: ProviderRow) -> Provider:
    return Provider(
        id=row.id, name=row.name, adapter=row.adapter or row.id, base=row.base, secrets=row.secrets,
        optional=frozenset(row.optional), needs=tuple(row.needs), site=row.site, note=row.note, timeout_s=row.timeout_s,
        poll_s=row.poll_s, per_minute=row.per_minute, concurrency=row.concurrency,
    )  # fmt: skip


def offers_of(row: OfferRow) -> list[Offer]:
    """One offer for each operation of `row`."""
    return [
        Offer(
            provider=row.provider, model=row.model, operation=operation, can=_can(row.can, operation), price=_price(row.price),
            repeat=row.repeat, regions=tuple(row.regions), licence=row.licence, latency_s=row.latency_s, sunset=row.sunset,
            replaced_by=row.replaced_by, signed=row.signed,
        )
        for operation in row.operations
    ]  # fmt: skip


def _can(row: CanRow, operation: Operation) -> Capabilities:
    """A source belongs to working on a picture, a mask to an edit, whatever else shares the row."""
    references = {role: most for role, most in row.references.items() if role != "source" or operation != "generate"}
    return Capabilities(
        size_rule="exact" if row.sizes else "ratio" if row.ratios else "free",
        sizes=tuple(_size(text) for text in row.sizes),
        ratios=tuple((int(w), int(h)) for w, _, h in (text.partition(":") for text in row.ratios)),
        min_pixels=row.min_pixels, max_pixels=row.max_pixels, max_side=row.max_side, multiple=row.multiple,
        max_aspect=row.max_aspect, references=references,
        needs=tuple(role for role in row.needs if role in references), mask=row.mask and operation == "edit",
        negative=row.negative, seed=row.seed,
        transparent=row.transparent, colors=row.colors, qualities=tuple(row.qualities), max_prompt=row.max_prompt,
    )  # fmt: skip


def _size(text: str) -> Size:
    width, _, height = text.partition("x")
    return Size(width=int(width), height=int(height))


def _price(row: PriceRow) -> Price:
    base: Mapping[Quality, float] = row.base
    per_million = {str(name): price for name, price in row.per_million.items()}
    return Price(
        currency=row.currency, base=base, per_megapixel=row.per_megapixel, per_million=per_million, source=row.source,
        as_of=row.as_of, verified=row.verified,
    )  # fmt: skip
