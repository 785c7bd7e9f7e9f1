"""Problems on a terminal: errors first, each with its place and what to do."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.text import Text

from affiche.values.problem import Problem

_STYLE = {"error": "bold red", "warning": "yellow", "note": "cyan"}


def print_problems(console: Console, problems: Iterable[Problem], *, notes: bool = True) -> None:
    """Prints errors, warnings and (with `notes`) notes, one or two lines each."""
    ranked = sorted(problems, key=lambda p: ("error", "warning", "note").index(p.severity))
    for problem in ranked:
        if problem.severity == "note" and not notes:
            continue
        line = Text("  ")
        line.append(problem.severity, style=_STYLE[problem.severity])
        place = f"{problem.where.line}:{problem.where.column}" if problem.where.line else problem.where.file
        line.append(f" {place} ", style="dim")
        line.append(problem.message)
        console.print(line, highlight=False, soft_wrap=True)
        if problem.hint:
            console.print(Text(f"      {problem.hint}", style="dim"), highlight=False, soft_wrap=True)
