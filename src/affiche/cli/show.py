"""What commands print: JSON for machines, problems for people. Plain text; `progress.py` draws what moves."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import Any

from affiche.values.problem import Problem

_MARKS = {"error": "error", "warning": "warning", "note": "note"}


def print_json(value: Any) -> None:
    """`value` as one JSON document on standard output, other scripts left readable."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def problems_text(problems: Iterable[Problem]) -> str:
    """One block per problem: place, what is wrong, what to do."""
    blocks = []
    for problem in problems:
        head = f"{problem.where}: " if str(problem.where) else ""
        blocks.append(f"{head}{_MARKS[problem.severity]}: {problem.message}" + (f"\n    {problem.hint}" if problem.hint else ""))
    return "\n".join(blocks)
