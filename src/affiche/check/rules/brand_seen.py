"""`brand.seen`: how much of a picture of unknown layout has one of the brand's colours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from affiche.check import example
from affiche.check.luminance import Floats
from affiche.check.rule import Example, Limits, Rule, Verdict, passed, skipped, warned
from affiche.check.subject import Subject
from affiche.placement.model import Source
from affiche.ports import Pixels
from affiche.values.color import Color, to_linear

_LINEAR = np.array([to_linear(i) for i in range(256)], np.float32)
#: OKLab (Ottosson 2020): linear sRGB -> cone responses -> Lab.
_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    np.float32,
)
_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ],
    np.float32,
)
#: Below this chroma a colour is a grey, which every picture contains.
_GREY = 0.04


def _check(subject: Subject, limits: Limits) -> Iterator[Verdict]:
    brand = subject.brand
    assert brand is not None
    colors = [c for c in dict.fromkeys(brand.colors.values()) if np.hypot(c.oklab[1], c.oklab[2]) >= _GREY]
    if not colors:
        yield skipped("grey-brand", "not checked: the palette has only black, white and greys")
        return
    share = float((_nearest(subject.thumbnail, colors) * 100 <= limits["near"]).mean())
    measured, limit = f"{share:.1%} of the picture", f"{limits['min_share']:.1%}"
    if share < limits["min_share"]:
        yield warned(
            "absent", "hardly any of the picture has a colour of the brand", measured=measured, limit=limit
        )
    else:
        yield passed("a part of the picture has a colour of the brand", measured=measured, limit=limit)


def _nearest(pixels: Pixels, colors: list[Color]) -> Floats:
    """OKLab distance 0..1 of each pixel to the nearest of `colors`."""
    lab = _oklab(pixels[..., :3].reshape(-1, 3))
    palette = np.array([c.oklab for c in colors], np.float32)
    nearest: Floats = np.sqrt(((lab[:, None, :] - palette[None]) ** 2).sum(-1)).min(1)
    return nearest


def _oklab(rgb: npt.NDArray[np.uint8]) -> Floats:
    lab: Floats = np.cbrt(_LINEAR[rgb] @ _CONES.T) @ _LAB.T
    return lab


def _grey() -> Subject:
    return example.sample(
        brand=replace(example.BRAND, colors={"ink": Color(0, 0, 0), "paper": Color(255, 255, 255)})
    )


RULE = Rule(
    id="brand.seen",
    title="A part of the picture has a colour of the brand",
    rationale=(
        "For pictures of unknown layout: the share of (sampled) pixels within a small OKLab distance of a "
        "palette colour that is not grey. A low share is a reason to look, no proof; a high share does "
        "not say that the colours are used well."
    ),
    source=Source(ref="own rule; OKLab after Ottosson", kind="assumed", as_of="2026-11-21"),
    severity="warn",
    version=1,
    needs=("pixels", "brand"),
    limits={"near": 8.0, "min_share": 0.01},
    kinds=("file",),
    outcomes={
        "ok": "At least the limit has a colour of the brand.",
        "absent": "Less than the limit has a colour of the brand.",
        "grey-brand": "The palette has no colour but greys.",
    },
    check=_check,
    examples=(
        Example(status="pass", outcome="ok", told="A green packshot on paper.", make=example.sample),
        Example(
            status="warn",
            outcome="absent",
            told="An all-pink picture for a green brand.",
            make=lambda: example.sample(pixels=example.flat(Color.parse("#E5187A"))),
        ),
        Example(status="skip", outcome="grey-brand", told="A black-and-white brand.", make=_grey),
    ),
)
