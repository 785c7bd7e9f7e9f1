"""Seals everything anew under the ring's current key: documents, secrets of webhooks, remembered answers.

What is sealed is wrapped anew without being opened; documents from before there was a ring are sealed now. A row at a time, each
in a transaction of its own that changes only what was read: it may be ended and run again at any moment, beside a service.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

import sqlalchemy as sa

from affiche.ports import Sealer
from affiche.registry import sealing
from affiche.registry.open import Registry
from affiche.registry.scope import Row
from affiche.registry.tables.flow import remembered, webhooks
from affiche.registry.tables.material import brand_revisions
from affiche.registry.tables.work import campaign_revisions

_PAGE = 200


def reseal(registry: Registry, sealer: Sealer, *, documents: bool) -> Mapping[str, int]:
    """Rows sealed anew, by table. `documents`: seal those too that are not sealed yet. Raises SealBroken: its key is gone."""
    did: Counter[str] = Counter()
    names: Mapping[sa.Table, tuple[str, Callable[[Row], str]]] = {
        campaign_revisions: ("brief", lambda row: sealing.brief_name(row["campaign"], row["number"])),
        brand_revisions: ("document", lambda row: sealing.brand_name(row["brand"], row["number"])),
        webhooks: ("secret", lambda row: f"webhooks/{row['id']}/secret"),
    }
    for table, (column, about) in names.items():
        value, fresh = table.c[column], documents or table is webhooks
        old = sa.and_(value.is_not(None), table.c.sealed != sealer.key_id, sa.true() if fresh else table.c.sealed != "")
        while rows := _read(registry, sa.select(table).where(old).limit(_PAGE)):
            for row in rows:
                data = bytes(row[column])
                anew = sealer.rewrap(data) if row["sealed"] else sealer.seal(data, about=about(row))
                same = sa.and_(*(key == row[key.name] for key in table.primary_key), table.c.sealed == row["sealed"])
                did[table.name] += _write(registry, sa.update(table).where(same).values({column: anew, "sealed": sealer.key_id}))
    did[remembered.name] += _answers(registry, sealer)
    return did


def _answers(registry: Registry, sealer: Sealer) -> int:
    """Remembered answers have no column that names their key: all are looked at. Plain ones of before go by themselves."""
    did, after = 0, ""
    query = sa.select(remembered.c.name, remembered.c.answer).order_by(remembered.c.name).limit(_PAGE)
    while rows := _read(registry, query.where(remembered.c.name > after)):
        after = rows[-1]["name"]
        for row in rows:
            data = bytes(row["answer"] or b"")
            if data[:1] in (b"", b"{") or (anew := sealer.rewrap(data)) == data:
                continue
            same = (remembered.c.name == row["name"], remembered.c.answer == data)
            did += _write(registry, sa.update(remembered).where(*same).values(answer=anew))
    return did


def _read(registry: Registry, query: sa.Select[tuple[object, ...]]) -> list[Row]:
    with registry.read() as c:
        return [dict(row._mapping) for row in c.execute(query)]


def _write(registry: Registry, change: sa.Update) -> int:
    with registry.write() as c:
        return c.execute(change).rowcount
