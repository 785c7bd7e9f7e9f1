"""The portal over a real socket: every page answers, forms need their token, a campaign goes from form to approval."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import httpx2
import pytest

from affiche.portal.app import PAGES
from affiche.portal.form import to_plain
from affiche.portal.words import LANGUAGES
from affiche.registry import arrivals
from affiche.registry.scope import HOME_TENANT, Scope
from tests.flow.kit_service import Service, service

PICTURE = Path(__file__).resolve().parents[2] / "examples/verde/assets/yuzu.png"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with service(tmp_path_factory.mktemp("portal"), work=True, portal=True) as running:
        yield running


@pytest.fixture(scope="module")
def browser(served: Service) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=served.url, follow_redirects=True, timeout=60) as client:
        client.get("/")
        yield client


def token(browser: httpx2.Client) -> str:
    return browser.cookies["affiche-csrf"]


def form(browser: httpx2.Client, **more: object) -> dict[str, object]:
    return {
        "csrf": token(browser), "kept": "{}", "name": "Été 2027", "message.locale": "en-US", "message.headline": "Wake up", "message.cta": "Find a can",
        "products.0.name": "Yuzu", "locale": ["US:en-US", "DE:de-DE"], "placement": ["instagram-square"], "copy.de-DE.headline": "Wach auf", **more,
    }  # fmt: skip


@pytest.fixture(scope="module")
def campaign(served: Service, browser: httpx2.Client) -> str:
    """A campaign that was filled in, saved and built."""
    answer = browser.post("/start", data=form(browser, build="1"))
    assert answer.status_code == 200, answer.text[-800:]
    id = str(answer.url).rsplit("/", 1)[1]
    served.wait(served.http.get(f"/v1/campaigns/{id}").json()["run"])
    return id


@pytest.mark.parametrize("path", [path for method, path, _ in PAGES if method == "GET" and "{" not in path and path not in ("/compare", "/login/go", "/join")])
def test_every_page_answers_with_its_policy(browser: httpx2.Client, path: str) -> None:
    answer = browser.get(path)
    assert answer.status_code == 200, answer.text[-500:]
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self'" in policy and "unsafe-eval" not in policy
    assert "<script>" not in answer.text, "no script stands in a page"


def test_a_form_without_its_token_changes_nothing(served: Service, browser: httpx2.Client) -> None:
    before = served.http.get("/v1/campaigns").json()["items"]
    assert browser.post("/start", data=form(browser, csrf="forged")).status_code == 403
    with httpx2.Client(base_url=served.url) as stranger:
        assert stranger.post("/start", data=form(browser)).status_code == 403
    assert served.http.get("/v1/campaigns").json()["items"] == before


def test_another_origin_is_refused(browser: httpx2.Client) -> None:
    assert browser.get("/", headers={"Origin": "https://evil.example"}).status_code == 401


def test_a_form_becomes_the_same_brief_that_the_command_line_reads(browser: httpx2.Client) -> None:
    answer = browser.post("/start/yaml", data=form(browser))
    assert 'filename="ete-2027.yaml"' in answer.headers["content-disposition"]
    assert "region: US" in answer.text and "de-DE:" in answer.text


def test_what_is_wrong_stands_at_its_field_and_nothing_is_stored(served: Service, browser: httpx2.Client) -> None:
    before = len(served.http.get("/v1/campaigns").json()["items"])
    answer = browser.post("/start", data=form(browser, **{"budget.max": "a lot"}))
    assert answer.status_code == 422
    assert re.search(r'id="at-budget.max".*class="wrong error"', answer.text)
    assert "Wake up" in answer.text, "what was filled in is still there"
    assert len(served.http.get("/v1/campaigns").json()["items"]) == before


def test_plan_and_preview_stand_beside_the_form(browser: httpx2.Client) -> None:
    answer = browser.post("/start/look", data=form(browser))
    assert answer.text.count("data:image/jpeg;base64,") == 2, "two creatives, both drawn"
    plan = browser.post("/start/plan", data=form(browser)).text
    assert "<dd>2</dd>" in plan and "data:image" not in plan
    wrong = browser.post("/start/plan", data=form(browser, **{"budget.max": "a lot"})).text
    assert 'href="#f-budget.max"' in wrong and browser.post("/start/look", data=form(browser, **{"budget.max": "a lot"})).status_code == 200


def test_a_built_campaign_is_a_wall_of_ads(browser: httpx2.Client, campaign: str) -> None:
    text = browser.get(f"/campaigns/{campaign}").text
    assert text.count('class="ad"') == 2
    assert browser.get(f"/campaigns/{campaign}?locale=de-DE").text.count('class="ad"') == 1
    assert "No creative matches" in browser.get(f"/campaigns/{campaign}?q=nothing-says-this").text


def test_an_ad_is_decided_on_commented_and_its_words_are_changed(served: Service, browser: httpx2.Client, campaign: str) -> None:
    ads = served.http.get("/v1/creatives", params={"campaign": campaign}).json()["items"]
    ad = next(a for a in ads if a["locale"] == "de-DE")
    page = browser.get(f"/creatives/{ad['id']}").text
    assert "Wach auf" in page
    decided = {"csrf": token(browser), "decision": "approved", "digest": ad["file_digest"]}
    assert browser.post(f"/creatives/{ad['id']}/decide", data=decided).status_code == 200
    assert served.http.get(f"/v1/creatives/{ad['id']}").json()["approved"]
    refused = browser.post(f"/creatives/{ad['id']}/decide", data={**decided, "decision": "rejected", "reason": ""})
    assert str(refused.url).endswith(f"/creatives/{ad['id']}#decide") and "Say why:" in refused.text, "the ad stays, and what to do is said"
    assert served.http.get(f"/v1/creatives/{ad['id']}").json()["approved"], "nothing was decided"
    said = {"csrf": token(browser), "text": "<script>alert(1)</script> more air", "x": "0.25", "y": "0.5"}
    assert browser.post(f"/creatives/{ad['id']}/comments", data=said).status_code == 200
    page = browser.get(f"/creatives/{ad['id']}").text
    assert "&lt;script&gt;alert(1)" in page and "left: 25.0%" in page
    changed = browser.post(f"/creatives/{ad['id']}/words", data={"csrf": token(browser), "role": "headline", "text": "Wach auf!"})
    assert changed.status_code == 200
    served.wait(served.http.get(f"/v1/campaigns/{campaign}").json()["run"])
    newest = {a["locale"]: a for a in served.http.get("/v1/creatives", params={"campaign": campaign}).json()["items"]}
    assert newest["de-DE"]["words"]["headline"] == "Wach auf!"
    assert not newest["de-DE"]["approved"], "a changed pixel asks again"
    assert newest["en-US"]["file_digest"] == next(a for a in ads if a["locale"] == "en-US")["file_digest"]


def test_an_ad_tells_both_decisions_and_whose_words_and_pictures_it_has(served: Service, browser: httpx2.Client, campaign: str) -> None:
    ad = served.http.get("/v1/creatives", params={"campaign": campaign}).json()["items"][0]
    for stage, decision, reason in (("creative", "rejected", "The crop is off"), ("legal", "approved", "")):
        wanted = {"creatives": [ad["id"]], "decision": decision, "reason": reason, "stage": stage, "seen": {ad["id"]: ad["file_digest"]}}
        made = served.http.post("/v1/approvals", json=wanted)
        assert made.status_code < 300, made.text
    text = browser.get(f"/creatives/{ad['id']}").text
    told = text[text.index('id="decide"') : text.index('id="decision"')]
    assert told.index("Creative review") < told.index("The crop is off") < told.index("Legal review"), "neither hides the other"
    assert "There is no picture in it." in text
    assert ad["file_digest"][:16] in text and f'href="/templates/{ad["template"]}"' in text, "what was approved, and how it was made"


def test_templates_are_shown_and_not_only_described(browser: httpx2.Client) -> None:
    text = browser.get("/templates").text
    shown = re.findall(r'<img src="(/templates/[a-z-]+/sample\.jpg\?case=plain)"', text)
    assert len(shown) == len(re.findall(r'class="whole" href="/templates/', text)) > 10
    first = browser.get(shown[0])
    assert first.headers["content-type"] == "image/jpeg" and 4_000 < len(first.content) < 60_000
    assert browser.get(shown[0], headers={"If-None-Match": first.headers["etag"]}).status_code == 304
    others = {browser.get(shown[0].replace("plain", case)).content for case in ("arabic", "japanese")}
    assert len(others | {first.content}) == 3, "in the language of the page"


def test_a_form_that_nobody_wrote_in_has_no_faults(browser: httpx2.Client) -> None:
    blank = {"csrf": token(browser), "kept": "{}", "message.headline": "", "products.0.name": ""}
    text = browser.post("/start/plan", data=blank).text
    assert "as soon as something is written" in text and "mark failed" not in text
    text = browser.post("/start/plan", data={**blank, "message.headline": "Wake up"}).text
    assert "mark failed" in text


def test_what_is_not_approved_is_in_no_delivery(browser: httpx2.Client, campaign: str) -> None:
    text = browser.get(f"/campaigns/{campaign}/packages").text
    assert "creatives are approved" in text
    made = browser.post(f"/campaigns/{campaign}/packages", data={"csrf": token(browser), "kind": "proof"})
    assert "proof" in made.text


def test_files_are_uploaded_and_recognised(browser: httpx2.Client) -> None:
    def send() -> dict[str, str]:
        files = {"file": ("<b>can</b>.png", PICTURE.read_bytes(), "image/png")}
        return browser.post("/library/upload", data={"csrf": token(browser)}, files=files, headers={"Accept": "application/json"}).json()

    first, second = send(), send()
    assert first["said"] == "stored" and second["said"] == "was here already"
    page = browser.get("/library").text
    assert "&lt;b&gt;can" in page and "<b>can</b>" not in page
    assert browser.get(f"/library/{first['id']}").status_code == 200


def test_the_library_is_searched_tagged_versioned_and_told_what_came_in(browser: httpx2.Client, served: Service) -> None:
    with served.registry.write() as c:
        arrivals.put(c, Scope(tenant=HOME_TENANT), place="s3://b/in", name="<i>bad</i>.png", tag="1", brand="", state="refused", reason="It is cut off.")
    first = served.http.post("/v1/assets", params={"name": "Zitrone für alle.png", "reuse": True}, content=PICTURE.read_bytes()).json()
    place = f"/library/{first['id']}"
    form = {"csrf": token(browser)}
    assert browser.post(f"{place}/tags", data={**form, "tags": "summer, <b>hero</b>"}).status_code == 200
    assert browser.post(f"{place}/rights", data={**form, "holder": "Nord", "licence": "Web", "expires": "2020-02-29"}).status_code == 200
    row = served.http.get(f"/v1/assets/{first['id']}").json()
    assert (row["tags"], row["rights_expire_at"], row["rights"]["holder"]) == (["summer", "<b>hero</b>"], "2020-03-01T00:00:00Z", "Nord")
    page = browser.get(place).text
    assert "The rights ended on 2020-02-29." in page and "&lt;b&gt;hero" in page and "<b>hero</b>" not in page
    for query, shown in (("text=summer", True), ("rights=expired", True), ("rights=none", False), ("kind=font", False), ("text=nowhere", False), ("rights=nonsense", True)):
        assert (first["id"] in browser.get(f"/library?{query}").text) == shown, query
    assert "&lt;i&gt;bad" in browser.get("/library/arrivals").text
    made = browser.post("/library/upload", data={**form, "replaces": first["id"]}, files={"file": ("new.png", PICTURE.read_bytes(), "image/png")})
    assert "version 2" in made.text
    assert "There is a newer version" in browser.get(place).text


def test_a_large_file_comes_in_parts_that_can_be_resumed(browser: httpx2.Client) -> None:
    data, head = PICTURE.read_bytes(), {"X-CSRF-Token": token(browser)}
    half = len(data) // 2
    assert browser.post("/library/uploads", json={"name": "big.png", "bytes": len(data)}).status_code == 403
    begun = browser.post("/library/uploads", json={"name": "big.png", "bytes": len(data)}, headers=head).json()
    place = f"/library/uploads/{begun['id']}"
    sent = browser.post(place, content=data[:half], headers={**head, "Upload-Offset": "0"}).json()
    assert browser.get(place).json() == sent == {"id": begun["id"], "received": half, "state": "open"}
    assert browser.post(place, content=data[half:], headers={**head, "Upload-Offset": "1"}).status_code == 412
    browser.post(place, content=data[half:], headers={**head, "Upload-Offset": str(half)})
    assert browser.post(f"{place}/complete", headers=head).json()["state"] in ("stored", "known")


def test_languages_and_directions(browser: httpx2.Client) -> None:
    for language, sign in (("de", "Kampagne starten"), ("ar", "ابدأ حملة"), ("ja", "キャンペーンを始める")):
        text = browser.get("/", headers={"Accept-Language": language}).text
        assert sign in text
        assert ('dir="rtl"' in text) == (language == "ar")


def test_every_sentence_of_a_page_is_in_every_language() -> None:
    wanted: set[str] = set()
    for part in ("page", "pages", ""):
        for file in files("affiche.portal").joinpath(part).iterdir():
            if file.name.endswith((".j2", ".py")):
                found = re.finditer(r"""(?<!`)\bt\(\s*(?:"([^"]+)"|'([^']+)')""", file.read_text("utf-8"))
                wanted |= {a or b for a, b in (match.groups() for match in found)}
    assert len(wanted) > 150
    for language in set(LANGUAGES) - {"en"}:
        table = tomllib.loads(files("affiche.portal").joinpath("words", f"{language}.toml").read_text("utf-8"))
        assert wanted - table.keys() == set(), language
        for text, said in table.items():
            assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", said)), text


def test_javascript_stays_small() -> None:
    import gzip

    total = sum(len(gzip.compress(f.read_bytes())) for f in files("affiche.portal").joinpath("static").iterdir() if f.name.endswith(".js"))
    assert total < 80_000


def test_the_form_keeps_what_it_does_not_show() -> None:
    before = {"design": {"template": "stage"}, "products": [{"id": "yuzu", "names": {"ja-JP": "柚子"}}]}
    made = to_plain([("name", "X"), ("products.0.id", "yuzu"), ("products.0.name", "Yuzu")], before)
    assert made["design"] == {"template": "stage"}
    assert made["products"][0]["names"] == {"ja-JP": "柚子"}


def test_the_colours_of_the_form_do_not_speak_for_a_brand_that_is_stored(browser: httpx2.Client) -> None:
    described = {"brand.name": "", "brand.colors.0": "#16335b"}
    assert "16335b" in browser.post("/start/yaml", data=form(browser, **described)).text
    assert "brand" not in browser.post("/start/yaml", data=form(browser, brand="brd_1", **described)).text


def test_the_form_keeps_what_is_said_of_a_picture_while_it_is_the_same() -> None:
    picture = {"file": "ast_1", "focal": [0.2, 0.3], "extend": True, "take": 2, "imagine": True}
    before = {"products": [{"id": "yuzu", "picture": picture}, {"id": "bar", "picture": {"imagine": True, "letters": True}}]}
    fields = [("products.0.id", "yuzu"), ("products.0.picture", "ast_1"), ("products.0.imagine", "on"), ("products.1.id", "bar"), ("products.1.imagine", "on")]
    assert [product["picture"] for product in to_plain(fields, before)["products"]] == [picture, {"imagine": True, "letters": True}]
    other = [("products.0.id", "yuzu"), ("products.0.picture", "ast_2")]
    assert to_plain(other, before)["products"][0]["picture"] == {"file": "ast_2", "extend": True, "take": 2}, "a point belongs to its file; the wish was unticked"
    without = [("products.0.id", "yuzu"), ("products.0.imagine", "on")]
    assert to_plain(without, before)["products"][0]["picture"] == {"imagine": True, "take": 2}, "and without a file nothing is extended"


def test_a_dropped_brief_keeps_its_placements_and_its_notes_stand_at_their_fields(served: Service, browser: httpx2.Client) -> None:
    before = len(served.http.get("/v1/campaigns").json()["items"])
    brief = b"campaign: Hop\nbrand: hop_co\nmessage: Hop on\nregion: Germany\nproducts: [{name: Can, image: can.png}]\naspect_ratios: ['1:1']\nodd_key: 1\n"
    answer = browser.post("/start/file", data={"csrf": token(browser)}, files={"file": ("hop.yaml", brief)})
    assert answer.status_code == 200, answer.text[-600:]
    ours = b"affiche: 1\ncampaign: x\nmessage: {locale: en-US, headline: Hi}\nmarkets: [{region: US, locales: [en-US]}]\nproducts: [{id: a, name: A}]\nplacements: [iab-medium-rectangle]\n"
    text = browser.post("/start/file", data={"csrf": token(browser)}, files={"file": ("x.yaml", ours)}).text
    chosen = re.findall(r'name="placement" value="([^"]+)" checked', text)
    assert chosen == ["iab-medium-rectangle"], "the second of its names is known too, and none is added"
    assert re.search(r'id="at-products.0.name".*?can\.png', answer.text), "what is not here is said at its product"
    assert "odd_key" in answer.text
    german = browser.post(
        "/start/file", data={"csrf": token(browser)}, files={"file": ("hop.yaml", brief)}, headers={"Accept-Language": "de"}
    ).text
    assert "&#39;odd_key&#39; wird nicht verstanden; bleibt, wie es ist" in german
    assert "Das Bild &#39;can.png&#39; liegt nicht in der Bibliothek" in german
    assert len(served.http.get("/v1/campaigns").json()["items"]) == before, "a look stores nothing"


def test_findings_and_refusals_stand_in_the_language_of_the_page_and_in_english_in_the_api(served: Service, browser: httpx2.Client) -> None:
    brief = (
        b"affiche: 1\ncampaign: told\nbrand: {forbidden: [miracle]}\nmessage: {locale: en-US, headline: A miracle}\n"
        b"markets: [{region: US, locales: [en-US]}]\nproducts: [{id: can, name: Can}]\nplacements: ['1:1']\n"
    )
    made = served.http.post("/v1/campaigns", params={"run": "true"}, content=brief, headers={"Content-Type": "application/yaml"}).json()
    served.wait(made["run"]["id"])
    creative = served.http.get("/v1/creatives", params={"campaign": made["campaign"]["id"]}).json()["items"][0]["id"]
    found = served.http.get("/v1/findings", params={"creative": creative, "rule": "words.forbidden"}).json()["items"][0]
    assert found["message"] == "headline says “miracle”, which is forbidden"
    says = {
        "en": "headline says “miracle”, which is forbidden", "de": "Überschrift: enthält „miracle“, das ist verboten",
        "ar": "العنوان: يرد فيه «\u2068miracle\u2069» وهو ممنوع", "ja": "見出しに禁止語「miracle」があります。",
    }  # fmt: skip
    for language, sentence in says.items():
        page = browser.get(f"/creatives/{creative}", headers={"Accept-Language": language}).text
        assert f"<p>{sentence}</p>" in page, language
    refused = browser.get("/campaigns/cmp_01HZZZZZZZZZZZZZZZZZZZZZZZ", headers={"Accept-Language": "de"})
    assert refused.status_code == 404 and "Das gibt es nicht: Kampagne" in refused.text
