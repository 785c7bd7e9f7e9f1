"""Dropped: a brief file of any tool -> a brief for the form, and what had to be assumed, each with its field. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from affiche.brief.normal import to_plain
from affiche.brief.read import read_brief
from affiche.portal.shape import Row
from affiche.values.problem import Problem

#: Where a note stands that names no place of the file: its code -> the place of our brief that it explains.
_PLACES = {
    "brief.brand": "brand",
    "brief.placements": "placements",
    "brief.message": "message.headline",
    "brief.campaign": "campaign",
    "brief.region": "markets",
    "brief.locale": "markets",
    "brief.audience": "audience",
    "brief.budget": "budget.max",
}


def ours(text: str) -> Row:
    """A brief as plain data; one of another tool in our normal form. Empty when it cannot be read."""
    found = yaml.safe_load(text)
    if isinstance(found, dict) and "affiche" in found:
        return found
    read, _ = read_brief(text.encode(), file="brief.yaml")
    return dict(to_plain(read)) if read is not None else {}


def dropped(data: bytes, name: str, assets: Mapping[str, str]) -> tuple[Row, list[Row]]:
    """The brief (empty when it cannot be read) and its notes. `assets`: name or id of what the library holds -> its id."""
    read, problems = read_brief(data, file=name)
    notes = [_note(problem) for problem in problems]
    if read is None:
        return {}, notes
    brief = ours(data.decode("utf-8-sig", "replace"))
    return brief, [*notes, *_without_files(brief, assets)]


def _note(problem: Problem) -> Row:
    pointer = problem.where.pointer
    known = pointer.partition(".")[0].partition("[")[0] in _FIELDS
    place = pointer if known else _PLACES.get(problem.code, "")
    return {
        "severity": problem.severity,
        "code": problem.code,
        "message": problem.message,
        "hint": problem.hint,
        "pointer": place,
        "line": problem.where.line or "",
    }


#: What a pointer of a place in our form begins with.
_FIELDS = frozenset({"campaign", "name", "brand", "audience", "message", "markets", "products", "placements", "copy", "budget"})


def _without_files(brief: Row, assets: Mapping[str, str]) -> list[Row]:
    """Pictures that lie beside the file are not here: those of the same name in the library are taken, the others named."""
    notes = []
    for number, product in enumerate(brief.get("products", [])):
        name = _file_of(product.get("picture"))
        if not name:
            continue
        known = assets.get(name) or assets.get(name.rpartition("/")[2])
        if known:
            product["picture"] = known
            continue
        del product["picture"]
        message = f"the picture {name.rstrip('/').rpartition('/')[2]!r} is not in the library"
        notes.append(_told(f"products[{number}]", message, "drop it on the product"))
    brand = brief.get("brand")
    if isinstance(brand, dict):
        for part in ("logo", "file"):
            if brand.get(part) and str(brand[part]) not in assets:
                notes.append(_told("brand", f"the brand's {part} is a file that is not in the library", "choose a brand kit"))
                del brand[part]
    return notes


def _file_of(picture: Any) -> str:
    return str(picture.get("file", "") if isinstance(picture, Mapping) else picture or "")


def _told(pointer: str, message: str, hint: str) -> Row:
    return {"severity": "warning", "code": "form", "message": message, "hint": hint, "pointer": pointer, "line": ""}
