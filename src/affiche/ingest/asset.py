"""A picture, font or feed in an inbox becomes an asset, with the record of rights beside it."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa

from affiche.errors import AfficheError, InputError, NotFound
from affiche.ingest import take
from affiche.ingest.dock import Dock, Taken, settle
from affiche.ingest.take import Arrived
from affiche.ports import Inbox, InboxFile
from affiche.registry import assets
from affiche.registry.scope import Row
from affiche.values.digest import digest_bytes
from affiche.values.rights import SUFFIX, Record, read_record

#: Largest file, and largest record of rights, bytes.
FILE_MAX, RECORD_MAX = 60_000_000, 100_000


def take_in(dock: Dock, inbox: Inbox, file: InboxFile, before: Row | None) -> Row:
    """What became of a file. Raises AssetError, InputError and what else stops it."""
    arrived = _read(dock, inbox, file, before)
    blob = digest_bytes(arrived.data)
    with dock.registry.read() as c:
        known = take.known(c, dock.scope, arrived.data, dock.brand)
    if known is not None:
        there = Taken(state="known", asset=known["id"])
        return settle(dock, inbox, file, lambda *_: there, digest=blob)
    looked = take.look(arrived, dock.blobs, dock.aside, dock.means)

    def keep(c: sa.Connection, _: Row | None) -> Taken:
        taken = take.keep(c, dock.scope, looked)
        return Taken(state="taken" if taken.new else "known", asset=str(taken.row["id"]))

    row = settle(dock, inbox, file, keep, digest=blob)
    dock.remember(looked)
    return row


def _read(dock: Dock, inbox: Inbox, file: InboxFile, before: Row | None) -> Arrived:
    """The file with the record of rights beside it. One of the same name as before is a new version of that asset."""
    data = inbox.read(file.name, max_bytes=FILE_MAX)
    name = file.name.rpartition("/")[2]
    source = f"{inbox.place}/{file.name}"
    arrived = Arrived(data=data, name=name, brand=dock.brand, source=source, reuse=True, replaces=_living(dock, before))
    record = _record(inbox, file.name)
    if record is None:
        return arrived
    if record.sha256 and record.sha256 != digest_bytes(data):
        raise InputError(f"the record of rights beside {name} is of another picture", hint="record the rights of this one")
    rights = {"licence": record.rights, "source": record.source, "generated": record.generated, "by": record.by}
    return replace(arrived, rights={key: value for key, value in rights.items() if value != ""}, until=record.until)


def _living(dock: Dock, before: Row | None) -> str:
    """The asset of the earlier state of a file, while it is not deleted."""
    if before is None or not before["asset"]:
        return ""
    try:
        with dock.registry.read() as c:
            return str(assets.living(c, dock.scope, before["asset"])["id"])
    except AfficheError:
        return ""


def _record(inbox: Inbox, name: str) -> Record | None:
    try:
        return read_record(inbox.read(name + SUFFIX, max_bytes=RECORD_MAX).decode("utf-8"))
    except NotFound:
        return None
    except ValueError as error:
        raise InputError(f"the record of rights beside {name} cannot be read: {error}", hint="mend the file") from None
