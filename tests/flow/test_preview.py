"""The preview page: draws on save, says what is wrong, and answers this machine only."""

from __future__ import annotations

import http.client
import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from affiche.cli.preview import _previewer, server_for

BRIEF = """affiche: 1
campaign: quiet
message: {locale: en-US, headline: Wake up the afternoon, cta: Find a can}
markets: [{region: US, locales: [en-US]}, {region: DE, locales: [de-DE]}]
copy: {de-DE: {headline: Weck den Nachmittag auf, cta: Finden}}
products: [{id: yuzu, name: Yuzu}]
placements: [instagram-square, google-leaderboard]
"""


@pytest.fixture
def brief(tmp_path: Path) -> Path:
    path = tmp_path / "brief.yaml"
    path.write_text(BRIEF, encoding="utf-8")
    return path


@pytest.fixture
def port(brief: Path) -> Iterator[int]:
    server = server_for(_previewer(brief, []), 0)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


def get(port: int, path: str, host: str = "") -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", path, headers={"Host": host or f"127.0.0.1:{port}"})
    answer = connection.getresponse()
    return answer.status, answer.read()


def state(port: int) -> Any:
    return json.loads(get(port, "/state")[1])


def save(path: Path, text: str) -> None:
    """Saved a second later, as far as the file system knows: some count time in whole seconds."""
    later = path.stat().st_mtime + 1
    path.write_text(text, encoding="utf-8")
    os.utime(path, (later, later))


def test_three_creatives_differ_in_placement_and_locale(port: int) -> None:
    shots = state(port)["shots"]
    assert len(shots) == 3
    assert {shot["size"] for shot in shots} == {"1080x1080", "728x90"}
    assert {shot["title"].split("/")[1] for shot in shots} == {"en-US", "de-DE"}


def test_a_save_is_drawn_and_nothing_else_is(port: int, brief: Path) -> None:
    first, before = state(port), get(port, "/shot/0")[1]
    assert state(port)["version"] == first["version"]
    save(brief, BRIEF.replace("Wake up the afternoon", "Sundown in a can"))
    assert state(port)["version"] == first["version"] + 1
    assert get(port, "/shot/0")[1] != before


def test_what_is_wrong_stands_on_the_page_with_its_line(port: int, brief: Path) -> None:
    save(brief, BRIEF + "what: ever\n")
    told = state(port)["problems"]
    assert "brief.yaml:8:1" in told and "what" in told
    save(brief, BRIEF)
    assert not state(port)["problems"]


@pytest.mark.parametrize("path", ["/", "/state", "/shot/0"])
def test_another_host_name_is_refused(port: int, path: str) -> None:
    assert get(port, path, host="evil.example")[0] == 403
    assert get(port, path, host=f"localhost:{port}")[0] == 200


def test_nothing_else_is_served(port: int, brief: Path) -> None:
    assert get(port, "/brief.yaml")[0] == 404
    assert get(port, "/shot/99")[0] == 404
