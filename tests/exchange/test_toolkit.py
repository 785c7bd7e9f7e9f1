"""XLIFF round trips through translate-toolkit, in a process and an environment of its own: `./run exchange` makes it (GPL: never ours)."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from affiche.values.text import Evidence, Text
from affiche.write.exchange import Open, documents, entries, unit_id
from affiche.write.voice import Voice
from affiche.write.words import Want
from affiche.write.xliff import read, render

pytestmark = pytest.mark.exchange

VOICE = Voice(locale="de-DE", brand="Verde", keep=("Verde",))
PRICE = Want(role="body", source="Verde: only {price, number, currency} & <cold>", source_locale="en-US", locale="de-DE")
HEAD = Want(role="headline", source="Wake up the afternoon", source_locale="en-US", locale="de-DE")
DRAFT = Text(value="Weck den Nachmittag", locale="de-DE", origin="model", evidence=Evidence(model="m"))


def through(folder: Path, wanted: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """What the toolkit saw, and the document that it saved."""
    python = os.environ.get("AFFICHE_TEST_TOOLKIT", "")
    assert python, "run this with ./run exchange"
    rows = [Open(want=PRICE, text=None, max_characters=44), Open(want=HEAD, text=DRAFT)]
    (folder / "in.xlf").write_bytes(render(documents("summer", rows, {"de-DE": VOICE})["de-DE"]))
    tool = Path(__file__).with_name("toolkit.py")
    command = [python, str(tool), str(folder / "in.xlf"), str(folder / "out.xlf"), json.dumps(wanted)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={"PATH": os.environ["PATH"]})
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout), (folder / "out.xlf").read_bytes()


def test_a_translation_made_with_other_software_is_taken(tmp_path: Path) -> None:
    pieces = {": only ": ": nur ", " & <cold>": " & <kalt>"}
    saw, saved = through(tmp_path, {unit_id(PRICE): pieces, unit_id(HEAD): "Weck den Nachmittag auf"})
    assert saw["languages"] == ["en-US", "de-DE"]
    assert saw["seen"][unit_id(HEAD)] == {"source": "Wake up the afternoon", "target": "Weck den Nachmittag"}
    taken, told = entries(read(saved), (PRICE, HEAD), lambda _: VOICE, file="out.xlf", on="2026-11-25")
    assert not told
    assert {entry.source: entry.text for entry in taken} == {
        PRICE.source: "Verde: nur {price, number, currency} & <kalt>", HEAD.source: "Weck den Nachmittag auf",
    }
    assert b'slr:sizeRestriction="44"' in saved, "the length that fits survives other software"


def test_a_placeholder_that_other_software_dropped_is_rejected(tmp_path: Path) -> None:
    _, saved = through(tmp_path, {unit_id(PRICE): "Verde: nur 1,99 € & kalt"})
    taken, told = entries(read(saved), (PRICE, HEAD), lambda _: VOICE, file="out.xlf", on="2026-11-25")
    assert [problem.code for problem in told] == ["words.rejected"] and PRICE.source not in {entry.source for entry in taken}
