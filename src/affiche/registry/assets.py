"""Assets and uploads in progress."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from affiche.errors import Conflict
from affiche.registry import events, relations, search, vectors
from affiche.registry.ids import new_id
from affiche.registry.scope import Row, Scope, now, one
from affiche.registry.tables.material import assets, uploads

#: How long an upload may take.
UPLOAD_KEPT = timedelta(days=1)


def add(
    connection: sa.Connection, scope: Scope, *, brand: str, name: str, blob: str, facts: Mapping[str, Any], replaces: str = ""
) -> Row:
    """A new asset whose bytes are stored. `facts`: the other columns (kind, media_type, width, ...).

    `replaces`: the asset that this is a new version of; it keeps its tags and rights unless `facts` say others. Raises NotFound,
    Conflict.
    """
    moment, before = now(), living(connection, scope, replaces) if replaces else None
    row = {
        "id": new_id("ast"), "tenant": scope.tenant, "brand": brand, "name": name, "blob": blob, "state": "ready",
        "created_by": scope.actor, "created_at": moment, "updated_at": moment, **_inherited(before), **facts,
    }  # fmt: skip
    connection.execute(sa.insert(assets).values(**row))
    if before is not None:
        relations.relate(connection, scope.tenant, row["id"], "version-of", [before["id"]])
    made = one(connection, scope, assets, id=row["id"], what="asset")
    search.put(connection, made, "asset", search.texts_of_asset(made))
    events.append(connection, scope.tenant, "asset.ready", brand=brand, actor=scope.actor, data={"id": row["id"], "name": name})
    return made


def _inherited(before: Row | None) -> dict[str, Any]:
    """What a new version has of the one before."""
    if before is None:
        return {}
    kept = {name: before[name] for name in ("brand", "tags", "rights", "rights_expire_at")}
    return {**kept, "version": before["version"] + 1, "previous": before["id"]}


def change(connection: sa.Connection, scope: Scope, id: str, values: Mapping[str, Any]) -> Row:
    """Changes what people say of an asset: its name, tags, focal point, rights. Raises NotFound."""
    living(connection, scope, id)
    connection.execute(sa.update(assets).where(assets.c.id == id).values(**values, updated_at=now()))
    row = one(connection, scope, assets, id=id, what="asset")
    search.put(connection, row, "asset", search.texts_of_asset(row))
    return row


def remove(connection: sa.Connection, scope: Scope, id: str) -> None:
    """Marks an asset as deleted: briefs can no longer name it; its bytes stay while needed. Raises NotFound, Conflict."""
    row = living(connection, scope, id)
    if row["legal_hold"]:
        raise Conflict("this asset is under legal hold")
    connection.execute(sa.update(assets).where(assets.c.id == id).values(state="deleted", deleted_at=now(), updated_at=now()))
    search.remove(connection, id)
    vectors.remove(connection, id)
    events.append(connection, scope.tenant, "asset.deleted", brand=row["brand"], actor=scope.actor, data={"id": id})


def living(connection: sa.Connection, scope: Scope, id: str) -> Row:
    """An asset that is not deleted. Raises NotFound, Conflict."""
    row = one(connection, scope, assets, id=id, what="asset")
    if row["state"] == "deleted":
        raise Conflict("this asset is deleted")
    return row


def same(connection: sa.Connection, scope: Scope, blob: str) -> list[str]:
    """The ids of living assets in reach with exactly these bytes."""
    wanted = (scope.on(assets), assets.c.blob == blob, assets.c.state != "deleted")
    return [row.id for row in connection.execute(sa.select(assets.c.id).where(*wanted).order_by(assets.c.id))]


def begin(connection: sa.Connection, scope: Scope, *, brand: str, name: str, size: int, sha256: str) -> Row:
    """A new upload of `size` bytes; `sha256` may be empty."""
    moment = now()
    id = new_id("upl")
    row = {
        "id": id, "tenant": scope.tenant, "brand": brand, "name": name, "bytes": size, "sha256": sha256,
        "state": "open", "created_by": scope.actor, "created_at": moment, "expires_at": moment + UPLOAD_KEPT,
    }  # fmt: skip
    connection.execute(sa.insert(uploads).values(**row))
    return one(connection, scope, uploads, id=id, what="upload")


def put_part(connection: sa.Connection, upload: Row, *, offset: int, blob: str, size: int) -> bool:
    """Notes a part that is stored. False when another one was quicker: ask how far the upload is."""
    same_place = (uploads.c.id == upload["id"], uploads.c.received == offset, uploads.c.state == "open")
    new = {"received": offset + size, "parts": [*upload["parts"], blob]}
    return connection.execute(sa.update(uploads).where(*same_place).values(**new)).rowcount == 1


def finish(connection: sa.Connection, upload: str, asset: str) -> None:
    """The upload has become an asset."""
    connection.execute(sa.update(uploads).where(uploads.c.id == upload).values(state="done", asset=asset))


def rights(until: datetime | None, said: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of an asset's rights."""
    return {"rights": dict(said), "rights_expire_at": until}
