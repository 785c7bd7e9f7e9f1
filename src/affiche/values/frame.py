"""Frame: a laid-out creative with absolute positions and no decisions left; the neutral value between layout and drawing.

Owned by neither side: `compose/layout` makes frames, `adapters/paint` draws them, `check` measures them. Everything is in
px of the canvas, origin top-left, y down. A frame is two lists: `base` (what creatives of one sheet share: set, picture,
packshot, shadows, panels) and `overlay` (what differs: scrim, logo, text, button). Base is painted first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from affiche.values.color import Color
from affiche.values.digest import Digest, digest
from affiche.values.geometry import Rect, Size
from affiche.values.locale import Direction
from affiche.values.quick import quick


@dataclass(frozen=True, slots=True, kw_only=True)
class Gradient:
    """A linear gradient from `start` to `end` (fractions of the item's rect, origin top-left) through evenly spaced `colors`."""

    start: tuple[float, float]
    end: tuple[float, float]
    colors: tuple[Color, ...]
    stops: tuple[float, ...] = ()


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Fill:
    """A filled rectangle with corner `radius` px; `slot` names what it belongs to (`panel`, `cta`, `scrim`)."""

    rect: Rect
    paint: Color | Gradient
    radius: float = 0.0
    slot: str = ""
    #: Outline width px (0 = filled).
    stroke: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """A gentle colour grade. `warmth` -1 (cool) .. 1 (warm), `contrast` -1 (softer) .. 1 (crisper); 0 changes nothing."""

    warmth: float
    contrast: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureItem:
    """A prepared picture drawn into `rect`; `source` is the part of it (px of the prepared picture) that is shown."""

    picture: Digest
    rect: Rect
    source: Rect
    slot: str
    mirrored: bool = False
    radius: float = 0.0
    opacity: float = 1.0
    #: Recolour: every opaque pixel takes this colour (one-colour logos on dark grounds).
    tint: Color | None = None
    #: Photographs of a brand that grades its pictures.
    grade: Grade | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetItem:
    """A studio set tinted with `palette` (one colour per material, in the order of the set's masks), covering `rect`.

    `source` is the part of the render that is shown, px of the render. `digest` is the digest of the set's files.
    """

    set: str
    aspect_class: str
    digest: Digest
    palette: tuple[Color, ...]
    rect: Rect
    source: Rect
    mirrored: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Shadow:
    """The shadow that the cut-out `picture` drawn into `rect` throws on the ground at `ground_y`.

    `contact`: a soft dark ellipse under the base. `cast`: the outline sheared away from the light by `angle_deg`
    (0 = straight back, positive = to the right), `length` in heights of the product, blurred by `softness` px.
    """

    kind: Literal["contact", "cast", "reflection"]
    picture: Digest
    rect: Rect
    source: Rect
    ground_y: float
    color: Color
    softness: float
    angle_deg: float = 0.0
    length: float = 0.0
    mirrored: bool = False
    #: The panel that the product stands on: the shadow ends at its edge.
    panel: Fill | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRun:
    """A stretch of a line in another size: `scale` of the line's, its baseline `rise` em (of the line) above the line's.

    Scale 0 stands for characters that belong to the text but are not drawn (the point before raised cents).
    """

    text: str
    scale: float = 1.0
    rise: float = 0.0


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class TextItem:
    """One line of text in logical order without isolates; (x, baseline) is the left end of the line box on the baseline.

    `fonts` is the alias chain of the shipped or brand fonts; `size` px per em; `width` the advance width px; `box` the line
    box, `ink` the tight box of the drawn glyphs (both px of the canvas). `tracking` in em.
    """

    text: str
    fonts: tuple[str, ...]
    size: float
    direction: Direction
    x: float
    baseline: float
    width: float
    color: Color
    locale: str
    slot: str
    box: Rect
    ink: Rect
    tracking: float = 0.0
    #: A line through the middle (old price).
    struck: bool = False
    #: Stretches of other sizes (small cents, raised ®); joined they are `text`. Empty = all of one size.
    runs: tuple[TextRun, ...] = ()


Item = Fill | PictureItem | SetItem | Shadow | TextItem


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class SlotFit:
    """How the text of one slot fits: the overflow contract. Sizes in px; `needed` is the largest size that would fit."""

    slot: str
    fits: bool
    size: float
    min_size: float
    max_size: float
    lines: tuple[str, ...]
    needed: float = 0.0
    missing: tuple[str, ...] = ()
    remedy: str = ""

    @property
    def outcome(self) -> str:
        """`fits`, `helped` (by `remedy`), `left-out`, `too-long`, or `glyphs` (no font draws what is in `missing`)."""
        if self.missing:
            return "glyphs"
        if not self.fits:
            return "too-long"
        if not self.lines:
            return "left-out"
        return "helped" if self.remedy else "fits"

    def as_dict(self) -> dict[str, object]:
        """The stable JSON form; sizes in px of the em."""
        return {
            "slot": self.slot, "outcome": self.outcome, "fits": self.fits, "size": round(self.size, 1),
            "min_size": round(self.min_size, 1), "needed": round(self.needed, 1), "remedy": self.remedy,
            "lines": list(self.lines), "missing": list(self.missing),
        }  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A laid-out creative. `slots` says where each slot ended up; `safe` is the placement's safe area."""

    size: Size
    base: tuple[Item, ...]
    overlay: tuple[Item, ...]
    slots: Mapping[str, Rect]
    safe: Rect
    fits: tuple[SlotFit, ...] = ()
    locale: str = ""
    template: str = ""
    aspect_class: str = ""
    #: Notes of the art direction for `explain`: what was chosen and why.
    decisions: tuple[str, ...] = field(default=())

    @property
    def base_digest(self) -> Digest:
        """Equal for creatives that can share one painted base (a *sheet*)."""
        return digest("base", self.size, self.base)

    @property
    def texts(self) -> tuple[TextItem, ...]:
        """The lines of text in drawing order."""
        return tuple(item for item in self.overlay if isinstance(item, TextItem))
