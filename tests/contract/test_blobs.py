"""The contract of the Blobs port, kept by every adapter; below it what only the folder can promise."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from affiche.adapters.blobs import LocalBlobs, MemoryBlobs
from affiche.errors import StorageError
from affiche.ports import Blobs
from affiche.values.digest import digest, digest_bytes

DATA = b"some bytes" * 100
#: Children import what this process imports.
HERE = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}


@pytest.fixture(params=["local", "memory"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Blobs:
    return LocalBlobs(tmp_path / "blobs") if request.param == "local" else MemoryBlobs()


def test_what_is_put_comes_back_under_the_digest_of_its_content(blobs: Blobs) -> None:
    blob = blobs.put(DATA)
    assert blob == digest_bytes(DATA)
    assert blobs.get(blob) == DATA
    assert blobs.has(blob)


def test_putting_twice_changes_nothing(blobs: Blobs) -> None:
    assert blobs.put(DATA) == blobs.put(DATA)
    assert blobs.get(digest_bytes(DATA)) == DATA


def test_empty_bytes_are_bytes(blobs: Blobs) -> None:
    assert blobs.get(blobs.put(b"")) == b""
    assert blobs.has(digest_bytes(b""))


def test_a_missing_blob_is_a_storage_error(blobs: Blobs) -> None:
    gone = digest("never put")
    assert not blobs.has(gone)
    with pytest.raises(StorageError, match=gone[:12]):
        blobs.get(gone)
    with pytest.raises(StorageError):
        blobs.path(gone)


# -- the folder ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def local(tmp_path: Path) -> LocalBlobs:
    return LocalBlobs(tmp_path / "blobs")


def test_a_path_leads_to_the_bytes(local: LocalBlobs) -> None:
    assert local.path(local.put(DATA)).read_bytes() == DATA


@pytest.mark.parametrize("altered", [b"other", DATA[:-1] + b"!", b""])
def test_an_altered_blob_is_noticed_and_mended_by_putting_it_again(local: LocalBlobs, altered: bytes) -> None:
    blob = local.put(DATA)
    local.path(blob).write_bytes(altered)
    with pytest.raises(StorageError, match="altered"):
        local.get(blob)
    assert not local.has(blob)
    local.put(DATA)
    assert local.get(blob) == DATA


def test_an_empty_file_is_no_blob(local: LocalBlobs) -> None:
    blob = local.put(DATA)
    local.path(blob).write_bytes(b"")
    assert not local.has(blob)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "ab/" + "0" * 61, "g" * 63])
def test_only_digests_become_paths(local: LocalBlobs, name: str) -> None:
    with pytest.raises(StorageError):
        local.get(name)  # type: ignore[arg-type]


_PUT_LIMITED = """
import resource, sys
from pathlib import Path
from affiche.adapters.blobs import LocalBlobs
from affiche.errors import StorageError
resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))
try:
    LocalBlobs(Path(sys.argv[1])).put(b"x" * 20000)
except StorageError as error:
    print("refused:", error)
"""


def test_a_disk_that_takes_no_more_leaves_nothing_behind(tmp_path: Path) -> None:
    assert resource.RLIMIT_FSIZE  # the limit makes writes fail half-way, as a full disk does
    said = subprocess.run([sys.executable, "-c", _PUT_LIMITED, str(tmp_path)], capture_output=True, text=True, check=True, env=HERE)
    assert "refused: cannot write" in said.stdout
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


_PUT_MANY = """
import sys
from pathlib import Path
from affiche.adapters.blobs import LocalBlobs
blobs = LocalBlobs(Path(sys.argv[1]))
for n in range(200):
    blobs.put(str(n).encode() * 500)
"""


def test_processes_may_write_the_same_blobs_at_once(tmp_path: Path) -> None:
    running = [subprocess.Popen([sys.executable, "-c", _PUT_MANY, str(tmp_path)], env=HERE) for _ in range(3)]
    assert [process.wait(60) for process in running] == [0, 0, 0]
    blobs = LocalBlobs(tmp_path)
    assert all(blobs.get(digest_bytes(str(n).encode() * 500)) for n in range(200))
    assert list((tmp_path / "staged").iterdir()) == []
