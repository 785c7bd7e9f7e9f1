"""Thumbnails and the contact sheet: repeatable, light, nothing outside, nothing overlapping."""

from __future__ import annotations

import io
from itertools import pairwise

import numpy as np
import pytest
from PIL import Image

from affiche.adapters.blobs import MemoryBlobs
from affiche.publish import contact_sheet
from affiche.publish.png import png
from affiche.publish.thumbnail import LONG_SIDE, thumbnail

from .campaigns import creative, pixels, run_of, small_run


@pytest.mark.parametrize(("width", "height"), [(1080, 1080), (1080, 1920), (3000, 20), (20, 3000), (90, 60), (1, 1), (401, 399)])
def test_a_thumbnail_keeps_the_shape_and_fits(width: int, height: int) -> None:
    image = pixels("x", width, height)
    small = Image.open(io.BytesIO(thumbnail(image)))
    scale = min(1, LONG_SIDE / max(width, height))
    assert small.format == "JPEG"
    assert abs(small.width - width * scale) <= 1
    assert abs(small.height - height * scale) <= 1
    assert thumbnail(image) == thumbnail(image)


def test_a_thumbnail_looks_like_the_picture() -> None:
    image = pixels("x", 1080, 1350)
    small = np.asarray(Image.open(io.BytesIO(thumbnail(image))).convert("RGB").resize((27, 34), Image.Resampling.BOX), int)
    whole = np.asarray(Image.fromarray(image).convert("RGB").resize((27, 34), Image.Resampling.BOX), int)
    assert np.abs(small - whole).mean() < 3


def test_many_creatives_are_sampled_evenly() -> None:
    blobs = MemoryBlobs()
    one = creative(blobs)
    many = [creative(blobs, product=p, locale=f"l{n:03}", files=one.files, thumbnail=one.thumbnail) for p in ("a", "b") for n in range(180)]
    shown = contact_sheet.sample(many)
    assert len(shown) == contact_sheet.CELLS
    assert sum(c.product == "a" for c in shown) == contact_sheet.CELLS / 2


def test_cells_never_overlap_and_stay_on_the_sheet() -> None:
    blobs = MemoryBlobs()
    creatives = [creative(blobs, product=p, locale=loc, placement=pl) for p in ("a", "b") for loc in ("de-DE", "zh-Hant-TW", "ar-SA") for pl in ("square", "story", "iab.728x90")]
    sheet = contact_sheet.arrange(contact_sheet.sample(creatives * 3))
    for cell in sheet.cells:
        assert 0 <= cell.x < cell.x + cell.width <= 2400
        assert cell.y + cell.height < sheet.height
    for one, two in pairwise(sorted(sheet.cells, key=lambda c: (c.y + c.height, c.x))):
        assert one.x + one.width < two.x or one.y + one.height < two.y


def test_the_sheet_is_a_light_png_and_always_the_same() -> None:
    blobs = MemoryBlobs()
    run = small_run(blobs)
    data = contact_sheet.render("Summer", run.creatives, blobs.get)
    assert Image.open(io.BytesIO(data)).format == "PNG"
    assert len(data) < contact_sheet.MAX_BYTES
    assert data == contact_sheet.render("Summer", run.creatives, blobs.get)


def test_noise_is_the_worst_case_and_still_light() -> None:
    blobs = MemoryBlobs()
    noise = np.random.default_rng(1).integers(0, 255, (400, 400, 4)).astype(np.uint8)
    grain = blobs.put(thumbnail(noise))
    creatives = [creative(blobs, locale=f"l{n:03}", thumbnail=grain) for n in range(40)]
    assert len(contact_sheet.render("Noise", creatives, blobs.get)) < contact_sheet.MAX_BYTES


def test_a_campaign_without_a_picture_still_has_a_sheet() -> None:
    blobs = MemoryBlobs()
    broken = creative(blobs, files=(), thumbnail=None)
    width, height = Image.open(io.BytesIO(contact_sheet.render("x", [broken], blobs.get))).size
    assert width > 300 and height > 150, "the title and what is told of the campaign are on it"


def test_a_sheet_is_as_wide_as_what_stands_on_it() -> None:
    blobs = MemoryBlobs()
    creatives = [creative(blobs, locale=f"l{n:03}") for n in range(40)]
    widths = [contact_sheet.arrange(creatives[:count]).width for count in (1, 2, 3, 40)]
    assert widths == sorted(widths) and widths[0] < widths[2] < 2400
    assert 2400 - 500 < widths[3] <= 2400
    image = Image.open(io.BytesIO(contact_sheet.render("A campaign with a rather long name", creatives[:1], blobs.get)))
    assert image.width > contact_sheet.arrange(creatives[:1]).width, "the title is not cut"
    assert set(image.crop((image.width - 32, 0, image.width, image.height)).get_flattened_data()) == {(244, 245, 247)}, "with its margin"


@pytest.mark.parametrize(("width", "height"), [(1, 1), (2, 3), (301, 17), (640, 400)])
def test_a_png_holds_the_very_pixels(width: int, height: int) -> None:
    noise = np.random.default_rng(2).integers(0, 256, (height, width, 3)).astype(np.uint8)
    noise[:, : width // 2] = 244
    data = png(noise)
    assert (np.asarray(Image.open(io.BytesIO(data))) == noise).all()
    assert data == png(noise.copy())


@pytest.mark.parametrize(("name", "title"), [("Été – 26", "Été – 26"), ("夏の柚子", "summer"), ("", "summer")])
def test_the_title_is_never_tofu(name: str, title: str) -> None:
    assert contact_sheet.title_of(run_of(name=name)) == title
