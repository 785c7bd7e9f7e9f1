"""YAML text -> Node trees, from the event stream of libyaml.

Theory of operation: events are not recursive, so depth, node count and the expansion of aliases are bounded here, by our own
stack, before anything can blow up (billion laughs, a thousand brackets). Scalars follow the YAML 1.2 core schema (`node.scalar`).
Duplicate keys are errors, `<<` merges, tags other than `!!str` are refused.
"""

from __future__ import annotations

from typing import Any

import yaml

from affiche.notation.decode import cleaned
from affiche.notation.node import MAX_ALIASED_NODES, MAX_DEPTH, MAX_NODES, Node, adopt, scalar
from affiche.values.problem import Problem, Where

_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_HINTS = (
    (
        "mapping values are not allowed",
        "text with a `:` in it needs quotes; or this line is indented too far",
    ),
    ("could not find expected ':'", "a `:` after the key is missing, or a line is not indented enough"),
    ("did not find expected key", "check the indentation of this line, and quotes inside quotes"),
    ("did not find expected ',' or ']'", "a `,` or `]` is missing"),
    ("did not find expected ',' or '}'", "a `,` or `}` is missing"),
    ("found unexpected end of stream", "a quote is opened and never closed"),
    ("cannot start any token", "text that starts with @, `, % or a tab needs quotes"),
    ("undefined alias", "text that starts with * needs quotes"),
    ("found unknown escape", "in double quotes, write \\\\ for a backslash; or use single quotes"),
)


