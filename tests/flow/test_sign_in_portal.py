"""The doors of the portal over a real socket: first account, sign-in, roles on pages, sessions that end, people, keys, webhooks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from typing import Any

import httpx2
import pytest
import sqlalchemy as sa

from affiche.access import passwords, people, signing_in
from affiche.access.gate import KeyGate
from affiche.portal.app import PAGES
from affiche.portal.shape import ABOUT_ROLES, browser_of
from affiche.registry.migrate import upgrade
from affiche.registry.open import open_registry
from affiche.registry.scope import HOME_TENANT, Scope
from affiche.registry.tables.people import sessions as session_table
from affiche.values.principal import Grant
from tests.flow.kit_service import Service, service

SCOPE = Scope(tenant=HOME_TENANT, actor="test")
PASSWORD = "four quiet words here"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    patch = pytest.MonkeyPatch()
    patch.setattr(passwords, "_LOG_N", 8)
    patch.setattr(passwords, "_NOBODY", passwords._NOBODY.replace("$15$", "$8$"))
    patch.setattr("affiche.api.routes.session.PER_ACCOUNT", 10_000)
    patch.setattr("affiche.api.routes.session.PER_CLIENT", 10_000)
    home = tmp_path_factory.mktemp("home")
    registry = open_registry("", home)
    upgrade(registry)
    with service(home, gate=KeyGate(registry, per_minute=0), portal=True) as it:
        ticket = signing_in.offer_first(registry)
        with browser(it) as first:
            assert "printed in the terminal" in first.get("/welcome").text
            page = first.get("/welcome", params={"ticket": ticket})
            said = {"name": "Ana", "email": "ana@example.com", "ticket": ticket, "password": "short", "csrf": token(page)}
            weak = first.post("/welcome", data=said, headers=own(it))
            assert weak.status_code == 400 and 'value="ana@example.com"' in weak.text
            done = first.post("/welcome", data={**said, "password": PASSWORD, "csrf": token(weak)}, headers=own(it))
            assert done.status_code == 200 and "Sign out" in done.text and done.url.path == "/"
            assert first.get("/welcome").url.path == "/", "there is one now"
        yield it
    registry.close()
    patch.undo()


@contextmanager
def browser(served: Service) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=served.url, follow_redirects=True, timeout=60, headers={"Accept": "text/html"}) as client:
        yield client


def own(served: Service) -> dict[str, str]:
    return {"Origin": served.url}


def token(page: httpx2.Response) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert found, page.text[:400]
    return found[1]


@contextmanager
def signed_in(served: Service, email: str = "ana@example.com") -> Iterator[httpx2.Client]:
    with browser(served) as client:
        said = {"email": email, "password": PASSWORD, "csrf": token(client.get("/login")), "back": "/account"}
        answer = client.post("/login", data=said, headers=own(served))
        assert answer.status_code == 200 and answer.url.path == "/account", answer.text[-600:]
        yield client


def send(client: httpx2.Client, served: Service, path: str, **data: Any) -> httpx2.Response:
    return client.post(path, data={"csrf": token(client.get("/account")), **data}, headers=own(served))


def person(served: Service, email: str, *grants: Grant) -> str:
    with served.registry.write() as c:
        return str(people.add(c, SCOPE, email=email, name="", grants=grants, password=passwords.digest_of(PASSWORD))["id"])


def test_every_page_asks_who_is_there_and_leads_back(served: Service) -> None:
    with browser(served) as stranger:
        for method, path, _ in PAGES:
            if path in ("/login", "/login/go", "/welcome", "/join", "/look"):
                continue
            answer = stranger.request(method, path.replace("{id}", "x"), follow_redirects=False, headers=own(served))
            assert answer.status_code in (303, 401), (method, path, answer.status_code)
            assert "Sign out" not in answer.text
        answer = stranger.get("/review?stage=legal")
        assert answer.url.path == "/login"
        said = {"email": "ana@example.com", "password": "wrong wrong", "csrf": token(answer), "back": "/review?stage=legal"}
        wrong = stranger.post("/login", data=said, headers=own(served))
        assert wrong.status_code == 401 and "password is wrong" in wrong.text and 'value="ana@example.com"' in wrong.text
        right = stranger.post("/login", data={**said, "password": PASSWORD, "csrf": token(wrong)}, headers=own(served))
        assert str(right.url).endswith("/review?stage=legal")
        policy = right.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in policy and "unsafe-eval" not in policy


def test_signing_out_ends_it(served: Service) -> None:
    with signed_in(served) as client:
        kept = client.cookies["affiche-session"]
        assert "You are signed out" in send(client, served, "/logout").text
        assert client.get("/", follow_redirects=False).status_code == 303
        stolen = httpx2.get(served.url + "/account", headers={"Cookie": f"affiche-session={kept}"})
        assert stolen.status_code == 303


def test_what_was_typed_when_the_session_ended_is_sent_after_signing_in(served: Service) -> None:
    with signed_in(served) as client:
        old = token(client.get("/account"))
        with served.registry.write() as c:
            c.execute(sa.delete(session_table))
        typed = {"csrf": old, "email": "bo@example.com", "name": 'Bo "B" <b>', "role.0": "viewer", "brand.0": "*"}
        asked = client.post("/people", data=typed, headers=own(served))
        assert asked.status_code == 401 and "What you typed is kept" in asked.text
        hidden = {name: unescape(value) for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', asked.text) if name != "lang"}
        back = client.post("/login", data={**hidden, "csrf": token(asked), "email": "ana@example.com", "password": PASSWORD}, headers=own(served))
        assert back.status_code == 200 and "You are back" in back.text and "<b>" not in back.text.split("<main")[1].split("</main")[0]
        again = {name: unescape(value) for name, value in re.findall(r'type="hidden" name="([\w.]+)" value="([^"]*)"', back.text.split("<main")[1])}
        made = client.post("/people", data=again, headers=own(served))
        assert "Invitation for" in made.text, made.text[-500:]
        assert any(p["email"] == "bo@example.com" for p in client.get("/v1/people").json()["items"])


def test_a_form_of_another_site_is_not_kept(served: Service) -> None:
    with browser(served) as stranger:
        for headers in ({"Origin": "https://evil.example"}, {}):
            answer = stranger.post("/people", data={"email": "eve@example.com"}, headers=headers)
            assert "eve@example.com" not in answer.text
    with signed_in(served) as client:
        forged = client.post("/people", data={"email": "eve@example.com", "csrf": "forged"}, headers={"Origin": "https://evil.example"})
        assert forged.status_code == 403 and "eve@example.com" not in forged.text
        assert not any(p["email"] == "eve@example.com" for p in client.get("/v1/people").json()["items"])


def test_a_page_of_the_session_before_asks_to_send_again(served: Service) -> None:
    with signed_in(served) as client:
        answer = client.post("/people", data={"email": "cy@example.com", "csrf": "of-the-session-before"}, headers=own(served))
        assert "You are back" in answer.text and "cy@example.com" in answer.text
        assert not any(p["email"] == "cy@example.com" for p in client.get("/v1/people").json()["items"])


def test_a_script_on_the_page_is_told_and_nothing_is_swapped(served: Service) -> None:
    with browser(served) as stranger:
        answer = stranger.post("/start/look", headers={"HX-Request": "true", **own(served)})
        assert answer.status_code == 401 and answer.json()["signin"] == "Sign in"


def test_who_may_not_is_told_who_can_help(served: Service) -> None:
    person(served, "vi@example.com", Grant(role="viewer"))
    person(served, "no@example.com")
    with signed_in(served, "vi@example.com") as client:
        page = client.get("/people")
        assert page.status_code == 403 and "ana@example.com" in page.text and "viewer" in page.text
        home = client.get("/")
        assert 'href="/people"' not in home.text and 'href="/keys"' in home.text
        assert send(client, served, "/people", email="x@example.com").status_code == 403
        system = client.get("/system")
        assert system.status_code == 200 and 'id="letters"' not in system.text
        assert send(client, served, "/system/letters/out_1/replay").status_code == 403
    with signed_in(served) as admin:
        assert 'id="letters"' in admin.get("/system").text
        assert send(admin, served, "/system/letters/out_1/replay").status_code == 404
    with signed_in(served, "no@example.com") as client:
        page = client.get("/")
        assert page.status_code == 403 and "no role yet" in page.text and "ana@example.com" in page.text


def test_people_are_invited_come_in_and_are_let_out(served: Service) -> None:
    with signed_in(served) as ana, browser(served) as guest:
        made = send(ana, served, "/people", **{"email": "dee@example.com", "name": "Dee <script>", "role.0": "reviewer", "brand.0": "*", "role.1": ""})
        link = unescape(re.search(r'value="(http[^"]+/join\?ticket=[^"]+)"', made.text)[1])  # type: ignore[index]
        assert "<script>" not in made.text.split("<main")[1]
        page = guest.get(link.removeprefix(served.url))
        assert "dee@example.com" in page.text
        said = {"csrf": token(page), "ticket": link.partition("ticket=")[2], "name": "Dee", "password": PASSWORD}
        assert guest.post("/join", data=said, headers=own(served)).url.path == "/"
        with browser(served) as late:
            assert "used already" in late.get(link.removeprefix(served.url)).text
        id = next(p["id"] for p in ana.get("/v1/people").json()["items"] if p["email"] == "dee@example.com")
        assert "Saved" in send(ana, served, f"/people/{id}", **{"name": "Dee", "role.0": "legal", "brand.0": "*"}).text
        assert [g["role"] for g in guest.get("/v1/session").json()["grants"]] == ["legal"]
        assert "Open the account again" in send(ana, served, f"/people/{id}", active="0").text
        assert guest.get("/", follow_redirects=False).status_code == 303
        me = ana.get("/v1/session").json()["id"]
        assert "last administrator" in send(ana, served, f"/people/{me}", active="0").text


def test_keys_are_shown_once_replaced_and_revoked(served: Service) -> None:
    with signed_in(served) as ana:
        made = send(ana, served, "/keys", name="CI", role="creator", brand="*", days="90", personal="0")
        key = re.search(r'value="(aff_[^"]+)"', made.text)[1]  # type: ignore[index]
        assert made.headers["cache-control"] == "no-store"
        assert httpx2.get(served.url + "/v1/brands", headers={"Authorization": f"Bearer {key}"}).status_code == 200
        listed = ana.get("/keys").text
        assert key not in listed and key[:12] in listed
        id = ana.get("/v1/keys").json()["items"][0]["id"]
        second = re.search(r'value="(aff_[^"]+)"', send(ana, served, f"/keys/{id}/rotate").text)[1]  # type: ignore[index]
        assert second != key and "replaced" in ana.get("/keys").text
        send(ana, served, f"/keys/{id}/revoke")
        assert httpx2.get(served.url + "/v1/brands", headers={"Authorization": f"Bearer {key}"}).status_code == 401


def test_webhooks_are_made_tried_and_replayed(served: Service) -> None:
    with signed_in(served) as ana:
        wrong = send(ana, served, "/webhooks", channel="webhook", target="not a url", kinds=["Builds"])
        assert wrong.status_code == 400 and 'value="not a url"' in wrong.text
        made = send(ana, served, "/webhooks", channel="webhook", target="https://hooks.example.com/a", name="CRM", kinds=["Builds", "Decisions"])
        assert "secret" in made.text
        hook = ana.get("/v1/webhooks").json()["items"][0]
        assert hook["kinds"] == ["run.state", "approval.*"]
        page = send(ana, served, f"/webhooks/{hook['id']}/test")
        assert "on its way" in page.text and "waiting" in page.text
        first = ana.get("/v1/deliveries", params={"webhook": hook["id"]}).json()["items"]
        assert len(first) == 1
        send(ana, served, f"/webhooks/{hook['id']}/replay/{first[0]['id']}")
        assert len(ana.get("/v1/deliveries", params={"webhook": hook["id"]}).json()["items"]) == 2
        assert "off" in send(ana, served, f"/webhooks/{hook['id']}/active", active="0").text
        assert send(ana, served, f"/webhooks/{hook['id']}/test").status_code == 409
        send(ana, served, f"/webhooks/{hook['id']}/remove")
        assert ana.get("/v1/webhooks").json()["items"] == []


def test_my_account_and_the_menu_of_phones(served: Service) -> None:
    with signed_in(served) as ana:
        assert "this one" in ana.get("/account").text
        assert "/people" in ana.get("/more").text and "Sign out" in ana.get("/more").text
        assert send(ana, served, "/account/password", old="wrong wrong wrong", new=PASSWORD + " x").status_code == 403
        assert "changed" in send(ana, served, "/account/password", old=PASSWORD, new=PASSWORD).text
        send(ana, served, "/account/leave")
        assert ana.get("/account").url.path == "/login"


@pytest.mark.parametrize("language", ["de", "ar", "ja"])
def test_words_that_stand_in_tables_are_in_every_language(language: str) -> None:
    from affiche.portal.pages.system import _LETTERS, _PARTS
    from affiche.portal.pages.webhooks import _CHANNELS, _KINDS
    from affiche.portal.words import _table
    from affiche.registry.workers import STATES

    wanted = {*ABOUT_ROLES, *ABOUT_ROLES.values(), *_KINDS, *_CHANNELS.values(), *_LETTERS.values(), *_PARTS.values(), "no role yet", "invited", "active", "closed", "revoked", "ended", "password", "provider", *STATES}
    assert wanted - _table(language).keys() == set()


def test_a_browser_is_named_in_two_words() -> None:
    assert browser_of("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0") == "Edge, Windows"
    assert browser_of("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1") == "Safari, iPhone"
    assert browser_of("") == "–"


@pytest.mark.parametrize("path", ["/logout", "/account/leave"])
def test_a_page_that_reads_no_fields_wants_the_token_too(served: Service, path: str) -> None:
    with signed_in(served) as client:
        assert client.post(path, data={"csrf": "forged"}).status_code == 403
        assert client.get("/account").url.path == "/account", "still signed in"
