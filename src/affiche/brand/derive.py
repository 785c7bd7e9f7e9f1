"""A neutral brand from a name and loose facts: what a brief without a brand file gets. `derived` lists what was made up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from affiche.brand.model import COLOR_ROLES, Brand, Logo, TypeFace
from affiche.brand.palette import complete
from affiche.values.color import Color

DISPLAY = TypeFace(family="Bricolage Grotesque", weight=700, tracking=-0.02)
TEXT = TypeFace(family="Manrope", weight=500)

#: Families that any machine names but that say nothing about a brand.
_GENERIC = frozenset(
    {
        "sans-serif",
        "serif",
        "monospace",
        "cursive",
        "system-ui",
        "arial",
        "helvetica",
        "default",
        "roboto",
        "inter",
    }
)
_SERIFS = (
    "serif",
    "georgia",
    "times",
    "playfair",
    "garamond",
    "bodoni",
    "didot",
    "crimson",
    "lora",
    "merriweather",
    "baskerville",
)


class Given(Protocol):
    """What a brief says of its brand (`brief.model.GivenBrand`)."""

    @property
    def name(self) -> str: ...
    @property
    def colors(self) -> tuple[str, ...]: ...
    @property
    def logo(self) -> str: ...
    @property
    def forbidden(self) -> tuple[str, ...]: ...
    @property
    def forbidden_by(self) -> Mapping[str, tuple[str, ...]]: ...
    @property
    def fonts(self) -> tuple[str, ...]: ...
    @property
    def tone(self) -> tuple[str, ...]: ...


def derive_brand(given: Given, palette: tuple[str, ...] = ()) -> Brand:
    """A complete brand: the given colours, else `palette` (main colours of the pictures, hex), else a quiet default.

    Ink on paper and on surface has at least 7:1, words on the accent at least 4.5:1. Colours that are no hex are ignored.
    """
    colors = _parsed(given.colors)
    loose = colors or _parsed(palette)[:3]
    made = ["colors.surface", "colors.surface-2", "type"]
    made += ["colors"] if not colors else [f"colors.{role}" for role in COLOR_ROLES[len(colors) : 3]]
    forbidden = {"*": given.forbidden} if given.forbidden else {}
    return Brand(
        name=given.name,
        colors=complete({}, loose),
        display=_display(given.fonts),
        text=TEXT,
        logo=Logo(file=given.logo) if given.logo else None,
        tone=given.tone,
        forbidden={**forbidden, **{tag: words for tag, words in given.forbidden_by.items() if words}},
        derived=tuple(dict.fromkeys(made)),
    )


def _parsed(texts: Iterable[str]) -> list[Color]:
    found = []
    for text in texts:
        try:
            color = Color.parse(text)
        except ValueError:
            continue
        found.append(Color(color.r, color.g, color.b))
    return found


def _display(fonts: Iterable[str]) -> TypeFace:
    """The first family that says something; compose falls back to the default when it does not ship."""
    named = [name.strip() for name in fonts if name.strip() and name.strip().lower() not in _GENERIC]
    if not named:
        return DISPLAY
    serif = any(sign in named[0].lower() for sign in _SERIFS) and "sans" not in named[0].lower()
    return TypeFace(family=named[0], weight=600 if serif else 700, tracking=-0.01)
