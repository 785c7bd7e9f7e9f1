"""What commands print: JSON for machines, problems for people. Plain text; `progress.py` draws what moves."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import Any

from affiche.values.problem import Problem

_MARKS = {"error": "error", "warning": "warning", "note": "note"}


def print_json(value: Any, *, repeated: str = "") -> None:
    """`value` as one JSON document on standard output, other scripts left readable. `repeated`: see `json_text`."""
    sys.stdout.write(json_text(value, repeated=repeated) + "\n")


def json_text(value: Any, *, repeated: str = "") -> str:
    """JSON with one line for each member of the document, and for each object in a list of objects.

    Indentation all the way down would be written by Python code, which takes three times as long (1,000 creatives: 0.2 s).
    `repeated` names a list in these objects whose items are mostly the same few objects: each is written once.
    """
    told: dict[int, str] = {}
    if not isinstance(value, dict) or not value:
        return _listed(value, "", repeated, told)
    members = (f"  {_dumps(str(key))}: {_listed(member, '  ', repeated, told)}" for key, member in value.items())
    return "{\n" + ",\n".join(members) + "\n}"


def _listed(value: Any, margin: str, repeated: str, told: dict[int, str]) -> str:
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[\n" + ",\n".join(f"{margin}  {_object(item, repeated, told)}" for item in value) + f"\n{margin}]"
    return _dumps(value)


def _object(item: Any, repeated: str, told: dict[int, str]) -> str:
    """As `_dumps`; `told` holds what was written of the repeated ones, by the identity of the object."""
    if not isinstance(item, dict) or not isinstance(item.get(repeated), list):
        return _dumps(item)
    names = list(item)
    at = names.index(repeated)
    before, after = ({name: item[name] for name in part} for part in (names[:at], names[at + 1 :]))
    for one in item[repeated]:
        if id(one) not in told:
            told[id(one)] = _dumps(one)
    same = f"{_dumps(repeated)}: [{', '.join([told[id(one)] for one in item[repeated]])}]"
    return "{" + ", ".join(part for part in (_dumps(before)[1:-1], same, _dumps(after)[1:-1]) if part) + "}"


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def problems_text(problems: Iterable[Problem]) -> str:
    """One block per problem: place, what is wrong, what to do."""
    blocks = []
    for problem in problems:
        head = f"{problem.where}: " if str(problem.where) else ""
        blocks.append(f"{head}{_MARKS[problem.severity]}: {problem.message}" + (f"\n    {problem.hint}" if problem.hint else ""))
    return "\n".join(blocks)
