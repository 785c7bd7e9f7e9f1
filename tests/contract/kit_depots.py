"""The contract of the Depot port as functions: every store runs all of them (`test_depots.py`, `test_azurite.py`)."""

from __future__ import annotations

import asyncio
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from affiche.adapters.blobs import LocalBlobs
from affiche.errors import StorageError
from affiche.ports import Depot
from affiche.values.digest import Digest, digest, digest_bytes

DATA = b"\x89PNG\r\n\x1a\n" + b"some bytes" * 1000
#: Makes a depot on the same store, as another machine would: with another folder in front.
Open = Callable[[Path], Depot]


def put_and_read_elsewhere(open: Open, folder: Path) -> None:
    here, there = open(folder / "a"), open(folder / "b")
    blob = here.put(DATA)
    assert blob == digest_bytes(DATA)
    assert there.has(blob)
    assert there.get(blob) == there.read(blob) == DATA
    assert there.path(blob).read_bytes() == DATA
    assert open(folder / "c").path(blob).read_bytes() == DATA
    assert here.put(DATA) == there.put(DATA) == blob
    assert here.get(here.put(b"")) == b""


def missing(open: Open, folder: Path) -> None:
    depot, gone = open(folder / "m"), digest("never put")
    assert not depot.has(gone)
    for ask in (depot.get, depot.read, depot.path):
        with pytest.raises(StorageError, match=gone[:12]):
            ask(gone)
    depot.remove(gone)


def list_and_remove(open: Open, folder: Path) -> None:
    depot = open(folder / "l")
    blobs = [depot.put(f"list {n}".encode()) for n in range(30)]
    listed = {entry.digest: entry for entry in depot.stored()}
    assert set(blobs) <= set(listed)
    assert listed[blobs[0]].size == len(b"list 0")
    assert abs(listed[blobs[0]].modified - time.time()) < 60
    depot.remove(blobs[0])
    assert not depot.has(blobs[0])
    assert blobs[0] not in {entry.digest for entry in depot.stored()}
    with pytest.raises(StorageError):
        depot.get(blobs[0])


def only_digests_are_names(open: Open, folder: Path) -> None:
    depot = open(folder / "n")
    for name in ("", "../../etc/passwd", "ab/" + "0" * 61, "g" * 63, "ü" * 64):
        with pytest.raises(StorageError):
            depot.read(Digest(name))
    for name in ("", "../x", "a/b", "a" * 65, "é"):
        with pytest.raises(StorageError):
            depot.uploaded(name, max_bytes=10)


def signed_urls(open: Open, folder: Path) -> None:
    depot = open(folder / "s")
    blob = depot.put(DATA)
    url = depot.download_url(blob, seconds=60)
    with urllib.request.urlopen(url, timeout=10) as answer:
        assert answer.read() == DATA
        assert answer.headers["Content-Type"] == "image/png"
        assert "immutable" in answer.headers["Cache-Control"]
    put = urllib.request.Request(depot.upload_url("upl_1", seconds=60), data=DATA, method="PUT", headers={"x-ms-blob-type": "BlockBlob", "Content-Type": "image/png"})
    with urllib.request.urlopen(put, timeout=10) as answer:
        assert answer.status in (200, 201)
    assert depot.uploaded("upl_1", max_bytes=len(DATA)) == DATA
    with pytest.raises(StorageError, match="at most"):
        depot.uploaded("upl_1", max_bytes=len(DATA) - 1)
    with pytest.raises(StorageError, match="nothing was uploaded"):
        depot.uploaded("upl_1", max_bytes=len(DATA))  # what was too long is gone
    depot.discard("upl_1")


def an_altered_blob_is_noticed(open: Open, alter: Callable[[Digest, bytes], None], folder: Path) -> None:
    depot = open(folder / "x")
    blob = depot.put(b"genuine" * 50)
    alter(blob, b"forged!" * 50)
    assert depot.get(blob) == b"genuine" * 50  # the folder in front still has it
    with pytest.raises(StorageError, match="altered"):
        open(folder / "y").get(blob)
    depot.put(b"genuine" * 50)
    assert open(folder / "z").get(blob) == b"genuine" * 50
    alter(blob, b"cut")
    depot.put(b"genuine" * 50)
    assert open(folder / "w").get(blob) == b"genuine" * 50


def many_at_once(open: Open, folder: Path) -> None:
    depots = [open(folder / f"p{n}") for n in range(4)]

    async def run() -> list[Digest]:
        return await asyncio.gather(*(asyncio.to_thread(depots[n % 4].put, f"many {n % 10}".encode()) for n in range(80)))

    assert {depots[0].get(blob) for blob in asyncio.run(run())} == {f"many {n}".encode() for n in range(10)}


def the_folder_in_front_mends_itself(open: Open, folder: Path) -> None:
    depot = open(folder / "f")
    blob = depot.put(DATA)
    LocalBlobs(folder / "f").path(blob).write_bytes(b"altered")
    assert depot.get(blob) == DATA
    assert depot.path(blob).read_bytes() == DATA
