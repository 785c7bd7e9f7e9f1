"""Proofs of templates over the API, the overflow contract of previews, and the playground on the page of a template."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from PIL import Image

from tests.flow.kit_service import Service, service

BRIEF = """\
affiche: 1
campaign: sample
brand: {name: Aurora, colors: ["#0B3D2E", "#F4C430"]}
message: {locale: en-US, headline: HEADLINE, body: Sparkling water with real yuzu., cta: Go}
markets: [{region: US, locales: [en-US]}]
products: [{id: one, name: One}]
placements: [iab-medium-rectangle]
design: {template: type}
"""


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with service(tmp_path_factory.mktemp("home"), portal=True) as it:
        yield it


def test_a_proof_says_what_became_of_each_text_in_each_shape(at: Service) -> None:
    told = at.http.get("/v1/templates/type/proof").json()
    cells = {(cell["case"], f"{cell['width']}x{cell['height']}"): cell for cell in told["cells"]}
    assert len(cells) == len(told["cells"]) == 63 and told["template"] == "type"
    assert {cell["aspect_class"] for cell in told["cells"]} == {"skyscraper", "tall", "portrait", "square", "wide", "banner"}
    german = {text["slot"]: text for text in cells["german", "1080x1080"]["texts"]}
    assert german["headline"]["outcome"] == "fits" and german["headline"]["size"] > german["headline"]["min_size"] > 10
    assert " ".join(german["headline"]["lines"]).startswith("Feuchtigkeits")
    slim = {text["slot"]: text for text in cells["german", "320x50"]["texts"]}
    assert "left-out" in {text["outcome"] for text in slim.values()}, "nothing makes room on the smallest banner"
    assert at.http.get("/v1/templates/none-such/proof").status_code == 404


def test_one_place_of_a_proof_is_drawn_and_sent_once(at: Service) -> None:
    url, wanted = "/v1/templates/type/proof/sheet", {"case": "arabic", "size": "300x250"}
    answer = at.http.get(url, params=wanted)
    shown = Image.open(io.BytesIO(answer.content)).convert("RGB")
    colors = shown.getcolors(300 * 250)
    assert shown.size == (300, 250) and colors is not None and len(colors) > 50, "nothing is drawn"
    assert answer.content != at.http.get(url, params={**wanted, "case": "thai"}).content
    again = at.http.get(url, params=wanted, headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304 and not again.content
    assert at.http.get(url, params={"case": "arabic"}).status_code == 400
    wrong = at.http.get(url, params={**wanted, "size": "301x250"})
    assert wrong.status_code == 404 and "300x250" in wrong.json()["hint"]


def test_a_preview_says_whether_each_text_fits(at: Service) -> None:
    def headline(words: str) -> dict[str, object]:
        told = at.http.post("/v1/plans/preview", json={"brief": BRIEF.replace("HEADLINE", words)}).json()
        (shot,) = told["shots"]
        assert (shot["locale"], shot["placement"]) == ("en-US", "iab.mrec"), told
        found: dict[str, object] = {text["slot"]: text for text in shot["texts"]}["headline"]
        return found

    short, long = headline("Go"), headline(" ".join(["everywhere"] * 40))
    assert short["outcome"] == "fits" and short["lines"] == ["Go"]
    assert long["outcome"] == "too-long" and not long["fits"]
    assert isinstance(long["needed"], float) and isinstance(long["min_size"], float) and long["needed"] < long["min_size"]


def test_the_playground_says_in_plain_words_what_became_of_the_copy(at: Service) -> None:
    page = at.http.get("/templates/type")
    assert page.status_code == 200 and "data-stress" in page.text and "case=arabic&amp;size=300x250" in page.text
    token = page.text.split('name="csrf" value="')[1].split('"')[0]

    def tried(headline: str, **more: object) -> str:
        given = {"csrf": token, "headline": headline, "locale": "en-US", "placement": ["iab-medium-rectangle"], **more}
        answer = at.http.post("/templates/type/look", data=given)
        assert answer.status_code == 200, answer.text
        return answer.text

    assert "Fits at" in tried("Go") and "data:image/jpeg" in tried("Go") and "Does not fit" not in tried("Go")
    assert "Does not fit" in tried(" ".join(["everywhere"] * 40))
    two = tried("عصير", locale="ar-SA", placement=["iab-medium-rectangle", "instagram-square"])
    assert two.count("<figure>") == 2 and "ar-SA" in two
    place = at.http.get("/templates/type/proof.png", params={"case": "thai", "size": "300x250"})
    assert place.content.startswith(b"\x89PNG")
    kept = at.http.get("/templates/type/proof.png", params={"case": "thai", "size": "300x250"}, headers={"If-None-Match": place.headers["etag"]})
    assert kept.status_code == 304
