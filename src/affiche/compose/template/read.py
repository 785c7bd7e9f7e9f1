"""Template files: YAML bytes -> Template and problems (all of them, each with line and column). Pure.

A box is a mapping with one key, its kind: `set`, `product`, `photo`, `shape`, `column`, `row`, `overlay`, `space`, `cta`,
`logo`, or a text role (`headline`, `body`, ...). Its properties are the fields of the box's dataclass in `model.py`; this
module derives what is allowed from there, so format and model cannot drift. An unknown property is an error with the
nearest known one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, fields
from functools import cache
from typing import Any, Literal, get_args, get_origin, get_type_hints

from affiche.brand.model import COLOR_ROLES
from affiche.brief.model import SHORT, TEXT_ROLES
from affiche.compose.template.model import (
    Alternative,
    Box,
    CtaSlot,
    Length,
    LineupSlot,
    LogoSlot,
    Overlay,
    PhotoSlot,
    Place,
    ProductSlot,
    SetSlot,
    Shape,
    Space,
    Stack,
    Template,
    TextSlot,
)  # fmt: skip
from affiche.compose.template.when import Condition, parse
from affiche.notation.guess import did_you_mean
from affiche.notation.node import Node
from affiche.notation.parse import parse as parse_file
from affiche.placement.model import ASPECT_CLASSES
from affiche.values.digest import digest_bytes
from affiche.values.problem import Problem

KINDS: dict[str, type] = {
    "set": SetSlot, "product": ProductSlot, "lineup": LineupSlot, "mark": TextSlot, "photo": PhotoSlot,
    "shape": Shape, "column": Stack, "row": Stack, "overlay": Overlay, "space": Space, "cta": CtaSlot, "logo": LogoSlot,
    **{role: TextSlot for role in TEXT_ROLES if role != "cta" and not role.endswith(SHORT)},
}  # fmt: skip
PLACE_KEYS = ("at", "within", "when", "mirror")
COLOR_FIELDS = ("colors", "fills", "fill", "chip", "paint", "paints", "to", "ground")
_LENGTH = re.compile(r"(-?\d+(?:\.\d+)?)(u|%|px|fr)?")
_TOP_KEYS = ("template", "id", "name", "description", "pictures", "ground", "needs", "classes")


class _Bad(Exception):
    """A value that cannot be used; turned into a problem where it is caught."""

    def __init__(self, node: Node, message: str, hint: str = "", *, key: str = "") -> None:
        super().__init__(message)
        self.node, self.hint, self.key = node, hint, key


def read_template(data: bytes, *, file: str) -> tuple[Template | None, tuple[Problem, ...]]:
    """The template in `data` (None when a problem is an error) and everything wrong with it."""
    documents, problems = parse_file(data, file=file)
    if not documents:
        return None, problems
    reader = _Reader(file)
    template = reader.template(documents[0], data)
    found = (*problems, *reader.problems)
    return (None if reader.problems else template), found


class _Reader:
    """Walks the nodes of one file and collects problems."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.asks: set[str] = set()
        self.lineup = self.staged = False
        self.groups: dict[str, str] = {}

    def report(self, bad: _Bad) -> None:
        where = bad.node.where_key(bad.key, self.file) if bad.key else bad.node.where(self.file)
        code = "template.unknown-key" if bad.key else "template.value"
        self.problems.append(Problem(severity="error", code=code, where=where, message=str(bad), hint=bad.hint))

    def entries(self, node: Node, known: tuple[str, ...], what: str) -> dict[str, Node]:
        """The values of a mapping by key; unknown keys are reported."""
        if not node.is_map:
            raise _Bad(node, f"{what} is a mapping of properties")
        found = dict(node.items())
        for name in found:
            if name not in known:
                hint = did_you_mean(name, known) or f"known are {', '.join(known)}"
                self.report(_Bad(node, f"unknown property {name!r} of {what}", hint, key=name))
        return {name: value for name, value in found.items() if name in known}

    def template(self, root: Node, data: bytes) -> Template | None:
        try:
            top = self.entries(root, _TOP_KEYS, "the template")
            for key in ("template", "id", "classes"):
                if key not in top:
                    raise _Bad(root, f"the template has no {key!r}")
            if _scalar(top["template"]) != "1":
                raise _Bad(top["template"], "this Affiche reads templates of version 1", "write 'template: 1'")
            classes = self.classes(top["classes"])
            return Template(
                id=_scalar(top["id"]),
                name=_scalar(top["name"]) if "name" in top else _scalar(top["id"]),
                description=_scalar(top["description"]) if "description" in top else "",
                pictures=tuple(_scalar(n) for n in _sequence(top["pictures"])) if "pictures" in top else ("none",),
                ground=_roles(top["ground"]) if "ground" in top else ("surface",),
                needs=tuple(_needed(n) for n in _sequence(top["needs"])) if "needs" in top else (),
                lineup=self.lineup,
                staged=self.staged,
                groups=dict(self.groups),
                classes=classes,
                digest=digest_bytes(data),
                asks=tuple(sorted(self.asks)),
            )
        except _Bad as bad:
            self.report(bad)
            return None

    def classes(self, node: Node) -> Mapping[str, tuple[Alternative, ...]]:
        found = {
            name: tuple(self.alternative(item) for item in _sequence(value))
            for name, value in self.entries(node, ASPECT_CLASSES, "classes").items()
        }
        missing = [name for name in ASPECT_CLASSES if not found.get(name)]
        if missing:
            raise _Bad(node, f"no layout for aspect class {', '.join(missing)}", "every template covers all six classes")
        return found

    def alternative(self, node: Node) -> Alternative:
        entries = self.entries(node, ("name", "when", "margin", "note", "boxes"), "a layout")
        given: dict[str, Any] = {name: _scalar(entries[name]) for name in ("name", "note") if name in entries}
        if "when" in entries:
            given["when"] = self.condition(entries["when"])
        if "margin" in entries:
            given["margin"] = _length(entries["margin"])
        return Alternative(tree=Overlay(children=self.boxes(entries.get("boxes", node))), **given)

    def boxes(self, node: Node) -> tuple[Box, ...]:
        children = []
        for item in _sequence(node):
            try:
                children.append(self.box(item))
            except _Bad as bad:
                self.report(bad)
        return tuple(children)

    def box(self, node: Node) -> Box:
        entries = dict(node.items())
        if len(entries) != 1:
            raise _Bad(node, "a box is a mapping with one key, its kind", f"kinds are {', '.join(KINDS)}")
        kind, value = entries.popitem()
        if kind not in KINDS:
            hint = did_you_mean(kind, KINDS) or f"kinds are {', '.join(KINDS)}"
            raise _Bad(node, f"unknown kind of box {kind!r}", hint, key=kind)
        preset: dict[str, Any] = {"direction": kind} if kind in ("column", "row") else {}
        self.lineup = self.lineup or kind == "lineup"
        self.staged = self.staged or kind == "set"
        if KINDS[kind] is TextSlot:
            preset["role"] = kind
        return self.build(KINDS[kind], kind, value, preset)

    def build(self, cls: type, kind: str, node: Node, preset: dict[str, Any]) -> Box:
        """The dataclass of a box from its properties."""
        hints = _hints(cls)
        allowed = tuple(f.name for f in fields(cls) if f.name != "place" and f.name not in preset)
        entries = {} if node.is_empty else self.entries(node, (*PLACE_KEYS, *allowed), kind)
        values = dict(preset)
        for name in allowed:
            if name in entries:
                values[name] = self.value(entries[name], hints[name], name)
        values["place"] = self.place(entries)
        missing = [f.name for f in fields(cls) if f.name not in values and f.default is MISSING and f.default_factory is MISSING]
        if missing:
            raise _Bad(node, f"{kind} has no {', '.join(missing)}")
        if values.get("group"):
            self.groups[values["role"]] = values["group"]
        return cls(**values)  # type: ignore[no-any-return]

    def value(self, node: Node, hint: Any, name: str) -> Any:
        if name == "children":
            return self.boxes(node)
        if name in COLOR_FIELDS:
            return _roles(node) if get_origin(hint) is tuple else _role(node)
        if get_origin(hint) is Literal:
            return _choice(node, get_args(hint))
        if get_origin(hint) is tuple:
            return _lengths(node)
        return _SCALARS[hint](node)

    def place(self, entries: Mapping[str, Node]) -> Place:
        given: dict[str, Any] = {}
        if "at" in entries:
            lengths = [_length(n) for n in _sequence(entries["at"])]
            if len(lengths) != 4:
                raise _Bad(entries["at"], "'at' is [x, y, width, height]")
            given.update(zip(("x", "y", "width", "height"), lengths, strict=True))
        if "within" in entries:
            given["within"] = _choice(entries["within"], ("parent", "canvas", "content"))
        if "when" in entries:
            given["when"] = self.condition(entries["when"])
        if "mirror" in entries:
            given["mirror"] = _choice(entries["mirror"], ("auto", "never")) == "auto"
        return Place(**given)

    def condition(self, node: Node) -> Condition:
        try:
            condition = parse(_scalar(node))
        except ValueError as error:
            raise _Bad(node, str(error)) from None
        self.asks |= condition.names
        return condition


