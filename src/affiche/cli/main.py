"""The command line: `affiche COMMAND`. Commands are a table; each is imported when it is called, so that all start at once.

Errors end here: an `AfficheError` becomes its message, its hint and its exit code; anything else a short text, the place of
the full report, and exit code 1. `AFFICHE_DEBUG=1` shows the traceback instead. Next: `build.py`, `plan.py`.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from affiche.errors import AfficheError


@dataclass(frozen=True, slots=True)
class Row:
    """A command: where it is (`module:attribute`, a function or a Typer app) and its line in the list."""

    where: str
    help: str


COMMANDS: dict[str, Row] = {
    "new": Row("new:new", "Start a campaign: a folder with a brief and a brand to fill in."),
    "read": Row("read:read", "Understand brief files, anybody's; show what was read and what was assumed."),
    "plan": Row("plan:plan", "Say what a build would do, and why. Spends nothing, changes nothing."),
    "build": Row("build:build", "Make the creatives of briefs: only what is missing or changed."),
    "preview": Row("preview:preview", "Show three creatives on a local page, drawn again on every save."),
    "words": Row("words:app", "List, draft, approve and exchange the words of a brief."),
    "explain": Row("explain:explain", "Say what led to a creative, and what would make it again."),
    "check": Row("check:check", "Run the rules on any picture, also one that Affiche did not make."),
    "demo": Row("demo:demo", "Build the example campaigns and say where their galleries are."),
    "work": Row("work:work", "Do what the service has accepted, until told to end."),
    "workers": Row("workers:workers", "List who does the work of the service, and what each has in hand."),
    "placements": Row("placements:placements", "List where ads can appear, with sizes and limits."),
    "templates": Row("templates:templates", "List the templates."),
    "template": Row("template:app", "Prove a template of your own: check it, draw a proof sheet."),
    "locales": Row("locales:locales", "List the locales with script, direction and fonts."),
    "rules": Row("rules:rules", "List the rules that creatives are checked by."),
    "providers": Row("providers:app", "List where pictures and words come from, with key, price and health."),
    "spend": Row("spend:app", "List what was paid to providers; say how an uncertain call ended."),
    "pictures": Row("pictures:app", "Bring pictures in with their rights recorded; list those without."),
    "ingest": Row("ingest:app", "Bring in files from folders, prefixes and queues; list what was refused."),
    "assets": Row("assets:app", "Give pictures of the library their vectors; find them by meaning."),
    "sets": Row("sets:sets", "List the studio sets."),
    "markets": Row("markets:markets", "List countries and groups with the locales they are served in."),
    "schema": Row("schema:schema", "Print the JSON Schema of a file format."),
    "serve": Row("serve:serve", "Serve the API on this machine, with one worker."),
    "mcp": Row("mcp:mcp", "Serve tools for assistants: plan, build, look at creatives, explain findings."),
    "person": Row("person:app", "List, invite, export and erase people of the service."),
    "schedule": Row("later:schedule", "Make, list and remove runs to come: at one moment, or by cron."),
    "batch": Row("later:batch", "Start runs of many campaigns at once; tell them together."),
    "letters": Row("later:letters", "List work that was given up, and replay it."),
    "key": Row("key:app", "Make, list, rotate and revoke keys of the service."),
    "audit": Row("audit:audit", "Verify the audit log: every row, every link."),
    "verify": Row("upkeep:verify", "Hash everything that is stored again; look for what the registry names."),
    "sweep": Row("upkeep:sweep", "Let go what retention does not keep, and files that nobody names."),
    "reseal": Row("upkeep:reseal", "Seal what is stored anew under the current key."),
    "backup": Row("upkeep:backup", "Write registry, ledger and stored files into one file."),
    "restore": Row("upkeep:restore", "Bring a backup into an empty home."),
    "doctor": Row("doctor:doctor", "Check that this machine can build."),
}


def main() -> None:
    """The entry point of the `affiche` command."""
    if sys.argv[1:] == ["--version"]:
        from affiche.versions import own_version

        sys.stdout.write(f"affiche {own_version()}\n")
        return
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Runs one command; returns its exit code and never raises."""
    try:
        return _called(arguments)
    except KeyboardInterrupt:
        sys.stderr.write("\nstopped; the same command continues\n")
        return 130
    except BrokenPipeError:
        # The reader of our output (`| head`) has gone: nothing more to say, and nothing to flush at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except AfficheError as error:
        if _debug():
            raise
        return _told(error.public, error.hint, error.exit_code)
    except Exception as error:
        if _debug():
            raise
        hint = f"This is a fault of Affiche. The report is in {_report(arguments)}; please send it."
        return _told(f"{type(error).__name__}: {error}", hint, 1)


def _called(arguments: list[str]) -> int:
    from affiche.settings import one_thread_each

    one_thread_each()
    from affiche.cli.lazy import CommandError, command

    try:
        result = command(COMMANDS).main(args=arguments, prog_name="affiche", standalone_mode=False)
    except CommandError as error:
        error.show()
        return 2
    return result if isinstance(result, int) else 0


def _told(message: str, hint: str, code: int) -> int:
    sys.stderr.write(f"affiche: {message}\n" + (f"  {hint}\n" if hint else ""))
    return code


def _debug() -> bool:
    from affiche.settings import load

    try:
        return load().debug
    except AfficheError:
        return False


def _report(arguments: list[str]) -> str:
    """Writes the traceback to a file of its own and returns its path."""
    import platform
    import tempfile
    import traceback

    from affiche.versions import own_version

    made_with = f"affiche {own_version()}, Python {platform.python_version()}, {platform.platform()}"
    head = f"{made_with}\naffiche {' '.join(arguments)}\n\n"
    with tempfile.NamedTemporaryFile("w", prefix="affiche-report-", suffix=".txt", delete=False, encoding="utf-8") as file:
        file.write(head + traceback.format_exc())
    return file.name


def existing() -> dict[str, Row]:
    """The commands whose module is installed."""
    return {name: row for name, row in COMMANDS.items() if find_spec(f"affiche.cli.{row.where.partition(':')[0]}")}


def loaded(row: Row) -> Any:
    """The function or app of a command."""
    module, _, attribute = row.where.partition(":")
    return getattr(import_module(f"affiche.cli.{module}"), attribute)
