"""Template files: YAML bytes -> Template and problems (all of them, each with line and column). Pure.

A box is a mapping with one key, its kind: `set`, `product`, `photo`, `shape`, `column`, `row`, `overlay`, `space`, `cta`,
`logo`, or a text role (`headline`, `body`, ...). Its properties are the fields of the box's dataclass in `model.py`; this
module derives what is allowed from there, so format and model cannot drift. An unknown property is an error with the
nearest known one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from difflib import get_close_matches
from typing import Any, Literal, get_args, get_origin, get_type_hints

import yaml

from affiche.brand.model import COLOR_ROLES
from affiche.brief.model import TEXT_ROLES
from affiche.compose.template.model import (
    Alternative, Box, CtaSlot, Length, LogoSlot, Overlay, PhotoSlot, Place, ProductSlot, SetSlot, Shape, Space, Stack,
    Template, TextSlot,
)  # fmt: skip
from affiche.compose.template.when import Condition, parse
from affiche.placement.model import ASPECT_CLASSES
from affiche.values.digest import digest_bytes
from affiche.values.problem import Problem, Where

_KINDS: dict[str, type] = {
    "set": SetSlot, "product": ProductSlot, "photo": PhotoSlot, "shape": Shape, "column": Stack, "row": Stack,
    "overlay": Overlay, "space": Space, "cta": CtaSlot, "logo": LogoSlot, **{role: TextSlot for role in TEXT_ROLES if role != "cta"},
}  # fmt: skip
_PLACE_KEYS = ("at", "within", "when", "mirror")
_COLOR_FIELDS = ("colors", "fills", "fill", "paint", "to", "ground")
_LENGTH = re.compile(r"(-?\d+(?:\.\d+)?)(u|%|px|fr)?")
_TOP_KEYS = ("template", "id", "name", "description", "pictures", "ground", "classes")
_MAX_BYTES = 500_000


class _Bad(Exception):
    """A value that cannot be used; turned into a problem where it is caught."""

    def __init__(self, node: yaml.Node, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.node, self.hint = node, hint


def read_template(data: bytes, *, file: str) -> tuple[Template | None, tuple[Problem, ...]]:
    """The template in `data` (None when a problem is an error) and everything wrong with it."""
    reader = _Reader(file)
    try:
        root = _root(data)
    except _Bad as bad:
        reader.report(bad)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = Where(file=file, line=mark.line + 1 if mark else 1, column=mark.column + 1 if mark else 1)
        reader.problems.append(
            Problem(severity="error", code="template.syntax", where=where, message=f"not valid YAML: {error.problem}")
        )
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        where = Where(file=file, line=1, column=1)
        reader.problems.append(
            Problem(severity="error", code="template.syntax", where=where, message=f"not readable as YAML: {error}")
        )
    else:
        template = reader.template(root, data)
        if template is not None and not reader.problems:
            return template, ()
    return None, tuple(reader.problems)


def _root(data: bytes) -> yaml.MappingNode:
    empty = yaml.ScalarNode("", "", _mark(), _mark())
    if len(data) > _MAX_BYTES:
        raise _Bad(empty, f"a template file of {len(data)} bytes is too large; at most {_MAX_BYTES}")
    root = yaml.compose(data.decode("utf-8-sig"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    if not isinstance(root, yaml.MappingNode):
        raise _Bad(root or empty, "a template file is a mapping that starts with 'template: 1'")
    return root


def _mark() -> yaml.Mark:
    return yaml.Mark("", 0, 0, 0, None, 0)


class _Reader:
    """Walks the nodes of one file and collects problems."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def report(self, bad: _Bad) -> None:
        mark = bad.node.start_mark
        where = Where(file=self.file, line=mark.line + 1, column=mark.column + 1)
        self.problems.append(
            Problem(severity="error", code="template.value", where=where, message=str(bad), hint=bad.hint)
        )

    def entries(self, node: yaml.Node, known: tuple[str, ...], what: str) -> dict[str, yaml.Node]:
        """The values of a mapping by key; unknown and doubled keys are reported."""
        if not isinstance(node, yaml.MappingNode):
            raise _Bad(node, f"{what} is a mapping of properties")
        found: dict[str, yaml.Node] = {}
        for key, value in node.value:
            name = str(key.value)
            if name not in known:
                near = get_close_matches(name, known, n=1)
                hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(known)}"
                self.report(_Bad(key, f"unknown property {name!r} of {what}", hint))
            elif name in found:
                self.report(_Bad(key, f"property {name!r} of {what} is given twice"))
            found[name] = value
        return {name: value for name, value in found.items() if name in known}

    def template(self, root: yaml.MappingNode, data: bytes) -> Template | None:
        try:
            top = self.entries(root, _TOP_KEYS, "the template")
            for key in ("template", "id", "classes"):
                if key not in top:
                    raise _Bad(root, f"the template has no {key!r}")
            if _scalar(top["template"]) != "1":
                raise _Bad(top["template"], "this Affiche reads templates of version 1", "write 'template: 1'")
            return Template(
                id=_scalar(top["id"]),
                name=_scalar(top["name"]) if "name" in top else _scalar(top["id"]),
                description=_scalar(top["description"]) if "description" in top else "",
                pictures=tuple(_scalar(n) for n in _sequence(top["pictures"])) if "pictures" in top else ("none",),
                ground=_roles(top["ground"]) if "ground" in top else ("surface",),
                classes=self.classes(top["classes"]),
                digest=digest_bytes(data),
            )
        except _Bad as bad:
            self.report(bad)
            return None

    def classes(self, node: yaml.Node) -> Mapping[str, tuple[Alternative, ...]]:
        found = {
            name: tuple(self.alternative(item) for item in _sequence(value))
            for name, value in self.entries(node, ASPECT_CLASSES, "classes").items()
        }
        missing = [name for name in ASPECT_CLASSES if not found.get(name)]
        if missing:
            raise _Bad(node, f"no layout for aspect class {', '.join(missing)}", "every template covers all six classes")
        return found

    def alternative(self, node: yaml.Node) -> Alternative:
        entries = self.entries(node, ("name", "when", "margin", "boxes"), "a layout")
        given: dict[str, Any] = {}
        if "name" in entries:
            given["name"] = _scalar(entries["name"])
        if "when" in entries:
            given["when"] = _condition(entries["when"])
        if "margin" in entries:
            given["margin"] = _length(entries["margin"])
        return Alternative(tree=Overlay(children=self.boxes(entries.get("boxes", node))), **given)

    def boxes(self, node: yaml.Node) -> tuple[Box, ...]:
        children = []
        for item in _sequence(node):
            try:
                children.append(self.box(item))
            except _Bad as bad:
                self.report(bad)
        return tuple(children)

    def box(self, node: yaml.Node) -> Box:
        if not isinstance(node, yaml.MappingNode) or len(node.value) != 1:
            raise _Bad(node, "a box is a mapping with one key, its kind", f"kinds are {', '.join(_KINDS)}")
        key, value = node.value[0]
        kind = str(key.value)
        if kind not in _KINDS:
            near = get_close_matches(kind, _KINDS, n=1)
            raise _Bad(key, f"unknown kind of box {kind!r}", f"did you mean {near[0]!r}?" if near else f"kinds are {', '.join(_KINDS)}")
        preset: dict[str, Any] = {"direction": kind} if kind in ("column", "row") else {}
        if _KINDS[kind] is TextSlot:
            preset["role"] = kind
        return self.build(_KINDS[kind], kind, value, preset)

    def build(self, cls: type, kind: str, node: yaml.Node, preset: dict[str, Any]) -> Box:
        """The dataclass of a box from its properties."""
        hints = get_type_hints(cls)
        allowed = tuple(f.name for f in fields(cls) if f.name != "place" and f.name not in preset)
        empty = isinstance(node, yaml.ScalarNode) and node.value in ("", "null", "~")
        entries = {} if empty else self.entries(node, (*_PLACE_KEYS, *allowed), kind)
        values = dict(preset)
        for name in allowed:
            if name in entries:
                values[name] = self.value(entries[name], hints[name], name)
        values["place"] = self.place(entries)
        missing = [f.name for f in fields(cls) if f.name not in values and f.default is MISSING and f.default_factory is MISSING]
        if missing:
            raise _Bad(node, f"{kind} has no {', '.join(missing)}")
        return cls(**values)  # type: ignore[no-any-return]

    def value(self, node: yaml.Node, hint: Any, name: str) -> Any:
        if name == "children":
            return self.boxes(node)
        if name in _COLOR_FIELDS:
            return _roles(node) if get_origin(hint) is tuple else _role(node)
        if get_origin(hint) is Literal:
            return _choice(node, get_args(hint))
        if get_origin(hint) is tuple:
            return _lengths(node)
        return _SCALARS[hint](node)

    def place(self, entries: Mapping[str, yaml.Node]) -> Place:
        given: dict[str, Any] = {}
        if "at" in entries:
            lengths = [_length(n) for n in _sequence(entries["at"])]
            if len(lengths) != 4:
                raise _Bad(entries["at"], "'at' is [x, y, width, height]")
            given.update(zip(("x", "y", "width", "height"), lengths, strict=True))
        if "within" in entries:
            given["within"] = _choice(entries["within"], ("parent", "canvas", "content"))
        if "when" in entries:
            given["when"] = _condition(entries["when"])
        if "mirror" in entries:
            given["mirror"] = _choice(entries["mirror"], ("auto", "never")) == "auto"
        return Place(**given)


