"""Tables of review: decisions that bind to digests, and comments pinned to a point of a creative."""

from __future__ import annotations

from sqlalchemy import Column, Float, Index, Table

from affiche.registry.tables.columns import METADATA, id_column, moment, reference, tenant, text

#: A decision is never changed, only withdrawn. It holds for every creative with these three digests, and no other.
#: `stage`: creative, legal. `decision`: approved, rejected, changes.
approvals = Table(
    "approvals", METADATA,
    id_column(), tenant(), reference("brand"), reference("campaign"), reference("creative"),
    text("stage", 20), text("decision", 20), text("reason", 2000),
    text("file_digest", 80), text("copy_digest", 80), text("rules_digest", 80),
    text("person", 40), moment("created_at", nullable=False), moment("withdrawn_at"), text("withdrawn_by", 40),
)  # fmt: skip

#: `x`, `y`: fractions 0..1 of the creative from its top left; NULL = about the whole of it.
comments = Table(
    "comments", METADATA,
    id_column(), tenant(), reference("brand"), reference("campaign"), reference("creative"), reference("parent", nullable=True),
    Column("x", Float), Column("y", Float), text("text", 4000), text("file_digest", 80),
    text("person", 40), moment("created_at", nullable=False), moment("resolved_at"), text("resolved_by", 40),
)  # fmt: skip

Index("ix_approvals_digests", approvals.c.tenant, approvals.c.file_digest, approvals.c.copy_digest, approvals.c.rules_digest)
