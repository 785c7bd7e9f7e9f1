"""A full palette by role from whatever colours there are, with contrast measured, so that any brand looks considered.

Theory of operation: strong colours become primary, secondary and accent; pale ones paper and surface; dark ones ink. What
is missing is made from the primary's hue at low chroma in OKLab, so that greys belong to the brand. Then ink and paper are
pushed apart until the contrast holds. Neon never covers a surface: surfaces have a chroma limit.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from affiche.brand.model import COLOR_ROLES
from affiche.values.color import Color, contrast, distance, from_oklab

#: WCAG 2.2 AAA for text; the CTA's own words need AA.
MIN_TEXT_CONTRAST = 7.0
MIN_CTA_CONTRAST = 4.5

#: When nothing at all is known: a deep green-blue with warm light, quiet beside any product.
NEUTRAL = ("#1F4B57", "#E9B44C")

_PALE, _DARK, _GREY, _PAPER = 0.90, 0.28, 0.03, 0.955
_SURFACE_CHROMA = 0.045


def complete(given: Mapping[str, Color], loose: Sequence[Color] = ()) -> dict[str, Color]:
    """Every role of COLOR_ROLES. `given` roles stay as they are; `loose` colours (main one first) fill the others.

    Guaranteed for roles that were not given: ink on paper and on surface >= 7:1, ink or paper on accent >= 4.5:1.
    """
    strong, pale, dark = _sorted(loose)
    roles = dict(given)
    primary = roles.setdefault("primary", strong[0] if strong else _lead(given, dark, pale))
    rest = [color for color in strong if distance(color, primary) > 8]
    roles.setdefault("secondary", rest[0] if rest else _companion(primary))
    others = [color for color in rest if distance(color, roles["secondary"]) > 8]
    roles.setdefault("accent", _accent(others or rest, primary))
    known = bool(given or strong)
    tint = primary if known and _chroma(primary) > _GREY else roles["accent"]
    roles.setdefault("paper", next((c for c in pale if c.oklab[0] > _PAPER), _tint(tint, 0.985, 0.008)))
    roles.setdefault(
        "surface", next((c for c in pale if distance(c, roles["paper"]) > 2.5), _tint(tint, 0.945, 0.022))
    )
    roles.setdefault("surface-2", _tint(tint, 0.885, 0.04))
    roles.setdefault("ink", next((c for c in dark if c.luminance < 0.06), _tint(tint, 0.23, 0.03)))
    return dict(_legible(roles, frozenset(given)).items())


def _sorted(loose: Sequence[Color]) -> tuple[list[Color], list[Color], list[Color]]:
    """(strong, pale, dark) in the order they came; a colour with chroma counts as strong even when dark."""
    distinct: list[Color] = []
    for color in loose:
        if all(distance(color, other) > 2 for other in distinct):
            distinct.append(color)
    pale = [c for c in distinct if c.oklab[0] >= _PALE and _chroma(c) < 0.09]
    dark = [c for c in distinct if c.oklab[0] <= _DARK and _chroma(c) < 0.06]
    strong = [c for c in distinct if c not in pale and c not in dark]
    coloured = [c for c in strong if _chroma(c) >= _GREY]
    return coloured + [c for c in strong if c not in coloured], pale, dark


def _lead(given: Mapping[str, Color], dark: Sequence[Color], pale: Sequence[Color]) -> Color:
    if given.get("accent") or given.get("secondary"):
        return given.get("secondary") or given["accent"]
    if dark:  # a black-and-white brand stays black and white
        return dark[0]
    return Color.parse("#2B2B2B") if pale else Color.parse(NEUTRAL[0])


def _companion(primary: Color) -> Color:
    """A calmer neighbour: the primary's hue turned a little, much darker or lighter."""
    lightness, a, b = primary.oklab
    turned = _turned(a, b, math.radians(-28), 0.75)
    return _fitted(0.36 if lightness > 0.55 else min(0.78, lightness + 0.34), *turned)


def _accent(candidates: Sequence[Color], primary: Color) -> Color:
    """The loudest candidate that can carry words; else the primary itself (a grey primary keeps a grey button)."""
    usable = [c for c in candidates if _chroma(c) >= 0.06]
    if usable:
        return max(usable, key=_chroma)
    if primary == Color.parse(NEUTRAL[0]):
        return Color.parse(NEUTRAL[1])
    return primary


def _legible(roles: dict[str, Color], kept: frozenset[str]) -> dict[str, Color]:
    """Ink darker, paper and surface lighter until the contrasts hold; given roles are not touched."""
    for _ in range(24):
        low = min(("paper", "surface"), key=lambda role: contrast(roles["ink"], roles[role]))
        if contrast(roles["ink"], roles[low]) >= MIN_TEXT_CONTRAST:
            break
        for role, target in (("ink", Color(0, 0, 0)), (low, Color(255, 255, 255))):
            if role not in kept:
                roles[role] = roles[role].mixed(target, 0.12)
    for _ in range(24):
        words = max(contrast(roles["accent"], roles["ink"]), contrast(roles["accent"], roles["paper"]))
        if words >= MIN_CTA_CONTRAST or "accent" in kept:
            break
        roles["accent"] = roles["accent"].mixed(Color(0, 0, 0), 0.06)
    return {role: roles[role] for role in COLOR_ROLES}


def _tint(color: Color, lightness: float, chroma: float) -> Color:
    """The colour's hue at a lightness, never with more chroma than asked for or than the colour itself has."""
    _, a, b = color.oklab
    own = math.hypot(a, b)
    scale = min(chroma, own, _SURFACE_CHROMA) / own if own > 1e-4 else 0.0
    return _fitted(lightness, a * scale, b * scale)


def _turned(a: float, b: float, angle: float, scale: float) -> tuple[float, float]:
    return scale * (a * math.cos(angle) - b * math.sin(angle)), scale * (
        a * math.sin(angle) + b * math.cos(angle)
    )


def _fitted(lightness: float, a: float, b: float) -> Color:
    """The colour with as much of the chroma as sRGB holds at that lightness."""
    for step in range(11):
        scale = 1 - step / 10
        color = from_oklab(lightness, a * scale, b * scale)
        if math.dist(color.oklab, (lightness, a * scale, b * scale)) < 0.02:
            return color
    return from_oklab(lightness, 0.0, 0.0)


def _chroma(color: Color) -> float:
    _, a, b = color.oklab
    return math.hypot(a, b)
