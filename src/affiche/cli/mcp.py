"""`affiche mcp`: tools for assistants, over standard input and output."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from typing import Annotated

import typer

from affiche.errors import UsageError
from affiche.settings import load


def mcp(
    url: Annotated[str, typer.Option(help="A running service; without it one runs in this process.")] = "",
    key: Annotated[str, typer.Option(help="The API key for it.")] = "",
) -> None:
    """Serve tools for assistants (Model Context Protocol): plan, build, look at creatives, explain findings."""
    try:
        from affiche.client import Affiche
        from affiche.mcp.server import make_server
        from affiche.serve.in_process import in_process
    except ModuleNotFoundError as missing:
        raise UsageError(f"this needs {missing.name}", hint="pip install 'affiche[service]'") from None
    with ExitStack() as stack:
        transport = None if url else stack.enter_context(in_process(load()))
        affiche = Affiche(url or "http://localhost", key=key, transport=transport)
        asyncio.run(make_server(affiche).run_stdio_async())
