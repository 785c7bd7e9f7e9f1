"""Access to the real service: every role on every route, tenants and brands apart, keys, limits over processes, the audit chain."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi.routing import APIRoute

from affiche.access import keys
from affiche.access.gate import WRONG_PER_MINUTE, KeyGate
from affiche.access.limits import Limits
from affiche.access.table import TABLE
from affiche.api.app import ROUTERS
from affiche.errors import Unauthorised
from affiche.registry import audit
from affiche.registry.migrate import upgrade
from affiche.registry.open import Registry, open_registry
from affiche.registry.scope import Scope, now
from affiche.registry.tables.people import grants, people
from affiche.registry.tables.people import keys as key_table
from affiche.values.principal import ROLES, Grant
from tests.contract.kit_registry import fresh_database, postgresql, ready
from tests.flow.kit_service import BRIEF, Service, service

OURS, THEIRS = Scope(tenant="ten_a", actor="per_a"), Scope(tenant="ten_b", actor="per_b")
ROUTES = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    home = tmp_path_factory.mktemp("home")
    registry = open_registry("", home)
    upgrade(registry)
    with service(home, gate=KeyGate(registry, per_minute=0)) as running:
        yield running
    registry.close()


def key(registry: Registry, *said: Grant, scope: Scope = OURS, **more: Any) -> str:
    with registry.write() as c:
        return keys.add(c, scope, name="test", grants=said or [Grant(role="admin")], **more)[1].reveal()


def with_key(text: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {text}"}


# -- the table --------------------------------------------------------------------------------------------------------


def test_every_route_is_in_the_table_and_the_table_names_no_other() -> None:
    planned = {"approvals.legal", "keys.others", "templates.list", "placements.list", "locales.list", "markets.list", "sets.list"}
    assert {route.operation_id for route in ROUTES} - set(TABLE) == set()
    assert set(TABLE) - {route.operation_id for route in ROUTES} <= planned


#: What each role may, said once more and by hand: a slip in the table shows here.
MAY_MAKE = {"creator", "admin"}
MAKING = re.compile(r"(assets\.(change|create|delete|fetch|relate)|brands\.(create|revise)|campaigns\.(create|revise)|packages\.create|plans\.(create|preview)|proposals\.(accept|list|withdraw)|runs\.(cancel|create|wish)|batches\.(create|wish)|schedules\.(change|create|delete)|uploads\..*)$")


def expected(role: str, action: str) -> bool:
    if action.startswith("health."):
        return True
    if MAKING.match(action):
        return role in MAY_MAKE
    if action.startswith(("webhooks.", "deliveries.", "letters.", "people.", "workers.", "spend.", "audit.")):
        return role == "admin"
    if action in ("approvals.create", "approvals.withdraw"):
        return role in {"reviewer", "legal", "admin"}
    if action in ("comments.create", "comments.resolve"):
        return role != "viewer"
    return True


def url_of(route: APIRoute) -> str:
    """The route's path with ids that exist nowhere."""
    kinds = {"assets": "ast", "uploads": "upl", "brands": "brd", "campaigns": "cmp", "runs": "run", "creatives": "cre", "approvals": "apr", "comments": "cmt", "packages": "pkg", "webhooks": "whk", "deliveries": "dlv", "people": "per", "keys": "key"}
    path = route.path
    kind = kinds.get(path.split("/")[2] if path.count("/") > 1 else "", "ast")
    named = {"number": "1", "revision": "1", "picture": "0" * 64, "accepted": f"acp_{'0' * 26}"}
    return re.sub(r"\{(\w+)\}", lambda m: named.get(m[1], f"{kind}_{'0' * 26}"), path)


@pytest.mark.parametrize("role", ROLES)
def test_every_role_on_every_route(served: Service, role: str) -> None:
    headers = with_key(key(served.registry, Grant(role=role)))  # type: ignore[arg-type]
    wrong = []
    for route in ROUTES:
        for method in route.methods:
            if route.operation_id == "events.stream" and expected(role, "events.stream"):
                continue  # it never ends; test_api reads it
            status = served.http.request(method, url_of(route), headers=headers).status_code
            if (status != 403) != expected(role, str(route.operation_id)) or status == 401 or status >= 500:
                wrong.append((method, route.path, status))
    assert wrong == []


def test_nobody_comes_in_without_a_key(served: Service) -> None:
    for headers in ({}, with_key("aff_00000000_" + "x" * 43), {"Authorization": "Basic x"}, {"X-Api-Key": "'; DROP TABLE keys"}):
        for route in ROUTES:
            if not TABLE[str(route.operation_id)].open:
                for method in route.methods:
                    assert served.http.request(method, url_of(route), headers=headers).status_code == 401, route.path
        if headers:
            return  # one round of wrong keys: more of them are a limit's business


# -- tenants and brands -----------------------------------------------------------------------------------------------


