"""A campaign laid out for a run: what cannot be had is named, all of it, but never a page full."""

from __future__ import annotations

from pathlib import Path

import pytest

from affiche.adapters.blobs.local import LocalBlobs
from affiche.errors import StorageAway, StorageError
from affiche.runs.folder import Material, laid_out
from affiche.values.digest import Digest, digest_bytes


def material(count: int) -> Material:
    """A brief that shows `count` files, of which none is stored."""
    names = [f"ast_{n}" for n in range(count)]
    files = {name: digest_bytes(name.encode()) for name in names}
    return Material(brief=b"affiche: 1", media_type="application/yaml", files=files, called={name: f"{name[4:]}.png" for name in names})


@pytest.mark.parametrize(("count", "named", "more"), [(1, 1, ""), (5, 5, ""), (7, 5, "; and 2 more")])
def test_files_that_cannot_be_had_are_named(tmp_path: Path, count: int, named: int, more: str) -> None:
    wanted = material(count)
    with pytest.raises(StorageError) as told, laid_out(wanted, LocalBlobs(tmp_path / "blobs"), tmp_path / "work"):
        pass
    blobs = [*wanted.files.values()]
    assert told.value.public == "; ".join(f"{n}.png: stored file {blobs[n][:12]} is missing" for n in range(named)) + more
    assert "upload the same files again" in told.value.hint
    assert not [*(tmp_path / "work").iterdir()], "nothing is left lying"


def test_a_store_that_is_away_is_told_as_it_is(tmp_path: Path) -> None:
    class Away(LocalBlobs):
        def path(self, blob: Digest) -> Path:
            raise StorageAway(f"the store of {blob[:2]} does not answer")

    with pytest.raises(StorageAway, match="does not answer"), laid_out(material(3), Away(tmp_path), tmp_path / "work"):
        pass
