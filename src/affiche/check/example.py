"""The small creative that the rules' examples start from: headline, button, logo and packshot, all in order.

May live here: this one creative and how to change a part of it. Used by docs and tests only.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from affiche.brand.model import Brand, Logo, TypeFace
from affiche.check.subject import Subject
from affiche.placement.model import CopyLimit, Placement, Source
from affiche.ports import FileFacts, PictureInfo, Pixels
from affiche.values.color import Color
from affiche.values.digest import digest_bytes
from affiche.values.frame import Fill, Frame, PictureItem, SlotFit, TextItem
from affiche.values.geometry import Insets, Rect, Size
from affiche.values.locale import Locale
from affiche.values.text import Text

SIZE = Size(width=600, height=600)
INK, PAPER, GREEN = Color.parse("#14201B"), Color.parse("#F7F3EA"), Color.parse("#0F5C4E")
_STANDS, _WHOLE, _CORNER = Rect(330, 150, 180, 360), Rect(0, 0, 500, 1000), Rect(60, 60, 120, 40)
PACKSHOT, LOGO = digest_bytes(b"packshot"), digest_bytes(b"logo")

_FACE = TypeFace(family="Manrope", weight=700)
BRAND = Brand(
    name="Verde",
    colors={
        "primary": GREEN,
        "secondary": Color.parse("#7FB685"),
        "accent": Color.parse("#F2B705"),
        "surface": PAPER,
        "surface-2": Color.parse("#E5EFE3"),
        "ink": INK,
        "paper": PAPER,
    },
    display=_FACE,
    text=_FACE,
    logo=Logo(file="logo.svg"),
)

PLACEMENT = Placement(
    id="example.square",
    name="Example square",
    channel="example",
    media="image",
    size=SIZE,
    formats=("jpeg", "png"),
    max_bytes=150_000,
    safe=Insets(left=0.05, top=0.05, right=0.05, bottom=0.05),
    min_size=Size(width=300, height=300),
    copy_limits={"headline": CopyLimit(hard_max=40, visible_max=30, emoji_max=0)},
    shown_width=300,
    aspect_tolerance=0.01,
    sources=(Source(ref="made up for examples", kind="assumed"),),
)


def line(
    text: str,
    rect: Rect,
    *,
    slot: str = "headline",
    size: float = 48.0,
    color: Color = INK,
    font: str = "Manrope 700",
) -> TextItem:
    """A line of type whose ink fills `rect`."""
    return TextItem(
        text=text,
        fonts=(font,),
        size=size,
        direction="ltr",
        x=rect.x,
        baseline=rect.bottom,
        width=rect.width,
        color=color,
        locale="en-US",
        slot=slot,
        box=rect,
        ink=rect,
    )


def packshot(rect: Rect = _STANDS, source: Rect = _WHOLE) -> PictureItem:
    """The product, by default as it should be."""
    return PictureItem(picture=PACKSHOT, rect=rect, source=source, slot="product")


def logo(rect: Rect = _CORNER) -> PictureItem:
    """The logo, by default as it should be."""
    return PictureItem(picture=LOGO, rect=rect, source=Rect(0, 0, 600, 200), slot="logo")


HEADLINE = line("Wake up the afternoon", Rect(60, 200, 230, 50))
LABEL = line("Find a can", Rect(80, 430, 120, 24), slot="cta", size=24, color=PAPER)
BUTTON = Fill(rect=Rect(60, 415, 160, 54), paint=GREEN, radius=27, slot="cta")
GROUND = Fill(rect=Rect(0, 0, 600, 600), paint=PAPER, slot="ground")

FRAME = Frame(
    size=SIZE,
    base=(GROUND, packshot()),
    overlay=(logo(), HEADLINE, BUTTON, LABEL),
    slots={"headline": HEADLINE.ink, "cta": BUTTON.rect, "logo": logo().rect, "product": packshot().rect},
    safe=Rect(30, 30, 540, 540),
    fits=(
        SlotFit(
            slot="headline", fits=True, size=48, min_size=30, max_size=60, lines=("Wake up the afternoon",)
        ),
    ),
    locale="en-US",
    template="example",
    aspect_class="square",
)

PICTURES = {
    PACKSHOT: PictureInfo(
        digest=PACKSHOT, kind="cutout", size=Size(width=500, height=1000), bounds=Rect(0, 0, 500, 1000)
    ),
    LOGO: PictureInfo(
        digest=LOGO, kind="logo", size=Size(width=600, height=200), bounds=Rect(0, 0, 600, 200)
    ),
}


def flat(color: Color, *, width: int = 600, height: int = 600) -> Pixels:
    """Pixels of one colour."""
    pixels = np.empty((height, width, 4), np.uint8)
    pixels[:] = (color.r, color.g, color.b, color.a)
    return pixels


def painted() -> Pixels:
    """The creative roughly as painted: ground, a block for the product and one for the logo."""
    pixels = flat(PAPER)
    for rect, color in (
        (packshot().rect, GREEN),
        (Rect(70, 65, 90, 30), INK),
        (BUTTON.rect, GREEN),
        (HEADLINE.ink, INK),
    ):
        x, y = int(rect.x), int(rect.y)
        pixels[y : y + int(rect.height), x : x + int(rect.width)] = (color.r, color.g, color.b, 255)
    return pixels


def sample(*, frame: Frame | None = FRAME, **changes: Any) -> Subject:
    """The example creative, in order unless changed."""
    given: dict[str, Any] = {
        "frame": frame,
        "pixels": painted(),
        "grounds": {0: flat(PAPER, width=230, height=50), 1: flat(GREEN, width=120, height=24)},
        "words": {
            "headline": Text(value="Wake up the afternoon", locale="en-US"),
            "cta": Text(value="Find a can", locale="en-US"),
        },
        "brand": BRAND,
        "placement": PLACEMENT,
        "locale": Locale.parse("en-US"),
        "file": FileFacts(format="jpeg", size=SIZE, vector=False),
        "file_bytes": 80_000,
        "pictures": PICTURES,
    }
    return Subject(**{**given, **changes})


def framed(**changes: Any) -> Subject:
    """The example creative with fields of its frame changed."""
    return sample(frame=replace(FRAME, **changes))


def said(**words: str) -> Subject:
    """The example creative with other words by role."""
    return sample(words={role: Text(value=value, locale="en-US") for role, value in words.items()})