# -- single values -------------------------------------------------------------------------------------------------------


def _scalar(node: Node) -> str:
    if node.is_map or node.is_list:
        raise _Bad(node, "expected a single value")
    return node.text if node.text or not node.is_text else str(node.value)


def _sequence(node: Node) -> list[Node]:
    if not node.is_list:
        raise _Bad(node, "expected a list")
    return list(node)


def _length(node: Node) -> Length:
    text = _scalar(node)
    if text == "auto":
        return Length(0, "auto")
    match = _LENGTH.fullmatch(text)
    if match is None:
        raise _Bad(node, f"{text!r} is not a length", "lengths are like 6u, 50%, 12px, 1fr, auto")
    return Length(float(match.group(1)), match.group(2) or "px")  # type: ignore[arg-type]


def _lengths(node: Node) -> tuple[Length, ...]:
    """Four lengths (left, top, right, bottom), or two (horizontal, vertical), or one."""
    lengths = [_length(n) for n in node] if node.is_list else [_length(node)]
    if len(lengths) not in (1, 2, 4):
        raise _Bad(node, "expected one, two or four lengths")
    return tuple((lengths * 4)[:4]) if len(lengths) < 4 else tuple(lengths)


def _number(node: Node) -> float:
    try:
        return float(_scalar(node))
    except ValueError:
        raise _Bad(node, f"{_scalar(node)!r} is not a number") from None


