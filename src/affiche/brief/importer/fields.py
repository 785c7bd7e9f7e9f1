"""The keys of one foreign map by role, with groups (`target: {region, audience}`) flattened and the rest kept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher, get_close_matches
from typing import Any

from affiche.brief.importer.notes import Notes
from affiche.brief.importer.synonyms import fold_key, is_comment, localized_role, synonyms
from affiche.notation.guess import did_you_mean
from affiche.notation.node import Node

#: How alike a misspelt key must be, and how long, to be taken for another.
_SURE, _SURE_LENGTH = 0.9, 7
#: Below this likeness a suggestion would only confuse (`valid_until` is no `visualidentity`).
_ALIKE = 0.75
#: What parts the names of a key that has several.
_ALTERNATIVES = re.compile(r"\s*[/|(),&]\s*|\s+or\s+", re.IGNORECASE)


@dataclass(slots=True, kw_only=True)
class Found:
    """A value that plays a role; `rank` is how strong its spelling is, `localized` whether the key says `by locale`."""

    key: str
    node: Node
    parent: Node
    rank: int
    localized: bool = False
    #: The spelling that a misspelt key was taken for.
    guessed: str = ""


@dataclass(slots=True, kw_only=True)
class Fields:
    """What a map says, by role, strongest spelling first; `rest` holds the keys that no role knows."""

    node: Node
    roles: dict[str, list[Found]] = field(default_factory=dict)
    rest: list[tuple[str, Node, Node]] = field(default_factory=list)

    def all(self, role: str) -> list[Found]:
        """Every value of a role that says something."""
        return [found for found in self.roles.get(role, []) if not found.node.is_empty]

    def first(self, role: str) -> Node | None:
        """The strongest value of a role that says something."""
        found = self.all(role)
        return found[0].node if found else None

    def text(self, *roles: str) -> str:
        """The first text among `roles`."""
        for role in roles:
            for found in self.all(role):
                if isinstance(found.node.value, str | int | float) and not isinstance(found.node.value, bool):
                    return found.node.text.strip()
        return ""

    def extra(self) -> dict[str, Any]:
        """The unknown keys as plain data."""
        return {key: node.plain() for key, node, _ in self.rest if not node.is_empty}


def fields_of(node: Node, table: Mapping[str, tuple[str, int]], *, groups: bool = False) -> Fields:
    """The fields of a map by `table`; with `groups`, maps that only group other keys are opened."""
    fields = Fields(node=node)
    _gather(node, table, fields, groups, 0)
    if groups:
        _guess(fields, table)
    for found in fields.roles.values():
        found.sort(key=lambda item: item.rank)
    return fields


def _gather(
    node: Node, table: Mapping[str, tuple[str, int]], fields: Fields, groups: bool, depth: int
) -> None:
    known = synonyms()
    for key, child in node.items():
        if is_comment(key):
            continue
        folded = fold_key(key)
        opens = groups and child.is_map and depth < 4 and (folded in known.wrappers or folded in known.groups)
        if opens:
            _gather(child, table, fields, groups, depth + 1)
        elif spelling := known_spelling(key, table):
            role, rank = table[spelling]
            fields.roles.setdefault(role, []).append(
                Found(key=key, node=child, parent=node, rank=rank + 1000 * depth)
            )
        elif role := localized_role(folded, table):
            found = Found(key=key, node=child, parent=node, rank=500, localized=True)
            fields.roles.setdefault(role, []).append(found)
        else:
            fields.rest.append((key, child, node))


def known_spelling(key: str, table: Mapping[str, tuple[str, int]]) -> str:
    """The folded key when the table knows it; of `Target Region / Market` or `Message (EN)`, the first part that it knows."""
    whole = fold_key(key)
    if whole in table or not _ALTERNATIVES.search(key):
        return whole if whole in table else ""
    parts = (fold_key(part) for part in _ALTERNATIVES.split(key))
    return next((part for part in parts if part in table), "")


def _guess(fields: Fields, table: Mapping[str, tuple[str, int]]) -> None:
    """Takes keys that are surely misspelt (`mesage`, `campain_name`) for a role that nothing else plays."""
    spellings = [spelling for spelling in table if len(spelling) >= _SURE_LENGTH]
    for entry in list(fields.rest):
        key, child, parent = entry
        folded = fold_key(key)
        if len(folded) < _SURE_LENGTH - 1 or child.is_empty or folded in synonyms().kept:
            continue
        close = get_close_matches(folded, spellings, n=1, cutoff=_SURE)
        if close and not fields.all(table[close[0]][0]):
            role, rank = table[close[0]]
            fields.roles.setdefault(role, []).append(
                Found(key=key, node=child, parent=parent, rank=rank + 5000, guessed=close[0])
            )
            fields.rest.remove(entry)


def report_rest(fields: Fields, table: Mapping[str, tuple[str, int]], notes: Notes) -> None:
    """Notes on keys that are kept but mean nothing to us."""
    known = synonyms()
    spellings = [*table]
    for found in (found for group in fields.roles.values() for found in group if found.guessed):
        notes.note(
            "guessed",
            found.parent,
            f"{found.key!r} read as {found.guessed!r}",
            "correct the spelling to be sure",
            key=found.key,
        )
    for key, child, parent in fields.rest:
        folded = fold_key(key)
        if folded in known.kept or any(folded.endswith(kept) for kept in known.kept if len(kept) > 4):
            notes.note("kept", parent, f"{key!r} is kept but does not change the creatives", key=key)
            continue
        hint = "" if child.is_empty else did_you_mean(folded, [s for s in spellings if _alike(folded, s)])
        notes.note("unknown-key", parent, f"{key!r} is not understood; kept as it is", hint, key=key)


def _alike(one: str, other: str) -> bool:
    return SequenceMatcher(None, one, other).ratio() >= _ALIKE
