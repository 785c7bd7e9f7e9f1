"""The collector of what was assumed while a foreign brief was read. Every assumption is a note with its place."""

from __future__ import annotations

from affiche.notation.node import Node
from affiche.values.problem import Problem, Severity


class Notes:
    """Problems of one reading, in the order of the file; equal ones once."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._problems: dict[Problem, None] = {}

    def add(
        self, severity: Severity, code: str, node: Node, message: str, hint: str = "", *, key: str = ""
    ) -> None:
        """Adds a problem at `node` (or at its `key`)."""
        where = node.where_key(key, self.file) if key else node.where(self.file)
        problem = Problem(severity=severity, code=f"brief.{code}", where=where, message=message, hint=hint)
        self._problems.setdefault(problem)

    def note(self, code: str, node: Node, message: str, hint: str = "", *, key: str = "") -> None:
        """An assumption."""
        self.add("note", code, node, message, hint, key=key)

    @property
    def problems(self) -> tuple[Problem, ...]:
        return tuple(sorted(self._problems, key=lambda p: (p.where.line, p.where.column)))

    @property
    def failed(self) -> bool:
        return any(problem.severity == "error" for problem in self._problems)