def _flag(node: Node) -> bool:
    return _choice(node, ("true", "false")) == "true"


def _choice(node: Node, allowed: tuple[str, ...]) -> str:
    text = _scalar(node)
    if text not in allowed:
        hint = did_you_mean(text, allowed)
        raise _Bad(node, f"{text!r} is not one of {', '.join(a or '(empty)' for a in allowed)}", hint)
    return text


def _needed(node: Node) -> tuple[str, ...]:
    """Text roles of which one must be there: `quote`, `offer|price`."""
    roles = tuple(role.strip() for role in _scalar(node).split("|"))
    for role in roles:
        if role not in TEXT_ROLES:
            hint = did_you_mean(role, TEXT_ROLES) or f"roles are {', '.join(TEXT_ROLES)}"
            raise _Bad(node, f"{role!r} is not a text role", hint)
    return roles


def _role(node: Node) -> str:
    return _choice(node, COLOR_ROLES)


def _roles(node: Node) -> tuple[str, ...]:
    nodes: Iterable[Node] = node if node.is_list else [node]
    return tuple(_role(n) for n in nodes)


_SCALARS: dict[Any, Callable[[Node], Any]] = {
    Length: _length, float: _number, int: lambda n: int(_number(n)), bool: _flag, str: _scalar,
}  # fmt: skip


@cache
def _hints(cls: type) -> dict[str, Any]:
    """Worked out once per class: a template has dozens of boxes, and this was half of reading one."""
    return get_type_hints(cls)
