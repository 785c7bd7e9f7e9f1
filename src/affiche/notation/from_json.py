"""JSON text -> a Node tree with places; the first error is explained in plain words.

Comments (`//`, `/* */`) are skipped. What JSON5 allows (a comma at the end, bare keys, single quotes) is read with a warning.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from json.decoder import JSONDecodeError, scanstring  # type: ignore[attr-defined]
from typing import Any

from affiche.notation.decode import cleaned
from affiche.notation.node import MAX_DEPTH, MAX_NODES, Node, adopt, scalar
from affiche.values.problem import Problem, Where

_SPACE = re.compile(r"(?:[ \t\r\n\ufeff]+|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_WORD = re.compile(r"-?[0-9][0-9.eE+-]*|true|false|null|NaN|-?Infinity")
#: Only a word that a colon follows is a key; anything else is a forgotten quote.
_BARE_KEY = re.compile(r"([A-Za-z_$][\w$-]*)\s*(?=:)")
_SINGLE = re.compile(r"'((?:[^'\\\n]|\\.)*)'(?=\s*[,:}\]])")


class _Wrong(Exception):
    def __init__(self, offset: int, message: str, hint: str = "", code: str = "file.syntax") -> None:
        super().__init__(message)
        self.offset, self.hint, self.code = offset, hint, code


def parse_json(text: str, *, file: str) -> tuple[tuple[Node, ...], tuple[Problem, ...]]:
    """The one document of a JSON text, or nothing and its first error (duplicate keys all together)."""
    reader = _Reader(text)
    if _SPACE.match(text).end() == len(text):  # type: ignore[union-attr]
        return (), ()
    problem: tuple[Problem, ...] = ()
    node: Node | None = None
    try:
        node = reader.document()
    except _Wrong as wrong:
        line, column = reader.place(wrong.offset)
        where = Where(file=file, line=line, column=column)
        problem = (
            Problem(severity="error", code=wrong.code, where=where, message=str(wrong), hint=wrong.hint),
        )
    duplicates = tuple(
        Problem(
            severity="error",
            code="file.duplicate-key",
            where=Where(file=file, line=line, column=column, pointer=key),
            message=f"key {key!r} stands here and in line {first}; only one can count",
            hint="remove one of the two",
        )
        for key, line, column, first in reader.duplicates
    )
    if problem or duplicates or node is None:
        return (), (*duplicates, *problem)
    return (node,), tuple(
        _warning(file, reader.place(at), message, hint) for at, message, hint in reader.loose[:8]
    )


def _warning(file: str, place: tuple[int, int], message: str, hint: str) -> Problem:
    where = Where(file=file, line=place[0], column=place[1])
    return Problem(severity="warning", code="file.loose-json", where=where, message=message, hint=hint)


class _Reader:
    """Recursive descent; depth is bounded by MAX_DEPTH."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.duplicates: list[tuple[str, int, int, int]] = []
        #: (offset, message, hint) of what strict JSON forbids and everybody understands.
        self.loose: list[tuple[int, str, str]] = []
        self._lines = [0, *(m.end() for m in re.finditer("\n", text))]
        self._count = 0

    def place(self, offset: int) -> tuple[int, int]:
        """(line, column) of an offset, from 1."""
        line = bisect_right(self._lines, offset)
        return line, offset - self._lines[line - 1] + 1

    def document(self) -> Node:
        """The whole text. Raises _Wrong."""
        node, at = self._value(self._skip(0), 0)
        at = self._skip(at)
        if at < len(self.text):
            raise _Wrong(
                at,
                "there is more text after the end of the JSON value",
                "one file holds one brief or one list",
            )
        return node

    def _skip(self, at: int) -> int:
        return _SPACE.match(self.text, at).end()  # type: ignore[union-attr]

    def _value(self, at: int, depth: int) -> tuple[Node, int]:
        self._count += 1
        if self._count > MAX_NODES:
            raise _Wrong(at, f"the file holds more than {MAX_NODES:,} values", code="file.too-large")
        if depth > MAX_DEPTH:
            raise _Wrong(at, f"values are nested deeper than {MAX_DEPTH} levels", code="file.too-deep")
        start = self.text[at : at + 1]
        if start == "{":
            return self._map(at, depth)
        if start == "[":
            return self._list(at, depth)
        line, column = self.place(at)
        if start == '"':
            text, end = self._string(at)
            return Node(text, line, column, text), end
        if start == "'":
            text, end = self._single(at)
            return Node(text, line, column, text), end
        word = _WORD.match(self.text, at)
        if word is None:
            raise self._unexpected(at)
        return Node(_number(word.group()), line, column, word.group()), word.end()

    def _map(self, at: int, depth: int) -> tuple[Node, int]:
        node = Node({}, *self.place(at))
        places: dict[str, tuple[int, int]] = {}
        node.key_places = places
        entries: dict[str, Node] = node.value
        at = self._skip(at + 1)
        while self.text[at : at + 1] != "}":
            place = self.place(at)
            key, at = self._key(at)
            if key in places:
                self.duplicates.append((key, *place, places[key][0]))
            places.setdefault(key, place)
            at = self._skip(at)
            if self.text[at : at + 1] != ":":
                raise _Wrong(at, f"a `:` is missing after {key[:40]!r}")
            child, at = self._value(self._skip(at + 1), depth + 1)
            entries.setdefault(key, child)
            at = self._next(at, "}")
        return adopt(node), at + 1

    def _key(self, at: int) -> tuple[str, int]:
        """A key; without quotes (`{campaign: ...}`, as JSON5 allows) it is read with a warning."""
        if self.text[at : at + 1] == '"':
            return self._string(at)
        if self.text[at : at + 1] == "'":
            return self._single(at)
        bare = _BARE_KEY.match(self.text, at)
        if bare is None:
            raise self._unexpected(at, key=True)
        self.loose.append((at, f"the key {bare.group(1)!r} has no quotes", 'write it in double quotes "..."'))
        return bare.group(1), bare.end(1)

    def _single(self, at: int) -> tuple[str, int]:
        """A text in single quotes, as JSON5 and Python write it."""
        match = _SINGLE.match(self.text, at)
        if match is None:
            raise self._unexpected(at)
        self.loose.append(
            (at, "single quotes are no quotes in JSON; read as a text", 'use double quotes "..."')
        )
        return cleaned(re.sub(r"\\(.)", r"\1", match.group(1))), match.end()

    def _list(self, at: int, depth: int) -> tuple[Node, int]:
        node = Node([], *self.place(at))
        entries: list[Node] = node.value
        at = self._skip(at + 1)
        while self.text[at : at + 1] != "]":
            child, at = self._value(at, depth + 1)
            entries.append(child)
            at = self._next(at, "]")
        return adopt(node), at + 1

    def _next(self, at: int, closing: str) -> int:
        """After an entry: past the comma, or at the closing bracket."""
        at = self._skip(at)
        sign = self.text[at : at + 1]
        if sign == closing:
            return at
        if sign != ",":
            if not sign:
                raise _Wrong(
                    at, f"the file ends too early: a `{closing}` is missing", "is the file complete?"
                )
            raise _Wrong(
                at, "a `,` is missing before this", "put a comma after the entry above, or close its quotes"
            )
        at = self._skip(at + 1)
        if self.text[at : at + 1] == closing:
            self.loose.append(
                (at, f"a `,` too many before this `{closing}`; read without it", "remove the comma")
            )
        return at

    def _string(self, at: int) -> tuple[str, int]:
        try:
            text, end = scanstring(self.text, at + 1, False)
        except JSONDecodeError as error:
            hint = (
                "write \\\\ for a backslash"
                if "escape" in error.msg
                else "a quote is opened and never closed"
            )
            raise _Wrong(error.pos, f"this is not valid JSON text: {error.msg}", hint) from None
        return cleaned(text), end

    def _unexpected(self, at: int, *, key: bool = False) -> _Wrong:
        sign = self.text[at : at + 1]
        if not sign:
            return _Wrong(at, "the file ends too early", "is the file complete?")
        if self.text.startswith("{{", at):
            return _Wrong(
                at,
                "an unfilled placeholder {{...}}",
                "replace it by real text in quotes",
                "brief.placeholder",
            )
        if sign in "'\u201c\u201d\u2018\u2019":
            return _Wrong(at, f"{sign} is not a quote in JSON", 'use straight double quotes "..."')
        what = "a key in double quotes" if key else "a value"
        return _Wrong(
            at,
            f"expected {what}, found {self.text[at : at + 12].split()[0]!r}",
            "is a quote or comma missing?",
        )


def _number(word: str) -> Any:
    return None if word == "null" else scalar(word)
