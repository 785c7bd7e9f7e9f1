"""Pictures for the library of tests: real ones of the examples, and as many of their own as a test drops."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from PIL import Image

from tests.browser.kit_portal import Portal

EXAMPLES = Path(__file__).resolve().parents[2] / "examples/verde/assets"


def stored(served: Portal, *names: str) -> list[str]:
    """Ids of pictures of the example campaign, in the library."""
    found = []
    for name in names:
        answer = served.http.post("/v1/assets", params={"name": name, "reuse": "true"}, content=(EXAMPLES / name).read_bytes())
        assert answer.status_code < 300, answer.text
        found.append(str(answer.json()["id"]))
    return found


def patch(seed: int, side: int = 48) -> bytes:
    """A small PNG that no other seed has: blocks of colours by chance, so that no two look alike."""
    blocks = np.random.default_rng(seed).integers(0, 256, (4, 4, 3), dtype=np.uint8)
    return _png(np.kron(blocks, np.ones((side // 4, side // 4, 1), np.uint8)))


def flat(color: tuple[int, int, int], side: int = 96) -> bytes:
    """A PNG in one colour."""
    return _png(np.full((side, side, 3), color, np.uint8))


def heavy(bytes_at_least: int) -> bytes:
    """A PNG of noise, which no compression makes smaller than so many bytes."""
    side = int((bytes_at_least / 3) ** 0.5) + 1
    out = _png(np.random.default_rng(11).integers(0, 256, (side, side, 3), dtype=np.uint8))
    assert len(out) >= bytes_at_least
    return out


def _png(pixels: np.ndarray) -> bytes:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG", compress_level=1)
    return out.getvalue()
