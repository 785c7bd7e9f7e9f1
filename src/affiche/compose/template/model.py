"""A template as plain values: per aspect class a list of alternatives, each a tree of boxes.

A box has a `Place` (where it lies in its parent) and is one of: `Overlay` (children share the rectangle), `Stack`
(children follow each other), `Space`, and the slots `TextSlot`, `CtaSlot`, `LogoSlot`, `ProductSlot`, `PhotoSlot`,
`SetSlot`, and `Shape`. Lengths are relative: `u` is 1 % of the shorter side of the canvas, `%` of the parent, `fr` a share of
what is left. Next: `layout/` turns a tree into a frame.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from affiche.compose.template.when import Condition
from affiche.values.digest import Digest

Unit = Literal["u", "%", "px", "fr", "auto"]
Align = Literal["start", "center", "end"]
Justify = Literal["start", "center", "end", "between"]


@dataclass(frozen=True, slots=True)
class Length:
    """A relative length: `6u`, `50%`, `1fr`, `auto`."""

    value: float
    unit: Unit

    def px(self, *, u: float, parent: float) -> float:
        """In px; `fr` and `auto` have no size of their own and give 0."""
        if self.unit == "u":
            return self.value * u
        if self.unit == "%":
            return self.value * parent / 100
        return self.value if self.unit == "px" else 0.0


AUTO = Length(0, "auto")
ZERO = Length(0, "px")
FULL = Length(100, "%")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a box lies: x, y, width, height in its reference rectangle, and when it exists at all.

    `within`: `parent`, the whole `canvas`, or `content` (the canvas less margins and safe area).
    """

    x: Length = ZERO
    y: Length = ZERO
    width: Length = FULL
    height: Length = FULL
    within: Literal["parent", "canvas", "content"] = "parent"
    when: Condition | None = None
    mirror: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Space:
    """Empty room in a stack: fixed, or a share (`fr`) of what is left but never less than `min`."""

    size: Length
    min: Length = ZERO
    place: Place = Place()


