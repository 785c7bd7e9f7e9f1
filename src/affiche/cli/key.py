"""`affiche key`: who may use the service. Works on the registry itself, so whoever may run it is an administrator."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from affiche.errors import UsageError
from affiche.settings import load
from affiche.values.principal import EVERY_BRAND, ROLES, Grant

if TYPE_CHECKING:
    from affiche.registry.scope import Row, Scope, Writing

app = typer.Typer(help="Make, list, rotate and revoke keys of the service.", no_args_is_help=True)

Tenant = Annotated[str, typer.Option(help="The tenant; without it the only one.")]
Id = Annotated[str, typer.Argument(help="The key's id (key_...).")]


@contextmanager
def opened(tenant: str) -> Iterator[tuple[Writing, Scope]]:
    """The registry in one transaction, and the tenant."""
    try:
        from affiche.registry.migrate import upgrade
        from affiche.registry.open import open_registry
        from affiche.registry.scope import HOME_TENANT, Scope
    except ModuleNotFoundError as missing:
        raise UsageError(f"the service needs {missing.name}", hint="pip install 'affiche[service]'") from None
    settings = load()
    registry = open_registry(settings.database_url, settings.home)
    try:
        upgrade(registry)
        with registry.write() as connection:
            yield connection, Scope(tenant=tenant or HOME_TENANT, actor="console")
    finally:
        registry.close()


@app.command()
def make(
    name: Annotated[str, typer.Argument(help="What the key is for.")],
    role: Annotated[list[str], typer.Option(help="viewer, creator, reviewer, legal or admin; `role:BRAND_ID` for one brand.")],
    days: Annotated[int, typer.Option(min=0, help="Valid for so many days; 0 = until it is revoked.")] = 365,
    tenant: Tenant = "",
) -> None:
    """Make a key. It is shown once."""
    from affiche.access import keys
    from affiche.registry.scope import now

    with opened(tenant) as (connection, scope):
        end = now() + timedelta(days=days) if days else None
        row, secret = keys.add(connection, scope, name=name, grants=[_grant(text) for text in role], expires_at=end)
        keys.note(connection, scope, "keys.create", row["id"])
    _tell(row, secret.reveal())


@app.command("list")
def listed(tenant: Tenant = "") -> None:
    """List keys: id, beginning, roles, end, name."""
    from affiche.access import keys

    with opened(tenant) as (connection, scope):
        for row in keys.all_of(connection, scope):
            roles = ",".join(f"{g['role']}:{g['brand']}" for g in row["grants"])
            end = "revoked" if row["revoked_at"] else f"{row['expires_at']:%Y-%m-%d}" if row["expires_at"] else "no end"
            typer.echo(f"{row['id']}  {row['prefix']}...  {roles}  {end}  {row['name']}")


@app.command()
def rotate(
    id: Id,
    overlap: Annotated[int, typer.Option(min=0, help="Hours for which the old key stays valid.")] = 168,
    tenant: Tenant = "",
) -> None:
    """Make the successor of a key; the old one stays valid for a while."""
    from affiche.access import keys

    with opened(tenant) as (connection, scope):
        row, secret = keys.rotate(connection, scope, id, overlap=timedelta(hours=overlap))
        keys.note(connection, scope, "keys.rotate", row["id"])
    _tell(row, secret.reveal())


@app.command()
def revoke(id: Id, tenant: Tenant = "") -> None:
    """End a key at once."""
    from affiche.access import keys

    with opened(tenant) as (connection, scope):
        keys.revoke(connection, scope, id)
        keys.note(connection, scope, "keys.revoke", id)


def _grant(text: str) -> Grant:
    role, _, brand = text.partition(":")
    known = next((one for one in ROLES if one == role), None)
    if known is None:
        raise UsageError(f"{role!r} is not a role", hint=f"roles: {', '.join(ROLES)}")
    return Grant(role=known, brand=brand or EVERY_BRAND)


def _tell(row: Row, text: str) -> None:
    typer.echo(f"{row['id']}: keep this, it is not shown again", err=True)
    typer.echo(text)
