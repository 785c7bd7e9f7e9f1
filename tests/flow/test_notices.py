"""Notices against real servers on this machine: signed and checked, tried again, replayed, refused for private addresses."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller

from affiche.adapters.fetch import GuardedFetcher
from affiche.notices.send import Post, turn
from affiche.notices.sign import is_genuine, signature
from affiche.registry import webhooks
from affiche.registry.scope import now
from affiche.registry.tables.flow import deliveries
from tests.flow.kit_service import BRIEF, Service, service


class Receiver:
    """A server that remembers what it was told and answers as it is told to."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[int] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                outer.got.append(({k.lower(): v for k, v in self.headers.items()}, body))
                self.send_response(outer.answers.pop(0) if outer.answers else 200)
                self.end_headers()

            def log_message(self, *_: object) -> None: ...

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    it = Receiver()
    yield it
    it.server.shutdown()
    it.server.server_close()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Service]:
    with service(tmp_path) as it:
        yield it


def tell(house: Service, port: int = 0, smtp: str = "") -> int:
    post = Post(server=smtp, sender="affiche@example.com")
    return turn(house.registry, lambda: GuardedFetcher(allow=(f"127.0.0.1:{port}",)), post, house.house.sealer)


def hook(house: Service, target: str, **more: object) -> dict:
    made = house.http.post("/v1/webhooks", json={"target": target, **more})
    assert made.status_code == 201, made.text
    return made.json()


def brief(house: Service) -> None:
    assert house.http.post("/v1/campaigns", content=BRIEF, headers={"content-type": "application/yaml"}).status_code == 202


def log(house: Service) -> list[dict]:
    return house.http.get("/v1/deliveries").json()["items"]


def test_what_is_sent_is_signed_and_nobody_can_replay_it_later(house: Service, receiver: Receiver) -> None:
    made = hook(house, f"http://127.0.0.1:{receiver.port}/x", kinds=["run.*"])
    assert house.http.get(f"/v1/webhooks/{made['id']}").json()["secret"] == ""
    brief(house)
    assert tell(house, receiver.port) == 1
    ((headers, body),) = receiver.got
    secret, signed = made["secret"].encode(), headers["affiche-signature"]
    assert is_genuine(secret, body, signed, now=int(time.time()))
    assert not is_genuine(secret, body + b" ", signed, now=int(time.time()))
    assert not is_genuine(b"other", body, signed, now=int(time.time()))
    assert not is_genuine(secret, body, signed, now=int(time.time()) + 301)
    assert json.loads(body)["kind"] == "run.state"
    assert [d["state"] for d in log(house)] == ["delivered"]
    assert tell(house, receiver.port) == 0


def test_a_receiver_that_fails_is_told_again_and_every_try_is_in_the_log(house: Service, receiver: Receiver) -> None:
    hook(house, f"http://127.0.0.1:{receiver.port}/", kinds=["run.state"])
    brief(house)
    receiver.answers = [503]
    tell(house, receiver.port)
    (waiting,) = log(house)
    assert (waiting["state"], waiting["tries"], waiting["log"][0]["status"]) == ("waiting", 1, 503)
    assert tell(house, receiver.port) == 0, "not before its pause is over"
    with house.registry.write() as c:
        c.execute(sa.update(deliveries).values(next_at=now() - timedelta(seconds=1)))
    tell(house, receiver.port)
    (done,) = log(house)
    assert (done["state"], [t["status"] for t in done["log"]]) == ("delivered", [503, 200])
    assert receiver.got[0][0]["affiche-delivery"] == receiver.got[1][0]["affiche-delivery"]
    assert house.http.post(f"/v1/deliveries/{done['id']}/replay").status_code == 202
    tell(house, receiver.port)
    assert len(receiver.got) == 3


def test_it_is_given_up_after_a_day_or_when_the_receiver_is_gone(house: Service, receiver: Receiver) -> None:
    hook(house, f"http://127.0.0.1:{receiver.port}/", kinds=["run.state"])
    brief(house)
    receiver.answers = [500] * 20
    for _ in range(webhooks.MAX_TRIES + 2):
        with house.registry.write() as c:
            c.execute(sa.update(deliveries).where(deliveries.c.state == "waiting").values(next_at=now() - timedelta(seconds=1)))
        tell(house, receiver.port)
    assert (log(house)[0]["state"], len(receiver.got)) == ("failed", webhooks.MAX_TRIES)
    receiver.answers = [410]
    brief(house)
    tell(house, receiver.port)
    assert (log(house)[0]["state"], log(house)[0]["tries"]) == ("failed", 1)


def test_private_addresses_are_never_told(house: Service, receiver: Receiver) -> None:
    hook(house, f"http://127.0.0.1:{receiver.port}/")
    hook(house, "http://169.254.169.254/latest/meta-data")
    brief(house)
    tell(house, port=1)
    assert {d["state"] for d in log(house)} == {"failed"}
    assert receiver.got == []
    for target in ("file:///etc/passwd", "ftp://x.example/", "https://user:pw@x.example/", "nothing"):
        assert house.http.post("/v1/webhooks", json={"target": target}).status_code == 400


def test_people_get_a_sentence(house: Service, receiver: Receiver) -> None:
    hook(house, f"http://127.0.0.1:{receiver.port}/T0/secret", channel="slack", kinds=["campaign.made"])
    hook(house, f"http://127.0.0.1:{receiver.port}/wf/secret", channel="teams", kinds=["campaign.made"])
    assert all("secret" not in h["target"] for h in house.http.get("/v1/webhooks").json()["items"])
    got: list[str] = []

    class Box:
        async def handle_DATA(self, server: object, session: object, envelope: object) -> str:
            got.append(envelope.content.decode())  # type: ignore[attr-defined]
            return "250 OK"

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    mail = Controller(Box(), hostname="127.0.0.1", port=port)
    mail.start()
    try:
        hook(house, "legal@example.com", channel="email", kinds=["campaign.made"])
        assert house.http.post("/v1/webhooks", json={"target": "a@b.c\nBcc: x@y.z", "channel": "email"}).status_code == 400
        brief(house)
        tell(house, receiver.port, smtp=f"127.0.0.1:{port}")
    finally:
        mail.stop()
    bodies = [json.loads(body) for _, body in receiver.got]
    assert any("was made" in b.get("text", "") for b in bodies)
    assert any("was made" in b["attachments"][0]["content"]["body"][0]["text"] for b in bodies if "attachments" in b)
    assert "Subject: Campaign cmp_" in got[0]
    assert {d["state"] for d in log(house)} == {"delivered"}


def test_a_signature_is_of_its_moment() -> None:
    assert not is_genuine(b"s", b"b", "", now=0)
    assert not is_genuine(b"s", b"b", "t=x,v1=y", now=0)
    assert is_genuine(b"s", b"b", signature(b"s", b"b", 1000), now=1000)
