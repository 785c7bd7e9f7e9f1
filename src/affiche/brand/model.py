"""The identity kit as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from affiche.values.color import Color
from affiche.values.digest import Digest

#: Palette roles: every brand has all of them; missing ones are derived (`derive.py`).
COLOR_ROLES = ("primary", "secondary", "accent", "surface", "surface-2", "ink", "paper")


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeFace:
    """A family and weight; `tracking` in em, `case` `none` or `upper`."""

    family: str
    weight: int
    tracking: float = 0.0
    case: str = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class FontFile:
    """A font file that the brand brings (relative to the brand file) as `family`; `weight` 0 = what the file says."""

    file: str
    family: str
    weight: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """A brand's face once its file was examined: `data` is the blob with TTF or OTF bytes, `family` unique to them.

    `scripts` (ISO 15924) it covers, `feel` sans or serif: what continues it follows from both.
    """

    family: str
    weight: int
    scripts: tuple[str, ...]
    feel: str
    data: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Logo:
    """Logo files (relative to the brand file) and their rules. `clear_space` in logo heights, `min_width` px at 1080."""

    file: str
    on_dark: str = ""
    clear_space: float = 0.5
    min_width: float = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Brand:
    """One brand. `derived` says which parts Affiche made up (and reports)."""

    name: str
    colors: Mapping[str, Color]
    display: TypeFace
    text: TypeFace
    logo: Logo | None = None
    tone: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    #: Words by language or locale (`*` = all).
    forbidden: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    required: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    keep: tuple[str, ...] = ()
    #: Term -> language or locale -> the brand's word for it.
    glossary: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    #: Language or locale -> `formal` or `informal`.
    formality: Mapping[str, str] = field(default_factory=dict)
    #: Pictures of its world (relative to the brand file), for writers that see pictures.
    style: tuple[str, ...] = ()
    radius: float = 1.0
    #: How far photographs are graded towards the palette: `none` or `soft` (at most a few percent).
    grade: str = "none"
    #: Language or locale (`*` = all) -> digits that numbers are written in (CLDR: `latn`, `arab`, ...).
    numerals: Mapping[str, str] = field(default_factory=dict)
    fonts: tuple[FontFile, ...] = ()
    #: What became of `fonts`; the families of `display` and `text` are theirs then.
    faces: tuple[Face, ...] = ()
    derived: tuple[str, ...] = ()

    def numerals_in(self, tag: str) -> str:
        """The digits chosen for a locale; empty = as the copy has them."""
        chosen = self.numerals
        return chosen.get(tag) or chosen.get(tag.partition("-")[0]) or chosen.get("*", "") if chosen else ""
