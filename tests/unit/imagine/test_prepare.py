"""From people's files to pictures that creatives can use."""

import cv2
import numpy as np
import pytest

from affiche.adapters.codec import FileCodec
from affiche.errors import AssetError, StorageError
from affiche.imagine import matte
from affiche.imagine.prepare import prepare
from affiche.imagine.store import deserialize, serialize
from affiche.ports import TONE_GRID
from affiche.values.color import Color, distance
from affiche.values.digest import digest_bytes
from tests.unit.imagine import scenes

CODEC = FileCodec()


def made(pixels, format="PNG", **more):
    settings = {"quality": 92} if format == "JPEG" else {}
    return prepare(scenes.file(pixels, format, **settings), codec=CODEC, **more)


def agreement(pixels: np.ndarray, truth: np.ndarray) -> float:
    """Intersection over union of the matte of an opaque picture with the true mask."""
    cut = matte.cut_out(np.dstack([pixels, np.full(pixels.shape[:2], 255, np.uint8)])).pixels
    return float(((cut[..., 3] > 127) & (truth > 127)).sum() / ((cut[..., 3] > 127) | (truth > 127)).sum())


def test_real_alpha_is_kept_and_trimmed():
    found = made(scenes.with_alpha())
    assert found.info.kind == "cutout"
    assert (found.info.size.width, found.info.size.height) == (111, 361)
    assert found.info.bounds.as_tuple() == (0, 0, 111, 361)
    assert (found.pixels[..., 3] > 127).sum() == (scenes.bottle_mask() > 127).sum()


