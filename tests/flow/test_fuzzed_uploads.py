"""Damaged and hostile files: each is taken whole or refused with a reason, never a 5xx, and of what is refused nothing is stored.

100 files in `./run test`, 1,000 in `./run soak`. A file that fails can be made again by its number.
"""

from __future__ import annotations

import io
import random
import struct
import zlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import sqlalchemy as sa
from PIL import Image

from affiche.registry.tables.material import assets
from affiche_fonts import faces, path
from tests.flow.kit_service import Service, service
from tests.unit.codec.test_metadata import XMP, full_exif, picture

pytestmark = [pytest.mark.slow, pytest.mark.logs]
SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 60"><defs><linearGradient id="a"><stop offset="1" stop-color="#c33"/>'
    b'</linearGradient></defs><rect width="90" height="60" fill="url(#a)"/><path d="M10 10h40v30z"/></svg>'
)
HOSTILE = (
    b"", b"\x00" * 4096, b"<svg" * 3000,
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><svg xmlns="http://www.w3.org/2000/svg">&b;</svg>',
    b'<svg xmlns="http://www.w3.org/2000/svg" width="1e9" height="1e9"><rect width="9" height="9"/></svg>',
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><image href="file:///etc/passwd" width="9" height="9"/><script>x</script></svg>',
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g></svg>',
    b"GIF89a" + b"\xff" * 50, b"RIFF\xff\xff\xff\xffWEBPVP8 " + b"\x00" * 60, b"PK\x03\x04" + b"\x00" * 100,
)  # fmt: skip


def bomb(side: int) -> bytes:
    """A PNG that promises `side` x `side` px in a few bytes."""
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\x00" * 100_000)) + chunk(b"IEND", b"")


@cache
def seeds() -> tuple[tuple[str, bytes], ...]:
    found = [("a.jpg", picture(xmp=XMP, exif=full_exif())), ("a.svg", SVG), ("a.csv", "id,name\n1,Ä\n".encode())]
    shades = Image.linear_gradient("L").resize((120, 80))
    for mode, format in (("RGBA", "png"), ("RGB", "webp"), ("RGB", "tiff"), ("P", "gif"), ("RGB", "avif"), ("CMYK", "jpeg"), ("I;16", "png")):
        out = io.BytesIO()
        shades.convert("L").convert(mode).save(out, format)
        found.append((f"a.{format}", out.getvalue()))
    font = next(iter(faces()))
    return (*found, ("a.ttf", Path(path(font)).read_bytes()[:60_000]))


def file_of(number: int) -> tuple[str, bytes]:
    """The file with this number: always the same."""
    by = random.Random(number)
    if number % 10 == 0:
        return f"h{number}.png", (*HOSTILE, bomb(60_000), bomb(7_900))[number // 10 % (len(HOSTILE) + 2)]
    name, data = by.choice(seeds())
    damaged = bytearray(data)
    for _ in range(by.choice((0, 1, 2, 8, 60))):
        damaged[by.randrange(len(damaged))] = by.randrange(256)
    kind = by.randrange(6)
    if kind == 0:
        del damaged[by.randrange(1, len(damaged)) :]
    elif kind == 1:
        at = by.randrange(len(damaged))
        damaged[at:at] = by.choice(seeds())[1][: by.randrange(1, 3000)]
    elif kind == 2:
        damaged[: by.randrange(1, 40)] = by.choice(seeds())[1][: by.randrange(1, 40)]
    return by.choice((name, "x", "weird \u202e\u0000name.png", "a" * 255, "../../etc/passwd.svg")), bytes(damaged)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Service]:
    with service(tmp_path / "home") as it:
        yield it


@pytest.mark.parametrize("count", [100, pytest.param(1000, marks=pytest.mark.soak)])
def test_every_file_is_taken_whole_or_refused(shop: Service, count: int) -> None:
    taken, refused = {}, 0
    for number in range(count):
        name, data = file_of(number)
        answer = shop.http.post("/v1/assets", params={"name": name}, content=data)
        assert answer.status_code < 500, (number, answer.text)
        if answer.status_code == 201:
            taken[answer.json()["id"]] = (number, data)
        else:
            assert answer.json()["detail"], number
            refused += 1
    assert len(taken) > count / 20 and refused > count / 20
    with shop.registry.read() as c:
        rows = c.execute(sa.select(assets)).all()
    assert {row.id for row in rows} == set(taken)
    for row in rows:
        number, data = taken[row.id]
        assert shop.house.blobs.get(row.blob) == data, number
        assert row.kind != "picture" or shop.house.blobs.get(row.thumbnail)[:2] == b"\xff\xd8", number
    named = {row.blob for row in rows} | {row.thumbnail for row in rows if row.thumbnail}
    assert {blob.digest for blob in shop.house.blobs.stored()} == named
    assert shop.http.get("/healthz").status_code == 200
    assert len(shop.http.get("/v1/assets", params={"limit": 200}).json()["items"]) == min(200, len(taken))
