"""Review over a real socket: creatives are looked at, decided on, commented, packed; deliveries hold what is approved only."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa

from affiche.registry.scope import HOME_TENANT, now
from affiche.registry.tables import material, people, work
from tests.flow.kit_service import BRIEF, Service, service

pytestmark = pytest.mark.slow
YAML = {"content-type": "application/yaml"}
TWO = BRIEF.replace("[iab-medium-rectangle]", "[iab-medium-rectangle, iab-leaderboard]")


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with service(tmp_path_factory.mktemp("home"), work=True) as it:
        yield it


@pytest.fixture
def campaign(studio: Service) -> str:
    """A built campaign of two creatives that nobody decided on."""
    body = studio.http.post("/v1/campaigns", content=TWO, headers=YAML).json()
    run = studio.wait(body["run"]["id"])
    assert run["state"] == "needs-review", run
    for approval in studio.http.get("/v1/approvals", params={"limit": 200}).json()["items"]:
        if approval["withdrawn_at"] is None:
            studio.http.post(f"/v1/approvals/{approval['id']}/withdraw")
    return body["campaign"]["id"]


def creatives(studio: Service, campaign: str) -> list[dict]:
    items = studio.http.get("/v1/creatives", params={"campaign": campaign}).json()["items"]
    assert len(items) == 2
    return items


def decide(studio: Service, ids: list[str], decision: str = "approved", **more: object):
    return studio.http.post("/v1/approvals", json={"creatives": ids, "decision": decision, **more})


def state(studio: Service, campaign: str) -> str:
    return studio.http.get(f"/v1/campaigns/{campaign}").json()["state"]


def test_creatives_can_be_looked_at(studio: Service, campaign: str) -> None:
    one = creatives(studio, campaign)[0]
    file = studio.http.get(one["file_url"])
    assert (file.status_code, len(file.content)) == (200, one["bytes"])
    assert file.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert studio.http.get(one["file_url"], headers={"if-none-match": file.headers["etag"]}).status_code == 304
    assert file.headers["content-disposition"] == f'inline; filename="summer-yuzu_yuzu_en-US_{one["placement"]}_a.jpg"'
    assert studio.http.get(one["thumbnail_url"]).content[:2] == b"\xff\xd8"
    assert one["words"]["headline"] == "Wake up the afternoon"
    counts = studio.http.get("/v1/findings", params={"campaign": campaign}).json()["counts"]
    assert counts["text.contrast"]


def test_a_delivery_holds_what_is_approved_and_nothing_else(studio: Service, campaign: str) -> None:
    first, second = creatives(studio, campaign)
    pack = {"campaign": campaign, "kind": "delivery"}
    refused = studio.http.post("/v1/packages", json=pack)
    assert (refused.status_code, refused.json()["code"]) == (409, "package-unapproved")
    assert decide(studio, [first["id"]]).status_code == 201
    assert state(studio, campaign) == "needs-review"
    assert studio.http.post("/v1/packages", json=pack).json()["code"] == "package-unapproved"
    partial = studio.http.post("/v1/packages", json={**pack, "partial": True}).json()
    assert partial["creatives"] == [first["id"]]
    zipped = studio.http.get(partial["file_url"])
    day = partial["created_at"][:10]
    assert zipped.headers["content-disposition"] == f'attachment; filename="summer-yuzu-delivery-{day}.zip"'
    with zipfile.ZipFile(io.BytesIO(zipped.content)) as archive:
        assert [name for name in archive.namelist() if not name.startswith(("README", "manifest"))] == [
            json.loads(archive.read("manifest.json"))["creatives"][0]["files"][0]["path"]
        ]
        assert b"approved for use" in archive.read("README.txt")
    assert decide(studio, [second["id"]]).status_code == 201
    assert state(studio, campaign) == "approved"
    whole = studio.http.post("/v1/packages", json=pack).json()
    assert state(studio, campaign) == "delivered"
    approval = studio.http.get("/v1/approvals", params={"creative": second["id"]}).json()["items"][0]
    assert studio.http.post(f"/v1/approvals/{approval['id']}/withdraw").status_code == 200
    assert studio.http.get(whole["file_url"]).json()["code"] == "package-unapproved"
    assert state(studio, campaign) == "needs-review"
    assert studio.http.post(f"/v1/approvals/{approval['id']}/withdraw").status_code == 409


def test_an_approval_survives_a_rebuild_that_changes_nothing_and_no_other(studio: Service, campaign: str) -> None:
    ids = [one["id"] for one in creatives(studio, campaign)]
    assert decide(studio, ids).status_code == 201
    again = studio.http.post("/v1/runs", json={"campaign": campaign}).json()["run"]["id"]
    assert studio.wait(again)["state"] == "needs-review"
    new = creatives(studio, campaign)
    assert {one["id"] for one in new}.isdisjoint(ids)
    assert all(one["approved"] for one in new)
    changed = TWO.replace("Find a can", "Find yours")
    body = studio.http.put(f"/v1/campaigns/{campaign}/brief", content=changed, headers=YAML).json()
    studio.wait(body["run"]["id"])
    assert not any(one["approved"] for one in creatives(studio, campaign))
    late = decide(studio, ids)
    assert (late.status_code, late.json()["code"]) == (412, "precondition-failed")


def test_a_decision_is_on_what_was_seen_and_says_why(studio: Service, campaign: str) -> None:
    one = creatives(studio, campaign)[0]
    assert decide(studio, [one["id"]], seen={one["id"]: "0" * 64}).json()["code"] == "precondition-failed"
    assert decide(studio, [one["id"]], "rejected").status_code == 400
    assert decide(studio, [one["id"]], "changes", reason="the can is too small").status_code == 201
    shown = studio.http.get(f"/v1/creatives/{one['id']}").json()
    assert (shown["approved"], shown["decisions"]["creative"]["reason"]) == (False, "the can is too small")
    assert decide(studio, [one["id"]], "approved").status_code == 201
    assert studio.http.get(f"/v1/creatives/{one['id']}").json()["approved"]


def test_a_tenant_may_ask_for_legal_too(studio: Service, campaign: str) -> None:
    with studio.registry.write() as c:
        c.execute(sa.insert(people.tenants).values(id=HOME_TENANT, name="", settings={"stages": ["creative", "legal"]}, created_at=now()))
    try:
        one = creatives(studio, campaign)[0]
        decide(studio, [one["id"]])
        assert not studio.http.get(f"/v1/creatives/{one['id']}").json()["approved"]
        decide(studio, [one["id"]], stage="legal")
        assert studio.http.get(f"/v1/creatives/{one['id']}").json()["approved"]
    finally:
        with studio.registry.write() as c:
            c.execute(sa.delete(people.tenants))


def test_what_failed_cannot_be_approved(studio: Service, campaign: str) -> None:
    one = creatives(studio, campaign)[0]
    with studio.registry.write() as c:
        c.execute(sa.update(work.creatives).where(work.creatives.c.id == one["id"]).values(status="failed"))
    assert decide(studio, [one["id"]]).status_code == 409


def test_expired_rights_block_a_delivery(studio: Service, campaign: str) -> None:
    asset, moment = "ast_00000000000000000000000001", now()
    with studio.registry.write() as c:
        c.execute(sa.insert(material.assets).values(
            id=asset, tenant=HOME_TENANT, brand="", state="ready", rights_expire_at=moment - timedelta(days=1), created_at=moment, updated_at=moment
        ))
        of = work.campaign_revisions.c.campaign == campaign
        c.execute(sa.update(work.campaign_revisions).where(of).values(assets=[asset]))
    decide(studio, [one["id"] for one in creatives(studio, campaign)])
    refused = studio.http.post("/v1/packages", json={"campaign": campaign, "kind": "delivery"})
    assert (refused.status_code, refused.json()["code"]) == (409, "rights-expired")
    assert asset in refused.json()["detail"]
    told = studio.http.get("/v1/findings", params={"campaign": campaign, "rule": "picture.rights"}).json()
    assert {(f["code"], f["status"]) for f in told["items"]} == {("picture.rights.expired", "fail")}
    assert len(told["items"]) == len(creatives(studio, campaign))
    assert studio.http.post("/v1/packages", json={"campaign": campaign}).status_code == 201


def test_comments_are_pinned_and_stay_through_rebuilds(studio: Service, campaign: str) -> None:
    one = creatives(studio, campaign)[0]
    place = f"/v1/creatives/{one['id']}/comments"
    made = studio.http.post(place, json={"text": "too low", "x": 0.25, "y": 0.9})
    assert made.status_code == 201
    reply = studio.http.post(place, json={"text": "moved", "parent": made.json()["id"]}).json()
    assert studio.http.post(place, json={"text": "half a point", "x": 0.5}).status_code == 400
    assert studio.http.post(place, json={"text": "off", "x": 1.5, "y": 0}).status_code == 422
    done = studio.http.patch(f"/v1/comments/{reply['id']}", json={"resolved": True}).json()
    assert done["resolved_at"]
    assert [c["text"] for c in studio.http.get(place).json()["items"]] == ["too low", "moved"]


def test_a_plan_spends_nothing_and_says_why(studio: Service, campaign: str) -> None:
    plan = studio.http.post("/v1/plans", json={"campaign": campaign}).json()
    assert (plan["creatives"], plan["steps"]["to_run"]) == (2, 0)
    new = studio.http.post("/v1/plans", json={"brief": TWO.replace("Wake up", "Brighten")}).json()
    assert new["steps"]["to_run"] == 4
    bad = studio.http.post("/v1/plans", json={"brief": TWO.replace("iab-leaderboard", "iab-nothing")})
    assert (bad.status_code, bad.json()["code"]) == (422, "brief")


def test_brands_have_revisions(studio: Service) -> None:
    file = "brand: 1\nname: Aurora\ncolors: {primary: '#0B3D2E', accent: '#F4C430'}\n"
    made = studio.http.post("/v1/brands?slug=aurora", content=file, headers=YAML)
    assert made.status_code == 201, made.text
    place = made.headers["location"]
    assert studio.http.post("/v1/brands?slug=aurora", content=file, headers=YAML).status_code == 409
    new = file.replace("0B3D2E", "102030")
    assert studio.http.put(f"{place}/file", content=new, headers={**YAML, "if-match": '"1"'}).json()["revision"] == 2
    assert studio.http.put(f"{place}/file", content=new, headers={**YAML, "if-match": '"1"'}).status_code == 412
    assert studio.http.get(f"{place}/revisions/1").json()["document"] == file
    bad = studio.http.post("/v1/brands?slug=other", content=file + "logo: {file: ../x.svg}\n", headers=YAML)
    assert bad.json()["problems"][0]["code"] == "brief.path"
    brief = BRIEF.replace('brand: {name: Aurora, colors: ["#0B3D2E", "#F4C430"]}', "brand: aurora")
    made = studio.http.post("/v1/campaigns?brand=aurora", content=brief, headers=YAML)
    assert made.status_code == 202, made.text
    assert studio.wait(made.json()["run"]["id"])["state"] == "needs-review"
    assert studio.http.post("/v1/campaigns", content=brief, headers=YAML).json()["problems"][0]["code"] == "brief.brand"
