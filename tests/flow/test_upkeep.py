"""A rehearsed disaster: a service is backed up while it runs, its home is lost, and another one goes on from the backup."""

from __future__ import annotations

import shutil
import tarfile
from pathlib import Path

import pytest

from affiche.adapters.blobs import LocalBlobs
from affiche.errors import UsageError
from affiche.upkeep.backup import backup, restore
from affiche.upkeep.verify import verify
from affiche.values.digest import digest_bytes
from tests.flow.kit_build import write_can
from tests.flow.kit_service import BRIEF, service


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """A backup of a service with an asset and a campaign, taken while it serves."""
    write_can(tmp_path / "can.png", (20, 120, 60))
    with service(tmp_path / "home") as running:
        made = running.http.post("/v1/assets", params={"name": "can.png"}, content=(tmp_path / "can.png").read_bytes())
        assert made.status_code == 201, made.text
        assert running.http.post("/v1/campaigns", content=BRIEF, headers={"Content-Type": "application/yaml"}).status_code == 202
        listed = backup(tmp_path / "home", LocalBlobs(tmp_path / "home" / "blobs"), tmp_path / "saved.tar")
        assert set(listed["databases"]) >= {"registry.db"} and listed["blobs"] >= 1
    return tmp_path / "saved.tar"


def test_a_lost_home_comes_back_and_serves_what_it_had(saved: Path, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "home")
    restore(saved, tmp_path / "again")
    with service(tmp_path / "again") as running:
        asset = running.http.get("/v1/assets").json()["items"][0]
        assert running.http.get(f"/v1/assets/{asset['id']}/file").content == (tmp_path / "can.png").read_bytes()
        assert [row["slug"] for row in running.http.get("/v1/campaigns").json()["items"]] == ["summer-yuzu"]
        assert verify(running.registry, running.house.blobs).ok
    assert sorted(p.name for p in (tmp_path / "again").iterdir() if p.name.startswith(".")) == []


def test_the_ring_is_not_in_a_backup_and_nothing_is_written_over(saved: Path, tmp_path: Path) -> None:
    with tarfile.open(saved) as tar:
        assert not [name for name in tar.getnames() if "ring" in name]
    with pytest.raises(UsageError, match="exists already"):
        backup(tmp_path / "home", LocalBlobs(tmp_path / "home" / "blobs"), saved)
    with pytest.raises(UsageError, match="holds state already"):
        restore(saved, tmp_path / "home")


@pytest.mark.parametrize("harm", ["cut", "flipped", "foreign"])
def test_a_harmed_backup_restores_nothing(saved: Path, tmp_path: Path, harm: str) -> None:
    data = bytearray(saved.read_bytes())
    at = data.find(b"\x89PNG") + 40
    if harm == "flipped":
        data[at] ^= 1
    harmed = tmp_path / "harmed.tar"
    harmed.write_bytes({"cut": bytes(data[:at]), "flipped": bytes(data), "foreign": b"x" * 2000}[harm])
    with pytest.raises(UsageError, match="not a whole backup"):
        restore(harmed, tmp_path / "new")
    assert list((tmp_path / "new").iterdir()) == []


def test_verify_finds_what_was_altered_and_what_is_missing(saved: Path, tmp_path: Path) -> None:
    restore(saved, tmp_path / "again")
    depot = LocalBlobs(tmp_path / "again" / "blobs")
    picture = digest_bytes((tmp_path / "can.png").read_bytes())
    depot.path(picture).write_bytes(b"altered")
    with service(tmp_path / "again") as running:
        found = verify(running.registry, depot)
        assert (found.ok, found.wrong) == (False, (picture,))
        assert [(blob, who.partition("/")[0]) for blob, who in found.missing] == [(picture, "assets")]
        depot.put((tmp_path / "can.png").read_bytes())
        assert verify(running.registry, depot).ok
