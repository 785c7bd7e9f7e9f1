"""Tables of what flows: events for who watches, the outbox for the engine, notices, remembered answers, workers."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
)

from affiche.registry.tables.columns import (
    METADATA,
    Sequence,
    id_column,
    json,
    moment,
    reference,
    tenant,
    text,
)

#: Append-only; `seq` is the id that SSE clients come back with. `kind`: `run.state`, `run.progress`, `approval.made`, ...
events = Table(
    "events", METADATA,
    Column("seq", Sequence, primary_key=True, autoincrement=True), tenant(), text("brand", 40),
    reference("campaign", nullable=True), reference("run", nullable=True), text("kind", 60), text("actor", 40),
    json("data"), moment("at", nullable=False, index=True),
    sqlite_autoincrement=True,
)  # fmt: skip

#: What the engine must hear of, written in the transaction that decided it. `kind`: `run.submit`, `run.wish`, ...;
#: `subject` its id. A taken row that is not done when `taken_until` passes is given to another;
#: handling it twice must be harmless.
outbox = Table(
    "outbox", METADATA,
    Column("seq", Sequence, primary_key=True, autoincrement=True), tenant(), text("kind", 60), reference("subject", index=False),
    json("data"), Column("priority", Integer, nullable=False, default=5),
    moment("created_at", nullable=False), moment("available_at", nullable=False),
    text("taken_by", 80), moment("taken_until"), Column("tries", Integer, nullable=False, default=0),
    moment("done_at"), text("error", 1000),
    sqlite_autoincrement=True,
)  # fmt: skip

#: Whom to tell. `channel`: webhook, slack, teams, email. `target`: a URL, or an address. `secret` signs; `sealed`
#: names the key it is encrypted with.
webhooks = Table(
    "webhooks", METADATA,
    id_column(), tenant(), text("brand", 40, default="*"), text("channel", 20), text("target", 2000), text("name"),
    Column("secret", LargeBinary), text("sealed", 80), json("kinds", default=list),
    Column("active", Boolean, nullable=False, default=True),
    #: Events up to this one are turned into deliveries.
    Column("seen", Sequence, nullable=False, default=0),
    text("created_by", 40), moment("created_at", nullable=False), moment("updated_at", nullable=False),
)  # fmt: skip

#: Every attempt is a row of `log`. `state`: waiting, delivered, failed (given up).
deliveries = Table(
    "deliveries", METADATA,
    id_column(), tenant(), reference("webhook"), Column("event", Sequence, nullable=False), text("state", 20),
    Column("tries", Integer, nullable=False, default=0), moment("next_at"), json("log", default=list),
    #: 0 = the first delivery; each replay counts up.
    Column("replay", Integer, nullable=False, default=0), moment("created_at", nullable=False), moment("done_at"),
    UniqueConstraint("webhook", "event", "replay"),
)  # fmt: skip

#: Answers to requests with an Idempotency-Key. `answer` is NULL while the first one is being worked on.
remembered = Table(
    "remembered", METADATA,
    Column("name", String(320), primary_key=True), tenant(), text("request", 80), Column("status", Integer),
    json("headers"), Column("answer", LargeBinary),
    moment("created_at", nullable=False), moment("expires_at", nullable=False, index=True),
)  # fmt: skip

#: Workers as they say of themselves, for people to look at; the engine's leases decide who lives. A row stays a while after its
#: worker fell silent. `work`: what it has in hand. Moments are those of the database, so that hosts need not agree on the time.
workers = Table(
    "workers", METADATA,
    Column("id", String(80), primary_key=True), text("host", 255), Column("pid", Integer, nullable=False), text("version", 80),
    Column("processes", Integer, nullable=False), Column("lease_s", Integer, nullable=False),
    Column("draining", Boolean, nullable=False, default=False), json("work", default=list),
    Column("steps", BigInteger, nullable=False, default=0), moment("since", nullable=False), moment("seen_at", nullable=False),
)  # fmt: skip

Index("ix_outbox_waiting", outbox.c.done_at, outbox.c.priority, outbox.c.seq)
Index("ix_events_run_seq", events.c.run, events.c.seq)
Index("ix_events_tenant_seq", events.c.tenant, events.c.seq)
Index("ix_deliveries_due", deliveries.c.state, deliveries.c.next_at)
