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
    sys.stdout.write(json_text(value) + "\n")


def json_text(value: Any) -> str:
    """JSON with one line for each member of the document, and for each object in a list of objects.

    Indentation all the way down would be written by Python code, which takes three times as long (1,000 creatives: 0.2 s).
    """
    if not isinstance(value, dict) or not value:
        return _listed(value, "")
    return "{\n" + ",\n".join(f"  {_dumps(str(key))}: {_listed(member, '  ')}" for key, member in value.items()) + "\n}"


def _listed(value: Any, margin: str) -> str:
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[\n" + ",\n".join(f"{margin}  {_dumps(item)}" for item in value) + f"\n{margin}]"
    return _dumps(value)


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def problems_text(problems: Iterable[Problem]) -> str:
    """One block per problem: place, what is wrong, what to do."""
    blocks = []
    for problem in problems:
        head = f"{problem.where}: " if str(problem.where) else ""
        blocks.append(f"{head}{_MARKS[problem.severity]}: {problem.message}" + (f"\n    {problem.hint}" if problem.hint else ""))
    return "\n".join(blocks)
