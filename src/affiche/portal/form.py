"""Form: what somebody filled in -> a brief as plain data and YAML, and back. The same brief that the command line reads.

Fields are named by the places of the brief (`message.headline`, `products.0.name`, `copy.de-DE.cta`), so that a problem at
a place of the brief stands beside its field. What the form does not know (`design`, `variants`, `extra`, ...) passes through
untouched.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import yaml

Plain = dict[str, Any]
Pairs = Sequence[tuple[str, str]]
_PRODUCT = re.compile(r"products\.(\d+)\.(\w+)")
_COPY = re.compile(r"copy\.([A-Za-z0-9-]+)\.(\w+)")
_ROLES = ("headline", "body", "cta", "legal")
_PRODUCT_TEXTS = ("name", "description", "price")


def to_plain(pairs: Pairs, before: Mapping[str, Any] | None = None) -> Plain:
    """The brief that the form says. `before`: the brief that was edited, for what the form does not show."""
    fields = {name: value.strip() for name, value in pairs}
    lists = {name: [value for key, value in pairs if key == name] for name in ("locale", "placement")}
    kept = {key: value for key, value in (before or {}).items() if key not in _SHOWN}
    brief: Plain = {
        "affiche": 1,
        "campaign": fields.get("campaign") or slug(fields.get("name", "")) or "campaign",
        "name": fields.get("name", ""),
        "brand": _brand(fields, before or {}),
        "audience": fields.get("audience", ""),
        "message": {"locale": fields.get("message.locale") or "en-US", **_words(fields, "message.")},
        "markets": _markets(lists["locale"], before or {}),
        "products": _products(fields, before or {}),
        "placements": [*lists["placement"], *_drawn_up((before or {}).get("placements", []))],
        "copy": _copy(fields, lists["locale"]),
        **kept,
    }
    if fields.get("budget.max"):
        brief["budget"] = {"max": fields["budget.max"], "currency": fields.get("budget.currency") or "USD"}
    return {key: value for key, value in brief.items() if value not in ("", [], {}, None)}


#: Parts of a brief that the form shows.
_SHOWN = (
    "affiche",
    "campaign",
    "name",
    "brand",
    "audience",
    "message",
    "markets",
    "products",
    "placements",
    "copy",
    "budget",
)


def kept_of(brief: Mapping[str, Any]) -> Plain:
    """What a form carries along of a brief: all that its fields do not say."""
    kept = {key: value for key, value in brief.items() if key not in ("message", "copy", "placements")}
    return {**kept, "placements": _drawn_up(brief.get("placements", []))}


def _drawn_up(placements: Iterable[Any]) -> list[Any]:
    """Placements that a brief describes by itself: no checkbox names them."""
    return [place for place in placements if isinstance(place, Mapping)]


def to_yaml(brief: Mapping[str, Any]) -> str:
    """The file that the command line reads."""
    return yaml.safe_dump(dict(brief), allow_unicode=True, sort_keys=False, width=110)


def locales_of(brief: Mapping[str, Any]) -> list[str]:
    """Every locale that its markets name, once."""
    return list(
        dict.fromkeys(tag for market in brief.get("markets", []) for tag in market.get("locales", []))
    )


def slug(name: str) -> str:
    """A campaign id out of a name: `Été 2027!` -> `ete-2027`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60]


def _words(fields: Mapping[str, str], prefix: str) -> Plain:
    return {role: fields[prefix + role] for role in _ROLES if fields.get(prefix + role)}


def _brand(fields: Mapping[str, str], before: Mapping[str, Any]) -> Any:
    if fields.get("brand"):
        return fields["brand"]
    colors = [value for name, value in sorted(fields.items()) if name.startswith("brand.colors.") and value]
    given = before.get("brand", {})
    kept = dict(given) if isinstance(given, Mapping) else {}
    return (
        {**kept, "name": fields.get("brand.name", ""), "colors": colors}
        if fields.get("brand.name") or colors
        else given
    )


def _markets(locales: Iterable[str], before: Mapping[str, Any]) -> list[Plain]:
    """Locales are ticked as `REGION:locale`, so that a language may be served in one country and not in another."""
    audiences = {market.get("region"): market.get("audience", "") for market in before.get("markets", [])}
    markets: dict[str, list[str]] = {}
    for value in locales:
        region, _, tag = value.rpartition(":")
        markets.setdefault(region, []).append(tag)
    return [
        {
            key: value
            for key, value in {
                "region": region,
                "locales": tags,
                "audience": audiences.get(region, ""),
            }.items()
            if value
        }
        for region, tags in markets.items()
    ]


def _products(fields: Mapping[str, str], before: Mapping[str, Any]) -> list[Plain]:
    numbers = sorted({int(match[1]) for name in fields if (match := _PRODUCT.match(name))})
    earlier = {product.get("id"): product for product in before.get("products", [])}
    products: list[Plain] = []
    for number in numbers:
        said = {
            part: fields.get(f"products.{number}.{part}", "")
            for part in ("id", *_PRODUCT_TEXTS, "picture", "focal", "imagine")
        }
        if not any(said.values()):
            continue
        product_id = said["id"] or slug(said["name"]) or f"product-{number + 1}"
        texts = {part: said[part] for part in _PRODUCT_TEXTS if said[part]}
        kept = {
            k: v
            for k, v in earlier.get(product_id, {}).items()
            if k not in ("id", *_PRODUCT_TEXTS, "picture")
        }
        products.append({"id": product_id, **texts, **_picture(said, earlier.get(product_id, {}).get("picture")), **kept})
    return products


#: What is said of one file and means nothing for another, and what means nothing without a file.
_OF_FILE, _OF_FILES = ("focal", "kind"), ("focal", "kind", "extend", "cut_out", "upscale")


def _picture(said: Mapping[str, str], before: Any) -> Plain:
    """The picture that the form says, with what it does not show (`extend`, `take`); the focal point only of the same file."""
    given = dict(before) if isinstance(before, Mapping) else {"file": before or ""}
    gone = () if given.get("file", "") == said["picture"] else _OF_FILE if said["picture"] else _OF_FILES
    kept = {key: value for key, value in given.items() if key not in ("file", "imagine", *gone)}
    focal = (
        [round(float(part), 3) for part in said["focal"].split(",")]
        if re.fullmatch(r"[\d.]+,[\d.]+", said["focal"])
        else None
    )
    picture = {
        **kept, "file": said["picture"], "focal": focal or kept.get("focal"), "imagine": said["imagine"] == "on" or None
    }  # fmt: skip
    picture = {key: value for key, value in picture.items() if value}
    if not picture:
        return {}
    return {"picture": picture["file"] if list(picture) == ["file"] else picture}


def _copy(fields: Mapping[str, str], locales: Iterable[str]) -> Plain:
    tags = {value.rpartition(":")[2] for value in locales}
    copy: Plain = {}
    for name, value in fields.items():
        match = _COPY.fullmatch(name)
        if match and value and match[1] in tags and match[2] in _ROLES:
            copy.setdefault(match[1], {})[match[2]] = value
    return copy
