"""Tinted sets: brand colours stay recognisable, highlights roll off, nothing posterises."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from affiche.adapters.paint import SetFiles, studio
from affiche.adapters.paint.studio import response
from affiche.errors import PaintError
from affiche.values.color import Color, distance, to_linear
from affiche.values.frame import SetItem
from affiche.values.geometry import Rect
from tests.unit.paint.pictures import Shelf, frame, painter

SCALE = 1.4
WIDTH, HEIGHT = 240, 120


def srgb(linear: np.ndarray) -> np.ndarray:
    return np.where(linear <= 0.0031308, linear * 12.92, 1.055 * np.maximum(linear, 1e-9) ** (1 / 2.4) - 0.055)


def set_files(light: np.ndarray, masks: np.ndarray) -> SetFiles:
    """`light` irradiance, shape (h, w); `masks` uint8 (h, w, 3)."""
    code = np.rint(255 * srgb(np.clip(light / SCALE, 0, 1))).astype(np.uint8)
    jpeg = cv2.imencode(".jpg", cv2.merge([code] * 3), [cv2.IMWRITE_JPEG_QUALITY, 98, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444])[1]
    png = cv2.imencode(".png", masks[..., ::-1])[1]
    return SetFiles(digest="d", light=jpeg.tobytes(), masks=(png.tobytes(),), scale=SCALE)


def tinted(files: SetFiles, *palette: str, width=WIDTH, height=HEIGHT, **more) -> np.ndarray:
    item = SetItem(
        set="test", aspect_class="square", digest="d", palette=tuple(Color.parse(c) for c in palette),
        rect=Rect(0, 0, width, height), source=more.pop("source", Rect(0, 0, WIDTH, HEIGHT)), **more,
    )  # fmt: skip
    return painter(lambda _: files).base(frame(width, height, base=[item]), Shelf())[..., :3]


def plain(light: float) -> SetFiles:
    return set_files(np.full((HEIGHT, WIDTH), light), np.zeros((HEIGHT, WIDTH, 3), np.uint8))


def as_color(pixels: np.ndarray) -> Color:
    return Color(*(round(float(v)) for v in pixels.reshape(-1, 3).mean(axis=0)))


@pytest.mark.parametrize("color", ["#0F5C4E", "#F27B50", "#D98E9F", "#0E2A47", "#F3E9D2", "#7C6BB0", "#808080"])
def test_full_light_shows_the_brand_colour(color):
    assert distance(as_color(tinted(plain(1.0), color)), Color.parse(color)) < 2.5


@pytest.mark.parametrize("color", ["#FF0000", "#FFFFFF", "#00FFFF", "#FFD400"])
def test_even_extreme_colours_stay_themselves(color):
    assert distance(as_color(tinted(plain(1.0), color)), Color.parse(color)) < 8


def test_light_works_in_linear_light():
    half = as_color(tinted(plain(0.5), "#808080"))
    assert abs(to_linear(half.r) - 0.5 * to_linear(128)) < 0.01


@pytest.mark.parametrize("color", ["#FF0000", "#F6C667", "#FFFFFF", "#0E2A47", "#000000"])
def test_more_light_is_never_darker_and_never_flat(color):
    table = response(Color.parse(color), 2.0)[0]
    assert (np.diff(table, axis=0) >= -1e-6).all() and table.max() <= 1.0
    lights = np.array([to_linear(code) * 2 for code in range(256)])
    between = [int(np.argmin(abs(lights - value))) for value in (0.7, 1.0, 1.3, 1.7)]
    assert (np.diff(table[between].sum(axis=1)) > 0.002).all(), "shape is lost in this light"


def test_every_px_is_what_mixing_all_materials_in_linear_light_gives():
    """Also where one covers a px alone and its code is looked up at once; hard edges, and four materials in one px."""
    rng = np.random.default_rng(7)
    light = np.linspace(0, SCALE, WIDTH)[None, :] * np.linspace(1, 0.3, HEIGHT)[:, None]
    masks = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    masks[10:60, 20:90, 0] = 255
    masks[60:110, 90:230, 1] = 255
    masks[70:100, 10:80] = rng.integers(0, 86, (30, 70, 3), np.uint8)
    palette = ("#0F5C4E", "#F27B50", "#111111", "#D98E9F")
    files = set_files(light, masks)
    shown = tinted(files, *palette).astype(int)

    lit = cv2.imdecode(np.frombuffer(files.light, np.uint8), cv2.IMREAD_COLOR_RGB)
    tables = [response(Color.parse(color), SCALE)[0].astype(float) for color in palette]
    channels = np.arange(3)
    linear = tables[0][lit, channels]
    for number, table in enumerate(tables[1:]):
        linear += masks[..., number, None] / 255 * (table[lit, channels] - tables[0][lit, channels])
    exact = 255 * srgb(np.clip(linear, 0, 1))
    # Dithered: rounded up or down, never further.
    assert (shown >= np.floor(exact - 0.05)).all() and (shown <= np.ceil(exact + 0.05)).all()


def test_products_of_other_colours_share_what_a_set_shows(monkeypatch):
    decoded = []
    monkeypatch.setattr(studio, "_decoded", lambda files, plain=studio._decoded: decoded.append(files) or plain(files))
    drawer, base = painter(lambda _: plain(1.0)), frame(WIDTH, HEIGHT)
    for color in ("#0F5C4E", "#F27B50"):
        item = SetItem(set="test", aspect_class="square", digest="d", palette=(Color.parse(color),), rect=Rect(0, 0, WIDTH, HEIGHT),
                       source=Rect(0, 0, WIDTH, HEIGHT))  # fmt: skip
        assert distance(as_color(drawer.base(replace(base, base=(item,)), Shelf())[..., :3]), Color.parse(color)) < 2.5
    assert len(decoded) == 1


def test_masks_choose_the_material_and_edges_mix():
    masks = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    masks[:, 80:160, 0] = 255
    masks[:, 160:, 2] = 255
    out = tinted(set_files(np.ones((HEIGHT, WIDTH)), masks), "#0F5C4E", "#F27B50", "#111111", "#D98E9F")
    found = [as_color(out[40:80, x : x + 40]).hex for x in (20, 100, 180)]
    for got, wanted in zip(found, ("#0F5C4E", "#F27B50", "#D98E9F"), strict=True):
        assert distance(Color.parse(got), Color.parse(wanted)) < 2.5


def test_a_long_gradient_has_no_steps():
    light = np.tile(np.linspace(0.75, 0.95, WIDTH), (HEIGHT, 1))
    out = tinted(set_files(light, np.zeros((HEIGHT, WIDTH, 3), np.uint8)), "#123A63", width=960, height=480).astype(float)
    smooth = cv2.GaussianBlur(out, (0, 0), 8)[100:380, 40:-40]
    slope = np.diff(smooth.mean(axis=0)[:, 2])
    assert slope.max() < 4 * slope.mean(), "a step shows in the wall"
    assert out[200, :, 2].std() > 0.4


def test_crop_and_mirror_happen_before_the_tint():
    light = np.tile(np.linspace(0.2, 1.0, WIDTH), (HEIGHT, 1))
    files = set_files(light, np.zeros((HEIGHT, WIDTH, 3), np.uint8))
    plainly, mirrored = tinted(files, "#808080"), tinted(files, "#808080", mirrored=True)
    assert plainly[60, 10, 0] < plainly[60, 230, 0] and abs(int(mirrored[60, 10, 0]) - int(plainly[60, 229, 0])) < 4
    part = tinted(files, "#808080", source=Rect(120, 0, 120, 120))
    assert part[60, 0, 0] > plainly[60, 100, 0]


def test_the_same_set_is_the_same_bytes():
    files = plain(0.8)
    assert (tinted(files, "#0F5C4E") == tinted(files, "#0F5C4E")).all()


def test_more_colours_than_materials_are_refused():
    with pytest.raises(PaintError, match="materials"):
        tinted(plain(1.0), *["#FFFFFF"] * 5)


def test_damaged_files_are_refused():
    with pytest.raises(PaintError, match="damaged"):
        tinted(SetFiles(digest="x", light=b"no jpeg", masks=(), scale=1.0), "#FFFFFF")


@pytest.mark.parametrize(("x", "shown"), [(-60, (0, 180)), (100, (100, 240)), (-400, (0, 0)), (300, (0, 0))])
def test_a_set_shows_where_it_lies_on_the_canvas(x, shown):
    item = SetItem(
        set="test", aspect_class="square", digest="d", palette=(Color.parse("#0F5C4E"),), rect=Rect(x, 0, WIDTH, HEIGHT),
        source=Rect(0, 0, WIDTH, HEIGHT),
    )  # fmt: skip
    pixels = painter(lambda _: plain(1.0)).base(frame(WIDTH, HEIGHT, base=[item]), Shelf())
    covered = np.flatnonzero((pixels[..., :3] < 250).any(axis=(0, 2)))
    assert (covered[0], covered[-1] + 1) == shown if covered.size else shown == (0, 0)
