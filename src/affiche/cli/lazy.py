"""A group of commands that are imported when they are called. Knows typer; `main.py` has the table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import typer
import typer.core
from typer.main import get_command

if TYPE_CHECKING:
    from affiche.cli.main import Row

#: A command line that cannot be understood (typer brings its own copy of click, or uses the installed one).
CommandError: Any = next(cls for cls in typer.BadParameter.__mro__ if cls.__name__ == "ClickException")


def command(rows: Mapping[str, Row]) -> Any:
    """The `affiche` command with `rows` as its commands."""

    # ruff: noqa: ARG002 (the signatures are click's)
    class Group(typer.core.TyperGroup):
        """Looks commands up in the table; its list needs none of them imported."""

        def list_commands(self, ctx: Any) -> list[str]:
            return list(rows)

        def get_command(self, ctx: Any, cmd_name: str) -> Any:
            row = rows.get(cmd_name)
            return None if row is None else _loaded(cmd_name, row)

        def resolve_command(self, ctx: Any, args: list[str]) -> Any:
            if args and args[0] not in rows and not args[0].startswith("-"):
                ctx.fail(_unknown(args[0], rows))
            return super().resolve_command(ctx, args)

        def format_commands(self, ctx: Any, formatter: Any) -> None:
            with formatter.section("Commands"):
                formatter.write_dl([(name, row.help) for name, row in rows.items()])

    app = typer.Typer(
        cls=Group, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False, no_args_is_help=True,
        help="One brief in; every localized, on-brand, checked, platform-ready creative out.",
        epilog="affiche --version prints the version.",
    )  # fmt: skip
    app.callback()(lambda: None)
    return get_command(app)


def _loaded(name: str, row: Row) -> Any:
    from affiche.cli.main import loaded

    found = loaded(row)
    if isinstance(found, typer.Typer):
        made = get_command(found)
    else:
        app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
        app.command(name)(found)
        made = get_command(app)
    made.name = name
    return made


def _unknown(name: str, rows: Mapping[str, Row]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(name, list(rows), n=1)
    return f"there is no command {name!r}" + (f"; did you mean {close[0]}?" if close else "")
