"""`affiche serve`: the service on this machine."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from affiche.errors import UsageError
from affiche.settings import load


def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 = any free one.")] = 8470,
    local: Annotated[bool, typer.Option("--local", help="No keys: who is on this machine is its administrator.")] = False,
    work: Annotated[bool, typer.Option("--work/--no-work", help="Carry out runs in this process too.")] = True,
) -> None:
    """Serve API and portal, with one worker. People sign in, programs bring a key, unless --local is said."""
    try:
        from affiche.serve.laptop import serve as run
    except ModuleNotFoundError as missing:
        raise UsageError(f"the service needs {missing.name}", hint="pip install 'affiche[service]'") from None
    typer.echo(f"http://{host}:{port}/")
    run(load(), host=host, port=port, work=work, local=local, tell=partial(typer.echo, err=True))
