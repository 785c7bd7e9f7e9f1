"""Signing in to the real service over sockets: by a login provider that may lie, by password, first account, invitation, sessions."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
import sqlalchemy as sa

from affiche.access import passwords, people, sessions, signing_in
from affiche.access.gate import KeyGate
from affiche.access.oidc import LEEWAY_S
from affiche.registry import audit
from affiche.registry.migrate import upgrade
from affiche.registry.open import open_registry
from affiche.registry.scope import HOME_TENANT, Scope, now
from affiche.registry.tables.people import people as people_table
from affiche.registry.tables.people import sessions as session_table
from affiche.registry.tables.people import tickets as ticket_table
from affiche.values.principal import Grant
from tests.doubles import oidc
from tests.flow.kit_service import Service, service

SCOPE = Scope(tenant=HOME_TENANT, actor="test")
PASSWORD = "four quiet words here"


@dataclass
class Served:
    service: Service
    provider: oidc.Provider
    rules: sessions.Rules

    def browser(self, **more: Any) -> httpx2.Client:
        return httpx2.Client(base_url=self.service.url, timeout=30, **more)


@pytest.fixture(scope="module", autouse=True)
def _cheap_digests() -> Iterator[None]:
    """Digests of passwords that cost a thousandth; what one costs in earnest is a test of its own."""
    patch = pytest.MonkeyPatch()
    patch.setattr(passwords, "_LOG_N", 8)
    patch.setattr(passwords, "_NOBODY", passwords._NOBODY.replace("$15$", "$8$"))
    yield
    patch.undo()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    patch = pytest.MonkeyPatch()
    home = tmp_path_factory.mktemp("home")
    provider = oidc.Provider()
    patch.setenv("OIDC_CLIENT_SECRET", provider.secret)
    with oidc.running(provider):
        registry = open_registry("", home)
        upgrade(registry)
        rules = sessions.Rules()
        said = {"oidc_issuer": provider.url, "oidc_client": provider.client, "oidc_roles": ("it=admin", "studio=creator")}
        own = provider.url.removeprefix("http://")
        with service(home, gate=KeyGate(registry, per_minute=0, rules=rules), fetch_allow=(own,), portal=True, **said) as it:
            provider.redirects = {f"{it.url}/v1/session/callback"}
            yield Served(it, provider, rules)
        registry.close()
    patch.undo()


@pytest.fixture
def served(running: Served) -> Iterator[Served]:
    """The service with a provider that tells the truth; whatever a test made of it is undone."""
    fresh = oidc.Provider()
    for name in ("user", "twist", "sign", "document_twist", "answer_iss", "claims_in_token"):
        setattr(running.provider, name, getattr(fresh, name))
    running.service.house.limits.__init__(running.service.registry)  # type: ignore[misc]
    with running.service.registry.write() as c:
        c.execute(sa.text("DELETE FROM counters"))
    yield running
    assert running.provider.refused == [], "the client asked for something that a strict provider refuses"


def through(served: Served, browser: httpx2.Client, back: str = "/v1/session") -> httpx2.Response:
    """Goes to the provider and back; the answer of the callback."""
    begun = browser.get("/v1/session/start", params={"back": back})
    assert begun.status_code == 303, begun.text
    there = httpx2.get(begun.headers["location"])
    assert there.status_code == 302, there.text
    return browser.get(there.headers["location"])


def person(served: Served, email: str, *grants: Grant, password: str = PASSWORD) -> dict[str, Any]:
    with served.service.registry.write() as c:
        return dict(people.add(c, SCOPE, email=email, name="", grants=grants, password=passwords.digest_of(password)))


@contextmanager
def signed_in(served: Served, email: str, password: str = PASSWORD, **more: Any) -> Iterator[httpx2.Client]:
    with served.browser(**more) as browser:
        answer = browser.post("/v1/session", json={"email": email, "password": password})
        assert answer.status_code == 201, answer.text
        browser.headers["X-CSRF-Token"] = browser.get("/v1/session").json()["token"]
        yield browser


def alive(served: Served, cookie: str) -> bool:
    return httpx2.get(f"{served.service.url}/v1/session", headers={"Cookie": f"affiche-session={cookie}"}).status_code == 200


# -- the login provider -----------------------------------------------------------------------------------------------


def test_a_member_of_a_group_comes_in_with_its_role(served: Served) -> None:
    served.provider.user = {"sub": "u-it", "email": "Ana@Example.com", "email_verified": True, "name": "Ana", "groups": ["it", "x"]}
    with served.browser() as browser:
        answer = through(served, browser)
        assert answer.status_code == 303 and answer.headers["location"] == "/v1/session", answer.text
        cookie = answer.headers["set-cookie"]
        assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Path=/" in cookie
        me = browser.get("/v1/session").json()
        assert (me["kind"], me["name"], me["email"]) == ("person", "Ana", "ana@example.com")
        assert [(g["role"], g["brand"]) for g in me["grants"]] == [("admin", "*")]
        served.provider.user["groups"] = ["studio"]
        through(served, browser)
        assert [g["role"] for g in browser.get("/v1/session").json()["grants"]] == ["creator"], "roles follow the claims"
    with served.service.registry.read() as c:
        assert c.execute(sa.select(sa.func.count()).select_from(people_table).where(people_table.c.subject == "u-it")).scalar() == 1


def test_claims_that_only_userinfo_tells(served: Served) -> None:
    served.provider.claims_in_token = False
    served.provider.user = {"sub": "u-info", "email": "info@example.com", "email_verified": True, "groups": ["studio"]}
    with served.browser() as browser:
        assert through(served, browser).status_code == 303
        assert browser.get("/v1/session").json()["email"] == "info@example.com"
        served.provider.user = {**served.provider.user, "sub": "somebody-else"}
        served.provider.twist = lambda claims: {**claims, "sub": "u-info"}
        assert through(served, browser).status_code == 401


def test_who_is_neither_invited_nor_in_a_group_stays_out(served: Served) -> None:
    served.provider.user = {"sub": "u-out", "email": "out@example.com", "email_verified": True}
    with served.browser() as browser:
        answer = through(served, browser)
        assert (answer.status_code, answer.json()["code"]) == (403, "not-invited")
        assert "set-cookie" not in answer.headers
        with served.service.registry.write() as c:
            people.add(c, SCOPE, email="out@example.com", name="Invited", grants=[Grant(role="reviewer")])
        served.provider.user["email_verified"] = False
        assert through(served, browser).status_code == 403, "an address that nobody verified opens no account"
        served.provider.user["email_verified"] = True
        assert through(served, browser).status_code == 303
        assert [g["role"] for g in browser.get("/v1/session").json()["grants"]] == ["reviewer"]


def test_a_second_subject_does_not_get_the_account_of_an_address(served: Served) -> None:
    served.provider.user = {"sub": "first", "email": "one@example.com", "email_verified": True, "groups": ["studio"]}
    with served.browser() as browser:
        assert through(served, browser).status_code == 303
        served.provider.user = {**served.provider.user, "sub": "second"}
        assert through(served, browser).status_code == 409


HOSTILE: dict[str, Callable[[oidc.Provider], None]] = {
    "wrong nonce": lambda p: setattr(p, "twist", lambda c: {**c, "nonce": "x" * 43}),
    "no nonce": lambda p: setattr(p, "twist", lambda c: {k: v for k, v in c.items() if k != "nonce"}),
    "wrong issuer": lambda p: setattr(p, "twist", lambda c: {**c, "iss": "https://evil.example"}),
    "wrong audience": lambda p: setattr(p, "twist", lambda c: {**c, "aud": "another-client"}),
    "one audience of two, no party": lambda p: setattr(p, "twist", lambda c: {**c, "aud": ["affiche", "another"]}),
    "another party": lambda p: setattr(p, "twist", lambda c: {**c, "azp": "another"}),
    "expired": lambda p: setattr(p, "twist", lambda c: {**c, "exp": time.time() - LEEWAY_S - 5}),
    "no end": lambda p: setattr(p, "twist", lambda c: {k: v for k, v in c.items() if k != "exp"}),
    "end in words": lambda p: setattr(p, "twist", lambda c: {**c, "exp": "tomorrow"}),
    "from the future": lambda p: setattr(p, "twist", lambda c: {**c, "iat": time.time() + LEEWAY_S + 60}),
    "not yet": lambda p: setattr(p, "twist", lambda c: {**c, "nbf": time.time() + LEEWAY_S + 60}),
    "no subject": lambda p: setattr(p, "twist", lambda c: {k: v for k, v in c.items() if k != "sub"}),
    "unsigned": lambda p: setattr(p, "sign", oidc.unsigned),
    "signed by somebody else": lambda p: setattr(p, "sign", lambda c: oidc.other_key(c, str(p.keys[0].kid))),
    "signed with an unknown key": lambda p: setattr(p, "sign", lambda c: oidc.other_key(c, "k9")),
    "public key as a secret": lambda p: setattr(p, "sign", oidc.shared_secret(p.keys[0])),
    "no token": lambda p: setattr(p, "sign", lambda _: "nothing"),
    "answer of another provider": lambda p: setattr(p, "answer_iss", "https://evil.example"),
    "answer that hides its provider": lambda p: setattr(p, "answer_iss", ""),
}


@pytest.mark.parametrize("lie", HOSTILE)
def test_a_lie_of_the_provider_lets_nobody_in(served: Served, lie: str) -> None:
    served.provider.user = {"sub": "u-it", "email": "ana@example.com", "email_verified": True, "groups": ["it"]}
    HOSTILE[lie](served.provider)
    with served.browser() as browser:
        answer = through(served, browser)
        assert answer.status_code == 401, answer.text
        assert answer.json()["code"] == "login-refused"
        assert browser.get("/v1/session").status_code == 401


def test_keys_rotate_without_a_restart(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    served.provider.user = {"sub": "u-it", "email": "ana@example.com", "email_verified": True, "groups": ["it"]}
    with served.browser() as browser:
        assert through(served, browser).status_code == 303
        served.provider.rotate()
        asked = served.provider.asked.count("/jwks")
        monkeypatch.setattr("affiche.access.oidc._AGAIN_S", 0)
        assert through(served, browser).status_code == 303
        assert served.provider.asked.count("/jwks") == asked + 1
        assert through(served, browser).status_code == 303
        assert served.provider.asked.count("/jwks") == asked + 1, "keys that fit are not asked for again"


def test_a_provider_that_floods_with_unknown_keys_is_not_asked_each_time(served: Served) -> None:
    served.provider.user = {"sub": "u-it", "email": "ana@example.com", "email_verified": True, "groups": ["it"]}
    served.provider.sign = lambda c: oidc.other_key(c, "k9")
    asked = served.provider.asked.count("/jwks")
    with served.browser() as browser:
        for _ in range(4):
            through(served, browser)
    assert served.provider.asked.count("/jwks") <= asked + 1


def test_the_way_back_works_once_and_in_the_browser_that_began(served: Served) -> None:
    served.provider.user = {"sub": "u-it", "email": "ana@example.com", "email_verified": True, "groups": ["it"]}
    with served.browser() as browser, served.browser() as stranger:
        begun = browser.get("/v1/session/start")
        back = httpx2.get(begun.headers["location"]).headers["location"]
        assert browser.get(back).status_code == 303
        assert browser.get(back).json()["code"] == "ticket-spent", "replayed"
        begun = browser.get("/v1/session/start")
        back = httpx2.get(begun.headers["location"]).headers["location"]
        assert stranger.get(back).json()["code"] == "request-forged", "a code that was planted in another browser"
        assert browser.get(re.sub(r"state=[^&]+", "state=invented", back)).json()["code"] == "ticket-spent"
        begun = browser.get("/v1/session/start")
        back = httpx2.get(begun.headers["location"]).headers["location"]
        answer = browser.get(re.sub(r"code=[^&]+", "error=access_denied", back), headers={"Accept": "text/html"})
        assert answer.headers["location"] == "/login?wrong=unauthorised"


def test_a_stolen_code_is_worth_nothing_without_the_verifier(served: Served) -> None:
    with served.browser() as browser:
        first = httpx2.get(browser.get("/v1/session/start").headers["location"]).headers["location"]
        second = httpx2.get(browser.get("/v1/session/start").headers["location"]).headers["location"]
        code = re.search(r"code=([^&]+)", first)[1]  # type: ignore[index]
        assert browser.get(re.sub(r"code=[^&]+", f"code={code}", second)).status_code == 401
    assert served.provider.refused == ["invalid_grant: verifier"]
    served.provider.refused.clear()


@pytest.mark.logs
def test_what_the_provider_says_of_itself_must_be_about_it(
    served: Served, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(served.service.house.provider, "_kept", None)
    served.provider.document_twist = lambda d: {**d, "issuer": "https://evil.example"}
    with served.browser() as browser:
        assert browser.get("/v1/session/start").status_code == 502
        served.provider.document_twist = lambda d: {**d, "token_endpoint": "ftp://elsewhere.example/"}
        assert browser.get("/v1/session/start").status_code == 502
        served.provider.document_twist = lambda d: {**d, "jwks_uri": "http://127.0.0.1:1/jwks"}
        served.provider.user["groups"] = ["it"]
        assert through(served, browser).status_code == 502, "keys on a port of this machine that nobody allowed"
    served.provider.document_twist = lambda d: d
    monkeypatch.setattr(served.service.house.provider, "_kept", None)


@pytest.mark.parametrize("back", ["//evil.example", "/\\evil.example", "https://evil.example", "\r\nX: y", ""])
def test_the_way_back_stays_here(served: Served, back: str) -> None:
    served.provider.user = {"sub": "u-it", "email": "ana@example.com", "email_verified": True, "groups": ["it"]}
    with served.browser() as browser:
        assert through(served, browser, back).headers["location"] == "/"


# -- passwords, first account, invitations ----------------------------------------------------------------------------


def test_the_first_account_is_made_with_the_ticket_of_the_terminal(tmp_path: Path) -> None:
    registry = open_registry("", tmp_path)
    upgrade(registry)
    with service(tmp_path, gate=KeyGate(registry, per_minute=0)) as it:
        assert it.http.get("/v1/session/options").json() == {"first": True, "provider": ""}
        ticket, another = signing_in.offer_first(registry), signing_in.offer_first(registry)
        wanted = {"ticket": ticket, "name": "Ana", "email": "ana@example.com", "password": PASSWORD}
        assert it.http.post("/v1/account/first", json={**wanted, "ticket": "invented-ticket"}).json()["code"] == "ticket-spent"
        weak = it.http.post("/v1/account/first", json={**wanted, "password": "short"})
        assert weak.status_code == 400 and "12" in weak.json()["detail"]
        assert it.http.post("/v1/account/first", json={**wanted, "password": "ana@example.comana"}).status_code == 400
        made = it.http.post("/v1/account/first", json=wanted)
        assert made.status_code == 201, made.text
        assert it.http.get("/v1/session").json()["grants"][0]["role"] == "admin"
        for spent in (ticket, another):
            again = it.http.post("/v1/account/first", json={**wanted, "ticket": spent, "email": "eve@example.com"})
            assert again.status_code in (404, 409), "one first account, whatever was printed"
        assert signing_in.offer_first(registry) == ""
        assert it.http.get("/v1/session/options").json()["first"] is False
    registry.close()


def test_a_wrong_password_and_an_unknown_address_look_the_same(served: Served) -> None:
    person(served, "bo@example.com")
    said = []
    with served.browser() as browser:
        for email, text in (("bo@example.com", "wrong wrong wrong"), ("nobody@example.com", PASSWORD)):
            answer = browser.post("/v1/session", json={"email": email, "password": text})
            said.append((answer.status_code, answer.json()["detail"]))
        assert said[0] == said[1] == (401, "the address or the password is wrong")
        assert browser.post("/v1/session", json={"email": " BO@example.com", "password": PASSWORD}).status_code == 201


def test_tries_are_limited_for_an_account_and_for_a_place(served: Served) -> None:
    with served.browser() as browser:
        statuses = [browser.post("/v1/session", json={"email": "bo2@example.com", "password": "x"}).status_code for _ in range(14)]
        assert statuses[:8] == [401] * 8 and statuses[-1] == 429
        answer = browser.post("/v1/session", json={"email": "bo2@example.com", "password": "x"})
        assert int(answer.headers["Retry-After"]) >= 1


def test_an_invitation_works_once_and_sets_the_password(served: Served) -> None:
    person(served, "boss@example.com", Grant(role="admin"))
    with signed_in(served, "boss@example.com") as boss, served.browser() as guest:
        made = boss.post("/v1/people", json={"email": "Cy@Example.com", "name": "Cy", "grants": [{"role": "legal"}]})
        assert made.status_code == 201, made.text
        id, ticket = made.json()["id"], made.json()["invitation"]
        assert made.json()["state"] == "invited"
        assert boss.post("/v1/people", json={"email": "cy@example.com"}).status_code == 409
        assert boss.get(f"/v1/people/{id}").json()["invitation"] == ""
        assert guest.get("/v1/account/invitation", params={"ticket": ticket}).json() == {"name": "Cy", "email": "cy@example.com"}
        assert guest.post("/v1/account/join", json={"ticket": ticket, "password": PASSWORD}).status_code == 201
        assert guest.get("/v1/session").json()["grants"][0]["role"] == "legal"
        assert guest.post("/v1/account/join", json={"ticket": ticket, "password": "another " + PASSWORD}).json()["code"] == "ticket-spent"
        old = boss.post(f"/v1/people/{id}/invitation").json()["invitation"]
        new = boss.post(f"/v1/people/{id}/invitation").json()["invitation"]
        assert guest.post("/v1/account/join", json={"ticket": old, "password": PASSWORD}).status_code == 404
        assert guest.post("/v1/account/join", json={"ticket": new, "password": "quite another sentence"}).status_code == 201
        assert boss.get("/v1/people", params={"text": "cy@"}).json()["items"][0]["state"] == "active"


def test_the_last_administrator_cannot_be_taken_away(tmp_path: Path) -> None:
    registry = open_registry("", tmp_path)
    upgrade(registry)
    with registry.write() as c:
        row = people.add(c, SCOPE, email="a@example.com", name="", grants=[Grant(role="admin")], password=passwords.digest_of(PASSWORD))
    with service(tmp_path, gate=KeyGate(registry, per_minute=0)) as it:
        it.http.post("/v1/session", json={"email": "a@example.com", "password": PASSWORD})
        it.http.headers["X-CSRF-Token"] = it.http.get("/v1/session").json()["token"]
        assert it.http.patch(f"/v1/people/{row['id']}", json={"active": False}).status_code == 409
        assert it.http.patch(f"/v1/people/{row['id']}", json={"grants": [{"role": "viewer"}]}).status_code == 409
        assert it.http.patch(f"/v1/people/{row['id']}", json={"grants": [{"role": "admin"}, {"role": "viewer"}]}).status_code == 200
    registry.close()


# -- sessions ---------------------------------------------------------------------------------------------------------


def test_only_a_digest_of_the_cookie_is_kept_and_signing_in_makes_a_new_one(served: Served) -> None:
    person(served, "dee@example.com", Grant(role="viewer"))
    with signed_in(served, "dee@example.com") as browser:
        first = browser.cookies["affiche-session"]
        with served.service.registry.read() as c:
            assert first not in repr(c.execute(sa.select(session_table)).all())
        browser.post("/v1/session", json={"email": "dee@example.com", "password": PASSWORD})
        assert browser.cookies["affiche-session"] != first
        assert alive(served, first) is False


def test_a_session_ends_when_it_rests_and_when_it_is_old(served: Served) -> None:
    row = person(served, "eli@example.com", Grant(role="viewer"))
    for column, back in (("seen_at", served.rules.idle), ("expires_at", served.rules.life + timedelta(seconds=1))):
        with signed_in(served, "eli@example.com") as browser:
            assert browser.get("/v1/session").status_code == 200
            mine = session_table.c.person == row["id"]
            with served.service.registry.write() as c:
                at = c.execute(sa.select(session_table.c[column]).where(mine)).scalar_one()
                c.execute(sa.update(session_table).where(mine).values({column: at - back}))
            assert browser.get("/v1/session").status_code == 401, column
            with served.service.registry.write() as c:
                c.execute(sa.delete(session_table).where(mine))


def test_a_session_that_is_used_does_not_rest(served: Served) -> None:
    row = person(served, "fay@example.com", Grant(role="viewer"))
    with signed_in(served, "fay@example.com") as browser:
        mine = session_table.c.person == row["id"]
        with served.service.registry.write() as c:
            c.execute(sa.update(session_table).where(mine).values(seen_at=now() - timedelta(hours=7)))
        assert browser.get("/v1/session").status_code == 200
        with served.service.registry.read() as c:
            assert c.execute(sa.select(session_table.c.seen_at).where(mine)).scalar_one() > now() - timedelta(minutes=1)


def test_signing_out_here_and_everywhere(served: Served) -> None:
    person(served, "gus@example.com", Grant(role="viewer"))
    with signed_in(served, "gus@example.com") as one, signed_in(served, "gus@example.com") as two, signed_in(served, "gus@example.com") as three:
        kept = one.cookies["affiche-session"]
        assert len(two.get("/v1/sessions").json()["items"]) == 3
        assert one.delete("/v1/session").status_code == 204
        assert alive(served, kept) is False
        assert [s["current"] for s in two.get("/v1/sessions").json()["items"]].count(True) == 1
        assert two.delete("/v1/sessions").status_code == 204
        assert three.get("/v1/session").status_code == 401


def test_a_changed_password_ends_the_other_sessions(served: Served) -> None:
    person(served, "hal@example.com", Grant(role="viewer"))
    with signed_in(served, "hal@example.com") as one, signed_in(served, "hal@example.com") as two:
        assert one.post("/v1/account/password", json={"old": "wrong wrong wrong", "new": "a whole new sentence"}).status_code == 403
        assert one.post("/v1/account/password", json={"old": PASSWORD, "new": "a whole new sentence"}).status_code == 204
        assert one.get("/v1/session").status_code == 200 and two.get("/v1/session").status_code == 401
        with signed_in(served, "hal@example.com", "a whole new sentence"):
            pass


def test_a_closed_account_is_out_at_once_with_its_keys(served: Served) -> None:
    row = person(served, "ivy@example.com", Grant(role="creator"))
    person(served, "boss2@example.com", Grant(role="admin"))
    with signed_in(served, "ivy@example.com") as ivy, signed_in(served, "boss2@example.com") as boss:
        text = ivy.post("/v1/keys", json={"name": "mine", "grants": [{"role": "creator"}]}).json()["key"]
        held = {"Authorization": f"Bearer {text}"}
        assert httpx2.get(f"{served.service.url}/v1/brands", headers=held).status_code == 200
        assert boss.patch(f"/v1/people/{row['id']}", json={"active": False}).json()["state"] == "closed"
        assert ivy.get("/v1/session").status_code == 401
        assert httpx2.get(f"{served.service.url}/v1/brands", headers=held).status_code == 403
        assert ivy.post("/v1/session", json={"email": "ivy@example.com", "password": PASSWORD}).status_code == 401


# -- forged requests --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "status"),
    [({}, 422), ({"X-CSRF-Token": ""}, 403), ({"X-CSRF-Token": "f" * 64}, 403), ({"Origin": "https://evil.example"}, 403),
     ({"Origin": "null"}, 403), ({"Sec-Fetch-Site": "cross-site"}, 403), ({"Sec-Fetch-Site": "same-site"}, 403), ({"Sec-Fetch-Site": "same-origin"}, 422)],
)  # fmt: skip
def test_a_request_of_another_page_changes_nothing(served: Served, said: dict[str, str], status: int) -> None:
    email = f"jo{abs(hash(str(said)))}@example.com"
    person(served, email, Grant(role="admin"))
    with signed_in(served, email) as browser:
        assert browser.post("/v1/people", json={}, headers=said).status_code == status
        assert browser.get("/v1/people", headers=said).status_code == 200, "reading needs no token"


def test_a_key_needs_no_token_and_a_cookie_beside_it_does_not_count(served: Served) -> None:
    person(served, "kim@example.com", Grant(role="creator"))
    with signed_in(served, "kim@example.com") as browser:
        key = browser.post("/v1/keys", json={"name": "k", "grants": [{"role": "creator"}]}).json()["key"]
        headers = {"Authorization": f"Bearer {key}", "X-CSRF-Token": ""}
        assert browser.post("/v1/brands", headers=headers).status_code == 422
        assert browser.get("/v1/brands", headers={"Authorization": "Basic eDp5"}).status_code == 401


def test_no_cookie_is_given_out_over_a_plain_connection(served: Served) -> None:
    person(served, "lea@example.com", Grant(role="viewer"))
    said = {"email": "lea@example.com", "password": PASSWORD}
    with served.browser() as browser:
        assert browser.post("/v1/session", json=said, headers={"Host": "affiche.example.com"}).status_code == 403
        safe = browser.post("/v1/session", json=said, headers={"Host": "affiche.example.com", "X-Forwarded-Proto": "https"})
        assert safe.status_code == 201
        assert re.match(r"__Host-affiche-session=\S+; HttpOnly; Max-Age=604800; Path=/; SameSite=lax; Secure", safe.headers["set-cookie"])


# -- keys by the API --------------------------------------------------------------------------------------------------


def test_everybody_makes_keys_that_do_no_more_than_they_may(served: Served) -> None:
    person(served, "mo@example.com", Grant(role="creator"))
    person(served, "boss3@example.com", Grant(role="admin"))
    with signed_in(served, "mo@example.com") as mo, signed_in(served, "boss3@example.com") as boss:
        assert mo.post("/v1/keys", json={"name": "x", "grants": [{"role": "admin"}]}).status_code == 403
        assert mo.post("/v1/keys", json={"name": "x", "grants": [{"role": "creator"}], "personal": False}).status_code == 403
        mine = mo.post("/v1/keys", json={"name": "mine", "grants": [{"role": "creator"}]}).json()
        ours = boss.post("/v1/keys", json={"name": "ours", "grants": [{"role": "viewer"}], "personal": False}).json()
        assert [k["id"] for k in mo.get("/v1/keys").json()["items"]] == [mine["id"]]
        assert {mine["id"], ours["id"]} <= {k["id"] for k in boss.get("/v1/keys").json()["items"]}
        assert mo.get(f"/v1/keys/{ours['id']}").status_code == mo.post(f"/v1/keys/{ours['id']}/revoke").status_code == 404
        second = mo.post(f"/v1/keys/{mine['id']}/rotate", json={"overlap_hours": 2}).json()
        states = {k["id"]: k["state"] for k in mo.get("/v1/keys").json()["items"]}
        assert states == {mine["id"]: "ending", second["id"]: "valid"}
        assert all(k["key"] == "" for k in mo.get("/v1/keys").json()["items"])
        assert mo.post(f"/v1/keys/{mine['id']}/revoke").json()["state"] == "revoked"
        assert mo.post(f"/v1/keys/{mine['id']}/rotate").status_code == 403


def test_coming_in_is_in_the_audit_log_and_the_chain_is_whole(served: Served) -> None:
    row = person(served, "nia@example.com", Grant(role="viewer"))
    httpx2.post(f"{served.service.url}/v1/session", json={"email": "nia@example.com", "password": "wrong wrong"})
    with signed_in(served, "nia@example.com") as browser:
        browser.delete("/v1/session")
    with served.service.registry.read() as c:
        log = sa.select(audit.audit.c.action).where(audit.audit.c.actor == row["id"]).order_by(audit.audit.c.seq)
        assert list(c.execute(log).scalars()) == ["session.refused", "session.create", "session.delete"]
        assert audit.verify(c, HOME_TENANT).broken is None
        assert c.execute(sa.select(sa.func.count()).select_from(ticket_table).where(ticket_table.c.expires_at < now())).scalar() == 0
