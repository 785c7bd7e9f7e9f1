"""Text: the words of one role with the locale they are written in and where they come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Origin = Literal["given", "memory", "phrasebook", "model", "source"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """Words to set. `locale` is the language they are *in* (for origin `source` not the locale that was asked for)."""

    value: str
    locale: str
    origin: Origin = "given"
