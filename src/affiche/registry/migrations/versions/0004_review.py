"""Tables of review: first version."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Creates the tables."""
    _approvals()
    _comments()


def _approvals() -> None:
    op.create_table(
        "approvals",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("brand", sa.String(length=40), nullable=False),
        sa.Column("campaign", sa.String(length=40), nullable=False),
        sa.Column("creative", sa.String(length=40), nullable=False),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("decision", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("file_digest", sa.String(length=80), nullable=False),
        sa.Column("copy_digest", sa.String(length=80), nullable=False),
        sa.Column("rules_digest", sa.String(length=80), nullable=False),
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_at", sa.BigInteger(), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approvals")),
    )
    op.create_index(op.f("ix_approvals_brand"), "approvals", ["brand"], unique=False)
    op.create_index(op.f("ix_approvals_campaign"), "approvals", ["campaign"], unique=False)
    op.create_index(op.f("ix_approvals_creative"), "approvals", ["creative"], unique=False)
    op.create_index(
        "ix_approvals_digests", "approvals", ["tenant", "file_digest", "copy_digest", "rules_digest"], unique=False
    )
    op.create_index(op.f("ix_approvals_tenant"), "approvals", ["tenant"], unique=False)


def _comments() -> None:
    op.create_table(
        "comments",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("brand", sa.String(length=40), nullable=False),
        sa.Column("campaign", sa.String(length=40), nullable=False),
        sa.Column("creative", sa.String(length=40), nullable=False),
        sa.Column("parent", sa.String(length=40), nullable=True),
        sa.Column("x", sa.Float(), nullable=True),
        sa.Column("y", sa.Float(), nullable=True),
        sa.Column("text", sa.String(length=4000), nullable=False),
        sa.Column("file_digest", sa.String(length=80), nullable=False),
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("resolved_at", sa.BigInteger(), nullable=True),
        sa.Column("resolved_by", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comments")),
    )
    op.create_index(op.f("ix_comments_brand"), "comments", ["brand"], unique=False)
    op.create_index(op.f("ix_comments_campaign"), "comments", ["campaign"], unique=False)
    op.create_index(op.f("ix_comments_creative"), "comments", ["creative"], unique=False)
    op.create_index(op.f("ix_comments_parent"), "comments", ["parent"], unique=False)
    op.create_index(op.f("ix_comments_tenant"), "comments", ["tenant"], unique=False)