class _Refused(Exception):
    """A limit or rule of ours is broken; carries its problem."""

    def __init__(self, code: str, mark: Any, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code, self.mark, self.hint = code, mark, hint


def parse_yaml(text: str, *, file: str) -> tuple[tuple[Node, ...], tuple[Problem, ...]]:
    """The documents of a YAML text, or nothing and the first syntax error (with all duplicate keys before it)."""
    builder = _Builder()
    problem: Problem | None = None
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.take(event)
    except _Refused as refused:
        where = _where(refused.mark, file)
        problem = Problem(
            severity="error", code=refused.code, where=where, message=str(refused), hint=refused.hint
        )
    except yaml.YAMLError as error:
        problem = _syntax(error, text, file)
    duplicates = tuple(_duplicate(file, *found) for found in builder.duplicates)
    if problem is not None or duplicates:
        return (), (*duplicates, *((problem,) if problem else ()))
    return tuple(builder.documents), ()


class _Open:
    """A map or list that is still being read."""

    __slots__ = ("anchor", "key", "merged", "node")

    def __init__(self, node: Node, anchor: str | None) -> None:
        self.node, self.anchor = node, anchor
        self.key: str | None = None
        self.merged: list[Node] = []


class _Builder:
    """Builds nodes from events on an explicit stack."""

    def __init__(self) -> None:
        self.documents: list[Node] = []
        self.duplicates: list[tuple[str, int, int, int]] = []
        self._stack: list[_Open] = []
        self._anchors: dict[str, Node] = {}
        self._count = 0
        self._aliased = 0

    def take(self, event: Any) -> None:
        """Handles one event of libyaml."""
        kind = type(event)
        if kind is yaml.ScalarEvent:
            self._scalar(event)
        elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            self._open(event, {} if kind is yaml.MappingStartEvent else [])
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            self._close()
        elif kind is yaml.AliasEvent:
            self._alias(event)
        elif kind is yaml.DocumentStartEvent:
            self._anchors.clear()

    def _scalar(self, event: Any) -> None:
        mark = event.start_mark
        top = self._stack[-1] if self._stack else None
        if top is not None and top.key is None and isinstance(top.node.value, dict):
            self._key(top, cleaned(event.value), mark)
            return
        self._refuse_tag(event)
        text = cleaned(event.value)
        plain = not event.tag and event.implicit[0]
        node = Node(scalar(text) if plain else text, mark.line + 1, mark.column + 1, text)
        self._count += 1
        if self._count > MAX_NODES:
            raise _Refused("file.too-large", mark, f"the file holds more than {MAX_NODES:,} values")
        if event.anchor:
            self._anchors[event.anchor] = node
        self._add(node)

    def _key(self, top: _Open, key: str, mark: Any) -> None:
        places = top.node.key_places
        if places is not None and key in places and key != "<<":
            self.duplicates.append((key, mark.line + 1, mark.column + 1, places[key][0]))
        elif places is not None:
            places[key] = (mark.line + 1, mark.column + 1)
        top.key = key

    def _open(self, event: Any, value: Any) -> None:
        self._refuse_tag(event)
        mark = event.start_mark
        if len(self._stack) >= MAX_DEPTH:
            raise _Refused("file.too-deep", mark, f"values are nested deeper than {MAX_DEPTH} levels")
        top = self._stack[-1] if self._stack else None
        if top is not None and top.key is None and isinstance(top.node.value, dict):
            hint = "{{placeholders}} must be replaced by real text; text with braces needs quotes"
            raise _Refused("yaml.key", mark, "a key must be text, this is a list or map", hint)
        node = Node(value, mark.line + 1, mark.column + 1)
        if isinstance(value, dict):
            node.key_places = {}
        self._stack.append(_Open(node, event.anchor))

    def _close(self) -> None:
        done = self._stack.pop()
        for source in done.merged:
            for key, child in source.items():
                done.node.value.setdefault(key, child)
        adopt(done.node)
        if done.anchor:
            self._anchors[done.anchor] = done.node
        self._add(done.node)

    def _alias(self, event: Any) -> None:
        node = self._anchors.get(event.anchor)
        mark = event.start_mark
        if node is None:
            hint = "text that starts with * needs quotes"
            raise _Refused("yaml.alias", mark, f"*{event.anchor} refers to nothing above it", hint)
        self._aliased += node.size
        if self._aliased > MAX_ALIASED_NODES:
            raise _Refused("file.too-large", mark, "aliases (*name) repeat too much of the file")
        top = self._stack[-1] if self._stack else None
        if top is not None and top.key is None and isinstance(top.node.value, dict):
            raise _Refused("yaml.key", mark, "a key must be text, not an alias")
        self._add(node)

    def _add(self, node: Node) -> None:
        if not self._stack:
            self.documents.append(node)
            return
        top = self._stack[-1]
        if isinstance(top.node.value, list):
            top.node.value.append(node)
            return
        key, top.key = top.key or "", None
        if key == "<<" and (node.is_map or node.is_list):
            top.merged += [node] if node.is_map else [n for n in node if n.is_map]
        else:
            top.node.value.setdefault(key, node)

    def _refuse_tag(self, event: Any) -> None:
        if event.tag and event.tag not in (
            "!",
            "tag:yaml.org,2002:str",
            "tag:yaml.org,2002:map",
            "tag:yaml.org,2002:seq",
        ):
            name = event.tag.replace("tag:yaml.org,2002:", "!!")[:60]
            raise _Refused(
                "yaml.tag",
                event.start_mark,
                f"tag {name} is not allowed",
                "text that starts with ! needs quotes",
            )


def _duplicate(file: str, key: str, line: int, column: int, first: int) -> Problem:
    where = Where(file=file, line=line, column=column, pointer=key)
    message = f"key {key!r} stands here and in line {first}; only one can count"
    return Problem(
        severity="error",
        code="file.duplicate-key",
        where=where,
        message=message,
        hint="remove one of the two",
    )


def _tab(text: str, file: str, line: int) -> Problem | None:
    """The usual culprit: a line indented with a tab, at the error or just before it."""
    for number, content in list(enumerate(text.splitlines(), 1))[max(0, line - 2) : line + 1]:
        if content.lstrip(" ").startswith("\t") and content.strip():
            where = Where(file=file, line=number, column=content.index("\t") + 1)
            message = "this line is indented with a tab"
            return Problem(
                severity="error",
                code="file.syntax",
                where=where,
                message=message,
                hint="indent with spaces, not tabs",
            )
    return None


def _syntax(error: yaml.YAMLError, text: str, file: str) -> Problem:
    what = str(getattr(error, "problem", "") or getattr(error, "reason", "") or error).strip()
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    tab = _tab(text, file, mark.line + 1) if mark is not None else None
    if tab is not None:
        return tab
    hint = next((advice for sign, advice in _HINTS if sign in what), "")
    context = getattr(error, "context", None)
    where = _where(mark, file)
    if mark is None and isinstance(getattr(error, "position", None), int):
        where = _place(text, error.position, file)  # type: ignore[attr-defined]
    message = f"this is not valid YAML: {what}" + (f" ({context})" if context else "")
    return Problem(severity="error", code="file.syntax", where=where, message=message, hint=hint)


def _where(mark: Any, file: str) -> Where:
    return (
        Where(file=file, line=mark.line + 1, column=mark.column + 1) if mark is not None else Where(file=file)
    )


def _place(text: str, offset: int, file: str) -> Where:
    return Where(file=file, line=text.count("\n", 0, offset) + 1, column=offset - text.rfind("\n", 0, offset))
