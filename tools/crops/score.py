"""Scores ways to choose what a crop keeps: `python -m crops.score [folder of the corpus pictures]`.

For each picture and shape: the share of the subject that the crop keeps, of what a crop of that shape can keep at most.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from affiche.adapters.codec import FileCodec
from affiche.compose.layout.crop import cover
from affiche.imagine import focal, subject
from affiche.values.geometry import Rect

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "tests" / "data" / "crops"
SHAPES = {"1:1": (1, 1), "9:16": (9, 16), "16:9": (16, 9), "4:5": (4, 5)}
#: A crop that keeps this much of what it could is a good one.
GOOD = 0.95


@dataclass(frozen=True)
class Labelled:
    """`box` and `point` are fractions of the picture."""

    name: str
    pixels: np.ndarray
    box: Rect
    point: tuple[float, float]


def own() -> list[Labelled]:
    """The pictures of tests/data/crops."""
    rows = tomllib.loads((DATA / "labels.toml").read_text())["picture"]
    return [Labelled(row["file"], _read(DATA / row["file"]), Rect(*row["subject"]), tuple(row["focal"])) for row in rows]


def corpus(folder: Path) -> list[Labelled]:
    """The photographs of the shared corpus that were labelled by eye."""
    boxes = tomllib.loads((DATA / "photographs.toml").read_text())["boxes"]
    return [Labelled(n, _read(folder / n), Rect(*b), (b[0] + b[2] / 2, b[1] + b[3] / 2)) for n, b in boxes.items()]


def _read(path: Path) -> np.ndarray:
    return FileCodec().decode(path.read_bytes())


def centre(picture: Labelled):
    return 0.5, 0.5


def given(picture: Labelled):
    return picture.point


def face(picture: Labelled):
    point, _ = focal.face(picture.pixels) if hasattr(focal, "face") else focal.found(picture.pixels)
    return point or (0.5, 0.5)


def spectral(picture: Labelled):
    """Spectral residual (Hou, Zhang 2007), centre of its mass."""
    grey = cv2.resize(cv2.cvtColor(picture.pixels, cv2.COLOR_RGBA2GRAY), (64, 64), interpolation=cv2.INTER_AREA).astype(np.float32)
    spectrum = np.fft.fft2(grey)
    log = np.log(np.abs(spectrum) + 1e-6)
    residual = log - cv2.blur(log.astype(np.float32), (3, 3))
    salience = cv2.GaussianBlur((np.abs(np.fft.ifft2(np.exp(residual + 1j * np.angle(spectrum)))) ** 2).astype(np.float32), (0, 0), 2.5)
    y, x = np.mgrid[0:64, 0:64]
    return float((salience * x).sum() / salience.sum() + 0.5) / 64, float((salience * y).sum() / salience.sum() + 0.5) / 64


def box(least: float) -> Callable[[Labelled], tuple[float, float]]:
    def chosen(picture: Labelled):
        found = subject.located(picture.pixels)
        return found.center if found and found.confidence >= least else (0.5, 0.5)

    return chosen


POLICIES = {"centre": centre, "given": given, "face": face, "spectral residual": spectral, "subject box, always": box(0.0),
            "subject box, sure": box(0.35)}  # fmt: skip


def kept(picture: Labelled, point: tuple[float, float], shape: tuple[int, int]) -> float:
    """Share of the subject in the crop, of the largest share that any crop of this shape can have."""
    height, width = picture.pixels.shape[:2]
    bounds = Rect(0, 0, width, height)
    crop = cover(bounds, Rect(0, 0, *shape), point)
    there = Rect(picture.box.x * width, picture.box.y * height, picture.box.width * width, picture.box.height * height)
    best = min(1.0, crop.width / there.width) * min(1.0, crop.height / there.height)
    return min(1.0, there.intersection(crop).area / there.area / best)


def scores(pictures: list[Labelled], policy) -> np.ndarray:
    """Shape (pictures, shapes)."""
    points = [policy(picture) for picture in pictures]
    return np.array([[kept(p, point, shape) for shape in SHAPES.values()] for p, point in zip(pictures, points, strict=True)])


def table(pictures: list[Labelled], policies=POLICIES) -> str:
    rows = [f"| policy | {' | '.join(SHAPES)} | all | good crops | worst |", "|---|" + "---|" * (len(SHAPES) + 3)]
    for name, policy in policies.items():
        found = scores(pictures, policy)
        cells = [f"{v:.3f}" for v in (*found.mean(axis=0), found.mean())]
        rows.append(f"| {name} | {' | '.join(cells)} | {(found >= GOOD).mean():.0%} | {found.min():.2f} |")
    return "\n".join(rows)


if __name__ == "__main__":
    print(f"own set, {len(own())} pictures\n\n{table(own())}\n")
    if len(sys.argv) > 1:
        print(f"photographs, {len(corpus(Path(sys.argv[1])))} pictures\n\n{table(corpus(Path(sys.argv[1])))}")