@dataclass(frozen=True, slots=True, kw_only=True)
class TextSlot:
    """A text role. Sizes in `u` of the em; `colors` are brand roles in order of preference (the first with contrast wins).

    `drop`: may be left out (and reported) when nothing else helps; the larger number goes first. `before` is extra room.
    `literal` is a text of the template itself (a numeral), for the role `mark`. `primary`: gets the room that is left, as a
    headline does. `struck`: a line goes through it. `quoted`: set in the quotation marks of its language.
    """

    role: str
    min: Length
    max: Length
    lines: int
    place: Place = Place()
    style: Literal["display", "text"] = "text"
    weight: int = 0
    tracking: float = 0.0
    case: Literal["none", "upper"] = "none"
    leading: float = 0.0
    align: Align = "start"
    colors: tuple[str, ...] = ("ink", "paper")
    width: Length = FULL
    before: Length = ZERO
    drop: int = 0
    opacity: float = 1.0
    literal: str = ""
    primary: bool = False
    struck: bool = False
    quoted: bool = False
    #: Name of a group that shares one size: the smallest that fits any locale of the product in the placement.
    group: str = ""
    #: Brand roles of a round chip behind the text, in order of preference (empty = none).
    chip: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CtaSlot:
    """The call to action: a button with one line of text, or bare text with an arrow (`button: false`)."""

    min: Length
    max: Length
    place: Place = Place()
    align: Align = "start"
    button: bool = True
    fills: tuple[str, ...] = ("primary", "accent", "ink", "secondary", "paper")
    pad_x: float = 1.35
    pad_y: float = 0.78
    before: Length = ZERO
    width: Length = AUTO
    drop: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LogoSlot:
    """The logo (or the brand name set as type). Fits into `height` and `max_width`; its optical size is evened out."""

    height: Length
    max_width: Length
    place: Place = Place()
    align: Align = "start"
    before: Length = ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductSlot:
    """A cut-out product that stands on a ground line: `height` and `max_width` of its box, base centre at (`x`, `ground`)."""

    place: Place = Place()
    x: Length = Length(50, "%")
    ground: Length = Length(100, "%")
    shadow: bool = True
    #: Which picture: the product's, or the one of how it was before.
    of: Literal["picture", "before"] = "picture"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineupSlot:
    """The product and its companions side by side on one ground line, at sizes that look equal; `gap` in heights.

    `most` is how many are shown at most, the product itself in the middle.
    """

    place: Place = Place()
    gap: float = 0.12
    most: int = 5
    shadow: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoSlot:
    """A photograph that covers its box, cropped around its focal point. `scrim`: darken or lighten under the text."""

    place: Place = Place()
    radius: Length = ZERO
    #: The edge from which a scrim may rise to give text its contrast ("" = never).
    scrim: Literal["", "top", "bottom", "start", "end"] = ""
    #: How far into the box the scrim stays at full strength (fraction), then fades over `scrim_fade`.
    scrim_reach: float = 0.45
    scrim_fade: float = 0.3
    #: Which picture: the product's, or the one of how it was before.
    of: Literal["picture", "before"] = "picture"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetSlot:
    """A studio set that covers its box, moved so that the product stands where the set's hero stands.

    `view` is the aspect class of the render that is shown, when it is not that of the box: a product in the middle of a
    square needs a view with its wall above it, not beside it.
    """

    place: Place = Place()
    view: Literal["", "skyscraper", "tall", "portrait", "square", "wide", "banner"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A drawn shape: rectangle or (with `round: true`) ellipse; `paint` a brand role, `to` a second one for a gradient.

    `paints`: roles of which the first is taken that the packshot stands out from; `paint` when none does.
    """

    paint: str
    paints: tuple[str, ...] = ()
    place: Place = Place()
    to: str = ""
    round: bool = False
    radius: Length = ZERO
    stroke: Length = ZERO
    opacity: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """Children one after the other, `gap` between them. `fill` (brand roles) makes it a panel with a known ground."""

    children: tuple[Box, ...]
    place: Place = Place()
    direction: Literal["column", "row"] = "column"
    gap: Length = ZERO
    align: Align = "start"
    justify: Justify = "start"
    pad: tuple[Length, Length, Length, Length] = (ZERO, ZERO, ZERO, ZERO)
    fill: tuple[str, ...] = ()
    radius: Length = ZERO
    #: Share of the parent row that this stack takes.
    width: Length = Length(1, "fr")
    before: Length = ZERO
    #: A row that becomes a column when its children do not fit beside each other.
    wrap: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlay:
    """Children that share the rectangle, painted in order."""

    children: tuple[Box, ...]
    place: Place = Place()
    fill: tuple[str, ...] = ()


Box = Overlay | Stack | Space | TextSlot | CtaSlot | LogoSlot | ProductSlot | LineupSlot | PhotoSlot | SetSlot | Shape


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """One way to lay out an aspect class; the first whose condition holds and whose text fits is used."""

    tree: Overlay
    name: str = ""
    when: Condition | None = None
    #: Margin around the content, `u`.
    margin: Length = Length(6, "u")
    #: Why this one is used, for `explain`, when it is not the usual one.
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A layout recipe. `pictures` says which kinds of picture it shows (`cutout`, `photo`, `none`)."""

    id: str
    name: str
    description: str
    pictures: tuple[str, ...]
    classes: Mapping[str, tuple[Alternative, ...]]
    ground: tuple[str, ...] = ("surface",)
    #: Text roles without which it says nothing, each as alternatives (`offer|price`): a brief that lacks them cannot use it.
    needs: tuple[tuple[str, ...], ...] = ()
    #: Text role -> the group whose size it shares. A grouped text makes every locale part of every other's key.
    groups: Mapping[str, str] = field(default_factory=dict)
    #: Whether it shows the brief's other products beside the product.
    lineup: bool = False
    #: Whether it shows a studio set.
    staged: bool = False
    digest: Digest = Digest("")
    #: The facts that its conditions ask for: nothing else about a request chooses between its layouts.
    asks: tuple[str, ...] = ()