# -- single values -------------------------------------------------------------------------------------------------------


def _scalar(node: yaml.Node) -> str:
    if not isinstance(node, yaml.ScalarNode):
        raise _Bad(node, "expected a single value")
    return str(node.value)


def _sequence(node: yaml.Node) -> list[yaml.Node]:
    if not isinstance(node, yaml.SequenceNode):
        raise _Bad(node, "expected a list")
    return list(node.value)


def _length(node: yaml.Node) -> Length:
    text = _scalar(node)
    if text == "auto":
        return Length(0, "auto")
    match = _LENGTH.fullmatch(text)
    if match is None:
        raise _Bad(node, f"{text!r} is not a length", "lengths are like 6u, 50%, 12px, 1fr, auto")
    return Length(float(match.group(1)), match.group(2) or "px")  # type: ignore[arg-type]


def _lengths(node: yaml.Node) -> tuple[Length, ...]:
    """Four lengths (left, top, right, bottom), or two (horizontal, vertical), or one."""
    lengths = [_length(n) for n in node.value] if isinstance(node, yaml.SequenceNode) else [_length(node)]
    if len(lengths) not in (1, 2, 4):
        raise _Bad(node, "expected one, two or four lengths")
    return tuple((lengths * 4)[:4]) if len(lengths) < 4 else tuple(lengths)


