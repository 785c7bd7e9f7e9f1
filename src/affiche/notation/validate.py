"""A Node tree against a pydantic model: everything wrong at once, each with its place, in words for people.

pydantic finds what is wrong; this module says where it stands, what is allowed and what was probably meant.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from affiche.notation.guess import did_you_mean
from affiche.notation.node import Node
from affiche.values.problem import Problem, Where
from affiche.values.slug import slug

_Model = TypeVar("_Model", bound=BaseModel)

#: pydantic error type -> words; `{...}` come from its context. Types that are missing here keep pydantic's message.
_SAYING = {
    "missing": "{key!r} is missing",
    "string_type": "this must be text",
    "list_type": "this must be a list",
    "dict_type": "this must be a map of keys and values",
    "model_type": "this must be a map of keys and values",
    "model_attributes_type": "this must be a map of keys and values",
    "bool_type": "this must be true or false",
    "bool_parsing": "this must be true or false",
    "float_type": "this must be a number",
    "float_parsing": "this must be a number",
    "int_type": "this must be a whole number",
    "int_parsing": "this must be a whole number",
    "string_too_long": "this text is too long; at most {max_length} characters",
    "string_too_short": "this text must not be empty",
    "too_short": "this list needs at least {min_length} entries, it has {actual_length}",
    "too_long": "this list may have at most {max_length} entries, it has {actual_length}",
    "greater_than_equal": "this must be {ge} or more",
    "less_than_equal": "this must be {le} or less",
    "literal_error": "this must be {expected}",
}


def validate(
    model: type[_Model], node: Node, *, file: str, kind: str
) -> tuple[_Model | None, tuple[Problem, ...]]:
    """An instance of `model`, or None with every problem; codes start with `kind` (`brief.unknown-key`)."""
    try:
        return model.model_validate(node.as_written()), ()
    except ValidationError as error:
        found = [
            _problem(model, node, item, file, kind)
            for item in error.errors(include_url=False, include_input=False)
        ]
        return None, tuple(dict.fromkeys(sorted(found, key=lambda p: (p.where.line, p.where.column))))


def _problem(model: type[BaseModel], root: Node, item: Any, file: str, kind: str) -> Problem:
    path = _real_path(root, item["loc"])
    key = str(item["loc"][-1]) if item["loc"] else ""
    if item["type"] == "extra_forbidden":
        parent = root.at(path[:-1])
        return unknown_key(parent, key, _keys(model, path[:-1]), file=file, kind=kind)
    node = root.at(path)
    context = {**(item.get("ctx") or {}), "key": key}
    saying = _SAYING.get(item["type"])
    message = saying.format(**context) if saying else _plain(item, node)
    code = {
        "missing": "missing-key",
        "string_pattern_mismatch": "bad-value",
        "literal_error": "bad-value",
    }.get(item["type"])
    hint = _hint(item, node)
    return Problem(
        severity="error",
        code=f"{kind}.{code or 'bad-value'}",
        where=_where(root, path, node, item, file),
        message=message,
        hint=hint,
    )


def _where(root: Node, path: tuple[str | int, ...], node: Node, item: Any, file: str) -> Where:
    if item["type"] != "missing":
        return node.where(file)
    return root.at(path[:-1]).where(file)


def _plain(item: Any, node: Node) -> str:
    if item["type"] == "string_pattern_mismatch":
        return f"{node.text[:60]!r} is not allowed here" if node.text else "this is not allowed here"
    return str(item["msg"]).removeprefix("Value error, ")


def _hint(item: Any, node: Node) -> str:
    if item["type"] == "string_pattern_mismatch" and "A-Za-z0-9.-" in item.get("ctx", {}).get("pattern", ""):
        return f"use letters, digits, dots and dashes, for example {slug(node.text) or 'my-id'}"
    if item["type"] == "literal_error":
        allowed = [word.strip(" '") for word in str(item["ctx"]["expected"]).replace(" or ", ",").split(",")]
        return did_you_mean(node.text, allowed)
    if item["type"] == "string_type" and isinstance(node.value, bool):
        return "put it in quotes"
    return ""


def unknown_key(parent: Node, key: str, allowed: Iterable[str], *, file: str, kind: str) -> Problem:
    """A key that means nothing here, with the one that was probably meant."""
    names = sorted(allowed)
    hint = did_you_mean(key, names) or "allowed: " + ", ".join(names)
    where = parent.where_key(key, file)
    return Problem(
        severity="error",
        code=f"{kind}.unknown-key",
        where=where,
        message=f"unknown key {key[:80]!r}",
        hint=hint,
    )


def _real_path(root: Node, location: Iterable[Any]) -> tuple[str | int, ...]:
    """`location` without the steps that pydantic adds for unions and map keys (`[key]`, a model's name)."""
    path: list[str | int] = []
    node: Node | None = root
    steps = list(location)
    for index, step in enumerate(steps):
        inner = None
        if node is not None and isinstance(step, int) and node.is_list and step < len(node.value):
            inner = node.value[step]
        elif node is not None and isinstance(step, str):
            inner = node.get(step)
        if inner is not None:
            path.append(step)
            node = inner
        elif index == len(steps) - 1 and step != "[key]":
            path.append(step)
    return tuple(path)


def _keys(model: type[BaseModel], path: tuple[str | int, ...]) -> list[str]:
    """The keys that the model at `path` allows."""
    found: Any = model
    for step in path:
        if isinstance(step, int) or not (isinstance(found, type) and issubclass(found, BaseModel)):
            continue
        field = next((f for name, f in found.model_fields.items() if step in (f.alias, name)), None)
        found = _model_in(field.annotation) if field else found
    if isinstance(found, type) and issubclass(found, BaseModel):
        return [field.alias or name for name, field in found.model_fields.items()]
    return []


def _model_in(annotation: Any) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part)) is not None), None)