@pytest.mark.parametrize("color", [(20, 110, 84), (180, 30, 30), (30, 30, 34), (230, 150, 20)])
@pytest.mark.parametrize("format", ["PNG", "JPEG"])
def test_a_packshot_on_a_plain_ground_is_cut_out(color, format):
    found = made(scenes.packshot(color), format)
    assert found.info.kind == "cutout", found.info.notes
    assert agreement(scenes.packshot(color), scenes.bottle_mask()) > 0.97
    height, width = found.pixels.shape[:2]
    assert found.pixels[height * 2 // 3, width // 2, 3] == 255, "the white label must stay"


def test_the_edge_of_a_cutout_carries_no_ground():
    found = made(scenes.packshot((20, 110, 84), label=False))
    edge = (found.pixels[..., 3] > 60) & (found.pixels[..., 3] < 250)
    assert edge.any() and found.pixels[..., 0][edge].astype(int).mean() < 90


def test_a_drawn_checkerboard_is_ground_too():
    pixels = scenes.packshot(ground=scenes.checkerboard())
    assert made(pixels).info.kind == "cutout" and agreement(pixels, scenes.bottle_mask()) > 0.96


def test_white_on_white_is_left_alone_and_said():
    found = made(scenes.packshot((240, 240, 241), label=True))
    assert found.info.kind == "photo"
    assert "could not be cut out" in found.info.notes[0]


def test_a_scene_stays_a_photo():
    found = made(scenes.street())
    assert (found.info.kind, found.info.notes, found.info.focal) == ("photo", (), None)


def test_a_window_onto_the_ground_is_opened_but_a_label_is_not():
    pixels = scenes.packshot(ground=np.full((scenes.SIDE, scenes.SIDE, 3), 255, np.uint8), shadow=False)
    cv2.circle(pixels, (240, 190), 24, (255, 255, 255), -1)
    found = made(pixels)
    assert found.info.kind == "cutout"
    assert found.pixels[190 - 60, 240 - 185, 3] < 40
    assert found.pixels[250 - 60, 215 - 185, 3] == 255


def test_a_logo_is_freed_from_its_paper_everywhere():
    found = made(scenes.logo(), role="logo")
    assert found.info.kind == "logo"
    inside_o = found.pixels[found.pixels.shape[0] // 2]
    assert (inside_o[..., 3] == 0).any() and found.pixels[..., 3].max() == 255
    solid = found.pixels[found.pixels[..., 3] > 250][:, :3].astype(float).mean(axis=0)
    assert distance(Color(*(int(v) for v in solid)), Color(20, 60, 140)) < 3


def test_a_logo_on_its_own_coloured_box_keeps_it():
    boxed = np.full((120, 300, 3), (200, 30, 40), np.uint8)
    cv2.putText(boxed, "BOX", (40, 90), cv2.FONT_HERSHEY_SIMPLEX, 3, (255, 255, 255), 12)
    found = made(boxed, role="logo")
    assert found.info.kind == "logo" and found.pixels[..., 3].min() == 255


def test_a_given_focal_point_follows_the_trim():
    found = made(scenes.with_alpha(), focal_point=(0.5, 0.5))
    assert found.info.focal_origin == "given"
    assert found.info.focal == pytest.approx(((240 - 185) / 111, (240 - 60) / 361), abs=0.01)


@pytest.mark.parametrize("pixels", [np.full((60, 80, 3), 204, np.uint8), np.full((1, 1, 3), 255, np.uint8)])
def test_placeholders_are_refused(pixels):
    with pytest.raises(AssetError, match="blank"):
        made(pixels)


def test_nothing_visible_is_refused():
    with pytest.raises(AssetError, match="transparent"):
        made(np.zeros((40, 40, 4), np.uint8))


def test_a_slightly_transparent_photo_is_laid_on_white():
    found = made(np.dstack([scenes.street(), np.full((scenes.SIDE, scenes.SIDE), 230, np.uint8)]))
    assert found.info.kind == "photo" and found.pixels[..., 3].min() == 255 and found.info.notes


def test_huge_pictures_are_scaled_down():
    wide = cv2.resize(scenes.street(), (5200, 1300))
    assert made(wide, "JPEG").info.size.width == 3840


def test_the_palette_is_that_of_the_visible_pixels_and_the_same_every_time():
    first, second = made(scenes.with_alpha()).info, made(scenes.with_alpha()).info
    assert first.palette == second.palette
    assert any(distance(Color.parse(color), Color(20, 110, 84)) < 8 for color in first.palette)


def test_tones_are_a_raster_of_darks_and_lights():
    pixels = np.zeros((160, 160, 3), np.uint8)
    pixels[:, 80:] = 200
    pixels[::2, 80:] = 100
    info = made(pixels).info
    assert len(info.darks) == len(info.lights) == TONE_GRID**2
    assert (info.darks[0], info.lights[0]) == (0, 0)
    assert info.darks[-1] < 160 < info.lights[-1] or info.darks[-1] == info.lights[-1] == 150


def test_luminance_is_linear():
    grey = np.full((40, 40, 3), 188, np.uint8)
    grey[0, 0] = 0
    assert made(grey).info.luminance == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize("pixels", [scenes.with_alpha(), scenes.packshot(), scenes.street()])
@pytest.mark.parametrize("format", ["PNG", "JPEG"])
def test_stored_pictures_come_back_exactly(pixels, format):
    if format == "JPEG" and pixels.shape[2] == 4:
        pixels = pixels[..., :3].copy()
    source = scenes.file(pixels, format)
    found = prepare(source, codec=CODEC)
    assert (deserialize(serialize(found, source), CODEC) == found.pixels).all()


def test_an_untouched_jpeg_is_stored_as_it_came():
    source = scenes.file(scenes.street(), "JPEG", quality=90)
    assert serialize(prepare(source, codec=CODEC), source) == source


def test_a_damaged_store_is_said():
    with pytest.raises(StorageError):
        deserialize(b"AFP1\x00\x00\x00\x10\x00\x00\x00\x10garbage", CODEC)


def test_the_digest_is_that_of_the_file_unless_given():
    source = scenes.file(scenes.street())
    assert prepare(source, codec=CODEC).info.digest == digest_bytes(source)
    assert prepare(source, codec=CODEC, digest="mine").info.digest == "mine"
