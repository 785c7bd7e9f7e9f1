"""What must be true of a run that came to rest, whatever happened on its way."""

from __future__ import annotations

import json
from pathlib import Path

from PIL import Image

from affiche.registry.runs import MOVES, RESTING
from affiche.values.digest import digest_bytes
from tests.flow.kit_workers import Service


def events_in_order(service: Service, run: str, state: str) -> None:
    """It went from state to state as states follow each other, and came to rest once."""
    said = [kind for kind in service.events(run) if not kind.startswith(("run.", "creative."))]
    assert said[0] == "queued"
    assert said[-1] == state
    assert all(after == before or after in MOVES[before] for before, after in zip(said, said[1:], strict=False)), said  # type: ignore[index]
    assert sum(kind in RESTING for kind in said) == 1, said


def whole(service: Service, run: str, count: int) -> None:
    """All of its creatives are there, in the registry, in the published folder and in the store, byte for byte."""
    rows = service.creatives(run)
    assert len(rows) == count
    assert all(row["status"] in ("passed", "flagged") and row["current"] for row in rows)
    folder = Path(service.row(run)["folder"])
    manifest = json.loads((folder / "manifest.json").read_text())
    assert len(manifest["creatives"]) == count
    for row in rows:
        data = (folder / row["path"]).read_bytes()
        assert digest_bytes(data) == row["file_digest"] == digest_bytes(service.blobs.get(row["blob"]))
    with Image.open(folder / rows[0]["path"]) as image:
        image.load()