def test_tenants_see_nothing_of_each_other(served: Service) -> None:
    ours, theirs = with_key(key(served.registry)), with_key(key(served.registry, scope=THEIRS))
    made = served.http.post("/v1/campaigns", content=BRIEF, headers=ours | {"Content-Type": "application/yaml"})
    assert made.status_code == 202, made.text
    campaign = made.json()["campaign"]["id"]
    assert served.http.get(f"/v1/campaigns/{campaign}", headers=ours).status_code == 200
    assert served.http.get(f"/v1/campaigns/{campaign}", headers=theirs).status_code == 404
    for path in ("campaigns", "assets", "brands", "runs", "events", "approvals"):
        assert served.http.get(f"/v1/{path}", headers=theirs).json()["items"] == []
    assert served.http.post("/v1/runs", json={"campaign": campaign}, headers=theirs).status_code == 404
    assert served.http.get(f"/v1/campaigns/{campaign}/revisions/1", headers=theirs).status_code == 404


def test_a_role_for_one_brand_ends_at_that_brand(served: Service) -> None:
    every = with_key(key(served.registry))
    made = [served.http.post("/v1/brands", params={"slug": slug}, content=f"brand: 1\nname: {slug}\ncolors: {{primary: '#0B3D2E'}}", headers=every | {"Content-Type": "application/yaml"}) for slug in ("aurora", "boreal")]
    assert [answer.status_code for answer in made] == [201, 201], made[0].text
    aurora, boreal = (answer.json()["id"] for answer in made)
    one = with_key(key(served.registry, Grant(role="creator", brand=aurora)))
    assert served.http.get(f"/v1/brands/{aurora}", headers=one).status_code == 200
    assert served.http.get(f"/v1/brands/{boreal}", headers=one).status_code == 404
    assert [row["id"] for row in served.http.get("/v1/brands", headers=one).json()["items"]] == [aurora]


# -- keys -------------------------------------------------------------------------------------------------------------


def test_only_a_digest_of_a_key_is_kept(served: Service) -> None:
    text = key(served.registry)
    with served.registry.read() as c:
        assert text.encode() not in repr([dict(r._mapping) for r in c.execute(sa.select(key_table))]).encode()
        row = c.execute(sa.select(key_table).where(key_table.c.prefix == text[:12])).first()
    assert row is not None and len(row.hash) == 64


def test_keys_end_and_rotate_with_overlap(served: Service) -> None:
    registry = served.registry
    ended = key(registry, expires_at=now() - timedelta(seconds=1))
    assert served.http.get("/v1/brands", headers=with_key(ended)).status_code == 401
    with registry.write() as c:
        row, first = keys.add(c, OURS, name="ci", grants=[Grant(role="viewer")], expires_at=now() + timedelta(days=90))
    with registry.write() as c:
        successor, second = keys.rotate(c, OURS, row["id"], overlap=timedelta(hours=1))
    assert [served.http.get("/v1/brands", headers=with_key(k.reveal())).status_code for k in (first, second)] == [200, 200]
    with registry.read() as c:
        assert keys.one(c, OURS, row["id"])["expires_at"] < now() + timedelta(hours=2)
        assert keys.one(c, OURS, successor["id"])["expires_at"] > now() + timedelta(days=80)
    with registry.write() as c:
        keys.revoke(c, OURS, row["id"])
    assert [served.http.get("/v1/brands", headers=with_key(k.reveal())).status_code for k in (first, second)] == [401, 200]


def test_everybody_learns_what_people_and_keys_of_their_house_are_called(served: Service) -> None:
    registry = served.registry
    with registry.write() as c:
        for id, tenant, name in (("per_n1", "ten_a", "Ana"), ("per_n2", "ten_a", ""), ("per_n3", "ten_b", "Theirs")):
            c.execute(sa.insert(people).values(id=id, tenant=tenant, email=f"{id}@example.com", name=name, active=True, created_at=now()))
        row = keys.add(c, OURS, name="nightly", grants=[Grant(role="viewer")])[0]
    asked = {"id": ["per_n1", "per_n2", "per_n3", "per_gone", row["id"]]}
    told = served.http.get("/v1/names", params=asked, headers=with_key(key(registry, Grant(role="viewer")))).json()["items"]
    assert {one["id"]: one["name"] for one in told} == {"per_n1": "Ana", "per_n2": "per_n2", row["id"]: "nightly"}


def test_a_key_can_do_no_more_than_the_person_behind_it_can_now(served: Service) -> None:
    registry = served.registry
    with registry.write() as c:
        c.execute(sa.insert(people).values(id="per_x", tenant="ten_a", email="x@example.com", active=True, created_at=now()))
        c.execute(sa.insert(grants).values(id="gra_x", tenant="ten_a", person="per_x", role="viewer", brand="*", created_at=now()))
    text = key(registry, Grant(role="admin"), Grant(role="viewer"), person="per_x")
    assert served.http.get("/v1/brands", headers=with_key(text)).status_code == 200
    assert served.http.post("/v1/brands", headers=with_key(text)).status_code == 403
    with registry.write() as c:
        c.execute(sa.update(people).where(people.c.id == "per_x").values(active=False))
    assert served.http.get("/v1/brands", headers=with_key(text)).status_code == 403


