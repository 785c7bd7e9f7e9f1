"""Pictures that exist can be taken for a wish of a campaign, instead of buying another."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
_TEXTS = (
    ("brand", 40), ("campaign", 40), ("product", 64), ("purpose", 20), ("wish", 80), ("picture", 80), ("bought_for", 64),
    ("bought_brand", 40), ("person", 40), ("withdrawn_by", 40),
)  # fmt: skip


def upgrade() -> None:
    """Creates the table."""
    op.create_table(
        "accepted_pictures",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("tenant", sa.String(length=40), nullable=False),
        *(sa.Column(name, sa.String(length=length), nullable=False) for name, length in _TEXTS),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accepted_pictures")),
    )
    for name in ("tenant", "brand", "campaign", "picture"):
        op.create_index(op.f(f"ix_accepted_pictures_{name}"), "accepted_pictures", [name], unique=False)
