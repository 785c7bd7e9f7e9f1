"""What every Codec and RowCodec must do. Another adapter is one more entry in the list."""

import subprocess
import sys

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from affiche.adapters.codec import CvRows, FileCodec

CODECS = [FileCodec()]
ROWS = [CvRows()]
FORMATS = ["png", "jpeg", "webp", "avif"]


def scene(width=160, height=120, seed=3, *, alpha=False) -> np.ndarray:
    """A soft picture with a hard edge, deterministic."""
    rng = np.random.default_rng(seed)
    noise = cv2.GaussianBlur(rng.integers(0, 255, (height, width, 4), dtype=np.uint8), (0, 0), 4)
    noise[..., 3] = 255
    noise[height // 3 : height // 2, width // 4 : width // 2, :3] = (250, 240, 20)
    if alpha:
        noise[:, : width // 4, 3] = 0
    return np.ascontiguousarray(noise)


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("format", FORMATS)
def test_size_and_format_come_back(codec, format):
    data = codec.encode(scene(), format=format, quality=85)
    facts = codec.inspect(data)
    assert (facts.format, facts.size.width, facts.size.height, facts.vector) == (format, 160, 120, False)
    off = np.abs(codec.decode(data)[..., :3].astype(int) - scene()[..., :3]).mean()
    assert off < 6


@pytest.mark.parametrize("codec", CODECS)
def test_png_is_lossless_at_100_with_alpha(codec):
    pixels = scene(alpha=True)
    assert (codec.decode(codec.encode(pixels, format="png", quality=100)) == pixels).all()


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("format", ["jpeg", "webp", "avif"])
def test_less_quality_is_less_weight(codec, format):
    sizes = [len(codec.encode(scene(320, 240), format=format, quality=q)) for q in (90, 60, 30)]
    assert sizes[0] > sizes[1] > sizes[2]


@pytest.mark.parametrize("codec", CODECS)
def test_full_chroma_keeps_thin_saturated_lines(codec):
    pixels = np.full((64, 64, 4), 255, np.uint8)
    pixels[::4, :, 1:3] = 0

    def off(chroma):
        return np.abs(codec.decode(codec.encode(pixels, format="jpeg", quality=92, chroma=chroma)).astype(int) - pixels).mean()

    assert off("444") < 0.5 * off("420")


@pytest.mark.slow
def test_bytes_are_the_same_in_fresh_processes():
    code = (
        "import sys, hashlib; sys.path[:0] = ['src', '.']\n"
        "from tests.contract.test_codec import scene; from affiche.adapters.codec import CvRows, FileCodec\n"
        "made = [FileCodec().encode(scene(300, 250), format=f, quality=q) for f in ('png','jpeg','webp','avif') for q in (80, 100)]\n"
        "made.append(CvRows().rows(scene(300, 250), quality=88, chroma='420'))\n"
        "print(hashlib.sha256(b''.join(made)).hexdigest())"
    )
    first, second = (subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout for _ in range(2))
    assert first == second and len(first) == 65


@pytest.mark.parametrize("rows", ROWS)
@given(
    width=st.integers(17, 200), height=st.integers(17, 220), quality=st.integers(40, 95), chroma=st.sampled_from(["420", "444"]),
    bands=st.lists(st.tuples(st.integers(0, 230), st.integers(1, 60)), max_size=5), seed=st.integers(0, 99),
)  # fmt: skip
def test_a_splice_is_byte_identical_to_a_full_encode(rows, width, height, quality, chroma, bands, seed):
    before, after = scene(width, height, seed), scene(width, height, seed)
    ranges = [(top, top + tall) for top, tall in bands]
    for top, bottom in ranges:
        after[top:bottom, width // 5 :, :3] = scene(width, height, seed + 1)[top:bottom, width // 5 :, :3]
    base = rows.rows(before, quality=quality, chroma=chroma)
    assert rows.splice(base, after, ranges, quality=quality, chroma=chroma) == rows.rows(after, quality=quality, chroma=chroma)


@pytest.mark.parametrize("rows", ROWS)
def test_a_band_that_is_not_named_is_not_taken(rows):
    """The splice really reuses the base: what changes outside the bands does not get in."""
    before, after = scene(), scene(seed=8)
    base = rows.rows(before, quality=88, chroma="420")
    assert rows.splice(base, after, [], quality=88, chroma="420") == base
    assert rows.splice(base, after, [(16, 32)], quality=88, chroma="420") != rows.rows(after, quality=88, chroma="420")


@pytest.mark.parametrize("rows", ROWS)
def test_a_spliced_file_decodes_everywhere(rows):
    data = rows.rows(scene(), quality=88, chroma="420")
    assert np.abs(CODECS[0].decode(data)[..., :3].astype(int) - scene()[..., :3]).mean() < 6
