"""Placements as plain values: where an ad appears and what must hold there.

Data: `data/*.toml`, each row with sources and dates. Next: `catalog.py` finds placements by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from affiche.values.geometry import Insets, Size
from affiche.values.locale import Direction

AspectClass = Literal["skyscraper", "tall", "portrait", "square", "wide", "banner"]
ASPECT_CLASSES: tuple[AspectClass, ...] = ("skyscraper", "tall", "portrait", "square", "wide", "banner")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a value comes from. `kind` official, third_party or assumed; `as_of` ISO date or `n/d`."""

    ref: str
    kind: Literal["official", "third_party", "assumed"]
    as_of: str = "n/d"


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyLimit:
    """Characters for one text field of the platform; 0 = none known. Three limits, never mixed up."""

    hard_max: int = 0
    visible_max: int = 0
    recommended: int = 0
    #: Lower limits for scripts that the platform counts differently (ISO 15924 -> characters).
    hard_by_script: Mapping[str, int] = field(default_factory=dict)
    visible_by_script: Mapping[str, int] = field(default_factory=dict)
    #: How many emoji are allowed; None = no rule known.
    emoji_max: int | None = None
    #: What a link costs, whatever its length; 0 = its characters.
    link_length: int = 0
    #: Characters that the platform rejects.
    forbidden: str = ""

    def hard_for(self, script: str) -> int:
        """The hard limit for text in `script`; 0 = none known."""
        return self.hard_by_script.get(script, self.hard_max)

    def visible_for(self, script: str) -> int:
        """After how many characters the platform cuts text in `script`; 0 = not known."""
        return self.visible_by_script.get(script, self.visible_max)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """One surface. `safe` in fractions of the canvas; `safe_rtl` replaces it for right-to-left text."""

    id: str
    name: str
    channel: str
    media: Literal["image", "video", "both"]
    size: Size
    formats: tuple[str, ...]
    max_bytes: int
    safe: Insets = Insets()
    safe_rtl: Insets | None = None
    min_size: Size | None = None
    max_size: Size | None = None
    aliases: tuple[str, ...] = ()
    copy_limits: Mapping[str, CopyLimit] = field(default_factory=dict)
    #: How wide the ad is shown on a typical device, css px (for legibility rules); 0 = one to one.
    shown_width: int = 0
    #: How far the ratio of a delivered file may be off (fraction); 0 = the exact pixel size is asked for.
    aspect_tolerance: float = 0.0
    #: Bytes that may load later (IAB subload); 0 = none.
    subload_bytes: int = 0
    #: Other rows of the platform tables that this placement carries (its text limits, colour rules).
    covers: tuple[str, ...] = field(default=(), metadata={"keyed": False})
    status: Literal["confirmed", "conflicting", "unverified"] = "unverified"
    sources: tuple[Source, ...] = field(default=(), metadata={"keyed": False})
    #: What sources disagree about, in words; the stricter value is the one above.
    conflicts: tuple[str, ...] = field(default=(), metadata={"keyed": False})
    notes: tuple[str, ...] = field(default=(), metadata={"keyed": False})

    @property
    def aspect_class(self) -> AspectClass:
        return aspect_class(self.size)

    @property
    def still(self) -> bool:
        """Whether a still picture can run here."""
        return self.media != "video"

    @property
    def shown_scale(self) -> float:
        """Shown css px per px of the file on a typical device."""
        return self.shown_width / self.size.width if self.shown_width else 1.0

    def safe_for(self, direction: Direction) -> Insets:
        """The safe area (fractions) for text in `direction`."""
        return self.safe_rtl if direction == "rtl" and self.safe_rtl is not None else self.safe

    @property
    def ratio_name(self) -> str:
        """The folder name in the output tree: `1x1`, `9x16`, ... or the pixel size."""
        return ratio_name(self.size)


_RATIOS = {
    "1x1": 1.0,
    "4x5": 0.8,
    "9x16": 9 / 16,
    "16x9": 16 / 9,
    "2x1": 2.0,
    "1.91x1": 1.91,
    "2x3": 2 / 3,
    "4x1": 4.0,
}


def ratio_name(size: Size) -> str:
    """`1x1`, `4x5`, ... when the ratio is one of the usual ones within 0.6 %, else `728x90`."""
    for name, ratio in _RATIOS.items():
        if abs(size.ratio / ratio - 1) < 0.006:
            return name
    return str(size)


def aspect_class(size: Size) -> AspectClass:
    """The class that templates have a variant for; bounds chosen so that usual sizes fall well inside one."""
    ratio = size.ratio
    if ratio < 0.42:
        return "skyscraper"
    if ratio < 0.66:
        return "tall"
    if ratio < 0.9:
        return "portrait"
    if ratio <= 1.25:
        return "square"
    return "wide" if ratio < 2.6 else "banner"
