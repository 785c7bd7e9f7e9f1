"""A brand looked at: palette with contrasts, type in every script, the logo on its grounds, what two files say otherwise."""

from __future__ import annotations

from pydantic import Field

from affiche.api.schema.shape import Out, ProblemItem


class Swatch(Out):
    """A colour by its role; `derived` when the file does not give it."""

    role: str
    hex: str
    derived: bool


class Contrast(Out):
    """Type of one colour on a ground of another: WCAG 2 ratio 1 to 21, and for which type it is enough."""

    ground: str
    ink: str
    ratio: float
    small: bool = Field(description="Enough for small type: 4.5 to 1.")
    large: bool = Field(description="Enough for large type: 3 to 1.")


class KitFace(Out):
    """A family and weight; `own` when a file of the brand's own is meant."""

    family: str
    weight: int = 0
    own: bool = False


class Kit(Out):
    """What a brand file says, completed."""

    name: str
    colors: list[Swatch]
    contrasts: list[Contrast]
    display: KitFace
    text: KitFace


class Examined(Out):
    """A brand file looked at: everything wrong with it, and the kit unless it cannot be used."""

    problems: list[ProblemItem]
    kit: Kit | None


class Specimen(Out):
    """The brand's type in one script; `display` and `text` say which face draws it. `png` in base64."""

    script: str
    locale: str
    name: str
    direction: str
    display: KitFace
    text: KitFace
    width: int
    height: int
    png: str


class Specimens(Out):
    """Specimens of the wanted scripts, or why there are none."""

    specimens: list[Specimen]
    problems: list[ProblemItem]


class Mark(Out):
    """The logo on one colour. `logo` is its box and `clear` the room it wants around it, px; `variant` which one was taken.

    `contrast` where the logo is of one colour, or set in type; null else. `png` in base64.
    """

    role: str
    color: str
    variant: str = Field(description="`logo`, `on-dark`, or `name` when the brand's name stands for it.")
    tinted: bool
    logo: list[float]
    clear: float
    contrast: float | None
    width: int
    height: int
    png: str


class Marks(Out):
    """The logo on each colour of the brand, or why there are none."""

    marks: list[Mark]
    problems: list[ProblemItem]


class FieldChange(Out):
    """A field that two brand files say differently; empty = it is not there."""

    field: str
    before: str
    after: str


class BrandChanges(Out):
    """What the file of revision `until` says otherwise than that of `since`."""

    since: int
    until: int
    changes: list[FieldChange]
