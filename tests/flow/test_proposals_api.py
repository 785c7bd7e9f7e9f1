"""Pictures that were bought before, proposed and taken over the API: paid once, seen by nobody else. Real service, simulated providers."""

from __future__ import annotations

import asyncio
import base64
import html
import io
import re
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
import sqlalchemy as sa
from PIL import Image

from affiche.access import keys
from affiche.access.gate import KeyGate
from affiche.adapters.journal import SqliteJournal
from affiche.client import Affiche, Problem
from affiche.registry import audit, pictures
from affiche.registry.migrate import upgrade
from affiche.registry.open import open_registry
from affiche.registry.scope import Scope
from affiche.values.principal import Grant
from tests.flow.kit_service import Service, service

pytestmark = pytest.mark.slow

OURS, THEIRS = Scope(tenant="ten_a", actor="per_a"), Scope(tenant="ten_b", actor="per_b")
BRIEF = """\
affiche: 1
campaign: garden
message: {locale: en-US, headline: Wake up, cta: Find a bar}
markets: [{region: US, locales: [en-US]}]
products: [{id: bar, name: Garden bar, description: plants on a roof in LIGHT light with a view of the sea, picture: {imagine: true}}]
placements: [iab-medium-rectangle]
budget: {max: "1.00", currency: USD}
"""
EVENING, WARM = BRIEF.replace("LIGHT", "soft evening"), BRIEF.replace("LIGHT", "warm evening")
YAML = {"Content-Type": "application/yaml"}


class House:
    """The service with two brands of one tenant; a picture was bought for `aurora`."""

    def __init__(self, at: Service) -> None:
        self.at = at
        self.boss = self.key(Grant(role="admin"))
        self.aurora, self.boreal = (self.brand(slug) for slug in ("aurora", "boreal"))
        self.first = self.campaign(EVENING, self.aurora, run=True)

    def key(self, *grants: Grant, scope: Scope = OURS) -> dict[str, str]:
        with self.at.registry.write() as c:
            return {"Authorization": "Bearer " + keys.add(c, scope, name="test", grants=list(grants))[1].reveal()}

    def brand(self, slug: str, who: dict[str, str] | None = None) -> str:
        file = f"brand: 1\nname: {slug}\ncolors: {{primary: '#0F5C4E'}}"
        return self.at.http.post("/v1/brands", params={"slug": slug}, content=file, headers=(who or self.boss) | YAML).json()["id"]

    def campaign(self, brief: str, brand: str, who: dict[str, str] | None = None, *, run: bool = False) -> str:
        params = {"brand": brand, "run": str(run).lower()}
        made = self.at.http.post("/v1/campaigns", params=params, content=brief, headers=(who or self.boss) | YAML)
        assert made.status_code < 300, made.text
        if run:
            self.wait(made.json()["run"]["id"])
        return made.json()["campaign"]["id"]

    def wait(self, run: str) -> None:
        self.at.http.headers.update(self.boss)
        assert self.at.wait(run)["state"] == "needs-review"
        del self.at.http.headers["Authorization"]

    def get(self, path: str, who: dict[str, str] | None = None) -> Any:
        return self.at.http.get(path, headers=who or self.boss)

    def post(self, path: str, data: Any, who: dict[str, str] | None = None, **more: str) -> Any:
        return self.at.http.post(path, json=data, headers=(who or self.boss) | more)

    def proposals(self, campaign: str, who: dict[str, str] | None = None) -> dict[str, Any]:
        return self.get(f"/v1/campaigns/{campaign}/proposals", who).json()

    def plan(self, campaign: str, who: dict[str, str] | None = None) -> dict[str, Any]:
        return self.post("/v1/plans", {"campaign": campaign, "fit": False}, who).json()

    def paid(self) -> list[str]:
        journal = SqliteJournal(self.at.house.settings.home)
        try:
            return [call.state for call in journal.calls()]
        finally:
            journal.close()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    home = tmp_path_factory.mktemp("home")
    registry = open_registry("", home)
    upgrade(registry)
    with service(home, work=True, portal=True, gate=KeyGate(registry, per_minute=0), providers=("simulated",)) as running:
        yield House(running)
    registry.close()


