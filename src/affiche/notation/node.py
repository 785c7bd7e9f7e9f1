"""A located value: what a file says at one place. Look next at `parse.py` (bytes -> Node)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from affiche.values.problem import Where

_IDENTIFIER = re.compile(r"[\w-]+\Z")

#: How large a file may be; each limit is far above any honest brief and far below what hurts.
MAX_BYTES = 20_000_000
MAX_NODES = 1_500_000
MAX_DEPTH = 48
MAX_ALIASED_NODES = 100_000


class Node:
    """One value of a file. `value` is `dict[str, Node]`, `list[Node]`, str, int, float, bool or None.

    `text` is a scalar as written (so that a price of `1.50` stays `1.50`). `line` and `column` count from 1.
    `key_places` holds (line, column) of each key of a map. Treated as immutable once a file is parsed.
    """

    __slots__ = ("column", "key", "key_places", "line", "parent", "size", "text", "value")

    def __init__(self, value: Any, line: int, column: int, text: str = "") -> None:
        self.value = value
        self.line = line
        self.column = column
        self.text = text
        self.size = 1
        self.parent: Node | None = None
        self.key: str | int = ""
        self.key_places: dict[str, tuple[int, int]] | None = None

    @property
    def is_map(self) -> bool:
        return isinstance(self.value, dict)

    @property
    def is_list(self) -> bool:
        return isinstance(self.value, list)

    @property
    def is_text(self) -> bool:
        return isinstance(self.value, str)

    @property
    def is_empty(self) -> bool:
        """Null, blank text, an empty map or list."""
        return self.value is None or (self.is_text and not self.value.strip()) or self.value in ({}, [])

    def get(self, key: str) -> Node | None:
        """The node under `key` of a map; None when this is no map or has no such key."""
        return self.value.get(key) if isinstance(self.value, dict) else None

    def items(self) -> Iterator[tuple[str, Node]]:
        """The entries of a map; nothing for anything else."""
        return iter(self.value.items()) if isinstance(self.value, dict) else iter(())

    def __iter__(self) -> Iterator[Node]:
        """The entries of a list; nothing for anything else."""
        return iter(self.value) if isinstance(self.value, list) else iter(())

    @property
    def pointer(self) -> str:
        """Dotted path from the root: `products[2].id`."""
        parts: list[str] = []
        node: Node | None = self
        while node is not None and node.parent is not None:
            parts.append(_step(node.key))
            node = node.parent
        return "".join(reversed(parts)).removeprefix(".")

    def where(self, file: str) -> Where:
        """Where the value stands."""
        return Where(file=file, line=self.line, column=self.column, pointer=self.pointer)

    def where_key(self, key: str, file: str) -> Where:
        """Where `key` of this map stands (the map itself when it has no such key)."""
        line, column = (self.key_places or {}).get(key, (self.line, self.column))
        pointer = (self.pointer + _step(key)).removeprefix(".")
        return Where(file=file, line=line, column=column, pointer=pointer)

    def at(self, path: tuple[str | int, ...]) -> Node:
        """The deepest node that exists along `path`."""
        node = self
        for step in path:
            inner: Node | None = None
            if isinstance(step, int) and isinstance(node.value, list) and 0 <= step < len(node.value):
                inner = node.value[step]
            elif isinstance(step, str):
                inner = node.get(step)
            if inner is None:
                return node
            node = inner
        return node

    def plain(self) -> Any:
        """The value as plain Python data."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value

    def as_written(self) -> Any:
        """Like `plain`, with numbers as the text that the author wrote."""
        if isinstance(self.value, dict):
            return {key: node.as_written() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.as_written() for node in self.value]
        return self.value if self.value is None or isinstance(self.value, bool | str) else self.text


def _step(key: str | int) -> str:
    if isinstance(key, int):
        return f"[{key}]"
    return f".{key}" if _IDENTIFIER.match(key) else f"[{key[:60]!r}]"


def adopt(parent: Node) -> Node:
    """Tells the children of a finished map or list where they belong (an aliased child keeps its first parent)."""
    size = 1
    entries = parent.value.items() if isinstance(parent.value, dict) else enumerate(parent.value)
    for key, child in entries:
        size += child.size
        if child.parent is None:
            child.parent, child.key = parent, key
    parent.size = size
    return parent


_INT = re.compile(r"[-+]?[0-9]{1,18}\Z")
_FLOAT = re.compile(r"[-+]?(?:[0-9]{1,18}\.?[0-9]{0,18}|\.[0-9]{1,18})(?:[eE][-+]?[0-9]{1,2})?\Z")
_WORDS: dict[str, bool | None] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip


def scalar(text: str) -> Any:
    """What an unquoted scalar means: YAML 1.2 core, so `no` is Norway, `9:16` a ratio and dates and huge numbers stay text."""
    if text in _WORDS:
        return _WORDS[text]
    if _INT.match(text):
        # A leading zero is an article number or a post code, never an octal number.
        return text if text.lstrip("+-").startswith("0") and text.lstrip("+-") != "0" else int(text)
    return float(text) if _FLOAT.match(text) else text