def test_wrong_keys_are_counted(tmp_path: Path) -> None:
    from affiche.values.principal import Credentials

    registry = ready("", tmp_path)
    gate = KeyGate(registry, per_minute=0)
    asked = Credentials(method="GET", path="/", client="203.0.113.9", headers={"authorization": "Bearer aff_wrong"})
    said = []
    for _ in range(WRONG_PER_MINUTE * 2 + 2):
        with pytest.raises(Unauthorised) as refused:
            gate.who(asked)
        said.append(str(refused.value))
    assert "not valid" in said[0] and "too many" in said[-1]
    registry.close()


# -- limits and the audit log, on both databases ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgresql() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def registry(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Registry]:
    name = f"access_{uuid.uuid4().hex}"
    url = "" if request.param == "sqlite" else fresh_database(request.getfixturevalue("server"), name)
    opened = ready(url, tmp_path)
    yield opened
    opened.close()


@pytest.mark.parametrize("limit", [1, 7, 100])
def test_a_limit_holds_over_processes_and_comes_back(registry: Registry, limit: int) -> None:
    moment = [1_000_000.0]
    processes = [Limits(registry, clock=lambda: moment[0]) for _ in range(3)]

    def passed() -> int:
        return sum(not processes[n % 3].charge("key:k", limit).exceeded for n in range(limit * 2 + 6))

    assert passed() == limit
    assert processes[0].charge("key:other", limit).remaining >= 0
    moment[0] += 60
    assert passed() == limit


def test_the_service_says_what_is_left_of_a_limit(tmp_path: Path) -> None:
    registry = ready("", tmp_path)
    with service(tmp_path, gate=KeyGate(registry, per_minute=3)) as running:
        headers = with_key(key(registry))
        answers = [running.http.get("/v1/brands", headers=headers) for _ in range(7)]
    registry.close()
    refused = [a for a in answers if a.status_code == 429]
    assert len(refused) >= 1 and answers[0].status_code == 200
    assert answers[0].headers["RateLimit-Limit"] == "3"
    assert 1 <= int(refused[0].headers["Retry-After"]) <= 60


def filled(registry: Registry, rows: int = 6) -> None:
    for number in range(rows):
        with registry.write() as c:
            audit.append(c, "ten_a", "campaigns.create", actor="per_a", subject=f"cmp_{number}", data={"path": "/ü", "n": number})
            audit.append(c, "ten_b", "campaigns.create", actor="per_b")


def test_a_whole_chain_is_whole(registry: Registry) -> None:
    filled(registry)
    with registry.read() as c:
        chain = audit.verify(c, "ten_a")
        assert (chain.rows, chain.broken, audit.tenants(c)) == (6, None, ["ten_a", "ten_b"])
        assert audit.verify(c, "ten_a", expected=chain.head).broken is None
        assert audit.verify(c, "ten_a", expected="0" * 64).broken == 7


@pytest.mark.parametrize("verb", ["UPDATE audit SET actor = 'x'", "DELETE FROM audit"])
def test_the_log_takes_no_changes(registry: Registry, verb: str) -> None:
    filled(registry, 2)
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), registry.write() as c:
        c.execute(sa.text(verb))
    with registry.read() as c:
        assert audit.verify(c, "ten_a").rows == 2


@pytest.mark.parametrize("verb", ["UPDATE audit SET subject = 'cmp_9' WHERE seq = 5", "DELETE FROM audit WHERE seq = 5", "UPDATE audit SET at = at + 1 WHERE seq = 5", "DELETE FROM audit WHERE seq = 1"])
def test_who_removes_the_guard_and_forges_a_row_breaks_the_chain(registry: Registry, verb: str) -> None:
    filled(registry)
    with registry.write() as c:
        drop = ["DROP TRIGGER audit_guard ON audit"] if c.dialect.name == "postgresql" else ["DROP TRIGGER audit_guard_update", "DROP TRIGGER audit_guard_delete"]
        for statement in (*drop, verb):
            c.execute(sa.text(statement))
    with registry.read() as c:
        assert audit.verify(c, "ten_a").broken is not None
        assert audit.verify(c, "ten_b").broken is None


def test_every_change_by_the_api_is_in_the_log(served: Service) -> None:
    scope = Scope(tenant="ten_log", actor="per_a")
    text = key(served.registry, scope=scope)
    made = served.http.post("/v1/campaigns", content=BRIEF, headers=with_key(text) | {"Content-Type": "application/yaml"})
    with served.registry.read() as c:
        rows = [dict(r._mapping) for r in c.execute(sa.select(audit.audit).where(audit.audit.c.tenant == "ten_log").order_by(audit.audit.c.seq))]
        assert audit.verify(c, "ten_log").broken is None
    assert [(row["action"], row["subject"]) for row in rows] == [("campaigns.create", made.json()["campaign"]["id"])]
    assert rows[-1]["actor"].startswith("key_") and rows[-1]["request"] == made.headers["X-Request-ID"]
