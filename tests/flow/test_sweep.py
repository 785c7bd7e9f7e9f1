"""Sweeping: whatever is named stays, whatever names it; the rest goes when it is old enough, and only when it is told to."""

from __future__ import annotations

import json
import os
import random
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from affiche.adapters.blobs import LocalBlobs
from affiche.adapters.ledger.memory import MemoryLedger
from affiche.errors import StorageError
from affiche.ports import Outcome
from affiche.registry.open import Registry
from affiche.registry.scope import now
from affiche.registry.tables.material import assets, uploads
from affiche.registry.tables.work import campaigns, creatives, packages
from affiche.upkeep.sweep import GRACE_S, Kept, sweep
from affiche.values.digest import Digest
from tests.contract.kit_registry import ready

AT = datetime(2026, 11, 25, tzinfo=UTC)
OLD = AT - timedelta(days=400)


class Place:
    """A registry, a store and a tree, filled at random; `named` and `free` blobs are known."""

    def __init__(self, home: Path, seed: int) -> None:
        self.by = random.Random(seed)
        self.registry: Registry = ready("", home)
        self.depot, self.ledger, self.tree = LocalBlobs(home / "blobs"), MemoryLedger(), home / "out"
        self.named, self.free, self.young = set[str](), set[str](), set[str]()
        for turn in range(40):
            self._one(turn)

    def blob(self, old: bool = True) -> Digest:
        digest = self.depot.put(self.by.randbytes(60))
        if old:
            os.utime(self.depot.path(digest), (time.time() - GRACE_S * 2,) * 2)
        return digest

    def _one(self, turn: int) -> None:
        digest = self.blob()
        row = {"id": f"{turn:03d}", "tenant": "t", "brand": "", "created_at": OLD}
        kind = self.by.choice(["asset", "thumb", "deleted", "held", "creative", "document", "source", "package", "upload", "ledger", "manifest", "free", "young"])
        stays = kind not in ("deleted", "free", "young")
        with self.registry.write() as c:
            if kind in ("asset", "thumb", "deleted", "held"):
                gone = {"state": "deleted", "deleted_at": OLD} if kind in ("deleted", "held") else {"state": "ready"}
                c.execute(sa.insert(assets).values(**row, **gone, updated_at=OLD, blob=digest if kind != "thumb" else "", thumbnail=digest if kind == "thumb" else "", legal_hold=kind == "held"))
            elif kind in ("creative", "document", "source"):
                document = {"files": [{"blob": digest}]} if kind == "document" else {"sources": [{"sha256": digest}]} if kind == "source" else {}
                c.execute(sa.insert(creatives).values(**row, campaign="c", run=row["id"], blob=digest if kind == "creative" else "", current=True, document=document))
            elif kind == "package":
                c.execute(sa.insert(packages).values(**{**row, "created_at": AT}, campaign="c", run="r", blob=digest))
            elif kind == "upload":
                c.execute(sa.insert(uploads).values(**row, bytes=9, state="open", parts=[digest], expires_at=AT + timedelta(hours=1)))
        if kind == "ledger":
            self.ledger.record([Outcome(key=Digest(f"{turn}"), kind="compose", blobs={"file": digest}, data={})])
        elif kind == "manifest":
            folder = self.tree / self.by.choice(["a", "b/c"]) / str(turn)
            folder.mkdir(parents=True)
            (folder / "manifest.json").write_text(json.dumps({"affiche": 1, "files": [], "creatives": [{"files": [{"blob": digest, "sha256": digest}]}]}))
        elif kind == "young":
            os.utime(self.depot.path(digest))
            self.young.add(digest)
        (self.named if stays else set() if kind == "young" else self.free).add(digest)

    def swept(self, *, remove: bool):
        return sweep(self.registry, self.depot, self.ledger.blobs, [self.tree], kept=Kept(), at=AT, remove=remove)

    def there(self) -> set[str]:
        return {blob.digest for blob in self.depot.stored()}


@pytest.mark.parametrize("seed", range(6))
def test_what_is_named_stays_and_the_rest_goes(tmp_path: Path, seed: int) -> None:
    place = Place(tmp_path, seed)
    before = place.there()
    told = place.swept(remove=False)
    assert place.there() == before
    done = place.swept(remove=True)
    assert place.there() == place.named | place.young
    # Dry, rows of deleted assets are still there and unmarked already, so both say the same files.
    assert (done.files, done.young) == (told.files, len(place.young)) == (len(place.free), len(place.young))
    assert place.swept(remove=True).files == 0
    place.registry.close()


def test_storing_again_saves_a_file_in_the_last_moment(tmp_path: Path) -> None:
    place = Place(tmp_path, 1)
    data = b"named again while it is swept"
    digest = place.depot.put(data)
    os.utime(place.depot.path(digest), (time.time() - GRACE_S * 2,) * 2)

    def outcomes():
        place.depot.put(data)  # after the files were listed, before they go
        return iter(())

    sweep(place.registry, place.depot, outcomes, [place.tree], kept=Kept(), at=AT, remove=True)
    assert place.depot.has(digest)
    place.registry.close()


def test_a_manifest_that_cannot_be_read_stops_everything(tmp_path: Path) -> None:
    place = Place(tmp_path, 2)
    (place.tree / "x").mkdir(parents=True)
    (place.tree / "x" / "manifest.json").write_text('{"affiche": 1')
    before = place.there()
    with pytest.raises(StorageError):
        place.swept(remove=True)
    assert place.there() == before
    place.registry.close()


def test_retention_keeps_what_is_current_young_or_held(tmp_path: Path) -> None:
    registry = ready("", tmp_path)
    young = AT - timedelta(days=3)
    rows = [("a", "open", OLD, False), ("b", "open", OLD, True), ("c", "open", young, False), ("d", "held", OLD, False)]
    with registry.write() as c:
        for table in (creatives, campaigns):
            c.execute(sa.delete(table))
        for id, held in (("open", False), ("held", True)):
            c.execute(sa.insert(campaigns).values(id=id, tenant="t", brand="", slug=id, legal_hold=held, created_at=now(), updated_at=now()))
        for id, campaign, moment, current in rows:
            c.execute(sa.insert(creatives).values(id=id, tenant="t", brand="", campaign=campaign, run=id, current=current, created_at=moment, document={}))
            c.execute(sa.insert(packages).values(id=id, tenant="t", brand="", campaign=campaign, run=id, created_at=moment))
    sweep(registry, LocalBlobs(tmp_path / "blobs"), set, [], kept=Kept(), at=AT, remove=True)
    with registry.read() as c:
        assert sorted(c.execute(sa.select(creatives.c.id)).scalars()) == ["b", "c", "d"]
        assert sorted(c.execute(sa.select(packages.c.id)).scalars()) == ["c", "d"]
    registry.close()
