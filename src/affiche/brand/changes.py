"""What differs between two brand files, field by field. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from affiche.notation.node import Node
from affiche.notation.parse import parse


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One field (`colors.primary`, `words.forbidden.de`) and what it said; empty = it was not there. Lists are joined by `, `."""

    field: str
    before: str
    after: str


def changes(before: bytes, after: bytes) -> tuple[Change, ...]:
    """What `after` says otherwise than `before`, in the order of the files. A file that cannot be read says nothing."""
    old, new = dict(_said(before)), dict(_said(after))
    names = dict.fromkeys([*new, *old])
    return tuple(
        Change(field=name, before=old.get(name, ""), after=new.get(name, "")) for name in names if old.get(name) != new.get(name)
    )


def _said(data: bytes) -> Iterator[tuple[str, str]]:
    documents, _ = parse(data, file="brand")
    if documents:
        yield from _fields(documents[0])


def _fields(node: Node) -> Iterator[tuple[str, str]]:
    if node.is_map:
        for child in node.value.values():
            yield from _fields(child)
    elif node.is_list and any(child.is_map for child in node):
        for child in node:
            yield from _fields(child)
    else:
        # A family alone is the short form of a map: the same field either way.
        short = {"type.display": "type.display.family", "type.text": "type.text.family", "logo": "logo.file"}
        yield short.get(node.pointer, node.pointer), ", ".join(child.text for child in node) if node.is_list else node.text
