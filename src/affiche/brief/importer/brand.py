"""What a foreign brief says of its brand: name, colours by weight, logo, fonts, forbidden words, tone, a brand file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from affiche.brief.importer.colors import colors_of
from affiche.brief.importer.fields import Fields, Found, fields_of
from affiche.brief.importer.notes import Notes
from affiche.brief.importer.synonyms import fold_key, is_comment, synonyms
from affiche.brief.importer.words import locale_keys, texts_of
from affiche.brief.model import GivenBrand
from affiche.notation.node import Node

_FILE = re.compile(r"\S.*\.(?:ya?ml|json|md|pdf|txt|toml)\Z", re.IGNORECASE)
_IMAGE = re.compile(r".+\.(?:png|jpe?g|svg|webp|avif|gif|eps|ai|pdf|tiff?)\Z", re.IGNORECASE)
#: Colour roles in the order in which they lead.
_COLOR_ROLES = ("primary", "colors", "secondary", "accent", "background")
#: A colour in prose is short: `warm white with a hint of sand`.
_COLOR_WORDS = 6
_SUB_BRAND = (
    "identity",
    "guidelines",
    "visual",
    "visualidentity",
    "style",
    "assets",
    "details",
    "kit",
    "elements",
    "typography",
    "logos",
    "voice",
    "words",
)


#: What a brief-wide map of assets says of the brand.
_LOGO_ONLY = {key: entry for key, entry in synonyms().brief.items() if entry[0] == "logo" and "logo" in key}


def brand_of(fields: Fields, notes: Notes) -> GivenBrand:
    """The brand's facts from the brief's own keys and from every brand map in it."""
    sources = [fields, *(fields_of(found.node, _LOGO_ONLY) for found in fields.all("assets") if found.node.is_map)]
    file = name = ""
    for found in (*fields.all("brand_file"), *fields.all("brand")):
        node = found.node
        if node.is_map:
            sources += _nested(node)
        elif node.is_text and _FILE.match(node.value.strip()):
            file = file or node.value.strip()
        elif node.is_text:
            name = name or node.value.strip()
    name = _spelled(fields.text("brand_name") or name or _name_in(sources[1:]), fields, notes)
    return GivenBrand(
        file=file
        or next(
            (text for source in sources[1:] for text in [source.text("brand_file")] if _FILE.match(text)), ""
        ),
        name=name,
        colors=_colors(sources, notes),
        logo=_logo(sources, notes),
        forbidden=_words(sources, "forbidden"),
        forbidden_by=_forbidden_by(sources),
        fonts=_fonts(sources),
        tone=_words(sources, "tone"),
    )


def _spelled(name: str, fields: Fields, notes: Notes) -> str:
    """A brand id (`aquacorp_global`) as a name that can stand in an ad."""
    if (
        not name
        or name != name.lower()
        or " " in name
        or not name.replace("_", "").replace("-", "").isalnum()
        or name == name.title()  # a script without capitals
    ):
        return name
    spelled = name.replace("_", " ").replace("-", " ").title()
    notes.note(
        "brand",
        fields.node,
        f"the brand {name!r} is written {spelled!r}",
        "give the brand's name to spell it otherwise",
    )
    return spelled


def _nested(node: Node, depth: int = 0) -> list[Fields]:
    """The fields of a brand map and of the maps that structure it (`brand.identity.colors`)."""
    fields = fields_of(node, synonyms().brief)
    nested = [fields]
    for key, child, _ in fields.rest:
        if child.is_map and depth < 4 and (fold_key(key) in _SUB_BRAND or "color" in fold_key(key)):
            nested += _nested(child, depth + 1)
    for role in ("brand", "assets", "logo"):
        for found in fields.all(role):
            if found.node.is_map and depth < 4:
                nested += _nested(found.node, depth + 1)
    return nested


def _name_in(sources: Iterable[Fields]) -> str:
    for source in sources:
        text = source.text("brand_name", "name", "brand", "id")
        if text and not _FILE.match(text):
            return text
    return ""


def _colors(sources: list[Fields], notes: Notes) -> tuple[str, ...]:
    """By weight: primary, the palette, secondary, accent, grounds. A palette of roles keeps the author's order."""
    found: list[str] = []
    for role in _COLOR_ROLES:
        for source in sources:
            for item in source.all(role):
                if not _is_story(item):
                    found += colors_of(item.node, notes)
    for source in sources:
        for key, child, _ in source.rest:
            if any(
                sign in fold_key(key) for sign in ("color", "colour", "farbe", "couleur")
            ) and not is_comment(key):
                found += colors_of(child, notes)
    return tuple(dict.fromkeys(found))[:12]


def _is_story(item: Found) -> bool:
    """Whether `background:` tells the client's history, as agencies' briefs do, and names no colour of the brand."""
    text = item.node.text if item.node.is_text else ""
    return "colo" not in fold_key(item.key) and "#" not in text and len(text.split()) > _COLOR_WORDS


def _logo(sources: list[Fields], notes: Notes) -> str:
    for source in sources:
        for found in source.all("logo"):
            paths = [text for text in _paths(found.node) if text]
            if not paths:
                continue
            logos = sorted(paths, key=lambda text: "logo" not in text.lower())
            if "logo" not in fold_key(found.key) and "logo" not in logos[0].lower():
                notes.note(
                    "logo",
                    found.parent,
                    f"none of the pictures in {found.key!r} is called a logo; none is taken as one",
                    key=found.key,
                )
                continue
            if len(paths) > 1:
                notes.note(
                    "logo",
                    found.parent,
                    f"{len(paths)} pictures are named; {logos[0]!r} is taken as the logo",
                    key=found.key,
                )
            return logos[0]
    return ""


def _paths(node: Node) -> list[str]:
    """Picture paths of a value; a text may itself be a JSON list."""
    if node.is_text and node.value.lstrip().startswith("["):
        try:
            listed = json.loads(node.value)
        except ValueError:
            listed = []
        return [text for text in listed if isinstance(text, str)] if isinstance(listed, list) else []
    if node.is_text:
        return [node.value.strip()] if _IMAGE.match(node.value.strip()) or "/" in node.value else []
    children = [child for _, child in node.items()] if node.is_map else list(node)
    return [path for child in children for path in _paths(child)]


def _words(sources: list[Fields], role: str) -> tuple[str, ...]:
    found = [
        word
        for s in sources
        for item in s.all(role)
        if not locale_keys(item.node)
        for word in texts_of(item.node)
    ]
    return tuple(dict.fromkeys(found))


def _forbidden_by(sources: list[Fields]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for source in sources:
        for item in source.all("forbidden"):
            for key, tag in locale_keys(item.node).items():
                found[tag] = (*found.get(tag, ()), *texts_of(item.node.value[key]))
    return found


def _fonts(sources: list[Fields]) -> tuple[str, ...]:
    found = []
    for source in sources:
        for item in source.all("fonts"):
            found += [
                text for text in texts_of(item.node) if not text.replace(".", "").isdigit() and len(text) < 80
            ]
    return tuple(dict.fromkeys(found))
