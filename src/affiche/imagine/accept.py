"""Accept: whether a picture from a model can be used, measured on its pixels. What is measured is said, and no more is claimed.

Sharpness (variance of the Laplacian), exposure (share of burnt and drowned pixels), blankness (spread of tones), harmony with the
wanted colours (distance in Lab), calm where words or the product will be, rows that look like words (`letters.py`). None of it
says that a picture is beautiful or true: that is for people.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from affiche.imagine.letters import Row
from affiche.ports import Pixels
from affiche.values.geometry import Rect

#: On a longest side of 512 px. Tuned on the labelled pictures of the crop set and on drawings; doubtful for fog and night.
_SIDE = 512
SHARP_LEAST = 12.0
CLIPPED_MOST = 0.45
SPREAD_LEAST = 6.0
UNREST_MOST = 0.22
#: Distance in Lab (0 equal, 100 black to white) at which harmony is worth nothing; it never refuses a picture by itself.
_FAR = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What was measured: `sharpness`, `clipped` 0..1, `spread` of luma, `harmony` 0..1, `unrest` 0..1 of the calm regions.

    `letters`: rows that look like words and were not asked for.
    """

    sharpness: float
    clipped: float
    spread: float
    harmony: float
    unrest: float
    letters: tuple[Row, ...] = ()

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why the picture cannot be used, with measure and limit; empty when it can."""
        tests = (
            (self.spread < SPREAD_LEAST, f"almost blank: tones spread {self.spread:.1f}, least {SPREAD_LEAST:.0f}"),
            (self.sharpness < SHARP_LEAST, f"blurred: sharpness {self.sharpness:.1f}, least {SHARP_LEAST:.0f}"),
            (self.clipped > CLIPPED_MOST, f"badly exposed: {self.clipped:.0%} burnt or drowned, at most {CLIPPED_MOST:.0%}"),
            (self.unrest > UNREST_MOST, f"no calm for words: unrest {self.unrest:.2f}, at most {UNREST_MOST}"),
        )
        return (*(text for wrong, text in tests if wrong), *written(self.letters))

    @property
    def quality(self) -> float:
        """0..1, for the router: how far from the limits, weighed evenly."""
        parts = (
            min(1.0, self.sharpness / 200), 1 - min(1.0, self.clipped / CLIPPED_MOST), min(1.0, self.spread / 50), self.harmony,
            1 - min(1.0, self.unrest / UNREST_MOST), _free_of(self.letters),
        )  # fmt: skip
        return float(sum(parts) / len(parts))


def written(letters: Sequence[Row]) -> tuple[str, ...]:
    """Why a picture with these rows cannot be used, and where they are; empty when it can."""
    sure = [row for row in letters if row.sure]
    more = f" and {len(sure) - 1} more" if len(sure) > 1 else ""
    return (f"what looks like words {sure[0].where}{more}",) if sure else ()


def _free_of(letters: Sequence[Row]) -> float:
    """1 without letters, 0.5 when they are doubtful."""
    return 0.0 if any(row.sure for row in letters) else 0.5 if letters else 1.0


def measure(
    pixels: Pixels, *, colors: Sequence[str] = (), calm: Sequence[Rect] = (), letters: Sequence[Row] = ()
) -> Measured:
    """`calm`: regions in fractions of the picture. `letters`: what `rows_of_letters` found in it. `pixels` RGBA, any size."""
    small = _small(pixels)
    luma = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
    return Measured(
        sharpness=float(cv2.Laplacian(luma, cv2.CV_64F).var()),
        clipped=float(((luma <= 3) | (luma >= 252)).mean()),
        spread=float(luma.std()),
        harmony=_harmony(small, colors),
        unrest=max((_unrest(luma, region) for region in calm), default=0.0),
        letters=tuple(letters),
    )


def _small(pixels: Pixels) -> np.ndarray:
    height, width = pixels.shape[:2]
    scale = min(1.0, _SIDE / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(np.ascontiguousarray(pixels[..., :3]), size, interpolation=cv2.INTER_AREA))


def _unrest(luma: np.ndarray, region: Rect) -> float:
    """Share of pixels on an edge that words would have to fight with."""
    height, width = luma.shape
    y0, y1 = int(region.y * height), max(int(region.y * height) + 1, int((region.y + region.height) * height))
    x0, x1 = int(region.x * width), max(int(region.x * width) + 1, int((region.x + region.width) * width))
    part = cv2.GaussianBlur(luma[y0:y1, x0:x1], (0, 0), 1.2)
    across, down = cv2.Sobel(part, cv2.CV_32F, 1, 0), cv2.Sobel(part, cv2.CV_32F, 0, 1)
    return float((np.hypot(across, down) > 40).mean())


def _harmony(small: np.ndarray, colors: Sequence[str]) -> float:
    """How near the main tones are to the wanted colours; 1 when none are wanted."""
    if not colors:
        return 1.0
    lab = cv2.cvtColor(small, cv2.COLOR_RGB2LAB).reshape(-1, 3)[::97].astype(np.float32)
    wanted = np.array([[tuple(bytes.fromhex(color.lstrip("#")[:6])) for color in colors]], np.uint8)
    targets = cv2.cvtColor(wanted, cv2.COLOR_RGB2LAB)[0].astype(np.float32)
    nearest = np.linalg.norm((lab[:, None] - targets[None]) * (100 / 255, 1, 1), axis=2).min(axis=1)
    return float(1 - min(1.0, nearest.mean() / _FAR))
