"""Starting a campaign: the first account, a dropped brief with notes beside its fields, the guided form, the YAML of the command line."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import Browser, Page, expect

from tests.browser.kit_people import first
from tests.browser.kit_portal import Portal, Visit, portal, settle, unfit, visit

pytestmark = pytest.mark.browser

_PATIENCE_MS = 120_000
#: A brief of nobody in particular: other names for things, a picture that is nowhere, no brand, no placements.
FOREIGN = """\
campaign_name: Herbst
target_market: Germany
target_audience: Office workers
products:
- {name: Sparkling Yuzu, image: photos/yuzu.png}
- {name: Elderflower}
message: Wake up the afternoon
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """A service that nobody has come into yet."""
    with portal(tmp_path_factory.mktemp("start") / "home", "--no-work") as running:
        yield running


@pytest.fixture(scope="module")
def ana(house: Portal, chrome: Browser) -> Iterator[Visit]:
    """Whoever made the first account; stays signed in."""
    with visit(chrome, house.url) as seen:
        first(house, seen)
        yield seen


def dropped(page: Page, folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text, "utf-8")
    with page.expect_navigation():
        page.locator("input[type=file][name=file]").set_input_files(folder / name)
    settle(page)


def as_yaml(page: Page, folder: Path) -> Path:
    """The brief of the form, downloaded."""
    with page.expect_download() as coming:
        page.get_by_role("button", name="As YAML").click()
    file = folder / coming.value.suggested_filename
    coming.value.save_as(file)
    return file


def affiche(*arguments: str, home: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).parent / "affiche"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, env={"PATH": "/usr/bin:/bin", "AFFICHE_HOME": str(home)})


def test_the_first_account_begins_with_a_campaign(house: Portal, ana: Visit) -> None:
    page = ana.page
    assert page.url == f"{house.url}/"
    expect(page.locator(".empty")).to_contain_text("No campaign yet")
    expect(page.locator(".who")).to_contain_text("Ana")
    with page.expect_navigation():
        page.locator(".empty a", has_text="Start a campaign").click()
    assert page.url.endswith("/start") and not ana.errors
    with page.expect_navigation():
        page.goto(f"{house.url}/welcome")
    assert not page.url.endswith("/welcome"), "there is one first account only"


def test_a_brief_of_another_tool_is_understood_and_says_what_it_guessed(house: Portal, ana: Visit, tmp_path: Path) -> None:
    page = ana.go("/start")
    dropped(page, tmp_path, "herbst.yaml", FOREIGN)
    expect(page.locator("#brief input[name=name]")).to_have_value("Herbst")
    expect(page.locator("#brief input[name='message.headline']")).to_have_value("Wake up the afternoon")
    expect(page.locator("#brief input[name^='products.'][name$='.name']")).to_have_count(2)
    assert page.locator("#markets input:checked").evaluate_all("all => all.map(one => one.value)") == ["DE:de-DE"]
    assert page.locator("input[name=placement]:checked").count() >= 1
    for part, words in (("[id='f-products.0']", "'yuzu.png' is not in the library"), ("#f-placements", "no ratios are named")):
        expect(page.locator(f"{part} .wrong", has_text=words).first).to_be_visible()
    assert house.http.get("/v1/campaigns").status_code == 401, "nobody reads without signing in"
    assert not unfit(page) and not ana.errors


def test_a_file_that_is_no_brief_is_refused_in_words(ana: Visit, tmp_path: Path) -> None:
    page = ana.go("/start")
    dropped(page, tmp_path, "broken.yaml", "campaign: [never closed\n")
    expect(page.locator("main .wrong, main section p").first).to_be_visible()
    expect(page.locator("main")).to_contain_text("line")
    ana.errors[:] = [line for line in ana.errors if "status of 422" not in line]
    assert not ana.errors


def test_the_guided_form_leads_to_a_brief_that_the_command_line_reads_the_same(house: Portal, ana: Visit, tmp_path: Path) -> None:
    page = ana.go("/start")
    expect(page.locator("#planned")).to_contain_text("as soon as something is written", timeout=_PATIENCE_MS)
    expect(page.locator("#planned .row")).to_have_count(0)
    page.locator("[name='products.0.name']").fill("Sparkling Yuzu")
    expect(page.locator("#planned .row").first).to_be_visible(timeout=_PATIENCE_MS)
    links = page.locator("#planned a").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    assert links and all(page.locator(f"[id='{link[1:]}']").count() == 1 for link in links), "what is missing is one click away"
    page.locator("[name=name]").fill("Été 2027")
    page.locator("[name='brand.name']").fill("Aurora")
    page.get_by_role("button", name="Students").click()
    expect(page.locator("[name=audience]")).to_have_value("Students")
    page.locator("[name='message.headline']").fill("Wake up the afternoon")
    page.locator("[name='message.cta']").fill("Find a can")
    page.locator("[name='products.0.name']").fill("Sparkling Yuzu")
    page.locator("[data-filters='#markets']").fill("áustri")
    visible = page.locator("#markets label:visible")
    expect(visible).to_have_count(1)
    visible.first.click()
    expect(page.locator("#shots img").first).to_be_visible(timeout=_PATIENCE_MS)
    expect(page.locator("#planned .facts dd").first).to_have_text("3", timeout=_PATIENCE_MS)
    file = as_yaml(page, tmp_path)
    assert file.name == "ete-2027.yaml"
    told = affiche("plan", str(file), home=tmp_path / "home")
    assert told.returncode == 0, told.stdout + told.stderr
    assert "3" in told.stdout
    with page.expect_navigation():
        page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/campaigns/cmp_*")
    expect(page.locator("h1")).to_have_text("Été 2027")
    with page.expect_navigation():
        page.get_by_role("link", name="Edit the brief").click()
    kept = yaml.safe_load(as_yaml(page, tmp_path).read_text("utf-8"))
    assert kept == yaml.safe_load(file.read_text("utf-8")), "what was stored is what was written"
    assert not ana.errors
