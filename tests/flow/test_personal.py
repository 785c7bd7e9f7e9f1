"""A person's data given out and taken away, and what keeps answers, logs and uploads from saying more than they should."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from affiche.access import keys, people, sessions
from affiche.access.gate import KeyGate
from affiche.api.app import _origins
from affiche.cli.person import app
from affiche.errors import UsageError
from affiche.registry import audit
from affiche.registry.migrate import upgrade
from affiche.registry.open import open_registry
from affiche.registry.scope import HOME_TENANT, Scope, now
from affiche.registry.tables import METADATA
from affiche.registry.tables.review import comments
from affiche.serve.logs import masked
from affiche.values.principal import Grant
from tests.flow.kit_service import Service, service

SCOPE = Scope(tenant=HOME_TENANT, actor="test")
KEPT = "ana.lindqvist@example.com", "Ana Lindqvist", "subject-at-the-provider"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Service]:
    registry = open_registry("", tmp_path)
    upgrade(registry)
    with service(tmp_path, gate=KeyGate(registry, per_minute=0), cors_origins=("https://intranet.example.com",)) as it:
        yield it
    registry.close()


def admin(served: Service) -> dict[str, str]:
    with served.registry.write() as c:
        return {"Authorization": "Bearer " + keys.add(c, SCOPE, name="boss", grants=[Grant(role="admin")])[1].reveal()}


def ana(served: Service) -> tuple[str, dict[str, str]]:
    """A person who did something, and her key."""
    with served.registry.write() as c:
        row = people.add(c, SCOPE, email=KEPT[0], name=KEPT[1], grants=[Grant(role="creator")], issuer="https://i.example", subject=KEPT[2])
        sessions.begin(c, row, sessions.Rules(), by="provider", agent="Firefox of Ana Lindqvist")
        text = keys.add(c, SCOPE, name="Ana Lindqvist's laptop", grants=[Grant(role="creator")], person=row["id"])[1].reveal()
        said = {"id": "cmt_1", "tenant": HOME_TENANT, "brand": "b", "campaign": "c", "creative": "x", "text": "more air", "file_digest": ""}
        c.execute(sa.insert(comments).values(**said, person=row["id"], created_at=now()))
    headers = {"Authorization": f"Bearer {text}"}
    made = served.http.post("/v1/brands", params={"slug": "aurora"}, content="brand: 1\nname: Aurora\ncolors: {primary: '#0B3D2E'}", headers=headers | {"Content-Type": "application/yaml"})
    assert made.status_code == 201, made.text
    return str(row["id"]), headers


def everything(served: Service) -> str:
    with served.registry.read() as c:
        return repr([[dict(row._mapping) for row in c.execute(sa.select(table))] for table in METADATA.sorted_tables])


def test_everything_about_a_person_is_given_out_and_no_secret(served: Service) -> None:
    id, headers = ana(served)
    said = served.http.get("/v1/account/export", headers=headers)
    assert said.status_code == 200 and "attachment" in said.headers["content-disposition"]
    data = said.json()
    assert (data["person"]["email"], data["person"]["name"], data["person"]["subject"]) == KEPT
    assert {"comments", "keys", "grants", "sessions", "brands", "audit"} <= set(data["did"])
    assert data["did"]["comments"][0]["text"] == "more air"
    assert headers["Authorization"][7:] not in said.text
    assert not {"password", "hash", "secret"} & {name for rows in data["did"].values() for row in rows for name in row}
    assert served.http.get(f"/v1/people/{id}/export", headers=headers).status_code == 403
    boss = admin(served)
    assert served.http.get(f"/v1/people/{id}/export", headers=boss).json()["person"] == data["person"]
    assert served.http.get("/v1/account/export", headers=boss).status_code == 400, "a key of the house is nobody"


@pytest.mark.parametrize("words", [False, True])
def test_an_erased_person_is_nowhere_and_the_chain_is_whole(served: Service, words: bool) -> None:
    id, headers = ana(served)
    assert all(kept in everything(served) for kept in KEPT)
    with served.registry.read() as c:
        head = audit.verify(c, HOME_TENANT).head
    answer = served.http.post(f"/v1/people/{id}/erase", json={"words": words}, headers=admin(served))
    assert answer.status_code == 200 and answer.json()["changed"]["people"] == 1, answer.text
    left = everything(served)
    assert not [kept for kept in (*KEPT, "Firefox") if kept in left]
    assert ("more air" in left) != words and id in left, "what was done stays, under an id that leads to nobody"
    assert served.http.get("/v1/brands", headers=headers).status_code == 401
    assert served.http.get(f"/v1/people/{id}", headers=admin(served)).status_code == 404
    with served.registry.write() as c:
        assert audit.verify(c, HOME_TENANT, expected=head).broken is None
        people.add(c, SCOPE, email=KEPT[0], name="", grants=())  # the address is free again


def test_other_tenants_cannot_reach_a_person(served: Service) -> None:
    id, _ = ana(served)
    with served.registry.write() as c:
        text = keys.add(c, Scope(tenant="ten_b"), name="b", grants=[Grant(role="admin")])[1].reveal()
    theirs = {"Authorization": f"Bearer {text}"}
    for method, path in (("GET", "export"), ("POST", "erase"), ("POST", "invitation"), ("DELETE", "sessions")):
        assert served.http.request(method, f"/v1/people/{id}/{path}", headers=theirs).status_code == 404
    assert KEPT[0] in everything(served)


def test_the_commands_do_the_same(served: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    id, _ = ana(served)
    monkeypatch.setenv("AFFICHE_HOME", str(served.house.settings.home))
    run = CliRunner().invoke
    assert id in run(app, ["list"]).output
    assert json.loads(run(app, ["export", KEPT[0]]).output)["person"]["id"] == id
    assert "/join?ticket=" in run(app, ["invite", id]).output
    assert isinstance(run(app, ["erase", KEPT[0]]).exception, UsageError) and KEPT[0] in everything(served)
    assert run(app, ["erase", KEPT[0], "--sure"]).exit_code == 0
    assert KEPT[0] not in everything(served)
    with served.registry.read() as c:
        assert audit.verify(c, HOME_TENANT).broken is None


# -- answers, other sites, logs, uploads ------------------------------------------------------------------------------


def test_every_answer_carries_what_keeps_it_in_its_place(served: Service) -> None:
    for path in ("/v1/session/options", "/v1/brands", "/v1/nothing", "/healthz"):
        headers = served.http.get(path).headers
        assert headers["x-content-type-options"] == "nosniff" and headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "no-referrer" and headers["cross-origin-resource-policy"] == "same-origin"
        assert "strict-transport-security" not in headers
        if path.startswith("/v1"):
            assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
    safe = served.http.get("/v1/brands", headers={"X-Forwarded-Proto": "https"}).headers
    assert safe["strict-transport-security"].startswith("max-age=31536000")


def test_pages_of_other_sites_are_let_in_only_by_name_and_never_with_cookies(served: Service) -> None:
    def asked(origin: str) -> dict[str, str]:
        said = {"Origin": origin, "Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "authorization"}
        return dict(served.http.request("OPTIONS", "/v1/brands", headers=said).headers)

    assert asked("https://intranet.example.com")["access-control-allow-origin"] == "https://intranet.example.com"
    assert "access-control-allow-credentials" not in asked("https://intranet.example.com")
    assert "access-control-allow-origin" not in asked("https://evil.example")


@pytest.mark.parametrize("origin", ["*", "https://*.example.com", "intranet.example.com", "https://a.example/x"])
def test_a_setting_that_is_no_origin_is_refused(origin: str) -> None:
    with pytest.raises(UsageError, match="origin"):
        _origins((origin,))


HIDDEN = {
    "mail to ana@example.co.uk failed": "ana@", "key aff_0123abcd_" + "x" * 43: "xxxx", "Authorization: Bearer abcdef123456": "abcdef",
    "GET /welcome?ticket=s3cr3t-ticket&x=1": "s3cr3t", "postgresql://affiche:pa55@db/x": "pa55",
    "token eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1In0.c2ln": "eyJzdWIi", "cookie affiche-session=opaque123; other": "opaque",
}  # fmt: skip


@pytest.mark.parametrize("line", HIDDEN)
def test_logs_hide_who_and_what_opens_doors(line: str) -> None:
    for said in (masked(line), str(masked({"event": [line]})), str(masked((line, 1)))):
        assert HIDDEN[line] not in said
    assert masked("run run_01 took 3 s") == "run run_01 took 3 s"
    assert masked({"headline": "Wake up", "run": "run_01"}) == {"headline": "(hidden)", "run": "run_01"}


def test_an_uploaded_drawing_runs_nothing(served: Service) -> None:
    boss = admin(served)
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><script>alert(1)</script><rect width="40" height="40" fill="red"/></svg>'
    made = served.http.post("/v1/assets", params={"name": "x.svg"}, content=drawing, headers=boss | {"Content-Type": "image/svg+xml"})
    if made.status_code == 201:
        answer = served.http.get(f"/v1/assets/{made.json()['id']}/file", headers=boss)
        assert answer.headers["content-type"] != "image/svg+xml" or "sandbox" in answer.headers["content-security-policy"]
        assert "sandbox" in answer.headers["content-security-policy"] and answer.headers["x-content-type-options"] == "nosniff"
    else:
        assert made.status_code in (400, 415, 422), made.text


def test_a_remembered_answer_gives_its_secret_to_who_asked_and_to_no_copy_of_the_database(served: Service) -> None:
    headers = admin(served) | {"Idempotency-Key": "once"}
    said = {"target": "https://hooks.example.com/a"}
    first, second = (served.http.post("/v1/webhooks", json=said, headers=headers) for _ in range(2))
    assert second.headers["Idempotent-Replayed"] == "true" and second.json() == first.json()
    assert len(first.json()["secret"]) > 30 and first.json()["secret"] not in everything(served)
