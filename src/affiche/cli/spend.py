"""`affiche spend`: what was paid for pictures and words, call by call; and what became of calls whose end nobody knows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any

import typer

from affiche import wire
from affiche.cli.show import print_json
from affiche.errors import UsageError
from affiche.settings import load
from affiche.values.money import Money
from affiche.values.spending import CALL_STATES, Call

app = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True, help="What was paid to providers.")

#: State -> how people say it.
_SAID = {
    "sent": "under way, or its process died", "done": "paid and used", "spoilt": "paid, not usable", "free": "not billed",
    "uncertain": "may have been billed: resolve it",
}  # fmt: skip


@app.command("list")
def list_calls(
    campaign: Annotated[str, typer.Option(help="Only this campaign.")] = "",
    state: Annotated[str, typer.Option(help=f"Only calls in this state: {', '.join(CALL_STATES)}.")] = "",
    json: Annotated[bool, typer.Option("--json", help="Print an array of objects with an id.")] = False,
) -> None:
    """List paid calls, oldest first, with what they count for."""
    if state and state not in CALL_STATES:
        raise UsageError(f"there is no state {state!r}", hint=f"there are {', '.join(CALL_STATES)}")
    with wire.journal(load()) as journal:
        calls = journal.calls(campaign=campaign, states=[known for known in CALL_STATES if known == state])
    if json:
        print_json([as_dict(call) for call in calls])
        return
    for call in calls:
        typer.echo(line(call))
    typer.echo(total_text(calls))


@app.command("resolve")
def resolve(
    call: Annotated[int, typer.Argument(help="The number of an uncertain call (`affiche spend list`).")],
    billed: Annotated[bool, typer.Option("--billed/--free", help="Whether the provider's account shows that it was billed.")],
) -> None:
    """Say how an uncertain call ended, as the provider's account shows it; then the picture can be asked for again."""
    with wire.journal(load()) as journal:
        known = {one.id: one for one in journal.calls(states=("uncertain", "sent"))}
        if call not in known or (known[call].state == "sent" and journal.living(known[call].intent.owner)):
            raise UsageError(f"call {call} is not uncertain", hint="`affiche spend list --state uncertain` lists those that are")
        journal.settle(call, "spoilt" if billed else "free", None, "said by a person")
    typer.echo(f"call {call} counts as {'billed, its result lost' if billed else 'not billed'}; build again to ask anew")


def as_dict(call: Call) -> dict[str, Any]:
    """The stable JSON form."""
    intent = call.intent
    return {
        "id": call.id, "state": call.state, "at": _when(call), "goods": intent.goods, "purpose": intent.purpose,
        "provider": intent.provider, "model": intent.model, "offer": intent.offer, "campaign": intent.campaign,
        "brand": intent.brand, "month": intent.month, "key": intent.key, "job": call.job, "note": call.note,
        "estimate": str(intent.estimate.amount), "paid": None if call.paid is None else str(call.paid.amount),
        "counts": str(call.counts.amount), "currency": intent.estimate.currency,
    }  # fmt: skip


def total_text(calls: Iterable[Call]) -> str:
    """What the calls count for, by currency."""
    totals: dict[str, Decimal] = {}
    count = 0
    for call in calls:
        count += 1
        totals[call.counts.currency] = totals.get(call.counts.currency, Decimal(0)) + call.counts.amount
    money = ", ".join(str(Money(amount=amount, currency=currency)) for currency, amount in totals.items())
    return f"{count} calls, {money or 'nothing'}"


def line(call: Call) -> str:
    """One call for people."""
    intent = call.intent
    price = f"{call.counts.amount.normalize():f} {call.counts.currency}"
    note = f"  ({call.note})" if call.note else ""
    return f"{call.id:>5} {_when(call)}  {price:>12}  {intent.offer:<44} {intent.purpose:<28} {_SAID[call.state]}{note}"


def _when(call: Call) -> str:
    return datetime.fromtimestamp(call.at, UTC).strftime("%Y-%m-%d %H:%M")
