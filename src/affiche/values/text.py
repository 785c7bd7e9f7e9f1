"""Text: the words of one role with the locale they are written in and where they come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Origin = Literal["given", "memory", "phrasebook", "model", "source"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What is known of words that nobody has approved. `cost` in USD as decimal text; scores 0 to 100, None = not asked for.

    `judged` is the judge's reason, `back_text` the back-translation that `back` compares with the source.
    `match`: how alike the memory's source is, percent. `flags`: what is wrong and could not be mended, in words.
    `source`: the text it was made from.
    """

    model: str = ""
    cost: str = ""
    match: int = 100
    flags: tuple[str, ...] = ()
    judge: int | None = None
    back: int | None = None
    judged: str = ""
    back_text: str = ""
    source: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The stable JSON form; what says nothing is left out."""
        plain = {name: getattr(self, name) for name in ("model", "cost", "judge", "judged", "back", "back_text", "source")}
        plain |= {"match": self.match if self.match != 100 else None, "flags": list(self.flags)}
        return {name: value for name, value in plain.items() if value not in ("", None, [])}


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """Words to set. `locale` is the language they are *in* (for origin `source` not the locale that was asked for)."""

    value: str
    locale: str
    origin: Origin = "given"
    evidence: Evidence | None = None
