"""Double: a provider of pictures that is none: a real HTTP server on loopback that draws, fails, queues and writes bills.

Theory of operation. Each simulated provider is a server of its own, in a thread, on a port of its own, with an account in a
folder: `bills.jsonl` (a line for each picture charged, written before anything is answered) and `jobs/` (what was accepted).
So it remembers over a kill of its own process what a provider elsewhere would remember: which keys it has billed, which
jobs it holds. A prompt with the words "simulate a refusal" is refused; with "simulate letters" the first picture that a server
gives has words in it. Nothing leaves the machine, and no key is needed.
"""

from __future__ import annotations

import base64
import json
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, cast

from affiche.adapters.imagers.drawing import drawn, seed_of
from affiche.values.digest import Digest
from affiche.values.geometry import Size
from affiche.values.imagery import ImageRequest, Margins, Operation, Reference, ReferenceRole

_REFUSE, _LETTERS = "simulate a refusal", "simulate letters"
_ROLES: tuple[ReferenceRole, ...] = ("source", "product", "style", "structure")


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How one behaves. `fails_every`: 503 at every so-manieth call (0: never); `jobs`: has a queue.

    `once`: a key that was billed is not billed again; `latency_s`: how long a picture takes; `price` of each, USD.
    """

    fails_every: int = 0
    jobs: bool = False
    once: bool = False
    latency_s: float = 0.1
    price: float = 0.05


MANNERS = {
    "simulated-swift": Manner(fails_every=3, latency_s=0.05, price=0.02),
    "simulated-steady": Manner(once=True),
    "simulated-grand": Manner(jobs=True, latency_s=0.3, price=0.2),
}


class Double:
    """A running server of `provider`, until `close`. `folder`: where its account lies; `latency_s` instead of its own."""

    def __init__(self, provider: str, folder: Path, latency_s: float | None = None) -> None:
        self.provider, self.manner = provider, MANNERS.get(provider, Manner())
        self.latency_s = self.manner.latency_s if latency_s is None else latency_s
        self._account = folder / provider
        self._calls, self._written, self._lock = 0, False, threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _Talk)
        self._server.double = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), name=provider, daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self._server.server_address[1]}"

    @property
    def url(self) -> str:
        return f"http://{self.address}/"

    @property
    def bills(self) -> list[str]:
        """The keys of all pictures that were charged, in the order of the bills."""
        path = self._account / "bills.jsonl"
        return [json.loads(line)["key"] for line in path.read_text().splitlines()] if path.exists() else []

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    # -- what is answered: (status, JSON or a picture)

    def asked(self, path: str, sent: dict[str, Any]) -> tuple[int, Any]:
        """The one request that costs money."""
        if path != ("/v1/jobs" if self.manner.jobs else "/v1/pictures"):
            return 404, _error("not_found", "nobody listens here")
        if _REFUSE in str(sent["prompt"]).lower():
            return 400, _error("content_policy", f"{self.provider} refuses this prompt")
        with self._lock:
            self._calls += 1
            if self.manner.fails_every and self._calls % self.manner.fails_every == 0:
                return 503, _error("unavailable", "a simulated outage")
            words = "FRESH SUMMER" if _LETTERS in str(sent["prompt"]).lower() and not self._written else ""
            self._written = self._written or bool(words)
            self._charge(str(sent["key"]), str(sent["operation"]))
            job = self._accept(sent) if self.manner.jobs else ""
        if job:
            return 202, {"job": job, "state": "queued"}
        time.sleep(self.latency_s)
        request = _request(sent)
        picture = base64.b64encode(drawn(request, f"{self.provider} / {sent['model']}", words=words)).decode()
        return 200, {"picture": picture, "seed": seed_of(request), "cost": self.manner.price}

    def looked(self, path: str) -> tuple[int, Any]:
        """What is free: health, jobs, finished pictures."""
        kind, _, job = path.removeprefix("/").removeprefix("v1/").partition("/")
        if kind == "health":
            return 200, {"state": "ok"}
        kept = self._account / "jobs" / f"{job}.json"
        if kind not in ("jobs", "files") or not job.isalnum() or not kept.exists():
            return 404, _error("not_found", "there is no such job")
        sent = json.loads(kept.read_text())
        if time.time() < sent["accepted"] + self.latency_s:
            return 200, {"job": job, "state": "working"}
        request = _request(sent)
        if kind == "files":
            return 200, drawn(request, f"{self.provider} / {sent['model']}")
        return 200, {"state": "done", "picture": f"{self.url}files/{job}", "seed": seed_of(request), "cost": self.manner.price}

    def _charge(self, key: str, operation: str) -> None:
        if self.manner.once and key in self.bills:
            return
        self._account.mkdir(parents=True, exist_ok=True)
        with (self._account / "bills.jsonl").open("a") as bills:
            bills.write(json.dumps({"key": key, "operation": operation, "price": self.manner.price}) + "\n")

    def _accept(self, sent: dict[str, Any]) -> str:
        jobs = self._account / "jobs"
        jobs.mkdir(parents=True, exist_ok=True)
        job = f"{str(sent['key'])[:24]}{len(list(jobs.iterdir())):04d}"
        unfinished = jobs / f"{job}.part"
        unfinished.write_text(json.dumps({**sent, "accepted": time.time()}))
        unfinished.rename(jobs / f"{job}.json")
        return job


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    double: Double

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away in the middle is none of our business."""


class _Talk(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self._answer(*self._double.asked(self.path, json.loads(body)))

    def do_GET(self) -> None:
        self._answer(*self._double.looked(self.path))

    @property
    def _double(self) -> Double:
        return cast(_Server, self.server).double

    def _answer(self, status: int, told: Any) -> None:
        picture = isinstance(told, bytes)
        data = told if picture else json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "image/png" if picture else "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the journal tells what was asked."""


def _request(sent: dict[str, Any]) -> ImageRequest:
    """What is to be drawn."""
    given = [(role, base64.b64decode(sent[role])) for role in _ROLES if role in sent]
    sides = {side: int(sent.get(side, 0)) for side in ("left", "top", "right", "bottom")}
    return ImageRequest(
        key=Digest(sent["key"]), operation=cast(Operation, sent["operation"]), prompt=sent["prompt"],
        size=Size(width=int(sent["width"]), height=int(sent["height"])), seed=sent.get("seed"),
        references=tuple(Reference(data=data, media_type="image/png", role=role) for role, data in given),
        mask=base64.b64decode(sent["mask"]) if "mask" in sent else None,
        margins=Margins(**sides) if any(sides.values()) else None,
        transparent=bool(sent.get("transparent")), colors=tuple(sent.get("colors", ())),
    )  # fmt: skip


def _error(code: str, message: str) -> dict[str, Any]:
    return {"error": {"code": code, "message": message}}
