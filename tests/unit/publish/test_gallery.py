"""The gallery holds everything, asks nobody, and runs nothing that a brief wrote."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re

import pytest

from affiche.adapters.blobs import MemoryBlobs
from affiche.publish.gallery import render
from affiche.values.problem import Problem, Where

from .campaigns import LOW, creative, run_of, small_run

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\u2028&'\"`"


def page(**over: object) -> str:
    blobs = MemoryBlobs()
    run = small_run(blobs, **over)
    return render(run, run.creatives, blobs.get).decode()


def island(text: str, name: str) -> str:
    return re.search(rf'<script type="[^"]+" id="{name}">(.*?)</script>', text, re.DOTALL)[1]


def test_every_creative_is_in_the_page() -> None:
    data = json.loads(island(page(), "data"))
    assert len(data["creatives"]) == 6
    assert {p["id"] for p in data["placements"]} == {"square", "story", "iab.728x90"}
    assert data["creatives"][1]["findings"][0] | {"message": ""} == LOW.as_dict() | {"message": ""}
    assert data["creatives"][0]["passes"] == [["logo.present", "1", "1"]]


def test_thumbnails_are_embedded_once_each() -> None:
    blobs = MemoryBlobs()
    one = creative(blobs)
    twin = creative(blobs, locale="de-DE", thumbnail=one.thumbnail)
    lines = island(render(run_of(one, twin), (one, twin), blobs.get).decode(), "thumbs").split("\n")
    assert [base64.b64decode(line) for line in lines] == [blobs.get(one.thumbnail)]


def test_the_page_asks_nobody_for_anything() -> None:
    text = page()
    outside = set(re.findall(r"https?:/+[\w.-]+|[\"'(]//\w+", text))
    assert outside == {"http://www.w3.org"}, "only the name of the SVG namespace may look like an address"
    assert "@import" not in text
    assert "fetch(" not in text


def test_the_policy_names_exactly_our_style_and_script() -> None:
    text = page()
    policy = html.unescape(re.search(r'Content-Security-Policy" content="([^"]+)"', text)[1])
    for tag, directive in (("style", "style-src"), ("script", "script-src")):
        body = re.search(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)[1]
        digest = base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
        assert f"{directive} 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_nothing_in_the_page_needs_what_the_policy_forbids() -> None:
    text = page()
    markup = re.sub(r"<(script|style)\b.*?</\1>", "", text, flags=re.DOTALL)
    assert not re.search(r"\s(style|on\w+)=", markup)
    assert ".innerHTML" not in text
    assert "insertAdjacentHTML" not in text


@pytest.mark.parametrize("where", ["name", "brand", "brief_file"])
def test_hostile_facts_of_a_run_stay_text(where: str) -> None:
    assert page(**{where: HOSTILE}).count("<script") == page().count("<script")


def test_hostile_facts_of_a_creative_stay_text_and_come_back_whole() -> None:
    blobs = MemoryBlobs()
    bad = creative(blobs, product_name=HOSTILE, headline=HOSTILE)
    problem = Problem(severity="note", code="x", where=Where(file=HOSTILE), message=HOSTILE, hint=HOSTILE)
    text = render(run_of(bad, problems=(problem,)), (bad,), blobs.get).decode()
    assert "<img src=x" not in text
    assert text.count("<script") == page().count("<script")
    data = json.loads(island(text, "data"))
    assert data["products"][0]["name"] == HOSTILE
    assert data["creatives"][0]["words"]["headline"] == HOSTILE


def test_a_creative_that_could_not_be_made_is_shown_too() -> None:
    blobs = MemoryBlobs()
    broken = creative(blobs, files=(), thumbnail=None, status="error")
    data = json.loads(island(render(run_of(broken), (broken,), blobs.get).decode(), "data"))
    assert data["creatives"][0]["thumb"] is None


def test_the_same_run_gives_the_same_page() -> None:
    assert page() == page()


def test_lone_surrogates_do_not_stop_it() -> None:
    blobs = MemoryBlobs()
    odd = creative(blobs, headline="a\ud800b")
    assert b"a?b" in render(run_of(odd), (odd,), blobs.get)
