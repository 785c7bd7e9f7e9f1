"""The cases that every template must hold: hard copy in several scripts, ugly logos, each kind of picture, every size.

Touches the disk only for its own data file. Pictures are descriptions without pixels: nothing is drawn.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from affiche.brand.model import Brand, TypeFace
from affiche.compose.request import ComposeRequest
from affiche.compose.studio import StudioSet
from affiche.compose.template.model import Template
from affiche.ports import TONE_GRID, PictureInfo
from affiche.values.color import Color
from affiche.values.digest import Digest
from affiche.values.geometry import Insets, Rect, Size
from affiche.values.locale import Locale
from affiche.values.text import Text

_DATA = Path(__file__).with_name("stress.toml")

#: Width and height px and the width at which people see it, css px: all aspect classes, the usual banners among them.
SIZES = (
    (1080, 1080, 360), (1080, 1350, 360), (1080, 1920, 360), (1200, 628, 500), (1920, 1080, 640), (300, 250, 0), (160, 600, 0),
    (300, 600, 0), (970, 250, 0), (728, 90, 0), (320, 50, 0),
)  # fmt: skip
#: Safe area of a story, shares of its size.
_STORY = Insets(left=0.06, top=0.14, right=0.06, bottom=0.2)

BRAND = Brand(
    name="Proof",
    colors={role: Color.parse(text) for role, text in {
        "primary": "#0F5C4E", "secondary": "#F6C667", "accent": "#F27B50", "surface": "#F6C667", "surface-2": "#F3E9D2",
        "ink": "#0B2E27", "paper": "#FBF3DF",
    }.items()},
    display=TypeFace(family="Bricolage Grotesque", weight=700),
    text=TypeFace(family="Manrope", weight=500),
)  # fmt: skip


def _picture(name: str, kind: str, width: int, height: int) -> PictureInfo:
    return PictureInfo(
        digest=Digest(f"{name:_<64}"), kind=kind, size=Size(width=width, height=height),  # type: ignore[arg-type]
        bounds=Rect(0, 0, width, height), darks=(60,) * TONE_GRID**2, lights=(150,) * TONE_GRID**2,
    )  # fmt: skip


PICTURES = {
    "tall product": _picture("tall", "cutout", 560, 1460), "wide product": _picture("wide", "cutout", 1400, 620),
    "photo": _picture("photo", "photo", 1600, 1200), "no picture": None,
}  # fmt: skip
_COMPANIONS = tuple(picture for picture in PICTURES.values() if picture is not None and picture.kind == "cutout")
LOGOS = {
    "very wide logo": _picture("wide-logo", "logo", 1600, 150), "very tall logo": _picture("tall-logo", "logo", 200, 700),
    "square logo": _picture("square", "logo", 500, 500), "opaque logo": _picture("opaque", "logo", 640, 420),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One hard request and how to say what is hard about it."""

    name: str
    request: ComposeRequest


@cache
def copy() -> dict[str, dict[str, str]]:
    """Stress copy by case: `locale` and text by role."""
    return tomllib.loads(_DATA.read_text(encoding="utf-8"))


def cases(template: Template) -> Iterator[Case]:
    """Every case for `template`: each copy with each kind of picture that it shows, then each ugly logo."""
    shown = {name: info for name, info in PICTURES.items() if (info.kind if info else "none") in template.pictures}
    for size in SIZES:
        for case in copy():
            for name, info in shown.items():
                yield Case(name=f"{case}, {name}", request=_request(template, size, case, info))
        picture = next(iter(shown.values()), None)
        for name, logo in LOGOS.items():
            yield Case(name=name, request=replace(_request(template, size, "pseudo", picture), logo=logo, wordmark=""))


#: What a proof sheet shows: copy down, sizes across.
_PROOF_COPY = ("pseudo", "german", "arabic", "thai", "japanese", "emoji", "one-word")
_PROOF_SIZES = ((1080, 1080, 360), (1080, 1350, 360), (1080, 1920, 360), (1200, 628, 500), (300, 250, 0), (160, 600, 0),
                (970, 250, 0), (728, 90, 0), (320, 50, 0))  # fmt: skip


def proofs(template: Template, studio: StudioSet | None) -> list[list[ComposeRequest]]:
    """The requests of a proof sheet, row by row, with the square logo."""
    picture = next((p for p in PICTURES.values() if (p.kind if p else "none") in template.pictures), None)
    logo = LOGOS["square logo"]
    shown = studio if picture is not None and picture.kind == "cutout" else None
    return [
        [replace(_request(template, size, case, picture), logo=logo, wordmark="", set=shown) for size in _PROOF_SIZES]
        for case in _PROOF_COPY
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One place of a proof sheet: which stress copy, and its request."""

    case: str
    request: ComposeRequest


def cells(template: Template, studio: StudioSet | None) -> tuple[Cell, ...]:
    """The places of a proof sheet, row by row."""
    rows = zip(_PROOF_COPY, proofs(template, studio), strict=True)
    return tuple(Cell(case=name, request=request) for name, row in rows for request in row)


def described() -> dict[Digest, PictureInfo]:
    """Every picture and logo of the cases, by digest."""
    return {info.digest: info for info in (*PICTURES.values(), *LOGOS.values()) if info is not None}


def _request(template: Template, size: tuple[int, int, int], case: str, picture: PictureInfo | None) -> ComposeRequest:
    told = copy()[case]
    locale = Locale.parse(told["locale"])
    words = {role: Text(value=text, locale=locale.tag) for role, text in told.items() if role != "locale"}
    canvas = Size(width=size[0], height=size[1])
    return ComposeRequest(
        size=canvas, safe=_STORY.of(canvas) if size[1] == 1920 else Insets(), locale=locale, words=words, brand=BRAND,
        template=template, picture=picture, before=picture, companions=_COMPANIONS if template.lineup else (),
        wordmark="Proof", shown_width=size[2], placement="proof",
    )  # fmt: skip
