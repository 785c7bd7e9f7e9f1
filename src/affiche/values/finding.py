"""Findings: the outcome of one rule on one creative (DESIGN: check)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from affiche.values.geometry import Rect

FindingStatus = Literal["pass", "warn", "fail", "error", "skip"]
CreativeStatus = Literal["passed", "flagged", "failed", "error"]
#: Statuses without a failed check: what may be approved, packed and delivered.
SOUND: frozenset[str] = frozenset({"passed", "flagged"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a rule says. `measured` and `limit` carry their unit in text (`"3.9:1"`, `"41 px"`); `rect` in px of the file."""

    rule: str
    code: str
    status: FindingStatus
    message: str
    measured: str = ""
    limit: str = ""
    rect: Rect | None = None
    hint: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The stable JSON form; `rect` is [x, y, width, height] or None."""
        return {
            "rule": self.rule,
            "code": self.code,
            "status": self.status,
            "message": self.message,
            "measured": self.measured,
            "limit": self.limit,
            "rect": None if self.rect is None else [round(v, 1) for v in self.rect.as_tuple()],
            "hint": self.hint,
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Finding:
        """The inverse of `as_dict`."""
        rect = data.get("rect")
        return cls(**{**data, "rect": None if rect is None else Rect(*rect)})


def creative_status(findings: Iterable[Finding]) -> CreativeStatus:
    """The status that the findings give a creative: error > failed > flagged > passed."""
    seen = {f.status for f in findings}
    if "error" in seen:
        return "error"
    if "fail" in seen:
        return "failed"
    return "flagged" if "warn" in seen else "passed"
