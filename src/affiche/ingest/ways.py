"""The ways in that an operator sets up: folders, prefixes and queues, each looked at in turn, for as long as somebody works.

`[BRAND=]PLACE`: a folder, `s3://bucket/prefix` (also az, gs, file), or `QUEUE_URL#s3://bucket/prefix` for the notices of that
bucket.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from affiche import inlets, wire
from affiche.errors import AfficheError, InputError, UsageError
from affiche.ingest import arrive
from affiche.ingest.aside import Aside
from affiche.ingest.dock import Dock
from affiche.ingest.embed import Meanings
from affiche.ingest.events import puts_in
from affiche.ingest.ready import remember
from affiche.ports import Inbox, Message, Queue
from affiche.registry import brands
from affiche.registry.open import Registry
from affiche.registry.scope import HOME_TENANT, Row, Scope
from affiche.settings import Settings

#: How often folders and prefixes are looked at, and how long a file of a folder must rest before it is taken, s.
EVERY_S, SETTLE_S = 5.0, 2.0
#: How long a queue is asked at once, s.
WAIT_S = 2

log = logging.getLogger("affiche.ingest")


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A place, and the slug of the brand that its files are for; `queue`: its notices say what is new there."""

    place: str
    brand: str = ""
    queue: str = ""


def way_of(text: str) -> Way:
    """The way that a setting names. Raises UsageError."""
    brand, equals, place = text.partition("=")
    if not equals or "/" in brand or ":" in brand:
        brand, place = "", text
    queue, hash_, place_of = place.partition("#")
    if hash_ and not (queue.startswith(("https://", "http://")) and place_of.startswith("s3://")):
        raise UsageError(f"{text[:120]!r} is no way in", hint="a folder, s3://bucket/prefix, or QUEUE_URL#s3://bucket/prefix")
    return Way(place=place_of, brand=brand, queue=queue) if hash_ else Way(place=place, brand=brand)


def dock(
    settings: Settings, registry: Registry, aside: Aside, meanings: Meanings, *, brand: str = "", run: bool = True
) -> Dock:
    """Where files of a brand (its slug or id) come in. Raises NotFound."""
    scope = Scope(tenant=HOME_TENANT, actor="ingest")
    with registry.read() as c:
        of = str(brands.named(c, scope, brand)["id"]) if brand else ""
    return Dock(
        registry=registry, blobs=wire.blobs(settings), aside=aside, scope=scope, brand=of, run=run,
        means=meanings.if_set_up, remember=partial(remember, settings=settings),
    )  # fmt: skip


def inbox_of(place: str, settings: Settings, *, settle_s: float = SETTLE_S) -> Inbox:
    """The inbox at a place. Raises UsageError."""
    if "://" in place:
        return inlets.prefix_inbox(place, settings)
    return inlets.folder_inbox(Path(place).expanduser(), settle_s=settle_s)


def heard(at: Dock, queue: Queue, inbox: Inbox, *, wait_s: int = WAIT_S) -> Iterator[Row]:
    """What became of the files that a queue tells of, one batch. A message is ended when all its files are settled.

    What failed, and what is no notice of this inbox, comes again, and is put aside by the queue after some tries. Raises
    StorageError.
    """
    for message in queue.receive(wait_s=wait_s):
        rows, settled = _told(at, message, inbox)
        yield from rows
        if settled:
            queue.done(message)


def _told(at: Dock, message: Message, inbox: Inbox) -> tuple[list[Row], bool]:
    rows: list[Row] = []
    try:
        names = [_name(put.bucket, put.key, inbox.place) for put in puts_in(message.body)]
    except InputError as error:
        log.warning("a message of the queue is left for its dead letters: %s", error)
        return [], False
    for name in names:
        file = inbox.find(name)
        if file is None or arrive.is_beside(name):
            continue  # deleted meanwhile, or taken with its own
        row = arrive.one(at, inbox, file)
        rows += [row] if row is not None else []
    return rows, all(row["state"] != "failed" for row in rows)


def _name(bucket: str, key: str, place: str) -> str:
    """The name in the inbox of an object. Raises InputError when it lies elsewhere."""
    whole, start = f"s3://{bucket}/{key}", place.rstrip("/") + "/"
    if not whole.startswith(start):
        raise InputError(f"{bucket} is not what this queue tells of")
    return whole.removeprefix(start)


class Doorman:
    """Looks at every way in again and again, in a thread, until it is stopped. One that is away does not stop the others."""

    def __init__(self, settings: Settings, registry: Registry) -> None:
        self._settings, self._registry = settings, registry
        self._ways = [way_of(text) for text in settings.ingest]
        self._stop, self._aside, self._meanings = threading.Event(), Aside(), Meanings(settings)
        self._thread = threading.Thread(target=self._watch, name="ingest", daemon=True)

    def start(self) -> None:
        """Nothing happens where no way is set."""
        if self._ways:
            self._thread.start()

    def stop(self) -> None:
        """Ends after the file at hand."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(30)
        self._aside.close()
        self._meanings.close()

    def _watch(self) -> None:
        while not self._stop.is_set():
            for way in self._ways:
                self._look(way)
            self._stop.wait(EVERY_S)

    def _look(self, way: Way) -> None:
        try:
            at = dock(self._settings, self._registry, self._aside, self._meanings, brand=way.brand)
            inbox = inbox_of(way.place, self._settings)
            for row in heard(at, inlets.queue(way.queue), inbox) if way.queue else arrive.all_of(at, inbox):
                log.info("%s/%s: %s %s", row["place"], row["name"], row["state"], row["reason"])
                if self._stop.is_set():
                    return
        except AfficheError as error:
            log.warning("%s: %s", way.place, error.public)
        except Exception:
            log.exception("%s cannot be looked at", way.place)
