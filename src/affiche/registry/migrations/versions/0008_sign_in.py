"""Signing in: passwords of people, when a session was last used, tickets that work once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0008"
down_revision = "0007"

_JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Adds the columns and the table. Sessions of before, which nobody could have made, end."""
    op.add_column("people", sa.Column("password", sa.String(length=300), nullable=False, server_default=""))
    op.create_index("ix_people_login", "people", ["issuer", "subject"])
    op.add_column("sessions", sa.Column("seen_at", sa.BigInteger(), nullable=True))
    op.create_table(
        "tickets",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("person", sa.String(length=40), nullable=True),
        sa.Column("data", _JSON, nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tickets")),
    )
    for column in ("tenant", "person", "expires_at"):
        op.create_index(op.f(f"ix_tickets_{column}"), "tickets", [column], unique=False)
