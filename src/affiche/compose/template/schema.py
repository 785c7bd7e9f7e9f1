"""The JSON Schema of a template file, for completion and checks in editors. Derived from `model.py`, as the reader is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields
from typing import Any, Literal, get_args, get_origin, get_type_hints

from affiche.brand.model import COLOR_ROLES
from affiche.brief.model import SHORT, TEXT_ROLES
from affiche.compose.template.model import Length, Place, Stack, TextSlot
from affiche.compose.template.read import COLOR_FIELDS, KINDS, PLACE_KEYS
from affiche.compose.template.when import FACTS
from affiche.placement.model import ASPECT_CLASSES

_LENGTH = {
    "description": "A length: 6u (1u = 1 % of the shorter side), 50%, 1fr, 12px, auto.",
    "anyOf": [{"type": "string", "pattern": r"^(-?\d+(\.\d+)?(u|%|px|fr)?|auto)$"}, {"type": "number"}],
    "examples": ["6u", "50%", "1fr"],
}
_WHEN = {
    "type": "string", "minLength": 1, "examples": ["has.price and ratio > 5", "language in [ja, zh, ko]", "market == US"],
    "description": f"A condition over {', '.join(FACTS)}, has.SLOT, len.SLOT.",
}  # fmt: skip
_SCALARS: Mapping[Any, dict[str, Any]] = {
    float: {"type": "number"}, int: {"type": "integer"}, bool: {"type": "boolean"},
    str: {"anyOf": [{"type": "string"}, {"type": "number"}]},
}  # fmt: skip


def json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a template file."""
    roles = [role for role in TEXT_ROLES if not role.endswith(SHORT)]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Affiche template",
        "type": "object",
        "additionalProperties": False,
        "required": ["template", "id", "classes"],
        "properties": {
            "template": {"const": 1, "description": "Version of this format."},
            "id": {"type": "string", "pattern": "^[A-Za-z0-9.-]+$"},
            "name": {"type": "string"},
            "description": {"type": "string"},
            "pictures": {"type": "array", "items": {"enum": ["cutout", "photo", "none"]}, "description": "What it shows."},
            "ground": {"$ref": "#/$defs/colors"},
            "needs": {
                "type": "array", "items": {"type": "string", "examples": roles},
                "description": "Text roles without which it says nothing, alternatives joined by |.",
            },
            "classes": {
                "type": "object", "additionalProperties": False, "required": list(ASPECT_CLASSES),
                "properties": {name: {"$ref": "#/$defs/layouts"} for name in ASPECT_CLASSES},
            },
        },
        "$defs": {
            "length": _LENGTH, "when": _WHEN, "color": {"enum": list(COLOR_ROLES)},
            "colors": {"anyOf": [{"$ref": "#/$defs/color"}, {"type": "array", "items": {"$ref": "#/$defs/color"}}]},
            "layouts": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/layout"}},
            "layout": _layout(),
            "boxes": {"type": "array", "items": {"$ref": "#/$defs/box"}},
            "box": {
                "type": "object", "minProperties": 1, "maxProperties": 1, "additionalProperties": False,
                "properties": {kind: {"$ref": f"#/$defs/{kind}"} for kind in KINDS},
            },
            **{kind: _box(cls) for kind, cls in KINDS.items()},
        },
    }  # fmt: skip


def _layout() -> dict[str, Any]:
    return {
        "type": "object", "additionalProperties": False, "required": ["boxes"],
        "properties": {
            "name": {"type": "string"}, "when": {"$ref": "#/$defs/when"}, "margin": {"$ref": "#/$defs/length"},
            "note": {"type": "string", "description": "Why this one is used, for `affiche explain`."},
            "boxes": {"$ref": "#/$defs/boxes"},
        },
    }  # fmt: skip


def _box(cls: type) -> dict[str, Any]:
    """The properties of one kind of box."""
    hints = get_type_hints(cls)
    fixed = {"place", "role"} if cls is TextSlot else {"place", "direction"} if cls is Stack else {"place"}
    own = [field for field in fields(cls) if field.name not in fixed]
    needed = [field.name for field in own if field.default is MISSING and field.default_factory is MISSING]
    shape = {
        "type": "object", "additionalProperties": False, "description": (cls.__doc__ or "").split("\n\n")[0],
        "properties": {**{name: _placed(name) for name in PLACE_KEYS}, **{f.name: _value(f, hints[f.name]) for f in own}},
        **({"required": needed} if needed else {}),
    }  # fmt: skip
    return shape if needed else {"anyOf": [shape, {"type": "null"}]}


def _placed(name: str) -> dict[str, Any]:
    if name == "at":
        return {"type": "array", "minItems": 4, "maxItems": 4, "items": {"$ref": "#/$defs/length"},
                "description": "[x, y, width, height]"}  # fmt: skip
    if name == "when":
        return {"$ref": "#/$defs/when"}
    return {"enum": ["auto", "never"] if name == "mirror" else list(get_args(get_type_hints(Place)["within"]))}


def _value(field: Field[Any], hint: Any) -> dict[str, Any]:
    many = get_origin(hint) is tuple
    if field.name == "children":
        return {"$ref": "#/$defs/boxes"}
    if field.name in COLOR_FIELDS:
        return {"$ref": "#/$defs/colors" if many else "#/$defs/color"}
    if many:
        return {"anyOf": [{"$ref": "#/$defs/length"}, {"type": "array", "items": {"$ref": "#/$defs/length"}}]}
    if hint is Length:
        return {"$ref": "#/$defs/length"}
    shape = {"enum": list(get_args(hint))} if get_origin(hint) is Literal else dict(_SCALARS[hint])
    return shape if field.default is MISSING or field.default in ("", None) else {**shape, "default": field.default}