def _number(node: yaml.Node) -> float:
    try:
        return float(_scalar(node))
    except ValueError:
        raise _Bad(node, f"{_scalar(node)!r} is not a number") from None


def _flag(node: yaml.Node) -> bool:
    return _choice(node, ("true", "false")) == "true"


def _choice(node: yaml.Node, allowed: tuple[str, ...]) -> str:
    text = _scalar(node)
    if text not in allowed:
        near = get_close_matches(text, allowed, n=1)
        hint = f"did you mean {near[0]!r}?" if near else ""
        raise _Bad(node, f"{text!r} is not one of {', '.join(a or '(empty)' for a in allowed)}", hint)
    return text


def _role(node: yaml.Node) -> str:
    return _choice(node, COLOR_ROLES)


def _roles(node: yaml.Node) -> tuple[str, ...]:
    nodes = node.value if isinstance(node, yaml.SequenceNode) else [node]
    return tuple(_role(n) for n in nodes)


def _condition(node: yaml.Node) -> Condition:
    try:
        return parse(_scalar(node))
    except ValueError as error:
        raise _Bad(node, str(error)) from None


_SCALARS: dict[Any, Callable[[yaml.Node], Any]] = {
    Length: _length, float: _number, int: lambda n: int(_number(n)), bool: _flag, str: _scalar,
}  # fmt: skip
