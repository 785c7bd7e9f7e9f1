"""What settings make of blobs: two machines with one store share what they make, render processes included."""

from __future__ import annotations

from pathlib import Path

import pytest

from affiche import wire
from affiche.errors import StorageError, UsageError
from affiche.settings import Settings, load
from affiche.values.digest import digest


def test_two_homes_with_one_store_share_blobs(tmp_path: Path) -> None:
    store = (tmp_path / "shared").as_uri()
    here, there = (wire.blobs(Settings(home=tmp_path / name, blob_store=store)) for name in ("here", "there"))
    blob = here.put(b"made here")
    assert there.path(blob).read_bytes() == b"made here"
    assert there.path(blob).is_relative_to(tmp_path / "there")


def test_without_a_store_homes_share_nothing(tmp_path: Path) -> None:
    here, there = (wire.blobs(Settings(home=tmp_path / name)) for name in ("here", "there"))
    with pytest.raises(StorageError):
        there.get(here.put(b"made here"))


def test_the_store_is_a_setting(tmp_path: Path) -> None:
    settings = load({"AFFICHE_HOME": str(tmp_path), "AFFICHE_BLOB_STORE": "s3://b/x", "AFFICHE_BLOB_STORE_PLAIN_HTTP": "1"}, tmp_path)
    assert (settings.blob_store, settings.blob_store_plain_http) == ("s3://b/x", True)
    with pytest.raises(UsageError):
        wire.blobs(Settings(home=tmp_path, blob_store="nothing://b")).has(digest("x"))
