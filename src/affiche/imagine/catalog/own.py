"""The operator's file about providers (`provider_file`): addresses, options, prices of a contract, own gateways."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from affiche.imagine.catalog.read import Catalog, CatalogError, Provider, offers_of, refuse_strangers
from affiche.imagine.catalog.schema import OwnRow, checked_own
from affiche.values.imagery import Offer, Price

#: Options of adapters that name files.
FILES = ("workflow", "description", "path")
_OPTIONS = ("region", "endpoint_url", "deployments", "ims_url", "device", "steps", *FILES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """What an operator set for one provider. `options` go to its adapter; `base_url` is a host that they answer for."""

    base_url: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)


def with_own(catalog: Catalog, text: str, *, file: str) -> tuple[Catalog, dict[str, Own]]:
    """`catalog` as the operator's TOML `text` changes it, and what was set for each provider. Raises CatalogError."""
    try:
        rows = checked_own(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise CatalogError(f"{file} is no TOML: {error}") from None
    except ValueError as error:
        raise CatalogError(f"{file}: {error}") from None
    for id, row in rows.items():
        catalog = _changed(catalog, id, row, file)
    refuse_strangers(catalog, file=file)
    return catalog, {id: Own(base_url=row.base_url, options=_options(row)) for id, row in rows.items()}


def _changed(catalog: Catalog, id: str, row: OwnRow, file: str) -> Catalog:
    known = catalog.provider(id)
    if known is None and not row.adapter:
        ids = ", ".join(provider.id for provider in catalog.providers)
        hint = f'there are {ids}; one of your own needs adapter = "generic"'
        raise CatalogError(f"{file}: there is no provider {id!r}", hint=hint)
    if known is None:
        known = Provider(id=id, name=row.name or id, adapter=row.adapter, base=row.base_url, needs=("description",))
    provider = replace(
        known, name=row.name or known.name, base=row.base_url or known.base, timeout_s=row.timeout_s or known.timeout_s,
        secrets={**known.secrets, "key": row.key} if row.key else known.secrets,
        per_minute=row.per_minute or known.per_minute, concurrency=row.concurrency or known.concurrency,
        needs=tuple(need for need in known.needs if not getattr(row, need, None)),
    )  # fmt: skip
    own = tuple(offer for offer_row in row.offer for offer in offers_of(offer_row))
    offers = own or tuple(offer for offer in catalog.offers if offer.provider == id)
    if row.price is not None:
        offers = tuple(_priced(offer, row.price, row.currency, file, catalog.as_of) for offer in offers)
    others = tuple(offer for offer in catalog.offers if offer.provider != id)
    listed = tuple(provider if other.id == id else other for other in catalog.providers)
    return replace(
        catalog, providers=listed if provider in listed else (*listed, provider), offers=(*others, *offers)
    )  # fmt: skip


def _priced(offer: Offer, amount: float, currency: str, file: str, day: date) -> Offer:
    """The price of a contract: per picture, whatever its size."""
    price = Price(
        currency=currency, base=dict.fromkeys(offer.can.qualities, amount), source=f"set in {file}", as_of=day, verified=True
    )  # fmt: skip
    return replace(offer, price=price)


def _options(row: OwnRow) -> dict[str, Any]:
    return {name: value for name in _OPTIONS if (value := getattr(row, name)) is not None}
