"""Letters in an extension: the photograph's own label is no fault, words in what was added are."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from affiche.adapters.codec import FileCodec
from affiche.imagine.canvas import Canvas, canvas_for
from affiche.photos import Photos
from affiche.plan.model import Wish
from affiche.values.digest import digest, digest_bytes
from affiche.values.geometry import Size
from affiche.values.imagery import ImageRequest
from affiche.values.money import Money

WIDE, TALL = Size(width=1600, height=900), Size(width=1080, height=1920)


def scene(size: Size) -> np.ndarray:
    """Sky and grass, with grain."""
    down = np.linspace(0, 1, size.height)[:, None, None]
    pixels = (1 - down) * (120, 170, 215) + down * (70, 110, 60) + np.random.default_rng(1).normal(0, 4, (size.height, size.width, 3))
    return np.dstack([pixels.clip(0, 255).astype(np.uint8), np.full((size.height, size.width), 255, np.uint8)])


def written(pixels: np.ndarray, at: tuple[int, int]) -> np.ndarray:
    made = pixels.copy()
    cv2.putText(made, "FRESH SUMMER", at, cv2.FONT_HERSHEY_DUPLEX, 1.6, (250, 250, 250, 255), 4, cv2.LINE_AA)
    return made


@pytest.fixture
def canvas() -> Canvas:
    found = canvas_for(WIDE, TALL)
    assert found is not None
    return found


def wish_for(folder: Path, photo: np.ndarray, canvas: Canvas, *, letters: bool = False) -> Wish:
    path = folder / "photo.png"
    path.write_bytes(FileCodec().encode(photo, format="png", quality=100))
    request = ImageRequest(key=digest("x"), operation="expand", prompt="", size=canvas.size, margins=canvas.margins)
    nothing = Money(amount=0)  # type: ignore[arg-type]
    return Wish(
        request=request, purpose="extension", product="can", calm=(), least=nothing, most=nothing, canvas=canvas, photo=str(path),
        photo_digest=digest_bytes(path.read_bytes()), letters=letters,
    )  # fmt: skip


def test_only_what_was_added_is_looked_at(tmp_path: Path, canvas: Canvas) -> None:
    photo = written(scene(WIDE), (500, 500))
    small = cv2.resize(photo, (canvas.source.width, canvas.source.height), interpolation=cv2.INTER_AREA)
    answer = scene(canvas.size)
    top = canvas.margins.top
    answer[top : top + small.shape[0], : small.shape[1]] = small

    def told(pixels: np.ndarray, *, letters: bool = False) -> list[str]:
        judged = Photos(codec=FileCodec()).judged(wish_for(tmp_path, photo, canvas, letters=letters), pixels)
        return [reason for reason in judged.reasons if "looks like words" in reason]

    assert told(answer) == [], "the label of the photograph is its own"
    below = written(answer, (120, top + small.shape[0] + 200))
    assert len(told(below)) == 1 and "lower" in told(below)[0]
    assert told(below, letters=True) == [], "words were wanted"
