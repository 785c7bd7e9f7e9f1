"""What every Codec and RowCodec must do. Another adapter is one more entry in the list."""

import subprocess
import sys

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from affiche.adapters.codec import CvRows, FileCodec
from affiche.errors import PaintError

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


#: Widths of one cell in a row and of several, whole and with a last block that is cut off.
WIDTHS = [17, 199, 240, 479, 480, 530]


@pytest.mark.parametrize("rows", ROWS)
@given(
    width=st.sampled_from(WIDTHS), height=st.integers(17, 150), quality=st.integers(40, 95), chroma=st.sampled_from(["420", "444"]),
    areas=st.lists(st.tuples(st.integers(-9, 540), st.integers(-9, 160), st.integers(1, 300), st.integers(1, 60)), max_size=5),
    seed=st.integers(0, 99),
)  # fmt: skip
def test_a_splice_is_byte_identical_to_a_full_encode(rows, width, height, quality, chroma, areas, seed):
    before, after, other = scene(width, height, seed), scene(width, height, seed), scene(width, height, seed + 1)
    boxes = [(x, y, x + wide, y + tall) for x, y, wide, tall in areas]
    for left, top, right, bottom in boxes:
        part = slice(max(0, top), max(0, bottom)), slice(max(0, left), max(0, right))
        after[part] = other[part]
    base = rows.rows(before, quality=quality, chroma=chroma)
    assert rows.splice(base, after, boxes, quality=quality, chroma=chroma) == rows.rows(after, quality=quality, chroma=chroma)


@pytest.mark.parametrize("rows", ROWS)
def test_an_area_that_is_not_named_is_not_taken(rows):
    """The splice really reuses the base, beside an area too: what changes outside of the areas does not get in."""
    before, after = scene(480), scene(480, seed=8)
    base = rows.rows(before, quality=88, chroma="420")
    assert rows.splice(base, after, [], quality=88, chroma="420") == base
    part = CODECS[0].decode(rows.splice(base, after, [(0, 16, 240, 32)], quality=88, chroma="420")).astype(int)
    assert np.abs(part[16:32, :240, :3] - after[16:32, :240, :3]).mean() < 6
    assert np.abs(part[16:32, 240:, :3] - before[16:32, 240:, :3]).mean() < 6


@pytest.mark.parametrize("rows", ROWS)
def test_a_base_of_another_kind_is_refused(rows):
    base = rows.rows(scene(480), quality=88, chroma="420")
    with pytest.raises(PaintError, match="another size or colour"):
        rows.splice(base, scene(480), [(0, 0, 9, 9)], quality=88, chroma="444")


@pytest.mark.parametrize("rows", ROWS)
def test_a_spliced_file_decodes_everywhere(rows):
    data = rows.rows(scene(), quality=88, chroma="420")
    assert np.abs(CODECS[0].decode(data)[..., :3].astype(int) - scene()[..., :3]).mean() < 6
