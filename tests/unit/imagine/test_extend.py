"""More canvas around a photograph: its own pixels stay, and an answer that does not continue it is refused."""

import cv2
import numpy as np
import pytest

from affiche.imagine import extend
from affiche.imagine.canvas import Canvas, canvas_for, shown
from affiche.values.geometry import Size

TALL, WIDE = Size(width=1080, height=1920), Size(width=1920, height=1080)


def scene(size: Size) -> np.ndarray:
    """Sky over hills, with grain: what a photograph may be a part of."""
    y, x = np.mgrid[0 : size.height, 0 : size.width].astype(np.float32)
    ridge = 0.58 * size.height + 30 * np.sin(x / 90) + 14 * np.sin(x / 37)
    sky = np.stack([150 + 60 * y / size.height, 180 + 30 * y / size.height, 215 - 20 * y / size.height], axis=2)
    ground = np.stack([90 - 20 * x / size.width, 110 + 0 * x, 70 + 20 * np.sin(y / 60)], axis=2)
    mixed = np.where((y > ridge)[..., None], ground, sky) + np.random.default_rng(5).normal(0, 2.0, (size.height, size.width, 1))
    pixels = np.full((size.height, size.width, 4), 255, np.uint8)
    pixels[..., :3] = mixed.clip(0, 255).astype(np.uint8)
    return pixels


def parts(factor: float = 1.0) -> tuple[np.ndarray, np.ndarray, Canvas]:
    """A photograph, the whole scene it is a part of (what a perfect provider answers), and what was asked."""
    canvas = canvas_for(Size(width=1600, height=900), TALL)
    assert canvas is not None
    whole, margins = scene(canvas.size), canvas.margins
    photo = whole[margins.top : margins.top + canvas.source.height, margins.left : margins.left + canvas.source.width]
    if factor != 1.0:
        photo = cv2.resize(np.ascontiguousarray(photo), None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
    return np.ascontiguousarray(photo), whole, canvas


def test_a_crop_that_shows_enough_asks_for_nothing() -> None:
    assert canvas_for(Size(width=1600, height=900), Size(width=1080, height=1080)) is None
    assert shown(Size(width=1600, height=900), Size(width=1080, height=1080)) == pytest.approx(0.5625)


def test_too_much_is_never_invented() -> None:
    assert canvas_for(Size(width=1200, height=900), Size(width=728, height=90)) is None


def test_the_canvas_has_the_shape_and_holds_the_photograph_whole() -> None:
    photo = Size(width=1600, height=900)
    canvas = canvas_for(photo, TALL)
    assert canvas is not None
    assert canvas.size.width % 64 == canvas.size.height % 64 == 0
    assert canvas.size.ratio == pytest.approx(TALL.ratio, rel=0.05)
    assert canvas.source.ratio == pytest.approx(photo.ratio, rel=0.01)
    assert canvas.margins.top > canvas.margins.bottom > 0


@pytest.mark.parametrize("factor", [1.0, 1.9])
def test_every_pixel_of_the_photograph_is_its_own(factor: float) -> None:
    photo, whole, canvas = parts(factor)
    out, box = extend.joined(photo, whole // 2, canvas)
    x, y = int(box.x), int(box.y)
    assert np.array_equal(out[y : y + photo.shape[0], x : x + photo.shape[1]], photo)
    assert (out[..., 3] == 255).all()
    assert out.shape[1] / out.shape[0] == pytest.approx(canvas.size.ratio, rel=0.01)


def test_a_true_continuation_is_taken_also_when_it_is_a_little_lighter() -> None:
    photo, whole, canvas = parts()
    assert extend.measured(photo, whole, canvas).reasons == ()
    lighter = whole.copy()
    lighter[..., :3] = np.clip(whole[..., :3].astype(int) + np.array([10, 7, 4]), 0, 255).astype(np.uint8)
    fit = extend.measured(photo, lighter, canvas)
    assert fit.reasons == ()
    assert fit.seam < 2.0, "the tones were brought over the seam"


def test_what_was_moved_or_repainted_is_refused() -> None:
    photo, whole, canvas = parts()
    moved = np.roll(whole, 90, axis=0)
    repainted = np.ascontiguousarray(whole[::-1])
    for wrong in (moved, repainted):
        assert any("moved or repainted" in reason for reason in extend.measured(photo, wrong, canvas).reasons)


def test_a_seam_that_shows_is_refused() -> None:
    photo, whole, canvas = parts()
    torn = whole.copy()
    noise = np.random.default_rng(2).integers(0, 256, whole.shape, dtype=np.uint8)
    above = canvas.margins.top
    torn[:above, :, :3] = noise[:above, :, :3]
    assert any("seam" in reason for reason in extend.measured(photo, torn, canvas).reasons)
