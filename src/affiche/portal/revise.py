"""Revise: one change of a brief that somebody made while looking at an ad. Pure: plain data -> plain data with the change.

Every change is a new revision with its author; the brief before stays as it was, so that going back is one more revision.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from affiche.portal.gateway import Refused
from affiche.portal.shape import Row

#: What a product's picture may keep when another one takes its place.
WISHES = ("extend", "upscale")


def ours(brief: Any) -> Row:
    """A copy of `brief` that may be changed. Raises Refused for one that is not in our format."""
    if not isinstance(brief, dict) or "affiche" not in brief:
        problem = {
            "title": "this brief is of another tool",
            "hint": "open it with “Edit the brief” and save it once: then it can be changed here",
        }
        raise Refused(409, problem)
    return copy.deepcopy(brief)


def with_text(brief: Any, creative: Mapping[str, Any], role: str, value: str) -> Row:
    """With one text of a product in a locale: where it stands already, else for the whole locale."""
    made = ours(brief)
    locale, message = creative["locale"], made.get("message", {})
    own = [p["copy"][locale] for p in _products(made, creative) if role in p.get("copy", {}).get(locale, {})]
    if own:
        own[0][role] = value
    elif locale == message.get("locale"):
        message[role] = value
    else:
        made.setdefault("copy", {}).setdefault(locale, {})[role] = value
    return made


def with_picture(brief: Any, creative: Mapping[str, Any], asset: str) -> Row:
    """With another picture of the product; its focal point was of the old one and goes."""
    made = ours(brief)
    for product in _products(made, creative):
        before = product.get("picture")
        kept = {name: value for name, value in before.items() if name in WISHES} if isinstance(before, dict) else {}
        product["picture"] = {"file": asset, **kept} if kept else asset
    return made


def with_focal(brief: Any, creative: Mapping[str, Any], x: float, y: float) -> Row:
    """With the point of the product's picture that must stay in view, fractions from the top left. Raises Refused without one."""
    made = ours(brief)
    for product in _products(made, creative):
        before = product.get("picture")
        if not before:
            raise Refused(409, {"title": "this product has no picture of its own", "hint": "choose a picture first"})
        product["picture"] = {**(before if isinstance(before, dict) else {"file": before}), "focal": [round(x, 4), round(y, 4)]}
    return made


def with_template(brief: Any, creative: Mapping[str, Any], template: str) -> Row:
    """With another template for the product."""
    made = ours(brief)
    for product in _products(made, creative):
        product["template"] = template
    return made


def without(brief: Any, creative: Mapping[str, Any]) -> Row:
    """Without this creative."""
    made = ours(brief)
    line = "/".join(creative[name] for name in ("product", "locale", "placement", "variant"))
    made["exclude"] = [*(one for one in made.get("exclude", []) if one != line), line]
    return made


def picture_of(brief: Any, creative: Mapping[str, Any]) -> Row:
    """The asset that the brief names as the product's picture, and its focal point; both may be empty."""
    if not isinstance(brief, dict) or "affiche" not in brief:
        return {"asset": "", "focal": None}
    picture = next((p.get("picture") for p in _products(brief, creative)), None)
    named = picture if isinstance(picture, dict) else {"file": picture or ""}
    return {"asset": str(named.get("file", "")).split(".")[0], "focal": named.get("focal")}


def with_wish(brief: Any, creative: Mapping[str, Any], wish: str) -> Row:
    """With a wish of a model for the product's picture: `extend` or `upscale`. Raises Refused without a picture."""
    made = ours(brief)
    for product in _products(made, creative):
        before = product.get("picture")
        if not before:
            raise Refused(409, {"title": "this product has no picture of its own", "hint": "choose a picture first"})
        product["picture"] = {**(before if isinstance(before, dict) else {"file": before}), wish: True}
    return made


def _products(brief: Mapping[str, Any], creative: Mapping[str, Any]) -> list[Row]:
    products = brief.get("products") or []
    return [p for p in products if isinstance(p, dict) and p.get("id") == creative["product"]]
