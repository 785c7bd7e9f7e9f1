"""The brand kit over the API: a file looked at before it is saved, drawn, compared; and the page on it."""

from __future__ import annotations

import base64
import html
import io
import re
from collections.abc import Iterator

import pytest
from PIL import Image

from tests.flow.kit_service import Service, service

YAML = {"Content-Type": "application/yaml"}
FILE = """\
# The kit of a house
brand: 1
name: Aurora
colors:
  primary: "#0B3D2E"  # the can
  accent: "#F4C430"
logo: {file: LOGO, clear_space: 0.5}
voice: {tone: [dry]}
words: {forbidden: {"*": [miracle]}}
"""
LOGO = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 60"><path fill="#0B3D2E" d="M0 0h60v60H0zM80 20h160v20H80z"/></svg>"""
BRIEF = """\
affiche: 1
campaign: sample
message: {locale: en-US, headline: A headline, cta: Go}
markets: [{region: US, locales: [en-US]}]
products: [{id: one, name: One}]
placements: ["1:1"]
"""


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with service(tmp_path_factory.mktemp("home"), portal=True) as it:
        yield it


@pytest.fixture(scope="module")
def file(at: Service) -> str:
    made = at.http.post("/v1/assets", params={"name": "logo.svg"}, content=LOGO)
    assert made.status_code == 201, made.text
    return FILE.replace("LOGO", made.json()["id"])


def picture(data: str) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(data))).convert("RGB")


def test_a_file_is_looked_at_before_it_is_saved(at: Service, file: str) -> None:
    told = at.http.post("/v1/brands/examine", content=file, headers=YAML).json()
    colors = {one["role"]: one for one in told["kit"]["colors"]}
    assert colors["primary"] == {"role": "primary", "hex": "#0B3D2E", "derived": False} and colors["paper"]["derived"]
    pairs = {(one["ground"], one["ink"]): one for one in told["kit"]["contrasts"]}
    assert len(pairs) == 42 and pairs["primary", "accent"]["ratio"] == pairs["accent", "primary"]["ratio"] == pytest.approx(7.38, abs=0.05)
    assert pairs["primary", "accent"]["small"] and not pairs["primary", "ink"]["large"]
    wrong = at.http.post("/v1/brands/examine", content=file.replace('"#F4C430"', "gold"), headers=YAML).json()
    assert wrong["kit"] is None and wrong["problems"][0]["where"].startswith("brand:6")
    assert at.http.get("/v1/brands").json()["items"] == []


def test_specimens_are_drawn_in_the_scripts_that_are_asked_for(at: Service, file: str) -> None:
    made = at.http.post("/v1/brands/specimens", params={"scripts": "Latn,Arab,Jpan"}, content=file, headers=YAML).json()
    assert made["problems"] == []
    by = {one["script"]: one for one in made["specimens"]}
    assert set(by) == {"Latn", "Arab", "Jpan"} and by["Arab"]["direction"] == "rtl"
    assert by["Latn"]["display"]["family"].startswith("Bricolage") and not by["Jpan"]["display"]["own"]
    dark = {name: [x for x, _ in _inked(picture(one["png"]))] for name, one in by.items()}
    assert min(dark["Latn"]) < 60 and max(dark["Arab"]) > by["Arab"]["width"] - 60
    assert at.http.post("/v1/brands/specimens", params={"scripts": "latin"}, content=file, headers=YAML).status_code == 422


def _inked(shown: Image.Image) -> list[tuple[int, int]]:
    ground, small = shown.getpixel((2, 2)), shown.convert("L")
    level = small.getpixel((2, 2))
    assert ground is not None and isinstance(level, int)
    pixels = small.load()
    assert pixels is not None
    return [(x, y) for x in range(0, small.width, 4) for y in range(0, small.height, 4) if abs(int(pixels[x, y]) - level) > 90]


def test_the_logo_stands_on_every_colour_with_its_room(at: Service, file: str) -> None:
    made = at.http.post("/v1/brands/marks", content=file, headers=YAML).json()
    assert made["problems"] == [] and [one["role"] for one in made["marks"]][:2] == ["primary", "secondary"]
    for mark in made["marks"]:
        x, y, wide, tall = mark["logo"]
        assert mark["clear"] == pytest.approx(tall * 0.5, abs=0.2)
        shown = picture(mark["png"])
        inked = _inked(shown)
        assert inked, f"the logo cannot be seen on {mark['role']}"
        assert all(x - 2 <= px <= x + wide + 2 and y - 2 <= py <= y + tall + 2 for px, py in inked)
    missing = at.http.post("/v1/brands/marks", content=file.replace("ast_", "ast_0")[:400], headers=YAML)
    assert missing.status_code == 422


def test_the_logo_for_dark_grounds_is_taken_there_and_said_so(at: Service, file: str) -> None:
    light = at.http.post("/v1/assets", params={"name": "light.svg"}, content=LOGO.replace(b"#0B3D2E", b"#FFFFFF")).json()["id"]
    both = file.replace("clear_space", f"on_dark: {light}, clear_space")
    made = at.http.post("/v1/brands/marks", content=both, headers=YAML).json()
    by = {one["role"]: one["variant"] for one in made["marks"]}
    assert (by["primary"], by["paper"]) == ("on-dark", "logo"), made["problems"]


