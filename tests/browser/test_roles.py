"""Roles in the browser: each person is invited, sees what they may do and nothing else, and is told who can help where they may not."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from affiche.access.table import TABLE
from tests.browser.kit_people import ADMIN, come_in, house, invite, signed_in
from tests.browser.kit_portal import Portal, Visit, settle, unfit, visit

pytestmark = pytest.mark.browser

PEOPLE = {"viewer": "vi@example.com", "creator": "cy@example.com", "reviewer": "rey@example.com", "legal": "lea@example.com",
          "admin": ADMIN}  # fmt: skip
NOBODY = "new@example.com"
#: What forms of pages do, by where they go; `ID` stands for any id. Forms about oneself are everybody's.
DOES = {
    "/start": "campaigns.create", "/start/file": "campaigns.create", "/campaigns/ID/brief": "campaigns.revise",
    "/campaigns/ID/build": "runs.create", "/campaigns/ID/packages": "packages.create", "/creatives/ID/decide": "approvals.create",
    "/creatives/ID/comments": "comments.create", "/creatives/ID/words": "campaigns.revise", "/creatives/ID/picture": "campaigns.revise",
    "/creatives/ID/exclude": "campaigns.revise", "/review/decide": "approvals.create", "/brands": "brands.create",
    "/brands/ID": "brands.revise", "/library/upload": "assets.create", "/library/ID/rights": "assets.change",
    "/library/ID/tags": "assets.change", "/templates/ID/look": "plans.preview", "/people": "people.create",
    "/webhooks": "webhooks.create",
}  # fmt: skip
OWN = {
    "/keys",
    "/keys/ID/rotate",
    "/keys/ID/revoke",
    "/account/leave",
    "/account/password",
    "/logout",
    "/look",
}
#: In a page: where its forms go that one can fill in or send, and its links.
OFFERED = """() => {
  const forms = [...document.querySelectorAll('main form[method=post]')].filter(form => [...form.elements].some(one => !one.matches(':disabled, [readonly], [hidden], [type=hidden]')));
  return {forms: forms.map(form => form.getAttribute('action')), links: [...document.querySelectorAll('a[href^="/"]')].map(one => one.getAttribute('href'))};
}"""


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory, chrome: Browser) -> Iterator[Portal]:
    """A house with one person of each role, and one without any."""
    with house(tmp_path_factory.mktemp("roles") / "home", chrome) as running:
        with signed_in(running, chrome) as ana:
            for role, email in [*PEOPLE.items(), ("", NOBODY)]:
                if email != ADMIN:
                    link = invite(ana, email, email.partition("@")[0].capitalize(), role)
                    with visit(chrome, running.url) as guest:
                        page = guest.go(link)
                        expect(page.locator("main")).to_contain_text(email)
                        come_in(page, email.partition("@")[0].capitalize(), "/join")
        yield running


@pytest.fixture(scope="module")
def addresses(at: Portal) -> list[str]:
    """Pages on which something is offered, of a campaign that is built, a brand and a picture."""
    made = at.campaign()
    ad = at.creatives(made)[0]["id"]
    picture = at.http.post("/v1/assets", params={"name": "mark.svg"}, content=b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M1 1h7v7H1z"/></svg>').json()["id"]  # fmt: skip
    file = 'brand: 1\nname: Aurora\ncolors: {primary: "#0B3D2E", accent: "#F4C430"}\n'
    brand = at.http.post(
        "/v1/brands", params={"slug": "aurora"}, content=file, headers={"Content-Type": "application/yaml"}
    ).json()["id"]
    return ["/", "/start", f"/campaigns/{made}", f"/campaigns/{made}/brief", f"/campaigns/{made}/packages", f"/campaigns/{made}/changes",
            f"/creatives/{ad}", "/review", f"/review/swipe?campaign={made}", "/brands", "/brands/new", f"/brands/{brand}", "/library",
            f"/library/{picture}", "/templates", "/templates/stage", "/insight", "/providers", "/activity", "/system", "/people", "/keys",
            "/webhooks", "/account"]  # fmt: skip


def known(path: str) -> str:
    """A path without ids."""
    return re.sub(
        r"/templates/\w+",
        "/templates/ID",
        re.sub(r"\b(?:cmp|cre|brd|ast|run|per|key)_[0-9A-Z]{26}", "ID", path),
    )


@pytest.mark.parametrize("role", PEOPLE)
def test_everybody_is_offered_what_they_may_do_and_nothing_else(
    at: Portal, chrome: Browser, addresses: list[str], role: str
) -> None:
    forms: set[str] = set()
    links: dict[str, str] = {}  # one of each kind
    with signed_in(at, chrome, PEOPLE[role]) as seen:
        for path in addresses:
            settle(seen.go(path))
            found = seen.page.evaluate(OFFERED)
            forms |= {known(action) for action in found["forms"]}
            links |= {
                known(link.partition("?")[0]): link
                for link in found["links"]
                if not link.startswith(("/v1/", "/static/"))
            }
        refused = [
            link for link in sorted(links.values()) if seen.context.request.get(at.url + link).status == 403
        ]
    assert not refused, f"a {role} is offered what is refused"
    assert forms - OWN <= DOES.keys(), "a form that this test does not know"
    assert forms - OWN == {action for action, does in DOES.items() if role in TABLE[does].roles}


@pytest.mark.parametrize("path", ["/start", "BRIEF", "/brands/new", "/people", "/webhooks"])
def test_who_may_not_is_told_what_to_do(at: Portal, chrome: Browser, addresses: list[str], path: str) -> None:
    with signed_in(at, chrome, PEOPLE["viewer"]) as seen:
        page = seen.go(addresses[3] if path == "BRIEF" else path)
        expect(page.locator("main h2")).to_have_text("Not for your role")
        expect(page.locator("main")).to_contain_text("You are here as viewer.")
        expect(page.get_by_role("link", name=ADMIN)).to_have_attribute("href", f"mailto:{ADMIN}")
        assert page.locator("main form, main input").count() == 0
        assert not unfit(page)
        assert [line for line in seen.errors if "status of 403" not in line] == []


def test_who_has_no_role_yet_is_told_whom_to_ask(at: Portal, chrome: Browser) -> None:
    with signed_in(at, chrome, NOBODY) as seen:
        page = seen.go("/")
        expect(page.locator("main h2")).to_have_text("You have no role yet")
        expect(page.get_by_role("link", name=ADMIN)).to_be_visible()


def test_a_request_that_no_page_offers_is_refused_too(
    at: Portal, chrome: Browser, addresses: list[str]
) -> None:
    wanted = {
        "/v1/campaigns": "campaigns.create",
        "/v1/approvals": "approvals.create",
        "/v1/people": "people.create",
    }
    with signed_in(at, chrome, PEOPLE["viewer"]) as seen:
        page = seen.go("/")
        token = page.locator("input[name=csrf]").first.input_value()
        for path, action in wanted.items():
            answer = seen.context.request.post(
                at.url + path, data={}, headers={"X-CSRF-Token": token, "Origin": at.url}
            )
            assert answer.status == 403 and action in answer.text(), path


def test_decisions_of_each_stage_are_seen_by_all(at: Portal, chrome: Browser, addresses: list[str]) -> None:
    ad = next(path for path in addresses if path.startswith("/creatives/"))
    with (
        signed_in(at, chrome, PEOPLE["reviewer"]) as reviewer,
        signed_in(at, chrome, PEOPLE["legal"]) as legal,
    ):
        assert reviewer.go(ad).locator("#decision [name=stage]").count() == 0
        decide(reviewer, ad)
        legal.go(ad)
        expect(legal.page.locator("#decision select[name=stage]")).to_have_value("legal")  # whose work it is need not choose it
        decide(legal, ad)
    stages = at.http.get(f"/v1{ad}").json()["decisions"]
    assert {stage: one["decision"] for stage, one in stages.items()} == {
        "creative": "approved",
        "legal": "approved",
    }
    with signed_in(at, chrome, PEOPLE["viewer"]) as seen:
        page = seen.go(ad)
        expect(page.locator("#decide")).to_contain_text("approved")
        expect(page.locator("#decide")).to_contain_text("Lea")
        assert page.locator("#decide form").count() == 0
        assert not re.search("per_[0-9A-Z]", page.content() + seen.go("/activity").content()), (
            "people have names, for everybody"
        )
        expect(page.locator("main table").first).to_contain_text("Rey")


def decide(seen: Visit, ad: str) -> None:
    """Approves the ad that is open."""
    with seen.page.expect_navigation():
        seen.page.locator("#decision button[value=approved]").click()
    assert ad.startswith("/creatives/")
