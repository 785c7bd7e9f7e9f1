"""What commands print: JSON for machines, problems for people. Plain text; `progress.py` draws what moves."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any

from affiche.values.problem import Problem
from affiche.values.repeats import Repeats

_MARKS = {"error": "error", "warning": "warning", "note": "note"}


def print_json(value: Any, *, repeated: str = "") -> None:
    """`value` as one JSON document on standard output, other scripts left readable. `repeated`: see `json_text`."""
    sys.stdout.write(json_text(value, repeated=repeated) + "\n")


def json_text(value: Any, *, repeated: str = "") -> str:
    """JSON with one line for each member of the document, and for each object in a list of objects.

    Indentation all the way down would be written by Python code, which takes three times as long (1,000 creatives: 0.2 s).
    `repeated` names a list in these objects whose items are mostly the same few objects: each is written once.
    """
    writer = Repeats(repeated)
    if not isinstance(value, dict) or not value:
        return _listed(value, "", writer)
    members = (f"  {writer.text(str(key))}: {_listed(member, '  ', writer)}" for key, member in value.items())
    return "{\n" + ",\n".join(members) + "\n}"


def _listed(value: Any, margin: str, writer: Repeats) -> str:
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[\n" + ",\n".join(f"{margin}  {writer.text(item)}" for item in value) + f"\n{margin}]"
    return writer.text(value)


def problems_text(problems: Iterable[Problem]) -> str:
    """One block per problem: place, what is wrong, what to do."""
    blocks = []
    for problem in problems:
        head = f"{problem.where}: " if str(problem.where) else ""
        blocks.append(f"{head}{_MARKS[problem.severity]}: {problem.message}" + (f"\n    {problem.hint}" if problem.hint else ""))
    return "\n".join(blocks)
