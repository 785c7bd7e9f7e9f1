"""`affiche audit`: follows the chain of the audit log."""

from __future__ import annotations

from typing import Annotated

import typer

from affiche.errors import UsageError
from affiche.settings import load


def audit(
    expect: Annotated[str, typer.Option(help="A head that was printed before: it must still be in the chain.")] = "",
    tenant: Annotated[str, typer.Option(help="One tenant; without it all.")] = "",
) -> None:
    """Verify the audit log: every row, every link. Exit code 1 when the chain is broken."""
    try:
        from affiche.registry import audit as chain
        from affiche.registry.open import open_registry
    except ModuleNotFoundError as missing:
        raise UsageError(f"the service needs {missing.name}", hint="pip install 'affiche[service]'") from None
    settings = load()
    registry = open_registry(settings.database_url, settings.home)
    broken = False
    with registry.read() as connection:
        for name in [tenant] if tenant else chain.tenants(connection):
            found = chain.verify(connection, name, expected=expect)
            state = "whole" if found.broken is None else f"BROKEN at row {found.broken}"
            typer.echo(f"{name}  {found.rows} rows  {state}  head {found.head or '-'}")
            broken = broken or found.broken is not None
    registry.close()
    if broken:
        raise typer.Exit(1)
