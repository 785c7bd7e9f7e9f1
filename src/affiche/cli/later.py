"""`affiche schedule`, `affiche batch`, `affiche letters`: work of the service that comes later, in numbers, or was given up.

They work on the registry itself, so whoever may run them is an administrator; a worker does the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from affiche.cli.key import Tenant, opened
from affiche.errors import UsageError

if TYPE_CHECKING:
    from affiche.registry.scope import Scope, Writing

schedule = typer.Typer(help="Make, list and remove runs to come.", no_args_is_help=True)
batch = typer.Typer(help="Start runs of many campaigns at once; tell them together.", no_args_is_help=True)
letters = typer.Typer(help="List work that was given up, and replay it.", no_args_is_help=True)

Campaign = Annotated[str, typer.Argument(help="A campaign's id (cmp_...), or its slug.")]
BatchId = Annotated[str, typer.Argument(help="The batch's id (bat_...).")]


@contextmanager
def _audited(tenant: str, action: str) -> Iterator[tuple[Writing, Scope, list[str]]]:
    """A transaction with its line in the audit log; the list takes the id of what was made or changed."""
    from affiche.registry import audit

    with opened(tenant) as (connection, scope):
        about: list[str] = []
        yield connection, scope, about
        audit.append(connection, scope.tenant, action, actor=scope.actor, actor_kind="person", subject="".join(about[:1]))


@schedule.command("make")
def make_schedule(
    campaign: Campaign,
    cron: Annotated[str, typer.Option(help="Minute hour day month weekday, UTC: `0 6 * * 1`.")] = "",
    at: Annotated[str, typer.Option(help="One moment: 2026-12-01T06:00, UTC unless it names a zone.")] = "",
    within: Annotated[int, typer.Option(min=0, help="Minutes after which a run that is not done fails; 0 = never.")] = 0,
    tenant: Tenant = "",
) -> None:
    """Run a campaign's newest brief later."""
    from affiche.registry import schedules
    from affiche.registry.batches import campaign_of

    run = {"within_minutes": within} if within else {}
    with _audited(tenant, "schedules.create") as (connection, scope, about):
        row = schedules.add(connection, scope, campaign_of(connection, scope, campaign), cron=cron, at=_moment(at), run=run)
        about.append(str(row["id"]))
    typer.echo(f"{row['id']}  next {schedules.upcoming(row):%Y-%m-%d %H:%M} UTC")


@schedule.command("list")
def list_schedules(tenant: Tenant = "") -> None:
    """List schedules: id, campaign, times, when it runs next."""
    from affiche.registry import schedules
    from affiche.registry.scope import page
    from affiche.registry.tables.work import schedules as table

    with opened(tenant) as (connection, scope):
        rows, _ = page(connection, table, [scope.on(table)], before="", limit=1000)
    for row in rows:
        coming = schedules.upcoming(row)
        told = f"next {coming:%Y-%m-%d %H:%M} UTC" if coming else "off"
        typer.echo(f"{row['id']}  {row['campaign']}  {row['cron'] or 'once'}  {told}")


@schedule.command("remove")
def remove_schedule(id: Annotated[str, typer.Argument(help="The schedule's id (sch_...).")], tenant: Tenant = "") -> None:
    """Run no more; what it began stays."""
    from affiche.registry import schedules

    with _audited(tenant, "schedules.delete") as (connection, scope, about):
        schedules.remove(connection, scope, id)
        about.append(id)


@batch.command("start")
def start_batch(
    campaigns: Annotated[list[str], typer.Argument(help="Ids or slugs; `@FILE` reads them from a file, one a line.")],
    priority: Annotated[int, typer.Option(min=1, max=9, help="1 goes first.")] = 7,
    tenant: Tenant = "",
) -> None:
    """Start a run of each campaign, all or none of them."""
    from affiche.registry import batches, runs

    with _audited(tenant, "batches.create") as (connection, scope, about):
        ids = [batches.campaign_of(connection, scope, name)["id"] for name in _names(campaigns)]
        id, rows = batches.start(connection, scope, ids, runs.Order(priority=priority))
        about.append(id)
    typer.echo(f"{id}  {len(rows)} runs")


@batch.command("show")
def show_batch(id: BatchId, tenant: Tenant = "") -> None:
    """Say how many runs of a batch are in which state."""
    from affiche.registry import batches

    with opened(tenant) as (connection, scope):
        for state, count in batches.states(connection, scope, id).items():
            typer.echo(f"{count:6}  {state}")


@batch.command("tell")
def tell_batch(
    id: BatchId, wish: Annotated[str, typer.Argument(help="cancel, pause, resume or retry.")], tenant: Tenant = ""
) -> None:
    """Cancel, pause, resume or retry every run of a batch that is in a state for it."""
    from affiche.registry import batches, runs

    known: dict[str, runs.Wish] = {"cancel": "cancel", "pause": "pause", "resume": "resume", "retry": "retry"}
    if wish not in known:
        raise UsageError(f"{wish!r} cannot be wished of a batch", hint=f"wishes: {', '.join(known)}")
    with _audited(tenant, "batches.wish") as (connection, scope, about):
        told, left = batches.tell(connection, scope, id, known[wish])
        about.append(id)
    typer.echo(f"{told} told, {left} in no state for it")


@letters.command("list")
def list_letters(tenant: Tenant = "") -> None:
    """List work that was given up, oldest first, with its reason."""
    from affiche.registry.letters import all_of

    with opened(tenant) as (connection, scope):
        for letter in all_of(connection, scope):
            typer.echo(f"{letter.id}  {letter.at:%Y-%m-%d %H:%M}  {letter.kind}  {letter.subject}  {letter.reason}")


@letters.command("replay")
def replay_letter(id: Annotated[str, typer.Argument(help="The letter's id, as listed.")], tenant: Tenant = "") -> None:
    """Try it again."""
    from affiche.registry.letters import replay

    with _audited(tenant, "letters.replay") as (connection, scope, about):
        replay(connection, scope, id)
        about.append(id)


def _names(given: list[str]) -> list[str]:
    names: list[str] = []
    for name in given:
        if not name.startswith("@"):
            names.append(name)
            continue
        try:
            names += Path(name[1:]).read_text(encoding="utf-8").split()
        except OSError as error:
            raise UsageError(f"{name[1:]} cannot be read: {error.strerror}") from error
    return names


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is no moment", hint="such as 2026-12-01T06:00") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
