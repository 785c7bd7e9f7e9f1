"""Colours as briefs write them: hex, `rgb(…)`, `[r, g, b]`, `{r, g, b}`, `{hex: …}`, and prose such as `deep ocean blue`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

from affiche.brief.importer.notes import Notes
from affiche.brief.importer.synonyms import fold_key, is_comment
from affiche.market.atlas import fold
from affiche.notation.node import Node
from affiche.values.color import Color, from_oklab

_HEX = re.compile(r"#(?:[0-9a-fA-F]{8}|[0-9a-fA-F]{6}|[0-9a-fA-F]{3,4})\b")
_BARE_HEX = re.compile(r"(?:0x)?([0-9a-fA-F]{6})")
_RGB = re.compile(r"rgba?\(\s*([\d.]+%?)\s*[, ]\s*([\d.]+%?)\s*[, ]\s*([\d.]+%?)[^)]*\)", re.IGNORECASE)
_HSL = re.compile(r"hsla?\(\s*([\d.]+)(?:deg)?\s*[, ]\s*([\d.]+)%\s*[, ]\s*([\d.]+)%[^)]*\)", re.IGNORECASE)
_CMYK = re.compile(
    r"cmyk\s*\(?\s*(\d+)%?\s*[,/ ]\s*(\d+)%?\s*[,/ ]\s*(\d+)%?\s*[,/ ]\s*(\d+)%?\s*\)?", re.IGNORECASE
)
_TRIPLE = re.compile(r"(?:rgb\W*)?(\d{1,3})\s*[,/ ]\s*(\d{1,3})\s*[,/ ]\s*(\d{1,3})", re.IGNORECASE)
_MAX_COLORS = 12
#: A colour in words is at most so many: `very dark ocean blue`.
_WORDS = 4
#: Longer texts without a colour are remarks, not colours that were missed.
_MAX_NAME = 40
_AFTER = frozenset({"fonce", "clair", "oscuro", "claro", "scuro", "chiaro", "escuro"})


def colors_of(node: Node, notes: Notes, depth: int = 0) -> list[str]:
    """The colours of a value as `#RRGGBB`, in order, each once. What is not a colour is left out."""
    if depth > 5:
        return []
    if node.is_list:
        found = _numbers(list(node)) or [
            c for child in _joined(node) for c in colors_of(child, notes, depth + 1)
        ]
    elif node.is_map:
        found = _from_map(node, notes, depth)
    elif isinstance(node.value, str | int) and not isinstance(node.value, bool):
        found = _from_text(node, notes)
        name = node.text.strip()
        if not found and depth and node.is_text and 0 < len(name) <= _MAX_NAME:
            missed = f"{name!r} is no colour that Affiche knows; left out"
            notes.add("warning", "color", node, missed, "write it as hex, such as #1F5FBF")
    else:
        found = []
    return list(dict.fromkeys(found))[:_MAX_COLORS]


def _joined(node: Node) -> list[Node]:
    """The children of a list; `[rgb(200, 30, 45)]` without quotes, which YAML cuts at its commas, is put together."""
    whole: list[Node] = []
    for child in node:
        last = whole[-1] if whole else None
        if (
            last is not None
            and last.is_text
            and last.text.count("(") > last.text.count(")")
            and not child.is_map
        ):
            text = f"{last.text}, {child.text}"
            whole[-1] = Node(text, last.line, last.column, text)
        else:
            whole.append(child)
    return whole


def _from_map(node: Node, notes: Notes, depth: int) -> list[str]:
    by_key = {fold_key(key): child for key, child in node.items() if not is_comment(key)}
    for short, long in (("rgb", ("red", "green", "blue")), ("rgb", ("r", "g", "b"))):
        if all(name in by_key for name in long):
            return _numbers([by_key[name] for name in long])
        if short in by_key and "hex" not in by_key:
            return colors_of(by_key[short], notes, depth + 1)
    if "cmyk" in by_key and "hex" not in by_key:
        return _cmyk_of(by_key["cmyk"])
    for key in ("hex", "hexcode", "hexvalue", "value", "code", "color", "colour"):
        if key in by_key:
            return colors_of(by_key[key], notes, depth + 1)
    return [color for child in by_key.values() for color in colors_of(child, notes, depth + 1)]


def _numbers(nodes: list[Node]) -> list[str]:
    values = [node.value for node in nodes]
    if len(values) not in (3, 4) or not all(
        isinstance(v, int | float) and not isinstance(v, bool) and 0 <= v <= 255 for v in values[:3]
    ):
        return []
    scale = 255 if all(isinstance(v, float) for v in values[:3]) and max(values[:3]) <= 1 else 1
    return [Color(*(round(v * scale) for v in values[:3])).hex]


def _from_text(node: Node, notes: Notes) -> list[str]:
    text = node.text.strip()[:400]
    exact = [_opaque(match) for match in _HEX.findall(text)]
    exact += [_rgb(match) for match in _RGB.findall(text)] + [_hsl(*match) for match in _HSL.findall(text)]
    exact += [_cmyk(*match) for match in _CMYK.findall(text)]
    triple = None if exact else _TRIPLE.fullmatch(text)
    if triple and all(int(part) <= 255 for part in triple.groups()):
        exact = [Color(*(int(part) for part in triple.groups())).hex]
    if exact:
        # `red, #00FF00`: the words beside the exact ones, when they are a list and no remark
        parts = [part.strip() for part in re.split(r"[,;|\n]", _RGB.sub("", text)) if part.strip()]
        rest = [part for part in parts if part[0] != "#" and len(part.split()) <= _WORDS and "#" not in part]
        words = [color for part in rest for color in _named(part)] if len(parts) > 1 else []
        return exact if not words else [*words, *exact]
    bare = _BARE_HEX.fullmatch(text)
    if bare:
        return ["#" + bare.group(1).upper()]
    named = list(_named(text))
    if named:
        notes.note(
            "color", node, f"{text[:80]!r} read as {', '.join(named)}", "write hex colours to be exact"
        )
    return named


def _opaque(text: str) -> str:
    color = Color.parse(text)
    return Color(color.r, color.g, color.b).hex


def _rgb(parts: tuple[str, str, str]) -> str:
    numbers = [float(p[:-1]) * 2.55 if p.endswith("%") else float(p) for p in parts]
    return Color(*(max(0, min(255, round(n))) for n in numbers)).hex


def _hsl(hue: str, saturation: str, lightness: str) -> str:
    from colorsys import hls_to_rgb

    red, green, blue = hls_to_rgb(
        float(hue) % 360 / 360, min(1, float(lightness) / 100), min(1, float(saturation) / 100)
    )
    return Color(round(red * 255), round(green * 255), round(blue * 255)).hex


def _cmyk(*parts: str) -> str:
    """The plain conversion: no ink profile is known, so the colour is near, not exact."""
    cyan, magenta, yellow, key = (min(1, int(part) / 100) for part in parts)
    return Color(*(round(255 * (1 - ink) * (1 - key)) for ink in (cyan, magenta, yellow))).hex


def _cmyk_of(node: Node) -> list[str]:
    text = "/".join(child.text for child in node) if node.is_list else node.text
    return [_cmyk(*match) for match in _CMYK.findall(f"cmyk {text}")]


def _named(text: str) -> Iterator[str]:
    """The colours that a phrase names: the longest known names, each with the adjectives before it."""
    names, adjectives = _table()
    words = [part for word in fold(text).split() for part in _unglued(word, names, adjectives)]
    shift: list[tuple[float, float]] = []
    at = 0
    while at < len(words):
        for length in (2, 1):
            name = " ".join(words[at : at + length])
            if name in names:
                at += length
                while (
                    at < len(words) and words[at] in _AFTER
                ):  # `bleu foncé`: French and Spanish say it after
                    shift.append(adjectives[words[at]])
                    at += 1
                yield _shifted(names[name], shift)
                shift = []
                break
        else:
            if words[at] in adjectives:
                shift.append(adjectives[words[at]])
            at += 1


def _unglued(
    word: str, names: Mapping[str, str], adjectives: Mapping[str, tuple[float, float]]
) -> tuple[str, ...]:
    """`dunkelgrun` -> `dunkel`, `grun`."""
    if word in names:
        return (word,)
    return next(
        ((a, word[len(a) :]) for a in adjectives if word.startswith(a) and word[len(a) :] in names), (word,)
    )


def _shifted(color: str, shifts: list[tuple[float, float]]) -> str:
    if not shifts:
        return color
    lightness, a, b = Color.parse(color).oklab
    for up, factor in shifts:
        lightness, a, b = max(0.05, min(0.98, lightness + up)), a * factor, b * factor
    return from_oklab(lightness, a, b).hex


@cache
def _table() -> tuple[Mapping[str, str], Mapping[str, tuple[float, float]]]:
    data = tomllib.loads(files("affiche.brief.importer").joinpath("data", "colors.toml").read_text("utf-8"))
    return data["names"], {word: (up, factor) for word, (up, factor) in data["adjectives"].items()}
