"""Pages that show the newest of many creatives, or count them by day, read an index and no rows."""

from __future__ import annotations

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Adds the id to the index of what is current, and an index of days."""
    op.drop_index("ix_creatives_campaign_current", "creatives")
    op.create_index("ix_creatives_campaign_current", "creatives", ["campaign", "current", "id"])
    op.create_index("ix_creatives_days", "creatives", ["tenant", "current", "created_at", "status", "brand"])
