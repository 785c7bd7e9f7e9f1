"""Scores ways to choose what a crop keeps: `python -m crops.score [folder of the corpus pictures]`.

For each picture and shape: the share of the subject that the crop keeps, of what a crop of that shape can keep at most.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np

from affiche.adapters.codec import FileCodec
from affiche.compose.layout.crop import cover
from affiche.imagine import faces, focal, subject
from affiche.imagine.focal import Attention
from affiche.values.geometry import Rect

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "tests" / "data" / "crops"
SHAPES = {"1:1": (1, 1), "9:16": (9, 16), "16:9": (16, 9), "4:5": (4, 5)}
#: A crop that keeps this much of what it could is a good one.
GOOD = 0.95


@dataclass(frozen=True, eq=False)
class Labelled:
    """`box` and `point` are fractions of the picture."""

    name: str
    pixels: np.ndarray
    box: Rect
    point: tuple[float, float]


def own() -> list[Labelled]:
    """The pictures of tests/data/crops."""
    rows = tomllib.loads((DATA / "labels.toml").read_text())["picture"]
    return [
        Labelled(row["file"], _read(DATA / row["file"]), Rect(*row["subject"]), tuple(row["focal"]))
        for row in rows
    ]


def corpus(folder: Path) -> list[Labelled]:
    """The photographs of the shared corpus that were labelled by eye."""
    boxes = tomllib.loads((DATA / "photographs.toml").read_text())["boxes"]
    return [
        Labelled(n, _read(folder / n), Rect(*b), (b[0] + b[2] / 2, b[1] + b[3] / 2)) for n, b in boxes.items()
    ]


def _read(path: Path) -> np.ndarray:
    return FileCodec().decode(path.read_bytes())


def centre(picture: Labelled) -> Attention:
    return Attention(point=None, origin="centre")


def given(picture: Labelled) -> Attention:
    return Attention(point=picture.point, origin="given")


def face(picture: Labelled) -> Attention:
    return focal.of_faces(faces.found(picture.pixels)) or centre(picture)


def default(picture: Labelled) -> Attention:
    """What Affiche does without a given point."""
    return focal.found(picture.pixels)


def spectral(picture: Labelled) -> Attention:
    """Spectral residual (Hou, Zhang 2007), centre of its mass."""
    grey = cv2.resize(
        cv2.cvtColor(picture.pixels, cv2.COLOR_RGBA2GRAY), (64, 64), interpolation=cv2.INTER_AREA
    ).astype(np.float32)
    spectrum = np.fft.fft2(grey)
    log = np.log(np.abs(spectrum) + 1e-6)
    residual = log - cv2.blur(log.astype(np.float32), (3, 3))
    salience = cv2.GaussianBlur(
        (np.abs(np.fft.ifft2(np.exp(residual + 1j * np.angle(spectrum)))) ** 2).astype(np.float32),
        (0, 0),
        2.5,
    )
    y, x = np.mgrid[0:64, 0:64]
    point = tuple(float((salience * axis).sum() / salience.sum() + 0.5) / 64 for axis in (x, y))
    return Attention(point=point, origin="subject")


def box(least: float) -> Callable[[Labelled], Attention]:
    def chosen(picture: Labelled) -> Attention:
        return focal.of_subject(_located(picture), least) or centre(picture)

    return chosen


@cache
def _located(picture: Labelled) -> subject.Subject | None:
    return subject.located(picture.pixels)


POLICIES = {
    "given": given,
    "centre": centre,
    "face": face,
    "spectral residual": spectral,
    "subject, always": box(0.0),
    "subject, from 0.5": box(0.5),
    "subject, sure": box(subject.SURE),
    "default: face, sure subject, centre": default,
}


def kept(picture: Labelled, seen: Attention, shape: tuple[int, int]) -> float:
    """Share of the subject in the crop, of the largest share that any crop of this shape can have."""
    height, width = picture.pixels.shape[:2]
    bounds = Rect(0, 0, width, height)
    keep = seen.keep and Rect(
        seen.keep.x * width, seen.keep.y * height, seen.keep.width * width, seen.keep.height * height
    )
    crop = cover(bounds, Rect(0, 0, *shape), seen.point or (0.5, 0.5), keep=keep)
    there = Rect(
        picture.box.x * width, picture.box.y * height, picture.box.width * width, picture.box.height * height
    )
    best = min(1.0, crop.width / there.width) * min(1.0, crop.height / there.height)
    return min(1.0, there.intersection(crop).area / there.area / best)


def scores(pictures: list[Labelled], policy) -> np.ndarray:
    """Shape (pictures, shapes)."""
    found = [policy(picture) for picture in pictures]
    return np.array(
        [[kept(p, seen, shape) for shape in SHAPES.values()] for p, seen in zip(pictures, found, strict=True)]
    )


def table(pictures: list[Labelled], policies=POLICIES) -> str:
    rows = [
        f"| policy | {' | '.join(SHAPES)} | all | good crops | worst |",
        "|---|" + "---|" * (len(SHAPES) + 3),
    ]
    for name, policy in policies.items():
        found = scores(pictures, policy)
        cells = [f"{v:.3f}" for v in (*found.mean(axis=0), found.mean())]
        rows.append(f"| {name} | {' | '.join(cells)} | {(found >= GOOD).mean():.0%} | {found.min():.2f} |")
    return "\n".join(rows)


if __name__ == "__main__":
    print(f"own set, {len(own())} pictures\n\n{table(own())}\n")
    if len(sys.argv) > 1:
        print(f"photographs, {len(corpus(Path(sys.argv[1])))} pictures\n\n{table(corpus(Path(sys.argv[1])))}")
