"""`brand.palette`: the colours that the layout chose (fills, type, set materials) come from the brand's palette."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from affiche.check import example
from affiche.check.rule import Example, Limits, Rule, Verdict, passed, skipped, warned
from affiche.check.subject import Subject
from affiche.placement.model import Source
from affiche.values.color import Color
from affiche.values.frame import Fill, Gradient, Item, PictureItem, SetItem, TextItem
from affiche.values.geometry import Rect

Lab = npt.NDArray[np.float64]


def _check(subject: Subject, limits: Limits) -> Iterator[Verdict]:
    frame, brand = subject.frame, subject.brand
    assert frame is not None and brand is not None
    drawn = [
        (color, where, rect) for item in (*frame.base, *frame.overlay) for color, where, rect in _colors(item)
    ]
    if not drawn:
        yield skipped("no-colour", "not checked: the layout chose no colour")
        return
    palette = tuple(dict.fromkeys(brand.colors.values()))
    off = [(_distance(color, palette), color, where, rect) for color, where, rect in drawn]
    distance, color, where, rect = max(off, key=lambda entry: entry[0])
    measured, limit = f"distance {distance:.1f}", f"{limits['max_distance']:g}"
    if distance > limits["max_distance"]:
        message = f"{where} uses {color.hex}, which is neither in the palette nor between two of its colours"
        yield warned(
            "off-palette",
            message,
            rect=rect,
            hint="a palette role in the template",
            measured=measured,
            limit=limit,
        )
    else:
        yield passed(
            "every colour of the layout is in the palette or between two of its colours",
            measured=measured,
            limit=limit,
        )


def _colors(item: Item) -> Iterator[tuple[Color, str, Rect]]:
    match item:
        case Fill(paint=Color() as paint):
            yield paint, item.slot or "a shape", item.rect
        case Fill(paint=Gradient() as paint):
            yield from ((color, item.slot or "a shape", item.rect) for color in paint.colors)
        case TextItem():
            yield item.color, item.slot, item.ink
        case SetItem():
            yield from ((color, f"the set {item.set}", item.rect) for color in item.palette)
        case PictureItem(tint=Color() as tint):
            yield tint, item.slot, item.rect


@lru_cache(maxsize=4096)
def _distance(color: Color, palette: tuple[Color, ...]) -> float:
    """OKLab distance x 100 to the nearest mixture of two palette colours; 0 for near-black and near-white."""
    lightness, a, b = color.oklab
    if color.a < 8 or (abs(a) + abs(b) < 0.03 and not 0.28 < lightness < 0.93):
        return 0.0
    point = np.array([lightness, a, b])
    ends = np.array([c.oklab for c in palette])
    start, way = ends[:, None, :], ends[None, :, :] - ends[:, None, :]
    length = np.maximum((way**2).sum(-1), 1e-9)
    along = np.clip(((point - start) * way).sum(-1) / length, 0.0, 1.0)[..., None]
    gaps: Lab = np.sqrt(((start + along * way - point) ** 2).sum(-1))
    return float(100 * gaps.min())


def _pink() -> Subject:
    return example.framed(base=(replace(example.GROUND, paint=Color.parse("#E5187A")),))


RULE = Rule(
    id="brand.palette",
    title="The layout's own colours come from the palette",
    rationale=(
        "Fills, type, tints and the materials of a set must be palette colours or mixtures of two of them "
        "(distance in OKLab x 100: 2 is just noticeable, 10 is another colour). Near-black and near-white "
        "are always allowed. What photographs and packshots show is not judged."
    ),
    source=Source(ref="own rule; OKLab after Ottosson", kind="assumed", as_of="2026-11-21"),
    severity="warn",
    version=1,
    needs=("frame", "brand"),
    limits={"max_distance": 6.0},
    outcomes={
        "ok": "Every colour is near the palette.",
        "off-palette": "A colour is far from every palette colour and every mixture of two.",
        "no-colour": "The layout consists of pictures only.",
    },
    check=_check,
    examples=(
        Example(
            status="pass", outcome="ok", told="Paper ground, ink type, green button.", make=example.sample
        ),
        Example(status="warn", outcome="off-palette", told="A pink ground in a green brand.", make=_pink),
        Example(
            status="skip",
            outcome="no-colour",
            told="A packshot and nothing else.",
            make=lambda: example.framed(base=(example.packshot(),), overlay=()),
        ),
    ),
)
