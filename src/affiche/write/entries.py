"""Entries: the translation memory as values, and how texts are matched. Light: every command that reads a brief has it.

Exact matches are used as they are. A near match (at least 85 % alike, same numbers and placeholders) is used only where
otherwise the source would stand, and is flagged. Next: `memory.py` reads and writes the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from affiche.values.locale import Locale

#: The file beside the brief.
MEMORY = "translations.yaml"
#: Below this (percent of alike characters) a match helps nobody.
NEAR = 85
_FACTS = re.compile(r"\{[^{}]*\}|\d+(?:[.,]\d+)*")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Entry:
    """One approved translation."""

    source: str
    source_locale: str
    locale: str
    text: str
    by: str = ""
    on: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A near match, `percent` alike (NEAR to 99)."""

    entry: Entry
    percent: int


@dataclass(frozen=True, kw_only=True)
class TranslationMemory:
    """All entries. Not slotted: cached properties need a `__dict__`."""

    entries: tuple[Entry, ...] = ()

    @cached_property
    def exact(self) -> Mapping[tuple[str, str], str]:
        """(source text, target tag) -> words."""
        return {(entry.source, entry.locale): entry.text for entry in self.entries}

    def near(self, source: str, locale: str) -> Match | None:
        """The most alike entry for `locale`, when it is alike enough and names the same numbers and placeholders."""
        tags, best = Locale.parse(locale).fallbacks, None
        for entry in self.entries:
            if entry.locale in tags and entry.source != source and _FACTS.findall(entry.source) == _FACTS.findall(source):
                percent = min(99, alike(entry.source, source))
                if percent >= NEAR and (best is None or percent > best.percent):
                    best = Match(entry=entry, percent=percent)
        return best

    def with_entries(self, new: Iterable[Entry]) -> TranslationMemory:
        """The memory with `new` entries; a later approval of the same text replaces the earlier one."""
        kept = {(entry.source, entry.locale): entry for entry in (*self.entries, *new)}
        return TranslationMemory(entries=tuple(sorted(kept.values())))


def alike(one: str, other: str) -> int:
    """How alike two texts are, percent; case counts little."""
    from difflib import SequenceMatcher  # only where there is a memory

    matcher = SequenceMatcher(None, one.casefold(), other.casefold(), autojunk=False)
    return int(100 * matcher.ratio()) if matcher.quick_ratio() * 100 >= NEAR else 0
