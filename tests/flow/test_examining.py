"""A file that hangs or bursts what looks at it is refused in time, and the next one is taken."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from affiche.errors import RenderCrash
from affiche.ingest import take
from affiche.ingest.aside import Aside
from affiche.ingest.examine import examine
from tests.flow.kit_build import write_can
from tests.flow.kit_service import Service, service

_BOMB = 4_000_000_000


def hostile(data: bytes, name: str) -> Any:
    """As a decoder would behave that a file of this name finds a hole in."""
    if name == "hangs.png":
        time.sleep(600)
    if name == "bomb.png":
        return len(bytearray(_BOMB))
    if name == "crash.png":
        os.abort()
    return examine(data, name)


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with service(tmp_path_factory.mktemp("home")) as it:
        yield it


def test_hanging_bursting_and_crashing_files_are_refused_and_the_next_is_taken(
    at: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(take, "examine", hostile)
    write_can(tmp_path / "can.png", (200, 40, 40))
    can = (tmp_path / "can.png").read_bytes()
    for name, said in (("bomb.png", "more memory"), ("crash.png", "broke the process"), ("hangs.png", "longer than 2 s")):
        at.house.examining._longest_s = 2.0 if name == "hangs.png" else 30.0
        began = time.monotonic()
        refused = at.http.post("/v1/assets", params={"name": name}, content=can)
        assert refused.status_code == 422 and said in refused.text, refused.text
        assert time.monotonic() - began < 25
    at.house.examining._longest_s = 30.0
    taken = at.http.post("/v1/assets", params={"name": "can.png"}, content=can)
    assert taken.status_code == 201, taken.text


def test_time_counts_from_when_a_thing_is_begun() -> None:
    import threading

    aside, late = Aside(longest_s=2.0), []

    def ask() -> None:
        try:
            aside.run(time.sleep, 0.5)
        except RenderCrash as crash:
            late.append(crash)

    aside.run(time.sleep, 0)
    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    aside.close()
    assert late == []
