"""Byte limits are met in few encodes, with the smallest loss, and what cannot be met is said."""

import math

import cv2
import numpy as np
import pytest

from affiche.adapters.codec import FileCodec
from affiche.compose.encode import OutputSpec, encode_within
from affiche.compose.encode.search import FLOOR, MAX_TRIES, START
from affiche.ports import FileFacts

CODEC = FileCodec()


class Counted:
    """A codec whose size is a known curve of quality, and that counts its encodes."""

    def __init__(self, top: int, slope: float = 0.03, png: int = 10**9, full_chroma: float = 1.0) -> None:
        self.top, self.slope, self.png, self.full_chroma = top, slope, png, full_chroma
        self.asked: list[tuple[str, int]] = []

    def encode(self, pixels, *, format, quality, chroma="420") -> bytes:
        self.asked.append((format, quality))
        if format == "png":
            return b"x" * int(self.png * (1 if quality == 100 else 0.3 * quality / 100))
        factor = self.full_chroma if chroma == "444" else 1.0
        return b"x" * max(1, int(self.top * factor * math.exp(self.slope * (quality - START[format]))))

    def decode(self, data):
        raise NotImplementedError

    def inspect(self, data) -> FileFacts:
        raise NotImplementedError

    def rasterise(self, data, size):
        raise NotImplementedError


PIXELS = np.zeros((4, 4, 4), np.uint8)


def test_what_fits_is_encoded_once_at_the_start_quality():
    codec = Counted(90_000)
    found = encode_within(PIXELS, OutputSpec(max_bytes=100_000), codec)
    assert (found.tries, found.quality, found.fits, len(codec.asked)) == (1, START["jpeg"], True, 1)


def test_no_limit_means_one_encode():
    assert encode_within(PIXELS, OutputSpec(), Counted(10**7)).tries == 1


@pytest.mark.parametrize("slope", [0.012, 0.03, 0.06])
@pytest.mark.parametrize("limit", [30_000, 55_000, 90_000])
def test_the_limit_is_met_near_the_best_quality_in_few_encodes(slope, limit):
    codec = Counted(100_000, slope)
    found = encode_within(PIXELS, OutputSpec(formats=("jpeg",), max_bytes=limit), codec)
    best = START["jpeg"] + math.log(limit / 100_000) / slope
    assert found.tries == len(codec.asked) <= MAX_TRIES + 1
    if best < FLOOR["jpeg"]:
        assert not found.fits
        return
    assert found.fits and len(found.data) <= limit
    assert found.quality >= math.floor(best) - 3


def test_impossible_says_so_and_gives_the_smallest():
    found = encode_within(PIXELS, OutputSpec(formats=("jpeg",), max_bytes=100), Counted(100_000))
    assert not found.fits and found.quality == FLOOR["jpeg"]
    assert "limit is 0.1 kB" in found.note


def test_the_floor_of_the_caller_counts():
    found = encode_within(PIXELS, OutputSpec(formats=("jpeg",), max_bytes=30_000, min_quality=85), Counted(100_000))
    assert not found.fits and found.quality == 85


def test_another_format_is_used_only_when_the_preferred_cannot():
    spec = OutputSpec(formats=("png", "jpeg"), preferred="png", max_bytes=50_000)
    kept = encode_within(PIXELS, spec, Counted(40_000, png=49_000))
    changed = encode_within(PIXELS, spec, Counted(40_000, png=900_000))
    assert (kept.format, kept.note) == ("png", "")
    assert changed.format == "jpeg" and "written as jpeg" in changed.note


def test_a_palette_is_the_last_resort_of_png_alone():
    found = encode_within(PIXELS, OutputSpec(formats=("png",), preferred="png", max_bytes=30_000), Counted(1, png=100_000))
    assert found.fits and found.quality < 100


def test_full_chroma_is_given_up_before_the_limit():
    spec = OutputSpec(formats=("jpeg",), max_bytes=20_000, chroma="444")
    found = encode_within(PIXELS, spec, Counted(100_000, slope=0.031, full_chroma=1.5))
    assert found.fits and found.chroma == "420"


@pytest.mark.parametrize(
    ("width", "height", "limit"),
    [(300, 250, 150_000), (728, 90, 150_000), (320, 50, 5_000), (160, 600, 40_000), (970, 250, 250_000), (1920, 1080, 500_000)],
)
def test_real_pixels_meet_real_limits(width, height, limit):
    rng = np.random.default_rng(2)
    noise = cv2.GaussianBlur(rng.integers(0, 255, (height, width, 4), dtype=np.uint8), (0, 0), 1.2)
    noise[..., 3] = 255
    cv2.putText(noise, "ADVERT", (4, height - 6), cv2.FONT_HERSHEY_SIMPLEX, height / 120, (255, 255, 255, 255), 2)
    found = encode_within(noise, OutputSpec(max_bytes=limit, chroma="444"), CODEC)
    assert found.fits and len(found.data) <= limit and found.tries <= 2 * MAX_TRIES + 2
    assert CODEC.inspect(found.data).format == found.format
