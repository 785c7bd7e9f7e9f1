"""Rewrite: one value of a YAML (or JSON) text set or removed, everything else as its author wrote it: comments, order, quotes.

Theory of operation. The parser says at which characters every value begins and ends; a change replaces just these. A value
that is missing is added at the end of the deepest map on its way that exists, in that map's own style. Whatever was written is
read again and compared with what was meant; a text whose style defeats this (anchors, folded keys) is written anew as a whole,
without its comments.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

Path = tuple[str, ...]
#: Plain data of strings: what a person types.
Value = str | Sequence["Value"] | Mapping[str, "Value"]

_PLAIN = re.compile(r"[^\W\d_][\w %/().+'-]*\Z")
#: Words that YAML takes for something else than text.
_SPECIAL = frozenset({"true", "false", "yes", "no", "on", "off", "null", "~", "y", "n", ".inf", ".nan"})
_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?\Z")


def rewritten(text: str, changes: Mapping[Path, Value | None]) -> str:
    """`text` with each value at its path of keys; None takes the value away. Raises ValueError when `text` is no map."""
    wanted = _data(text)
    if text.lstrip().startswith("{"):  # JSON has no comments to lose
        for path, value in changes.items():
            _put(wanted, path, value)
        return json.dumps(_typed(wanted), ensure_ascii=False, indent=2) + "\n"
    made = text
    for path, value in changes.items():
        if _at(wanted, path) == value:
            continue
        _put(wanted, path, value)
        made = _tried(made, path, value)
        if _read(made) != wanted:
            return yaml.safe_dump(_typed(wanted), allow_unicode=True, sort_keys=False, width=120)
    return made


def _data(text: str) -> dict[str, Any]:
    found = _read(text)
    if not isinstance(found, dict):
        raise ValueError("the file is not a list of fields")
    return found


def _read(text: str) -> Any:
    """Plain data, every scalar as it is written; None when it cannot be read."""
    try:
        return yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - builds text, lists and maps only
    except yaml.YAMLError:
        return None


def _at(data: Any, path: Path) -> Any:
    for key in path:
        data = data.get(key) if isinstance(data, dict) else None
    return data


def _put(data: dict[str, Any], path: Path, value: Value | None) -> None:
    for key in path[:-1]:
        if value is None and key not in data:
            return
        if not isinstance(data.get(key), dict):
            data[key] = {}
        data = data[key]
    if value is None:
        data.pop(path[-1], None)
    else:
        data[path[-1]] = copy.deepcopy(value)


def _tried(text: str, path: Path, value: Value | None) -> str:
    try:
        return _changed(text, path, value)
    except (yaml.YAMLError, LookupError, ValueError, AttributeError, StopIteration):
        return ""  # too strange to be changed in place


# -- text -----------------------------------------------------------------------------------------------------------------


def _changed(text: str, path: Path, value: Value | None) -> str:
    node, depth = _deepest(yaml.compose(text, Loader=yaml.SafeLoader), path)
    if depth == len(path):
        parent, _ = _deepest(yaml.compose(text, Loader=yaml.SafeLoader), path[:-1])
        return _removed(text, parent, path[-1]) if value is None else _replaced(text, node, value)
    if value is None:
        return text
    for key in reversed(path[depth + 1 :]):
        value = {key: value}
    if not isinstance(node, yaml.MappingNode):
        return _replaced(text, node, {path[depth]: value})
    return _added(text, node, path[depth], value)


def _deepest(node: Any, path: Path) -> tuple[Any, int]:
    """The node at the end of `path`, or the last one on the way there, and how many keys led to it."""
    for depth, key in enumerate(path):
        found = next((value for name, value in _pairs(node) if name == key), None)
        if found is None:
            return node, depth
        node = found
    return node, len(path)


def _pairs(node: Any) -> list[tuple[str, Any]]:
    return [(name.value, value) for name, value in node.value] if isinstance(node, yaml.MappingNode) else []


def _span(text: str, node: Any) -> tuple[int, int]:
    """First and last character of a value; blocks end with their last value and not with the comments behind it."""
    start, end = node.start_mark.index, node.end_mark.index
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1][1] if isinstance(node, yaml.MappingNode) else node.value[-1]
        return start, _span(text, last)[1]
    return start, start + len(text[start:end].rstrip()) if not isinstance(node, yaml.ScalarNode) else end


def _replaced(text: str, node: Any, value: Value) -> str:
    lines = _lines_changed(text, node, value)
    if lines is not None:
        return lines
    start, end = _span(text, node)
    said = _said(value)
    if start == end or (start and text[start - 1] == ":"):
        said = f" {said}"  # a key without a value
    if isinstance(node, yaml.ScalarNode) and node.style in ("|", ">"):
        said += "\n"
    if isinstance(node, yaml.CollectionNode) and not node.flow_style:
        # A block stands below its key: what replaces it stands behind it.
        start = len(text[:start].rstrip())
        said = f" {said.lstrip()}"
    return text[:start] + said + text[end:]


def _lines_changed(text: str, node: Any, value: Value) -> str | None:
    """A list in lines of which some go and others come at its end: the lines between stay, with their comments. None else."""
    if not isinstance(node, yaml.SequenceNode) or node.flow_style or isinstance(value, str | Mapping):
        return None
    old = [item.value for item in node.value if isinstance(item, yaml.ScalarNode)]
    kept = [one for one in old if one in value]
    if len(old) != len(node.value) or len(set(old)) != len(old) or not kept or kept != list(value[: len(kept)]):
        return None
    _, end = _span(text, node)
    end = (text.find("\n", end) + 1 or len(text) + 1) - 1
    indent = " " * node.start_mark.column
    text = text[:end] + "".join(f"\n{indent}- {_said(one)}" for one in value[len(kept) :]) + text[end:]
    for item in reversed([item for item in node.value if item.value not in kept]):
        line = text.rfind("\n", 0, item.start_mark.index) + 1
        text = text[:line] + text[text.find("\n", item.end_mark.index) + 1 :]
    return text


def _added(text: str, node: Any, key: str, value: Value) -> str:
    entry = f"{_said(key)}: {_said(value)}"
    if node.flow_style:
        start, end = node.start_mark.index, node.end_mark.index
        inside = text[start + 1 : end - 1].rstrip()
        comma = ", " if inside and not inside.endswith(",") else " " if inside else ""
        return f"{text[: start + 1]}{inside}{comma}{entry}{text[end - 1 :]}"
    _, end = _span(text, node)
    end = (text.find("\n", end) + 1 or len(text) + 1) - 1  # behind a comment on the last line
    indent = " " * node.start_mark.column
    return f"{text[:end]}\n{indent}{entry}{text[end:]}"


def _removed(text: str, parent: Any, key: str) -> str:
    at = next(number for number, (name, _) in enumerate(parent.value) if name.value == key)
    name, value = parent.value[at]
    start, end = name.start_mark.index, max(name.end_mark.index + 1, _span(text, value)[1])
    if parent.flow_style:
        if at + 1 < len(parent.value):
            return text[:start] + text[parent.value[at + 1][0].start_mark.index :]
        before = text[:start].rstrip().removesuffix(",")
        return before + text[end:]
    if len(parent.value) == 1:
        return text[:start] + "{}" + text[end:]
    line = text.rfind("\n", 0, start) + 1
    after = text.find("\n", end)
    return text[:line] + (text[after + 1 :] if after >= 0 else "")


def _said(value: Value) -> str:
    """A value on one line, as short as YAML allows; quoted as in JSON where quotes are needed."""
    if isinstance(value, str):
        plain = _PLAIN.match(value) and value.lower() not in _SPECIAL and ": " not in value and " #" not in value
        return value if (plain and value == value.strip()) or _NUMBER.match(value) else json.dumps(value, ensure_ascii=False)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_said(key)}: {_said(one)}" for key, one in value.items()) + "}"
    return "[" + ", ".join(map(_said, value)) + "]"


def _typed(data: Any) -> Any:
    """Numbers as numbers, so that a text that is written anew keeps them without quotes."""
    if isinstance(data, dict):
        return {key: _typed(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_typed(value) for value in data]
    if isinstance(data, str) and _NUMBER.match(data):
        return float(data) if "." in data else int(data)
    return data
