"""The contract of the Depot port over a shared folder, memory and S3 (a real server), and what happens when a store is away."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import obstore
import pytest
from obstore.store import MemoryStore, S3Store

from affiche.adapters.blobs import LocalBlobs
from affiche.adapters.blobs.objects import ObjectBlobs, media_type
from affiche.adapters.blobs.open import open_store
from affiche.errors import StorageError, UsageError
from affiche.ports import Depot
from affiche.values.digest import Digest
from tests.contract import kit_depots as contract
from tests.contract.kit_servers import AWS_KEYS, free_port, moto


@pytest.fixture(scope="module")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    import boto3

    with moto(tmp_path_factory.mktemp("moto")) as endpoint:
        keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": "us-east-1"}
        boto3.client("s3", endpoint_url=endpoint, **keys).create_bucket(Bucket="affiche")
        yield endpoint


class Place:
    """A store, how to open it, and a way around our own code to spoil what lies in it."""

    def __init__(self, open: contract.Open, raw: Any) -> None:
        self.open, self._raw = open, raw

    def alter(self, blob: Digest, data: bytes) -> None:
        obstore.put(self._raw, f"blobs/{blob[:2]}/{blob[2:]}", data)


@pytest.fixture(params=["file", "memory", "s3"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    if request.param == "file":
        url = (tmp_path / "shared").as_uri()
        return Place(lambda cache: open_store(url, cache), obstore.store.LocalStore(prefix=tmp_path / "shared", mkdir=True))
    if request.param == "memory":
        store = MemoryStore()
        return Place(lambda cache: ObjectBlobs(store, LocalBlobs(cache), signs=False), store)
    options = {"endpoint": request.getfixturevalue("s3"), **AWS_KEYS}
    name = "".join(c for c in request.node.name if c.isalnum())
    raw = S3Store("affiche", prefix=name, client_options={"allow_http": True}, **options)
    return Place(lambda cache: open_store(f"s3://affiche/{name}", cache, options=options, plain_http=True), raw)


CHECKS: list[Callable[[contract.Open, Path], None]] = [
    contract.put_and_read_elsewhere, contract.missing, contract.list_and_remove, contract.only_digests_are_names,
    contract.many_at_once, contract.the_folder_in_front_mends_itself,
]  # fmt: skip


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_contract(place: Place, tmp_path: Path, check: Callable[[contract.Open, Path], None]) -> None:
    check(place.open, tmp_path)


def test_an_altered_blob_is_noticed_and_mended(place: Place, tmp_path: Path) -> None:
    contract.an_altered_blob_is_noticed(place.open, place.alter, tmp_path)


@pytest.mark.parametrize("check", [c for c in CHECKS if c not in (contract.put_and_read_elsewhere, contract.the_folder_in_front_mends_itself)], ids=lambda check: check.__name__)
def test_the_folder_alone_keeps_it_too(tmp_path: Path, check: Callable[[contract.Open, Path], None]) -> None:
    depot: Depot = LocalBlobs(tmp_path / "only")
    check(lambda _: depot, tmp_path)
    assert depot.download_url(depot.put(b"x"), seconds=1) == depot.upload_url("u", seconds=1) == ""
    depot.probe()


def test_s3_signs_downloads_and_uploads(s3: str, tmp_path: Path) -> None:
    contract.signed_urls(lambda cache: open_store("s3://affiche/sign", cache, options={"endpoint": s3, **AWS_KEYS}, plain_http=True), tmp_path)


def test_a_store_that_is_away_is_a_storage_error_and_nothing_is_kept(tmp_path: Path) -> None:
    away = f"http://127.0.0.1:{free_port()}"
    store = S3Store("b", client_options={"allow_http": True}, retry_config={"max_retries": 0}, endpoint=away, **AWS_KEYS)
    depot = ObjectBlobs(store, LocalBlobs(tmp_path), signs=True)
    with pytest.raises(StorageError, match="does not answer") as failed:
        depot.put(b"x")
    assert failed.value.retry == "later"
    assert "test" not in str(failed.value) and away not in str(failed.value)
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []
    for ask in (depot.probe, lambda: list(depot.stored()), lambda: depot.has(Digest("0" * 64))):
        with pytest.raises(StorageError):
            ask()


@pytest.mark.parametrize("url", ["ftp://host/x", "bucket", "s3://", "s3://key:secret@bucket/"])
def test_what_is_no_store_is_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        open_store(url, tmp_path)
    assert "secret" not in str(refused.value)


def test_media_types_are_known_by_first_bytes() -> None:
    kinds = {b"\xff\xd8\xff\xe0": "image/jpeg", b"RIFF1234WEBPVP8": "image/webp", b"1234ftypavif": "image/avif", b"1234ftypisom": "video/mp4", b"<svg onload=x>": "application/octet-stream"}
    assert {data: media_type(data) for data in kinds} == kinds
