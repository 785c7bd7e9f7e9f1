"""Problems: what is wrong (or was assumed) in an input file. Collected and returned all together, never raised."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Where:
    """A place in a user's file; line and column count from 1; `pointer` is a dotted path such as `products[2].id`."""

    file: str = ""
    line: int = 0
    column: int = 0
    pointer: str = ""

    def __str__(self) -> str:
        place = self.file
        if self.line:
            place += f":{self.line}:{self.column}"
        return f"{place} ({self.pointer})" if place and self.pointer else place or self.pointer


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing to tell the author of a file.

    `code` is a stable slug (`brief.unknown-key`); `message` says what, which, what is allowed; `hint` what to do.
    """

    severity: Severity
    code: str
    where: Where
    message: str
    hint: str = ""

    def as_dict(self) -> dict[str, str]:
        """The stable JSON form."""
        return {
            "severity": self.severity,
            "code": self.code,
            "where": str(self.where),
            "message": self.message,
            "hint": self.hint,
        }


def has_errors(problems: list[Problem] | tuple[Problem, ...]) -> bool:
    """Whether any problem is an error."""
    return any(p.severity == "error" for p in problems)
