"""`affiche person`: people of the service. Works on the registry itself, so whoever may run it is an administrator."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from affiche.cli.key import Tenant, opened
from affiche.errors import NotFound, UsageError

if TYPE_CHECKING:
    from affiche.registry.scope import Writing

app = typer.Typer(help="List, invite, export and erase people of the service.", no_args_is_help=True)

Who = Annotated[str, typer.Argument(help="The person's id (per_...) or e-mail address.")]


@app.command("list")
def listed(tenant: Tenant = "") -> None:
    """List people: id, address, roles, state."""
    with opened(tenant) as (c, scope):
        from affiche.access import personal

        for row, roles in personal.everyone(c, scope.tenant):
            state = "active" if row["active"] else "closed"
            typer.echo(f"{row['id']}  {row['email']}  {','.join(roles) or '-'}  {state}")


@app.command()
def invite(who: Who, tenant: Tenant = "") -> None:
    """Print a ticket with which the person chooses a new password: open /join?ticket=... in the portal."""
    with opened(tenant) as (c, scope):
        from affiche.access import tickets

        person = _id(c, scope.tenant, who)
        tickets.withdraw(c, scope.tenant, "invitation", person=person)
        typer.echo(f"/join?ticket={tickets.issue(c, scope.tenant, 'invitation', person=person)}")


@app.command()
def export(who: Who, tenant: Tenant = "") -> None:
    """Print everything that is known about a person, as JSON."""
    with opened(tenant) as (c, scope):
        from affiche.access import personal

        data = personal.export(c, scope.tenant, _id(c, scope.tenant, who))
    typer.echo(json.dumps(data, ensure_ascii=False, indent=1))


@app.command()
def erase(
    who: Who,
    sure: Annotated[bool, typer.Option("--sure", help="There is no way back.")] = False,
    words: Annotated[bool, typer.Option("--words", help="Also empty what they wrote in comments and reasons.")] = False,
    tenant: Tenant = "",
) -> None:
    """Make a person nobody: name, address, login, sessions and keys are gone; decisions and the audit log keep the id."""
    if not sure:
        raise UsageError("erasing cannot be undone", hint="say --sure")
    with opened(tenant) as (c, scope):
        from affiche.access import personal
        from affiche.registry import audit

        person = _id(c, scope.tenant, who)
        changed = personal.erase(c, scope, person, words=words)
        audit.append(c, scope.tenant, "people.erase", actor=scope.actor, actor_kind="person", subject=person)
    typer.echo(f"{person}: " + ", ".join(f"{name} {count}" for name, count in changed.items() if count))


def _id(connection: Writing, tenant: str, who: str) -> str:
    from affiche.access import personal

    found = personal.named(connection, tenant, who)
    if not found:
        raise NotFound(f"there is no person {who[:80]!r}")
    return found