def test_a_preview_follows_a_brand_file_that_is_not_saved(at: Service, file: str) -> None:
    def shown(brand_file: str) -> tuple[int, ...]:
        answer = at.http.post("/v1/plans/preview", json={"brief": BRIEF, "brand_file": brand_file})
        assert answer.status_code == 200 and answer.json()["problems"] == [], answer.text
        image = picture(answer.json()["shots"][0]["jpeg"]).resize((1, 1))
        found = image.getpixel((0, 0))
        assert isinstance(found, tuple)
        return found

    green, red = shown(file), shown(file.replace("#0B3D2E", "#B3121D"))
    assert green[1] > green[0] and red[0] > red[1] + 60
    wrong = at.http.post("/v1/plans/preview", json={"brief": BRIEF, "brand_file": "brand: 1"})
    assert wrong.status_code == 422 and wrong.json()["problems"]


def test_revisions_are_told_apart_field_by_field(at: Service, file: str) -> None:
    made = at.http.post("/v1/brands", params={"slug": "aurora"}, content=file, headers=YAML).json()
    other = file.replace("#F4C430", "#FFFFFF").replace("[miracle]", "[miracle, cure]")
    assert at.http.put(f"/v1/brands/{made['id']}/file", content=other, headers=YAML).status_code == 200
    told = at.http.get(f"/v1/brands/{made['id']}/changes", params={"since": 1, "until": 2}).json()
    assert told["changes"] == [
        {"field": "colors.accent", "before": "#F4C430", "after": "#FFFFFF"},
        {"field": "words.forbidden['*']", "before": "miracle", "after": "miracle, cure"},
    ]
    assert at.http.get(f"/v1/brands/{made['id']}/changes", params={"since": 1, "until": 9}).status_code == 404


# -- the page -------------------------------------------------------------------------------------------------------------


def made_brand(at: Service, file: str, slug: str) -> tuple[str, dict[str, str]]:
    """Its page's address, and the fields of the form on it as a browser would send them."""
    id = at.http.post("/v1/brands", params={"slug": slug}, content=file, headers=YAML).json()["id"]
    return f"/brands/{id}", fields(at.http.get(f"/brands/{id}").text)


def fields(page: str) -> dict[str, str]:
    form = page[page.index('id="kit"') : page.index("As a file")]
    form = form[: form.index("</form>")]
    found = {name: html.unescape(value) for name, value in re.findall(r'<input[^>]* name="([^"]+)" value="([^"]*)"', form)}
    found |= {"base": html.unescape(form.split("<textarea")[1].split(">\n", 1)[1].split("</textarea>")[0])}
    for name, options in re.findall(r'<select[^>]* name="([^"]+)">(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option(?: value="([^"]*)")? selected>([^<]*)', options)
        found[name] = (chosen[1] or chosen[2]) if chosen else ""
    return found


def saved(at: Service, page: str) -> str:
    brand = at.http.get(f"/v1{page}").json()
    document: str = at.http.get(f"/v1{page}/revisions/{brand['revision']}").json()["document"]
    return document


def test_a_colour_that_is_changed_on_the_page_is_changed_in_the_file_alone(at: Service, file: str) -> None:
    page, form = made_brand(at, file, "page")
    assert at.http.post(page, data=form, follow_redirects=False).status_code == 303
    assert saved(at, page) == file, "a form that was not touched changes nothing"
    form = fields(at.http.get(page).text) | {"colors.accent": "#FF8800", "forbidden.1.tag": "de", "forbidden.1.words": "Wunder, heilt"}
    assert at.http.post(page, data=form, follow_redirects=False).status_code == 303
    assert saved(at, page) == file.replace("#F4C430", "#FF8800").replace('"*": [miracle]}', '"*": [miracle], de: [Wunder, heilt]}')
    assert "#F4C430" in (shown := at.http.get(page).text) and "colors.accent" in shown and "words.forbidden.de" in shown


def test_what_two_people_save_at_once_is_lost_for_neither(at: Service, file: str) -> None:
    page, mine = made_brand(at, file, "two")
    theirs = dict(mine)
    assert at.http.post(page, data=theirs | {"tone": "warm"}, follow_redirects=False).status_code == 303
    refused = at.http.post(page, data=mine | {"colors.primary": "#123456"}, follow_redirects=False)
    assert refused.status_code == 409 and "Version 2 was saved meanwhile" in refused.text and "voice.tone" in refused.text
    again = fields(refused.text)
    assert again["colors.primary"] == "#123456" and again["tone"] == "warm"
    assert at.http.post(page, data=again, follow_redirects=False).status_code == 303
    assert saved(at, page) == file.replace("[dry]", "[warm]").replace("#0B3D2E", "#123456")


def test_what_an_edited_brand_gives_is_drawn_beside_it(at: Service, file: str) -> None:
    _, form = made_brand(at, file, "drawn")
    look = at.http.post("/brands/look", data=form | {"colors.accent": "#FFFFFF"}).text
    assert look.count("data:image/jpeg;base64,") == 3 and 'hx-swap-oob="true"' in look and 'fill="#FFFFFF"' in look
    assert at.http.post("/brands/specimens", data=form).text.count("data:image/png;base64,") == 6
    assert at.http.post("/brands/marks", data=form).text.count('class="room"') == 7
    wrong = at.http.post("/brands/look", data=form | {"colors.accent": "gold"}).text
    assert "gold" in wrong and "data:image/jpeg" not in wrong
    assert at.http.post("/brands/look", data={**form, "csrf": "x"}).status_code == 403