def test_a_picture_that_was_bought_is_proposed_taken_and_built_with_for_nothing(house: House) -> None:
    id, other = house.campaign(WARM, house.aurora), house.campaign(WARM, house.aurora)
    plan = house.plan(id)
    (one,) = plan["alike"]
    assert (one["product"], one["purpose"], one["bought_for"], one["bought_brand"]) == ("bar", "hero", "bar", house.aurora)
    (wish,) = plan["wishes"]
    assert "plants on a roof in warm evening light" in wish["prompt"] and wish["price_as_of"] == "2026-11-21"
    assert one["likeness"] >= 0.75 and one["looks_alike"] > 0.9 and plan["paid_calls"] == 1
    assert house.proposals(id) == {"items": [one], "accepted": []}
    shown = house.get(one["thumbnail_url"])
    assert shown.headers["Content-Type"] == "image/jpeg" and max(Image.open(io.BytesIO(shown.content)).size) == 400
    paid, maker = house.paid(), house.key(Grant(role="creator", brand=house.aurora))
    answers = [house.post(f"/v1/campaigns/{id}/proposals", {"products": ["bar"], "pictures": [one["picture"]]}, maker, **{"Idempotency-Key": "k1"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201] and answers[0].json() == answers[1].json()
    assert answers[1].headers["Idempotent-Replayed"] == "true"
    (taken,) = answers[0].json()["items"]
    assert taken["person"].startswith("key_") and taken["picture"] == one["picture"]
    with house.at.registry.read() as c:
        rows = [dict(r._mapping) for r in c.execute(sa.select(audit.audit).where(audit.audit.c.action == "proposals.accept"))]
        assert len(pictures.accepted(c, id)) == 1
    assert [(row["actor"], row["subject"], row["brand"]) for row in rows] == [(taken["person"], id, house.aurora)]
    assert rows[0]["data"]["pictures"] == [{"id": taken["id"], "product": "bar", "picture": one["picture"]}]
    after = house.plan(id)
    assert (after["alike"], after["paid_calls"]) == ([], 0)
    assert house.plan(other)["paid_calls"] == 1, "another campaign with the same wish decides for itself"
    house.wait(house.post("/v1/runs", {"campaign": id}).json()["run"]["id"])
    (made,) = house.get(f"/v1/creatives?campaign={id}").json()["items"]
    assert made["origins"]["picture"] == "generated" and house.paid() == paid, "nothing is bought any more"
    with house.at.registry.read() as c:
        document = c.execute(sa.text("SELECT document FROM creatives WHERE id = :id"), {"id": made["id"]}).scalar_one()
    assert "the picture that was bought for bar was accepted" in str(document) and "picture by" in str(document)
    (listed,) = house.proposals(id)["accepted"]
    assert listed["used"]
    refused = house.post(f"/v1/campaigns/{id}/proposals/{taken['id']}/withdraw", {})
    assert refused.status_code == 409 and "take" in refused.json()["hint"]


def test_previews_show_a_bought_picture_and_draw_without_one_that_has_yet_to_be_bought(house: House) -> None:
    paid, seen = house.paid(), {}
    for name, wanted in (("bought", {"campaign": house.first}), ("wished", {"brief": WARM.replace("garden", "none"), "brand": "aurora"})):
        told = house.post("/v1/plans/preview", wanted).json()
        assert told["shots"], told
        (shot,) = told["shots"]
        seen[name] = " ".join(shot["notes"])
        with Image.open(io.BytesIO(base64.b64decode(shot["jpeg"]))) as picture:
            assert picture.size == (300, 250)
    assert "template split" in seen["bought"] or "template hero" in seen["bought"], seen
    assert "template type" in seen["wished"], seen
    assert house.paid() == paid, "a preview buys nothing"


def test_what_was_bought_for_others_is_neither_seen_nor_taken(house: House) -> None:
    maker = house.key(Grant(role="creator", brand=house.boreal))
    id = house.campaign(WARM, house.boreal, maker)
    stranger = house.key(Grant(role="admin"), scope=THEIRS)
    theirs = house.campaign(WARM, house.brand("aurora", stranger), stranger)
    (one,) = house.proposals(id)["items"]
    assert one["bought_brand"] == house.aurora, "who may see both brands is told which one it was bought for"
    for campaign, who in ((id, maker), (theirs, stranger)):
        assert house.plan(campaign, who)["alike"] == [] and house.proposals(campaign, who)["items"] == []
        answer = house.post(f"/v1/campaigns/{campaign}/proposals", {}, who)
        assert answer.status_code == 409 and "no picture is proposed" in answer.json()["detail"]
        assert house.get(one["thumbnail_url"], who).status_code == 404
    assert house.post("/v1/plans", {"brief": WARM, "brand": "boreal"}, maker).json()["alike"] == []
    assert house.post(f"/v1/campaigns/{theirs}/proposals", {}).status_code == 404
    # Somebody who may see both takes it: those who see the campaign may look at it from now on.
    (taken,) = house.post(f"/v1/campaigns/{id}/proposals", {}).json()["items"]
    (told,) = house.proposals(id, maker)["accepted"]
    assert (told["id"], told["bought_brand"], told["used"]) == (taken["id"], "", False)
    assert house.get(told["thumbnail_url"], maker).status_code == 200
    assert house.get(told["thumbnail_url"], stranger).status_code == 404
    back = house.post(f"/v1/campaigns/{id}/proposals/{taken['id']}/withdraw", {}, maker)
    assert back.status_code == 200 and back.json()["withdrawn_by"].startswith("key_")
    assert house.plan(id)["paid_calls"] == 1 and house.get(told["thumbnail_url"], maker).status_code == 404
    assert house.post(f"/v1/campaigns/{id}/proposals/{taken['id']}/withdraw", {}, maker).status_code == 409


def test_a_viewer_may_neither_look_for_nor_take_pictures(house: House) -> None:
    viewer = house.key(Grant(role="viewer"))
    assert house.get(f"/v1/campaigns/{house.first}/proposals", viewer).status_code == 403
    assert house.post(f"/v1/campaigns/{house.first}/proposals", {}, viewer).status_code == 403


def test_the_client_takes_what_was_looked_at_and_gives_it_back(house: House) -> None:
    id = house.campaign(WARM, house.aurora)

    async def story() -> None:
        async with Affiche(house.at.url, key=house.boss["Authorization"].removeprefix("Bearer ")) as affiche:
            (one,) = (await affiche.plan(campaign=id)).alike
            assert (await affiche.picture(one.picture))[:2] == b"\xff\xd8"
            with pytest.raises(Problem) as refused:
                await affiche.accept(id, [one.model_copy(update={"picture": "0" * 64})])
            assert refused.value.status == 412 and "another picture" in refused.value.public
            (taken,) = await affiche.accept(id, [one])
            assert [row.id for row in (await affiche.proposals(id)).accepted] == [taken.id]
            assert (await affiche.give_back(taken)).withdrawn_at is not None
            assert (await affiche.proposals(id)).accepted == []

    asyncio.run(story())


def test_the_portal_offers_it_where_a_campaign_is_planned_and_gives_it_back(house: House) -> None:
    id = house.campaign(WARM, house.aurora)
    with httpx2.Client(base_url=house.at.url, headers=house.boss, follow_redirects=True, timeout=60) as browser:
        assert f'hx-get="/campaigns/{id}/proposals"' in browser.get(f"/campaigns/{id}").text
        offered = browser.get(f"/campaigns/{id}/proposals").text
        assert "A picture you have already paid for" in offered and "Use it, pay nothing" in offered
        assert "Bought for bar in nearly the same words. It looks much like what is shown now." in offered
        fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', offered))
        said = browser.post(f"/campaigns/{id}/proposals", data={**fields, "csrf": browser.cookies["affiche-csrf"]}).text
        assert "It is used. The next build pays nothing for it." in said
        kept = browser.get(f"/campaigns/{id}/proposals").text
        assert "Give it back" in kept and "Use it" not in kept and "<bdi>Garden bar</bdi>" in kept
        ids = re.search(r'name="ids" value="(\w+)"', kept)[1]
        browser.post(f"/campaigns/{id}/proposals/back", data={"ids": ids, "csrf": browser.cookies["affiche-csrf"]})
        assert house.proposals(id)["accepted"] == []
        form = _form(browser, house, id)
        planned = browser.post("/start/plan", data=form).text
        use = re.search(r'name="use" value="([^"]+)"', planned)[1]
        assert "Save and use it, pay nothing" in planned
        browser.post(f"/campaigns/{id}/brief", data={**form, "use": use})
    assert house.plan(id)["paid_calls"] == 0 and house.get(f"/v1/campaigns/{id}").json()["revision"] == 2


def _form(browser: httpx2.Client, house: House, id: str) -> dict[str, Any]:
    """What the form of a campaign sends: every field, as a browser would."""
    page = browser.get(f"/campaigns/{id}/brief").text
    kept = html.unescape(re.search(r"name=\"kept\" value=['\"](.*?)['\"]>", page)[1])
    return {
        "csrf": browser.cookies["affiche-csrf"], "kept": kept, "revision": "1", "brand": house.aurora, "brand.colors.0": "#16335b",
        "campaign": "garden", "message.locale": "en-US", "message.headline": "Wake up", "message.cta": "Find a bar", "products.0.id": "bar",
        "products.0.name": "Garden bar", "products.0.description": "plants on a roof in warm evening light with a view of the sea",
        "products.0.imagine": "on", "locale": "US:en-US", "placement": "iab-medium-rectangle", "budget.max": "1.00", "budget.currency": "USD",
    }  # fmt: skip
