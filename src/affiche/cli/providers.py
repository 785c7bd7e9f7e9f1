"""`affiche providers`: where pictures and words come from, with keys, prices and ends; `providers test` asks whether they work.

The first rows need neither key nor network: they are what a build uses when nothing else is set up.
"""

from __future__ import annotations

import time
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from affiche.catalogs import sources
from affiche.cli.campaign import today
from affiche.cli.show import print_json
from affiche.errors import UsageError
from affiche.settings import Settings, load, secret

if TYPE_CHECKING:
    from affiche.imagers import Market
    from affiche.imagine.catalog.read import Provider
    from affiche.values.imagery import Offer

app = typer.Typer(add_completion=False, rich_markup_mode=None, help="Where pictures and words come from.")


@app.callback(invoke_without_command=True)
def providers(
    context: typer.Context,
    json: Annotated[bool, typer.Option("--json", help="Print an array of objects with an id.")] = False,
) -> None:
    """List the sources of pictures and words, then the providers of pictures with key, price, end and what they do."""
    if context.invoked_subcommand is not None:
        return
    from affiche.imagers import market

    settings = load()
    there, day, resting = market(settings), today(), _left_alone(settings)
    pictures = [_row(provider, there, day) for provider in there.catalog.providers]
    rows = [*sources(has_key=lambda name: bool(secret(name))), *pictures]
    rows = [{**row, "health": resting.get(f"{row['gives']} {row['id']}", row["health"])} for row in rows]
    if json:
        print_json(rows)
        return
    for row in rows:
        typer.echo(f"{row['gives']:<9} {row['id']:<14} {row['name']}. {row['note']}")
    ready = there.ready
    typer.echo(f"\nReady: {', '.join(ready)}." if ready else "\nNo provider of pictures has its key.")
    typer.echo("Without AFFICHE_WRITER (or `writing.writer` in the brief) no model writes.")
    typer.echo(f"Prices of pictures were gone through on {there.catalog.as_of}; * could not be checked at the provider.")
    for name, told in resting.items():
        typer.echo(f"{name}: {told}", err=True)
    for notice in there.catalog.notices(day, ready):
        typer.echo(notice, err=True)


def _left_alone(settings: Settings) -> dict[str, str]:
    """Who is left alone at the moment (`words openai:gpt`), and what is said of it; no home is made for it."""
    from affiche import wire
    from affiche.values.breaker import KEPT, resting

    if not settings.database_url and not settings.home.is_dir():
        return {}
    with wire.journal(settings) as book:
        return resting(book.load(KEPT), time.time())


@app.command("test")
def test(
    provider: Annotated[str, typer.Argument(help="Only this one; without it, all that are set up.")] = "",
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Ask providers whether key and address work. Free. Exit code 2 when one does not."""
    import asyncio

    from affiche.imagers import market

    settings = load()
    there = market(settings)
    if provider and there.catalog.provider(provider) is None:
        ids = ", ".join(one.id for one in there.catalog.providers)
        raise UsageError(f"there is no provider {provider!r}", hint=f"there are {ids}")
    asked = [one for one in there.catalog.providers if one.id == provider or (not provider and one.id in there.ready)]
    told = asyncio.run(_asked(asked, there))
    if json:
        print_json([{"id": id, "health": said, "ok": _fine(said)} for id, said in told.items()])
    else:
        for id, said in told.items():
            typer.echo(f"{id:<13} {said}")
        if not told:
            typer.echo("No provider is set up: nothing to test. `affiche providers` says what each needs.")
    if not all(_fine(said) for said in told.values()):
        raise typer.Exit(2)


async def _asked(providers: list[Provider], there: Market) -> dict[str, str]:
    import asyncio

    from affiche.imagers import health

    settings = load()
    said = await asyncio.gather(*(health(one, there, settings) for one in providers))
    return {one.id: text for one, text in zip(providers, said, strict=True)}


def _fine(said: str) -> bool:
    return said == "ok" or said.startswith("not tested")


def _row(provider: Provider, there: Market, day: date) -> dict[str, Any]:
    """The stable JSON form: as that of a keyless source, with what there is to say of a provider besides."""
    missing = there.missing(provider)
    keys = [name for name in missing if name.isupper()]
    live = [offer for offer in there.catalog.live(day) if offer.provider == provider.id]
    ends = sorted(offer.sunset for offer in live if offer.sunset is not None)
    return {
        "id": provider.id, "gives": "pictures", "name": provider.name, "note": _note(missing, live, provider),
        "key": f"missing: {keys[0]}" if keys else "set" if provider.secrets else "not needed", "needs": list(missing),
        "network": provider.adapter not in ("diffusers", "simulated"), "price": _cheapest(live),
        "health": "not set up" if missing else "not asked", "sunset": ends[0].isoformat() if ends else None,
        "site": provider.site, "offers": [_offer(offer) for offer in live],
    }  # fmt: skip


def _note(missing: tuple[str, ...], live: list[Offer], provider: Provider) -> str:
    does = sorted({offer.operation for offer in live})
    parts = [", ".join(does)]
    price = _cheapest(live)
    if price["amount"]:
        parts.append(f"from {price['amount']:g} {price['currency']}{'' if price['verified'] else '*'} ({price['as_of']})")
    soon = min((o for o in live if o.sunset is not None), key=lambda o: str(o.sunset), default=None)
    if soon is not None:
        parts.append(f"{soon.model} ends {soon.sunset}")
    parts.append(f"needs {', '.join(missing)}" if missing else "ready")
    return "; ".join(part for part in parts if part) + (f". {provider.note}" if provider.note else "")


def _cheapest(live: list[Offer]) -> dict[str, Any]:
    """The lowest list price of a megapixel that is made from nothing (or of whatever else there is)."""
    priced = [(_amount(offer), offer.price) for offer in live if offer.operation == "generate"] or [
        (_amount(offer), offer.price) for offer in live
    ]
    if not priced:
        return {"amount": 0, "currency": "USD", "as_of": None, "verified": False}
    amount, price = min(priced, key=lambda row: row[0])
    return {
        "amount": round(amount, 6), "currency": price.currency, "as_of": price.as_of.isoformat() if price.as_of else None,
        "verified": price.verified,
    }  # fmt: skip


def _amount(offer: Offer) -> float:
    return min(offer.price.base[q] + offer.price.per_megapixel.get(q, 0) for q in offer.can.qualities)


def _offer(offer: Offer) -> dict[str, Any]:
    can, price = offer.can, offer.price
    return {
        "id": offer.id, "model": offer.model, "operation": offer.operation, "size_rule": can.size_rule,
        "sizes": [str(size) for size in can.sizes], "ratios": [f"{w}:{h}" for w, h in can.ratios],
        "references": dict(can.references), "mask": can.mask, "negative": can.negative, "seed": can.seed,
        "transparent": can.transparent, "colors": can.colors, "qualities": list(can.qualities),
        "price": {
            "base": dict(price.base), "per_megapixel": dict(price.per_megapixel), "currency": price.currency,
            "as_of": price.as_of.isoformat() if price.as_of else None, "source": price.source, "verified": price.verified,
        },
        "repeat": offer.repeat, "regions": list(offer.regions), "licence": offer.licence,
        "sunset": offer.sunset.isoformat() if offer.sunset else None, "replaced_by": offer.replaced_by,
    }  # fmt: skip
