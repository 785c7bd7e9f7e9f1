"""What was paid, who could be paid, what happened and who did it: by API and on the pages for people."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import httpx2
import pytest
import sqlalchemy as sa

from affiche import wire
from affiche.access import keys
from affiche.access.gate import KeyGate
from affiche.registry.migrate import upgrade
from affiche.registry.open import open_registry
from affiche.registry.scope import HOME_TENANT, Scope
from affiche.values.digest import digest
from affiche.values.money import Money
from affiche.values.principal import Grant
from affiche.values.spending import Intent
from tests.flow.kit_service import BRIEF, TODAY, Service, service

YAML = {"content-type": "application/yaml"}
MONTH = TODAY.strftime("%Y-%m")


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with service(tmp_path_factory.mktemp("home"), work=True, portal=True, providers=("simulated",), spend_month="20") as it:
        with wire.journal(it.house.settings) as book:
            for number, (provider, amount, state) in enumerate(
                [("dear", "0.20", "done"), ("cheap", "0.02", "done"), ("cheap", "0.03", "spoilt"), ("dear", "0.40", "uncertain")]
            ):
                money = Money(amount=Decimal(amount))
                intent = Intent(
                    key=digest("key", number), call=digest("call", number), goods="picture", provider=provider, model="m",
                    offer=f"{provider}/m/generate", estimate=money, campaign="garden", brand="Verde", month=MONTH, owner="me",
                    purpose="hero of can",
                )  # fmt: skip
                call = book.begin(intent, ())
                book.settle(call.id, state, None if state == "uncertain" else money)  # type: ignore[arg-type]
        yield it


@pytest.fixture(scope="module")
def browser(at: Service) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=at.url, follow_redirects=True, timeout=60) as client:
        client.get("/")
        yield client


def test_a_month_is_told_by_provider_and_campaign_with_what_nobody_knows(at: Service) -> None:
    told = at.http.get("/v1/spend").json()
    assert (told["month"], told["amount"], told["cap"], told["calls"]) == (MONTH, "0.65", "20 USD", 4)
    assert [(p["name"], p["calls"], p["failed"], p["amount"]) for p in told["providers"]] == [("dear", 2, 1, "0.6"), ("cheap", 2, 1, "0.05")]
    assert [(p["name"], p["amount"]) for p in told["campaigns"]] == [("garden", "0.65")]
    assert [(c["provider"], c["amount"], c["purpose"]) for c in told["uncertain"]] == [("dear", "0.4", "hero of can")]
    before = at.http.get("/v1/spend", params={"month": "2020-01"}).json()
    assert (before["amount"], before["providers"], len(before["uncertain"])) == ("0", [], 1)
    assert at.http.get("/v1/spend", params={"month": "2020-13"}).status_code == 422


def test_the_page_tells_money_first_and_what_is_not_set_up_apart(browser: httpx2.Client) -> None:
    page = browser.get("/providers").text
    assert f"Paid in {MONTH}: 0.65 USD of 20 USD" in page
    assert "Nobody knows whether these were billed" in page
    assert page.index("Paid in") < page.index("Simulated: swift") < page.index('class="card flush folded"')
    assert "missing: OPENAI_API_KEY" in page.split('class="card flush folded"', 1)[1]


def test_providers_of_pictures_are_told_with_their_offers_only_where_they_are_asked_for(at: Service) -> None:
    short = {row["id"]: row for row in at.http.get("/v1/providers").json()["items"]}
    assert short["simulated-swift"]["gives"] == "pictures" and "offers" not in short["simulated-swift"]
    whole = {row["id"]: row for row in at.http.get("/v1/providers", params={"offers": "true"}).json()["items"]}
    assert whole["simulated-steady"]["offers"][0]["price"]["base"] == {"standard": 0.05}


def test_what_happened_is_said_in_sentences_and_the_log_is_followed(at: Service, browser: httpx2.Client) -> None:
    made = at.http.post("/v1/campaigns", content=BRIEF, headers=YAML).json()
    at.wait(made["run"]["id"])
    ad = at.http.get("/v1/creatives", params={"campaign": made["campaign"]["id"]}).json()["items"][0]
    decision = {"creatives": [ad["id"]], "decision": "rejected", "reason": "too <dark>"}
    at.http.post("/v1/approvals", json=decision).raise_for_status()
    at.http.post("/v1/approvals", json={**decision, "decision": "changes", "reason": "{larger} can"}).raise_for_status()
    at.http.post(f"/v1/creatives/{ad['id']}/comments", json={"text": "more air"}).raise_for_status()
    at.http.post("/v1/brands", params={"slug": "b"}, content="brand: 1\nname: Bee", headers=YAML).raise_for_status()
    at.http.post("/v1/assets", params={"name": "feed {x}.csv"}, content=b"id,name\n1,x\n").raise_for_status()
    at.http.post("/v1/packages", json={"campaign": made["campaign"]["id"], "kind": "proof"}).raise_for_status()
    page = browser.get("/activity").text
    for words in ("Asked for a change: {larger} can", "feed {x}.csv came into the library", "A comment on an ad", "A package of 1 ads"):
        assert words in page, words
    for words in ("Rejected an ad: too &lt;dark&gt;", "Built: 1 ads, ", "The brief was stored", "Summer Yuzu", "this machine", "the service"):
        assert words in page, words
    assert f'href="/creatives/{ad["id"]}"' in page
    main = page.split("<main", 1)[1]
    assert "run.progress" not in main and "run.state" not in main and ": '" not in main
    for number in range(3):
        at.http.post(f"/v1/creatives/{ad['id']}/comments", json={"text": f"more air {number}"}).raise_for_status()
    assert "A comment on an ad × 3" in browser.get("/activity").text
    assert "approvals.create" in page and "The chain" not in page
    assert "The chain is whole: " in browser.get("/activity?verify=1").text
    german = browser.get("/activity", headers={"Accept-Language": "de"}).text
    assert "Eine Anzeige abgelehnt: too" in german


def test_the_audit_log_is_paged_and_a_changed_row_breaks_its_chain(at: Service, browser: httpx2.Client) -> None:
    for number in range(3):
        at.http.post("/v1/campaigns", params={"run": "false"}, content=BRIEF.replace("summer-yuzu", f"c{number}"), headers=YAML).raise_for_status()
    first = at.http.get("/v1/audit", params={"limit": 2, "verify": "true"}).json()
    assert first["chain"]["broken"] is None and first["items"][0]["action"] == "campaigns.create"
    then = at.http.get("/v1/audit", params={"limit": 2, "before": first["next"]}).json()
    assert then["items"][0]["seq"] < first["items"][1]["seq"] and then["chain"] is None
    with at.registry.engine.begin() as c:
        for name in [row[0] for row in c.execute(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit'"))]:
            c.execute(sa.text(f"DROP TRIGGER {name}"))
        c.execute(sa.text("UPDATE audit SET actor = 'nobody' WHERE seq = :seq"), {"seq": then["items"][0]["seq"]})
    assert at.http.get("/v1/audit", params={"verify": "true"}).json()["chain"]["broken"] == then["items"][0]["seq"]
    assert "The chain is broken at row" in browser.get("/activity?verify=1").text


def test_another_tenant_is_told_nothing_of_the_houses_money(tmp_path_factory: pytest.TempPathFactory) -> None:
    home = tmp_path_factory.mktemp("two")
    registry = open_registry("", home)
    upgrade(registry)
    with service(home, gate=KeyGate(registry, per_minute=0)) as it:
        for tenant, status in ((HOME_TENANT, 200), ("ten_b", 404)):
            with it.registry.write() as c:
                made = keys.add(c, Scope(tenant=tenant, actor="per_a"), name="test", grants=[Grant(role="admin")])[1].reveal()
            assert it.http.get("/v1/spend", headers={"Authorization": f"Bearer {made}"}).status_code == status
            assert it.http.get("/v1/audit", headers={"Authorization": f"Bearer {made}"}).status_code == 200
    registry.close()
