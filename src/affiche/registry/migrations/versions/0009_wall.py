"""Creatives can be searched by their words and compared by their look."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
#: The order of the wall, and what counting and access need, so that rows are not read for it.
_INDEX = ("campaign", "current", "product", "placement", "locale", "variant", "status", "tenant", "brand", "width", "height")


def upgrade() -> None:
    """Adds the columns, fills `search` of what is there, and indexes the order of the wall."""
    op.add_column("creatives", sa.Column("search", sa.String(4000), nullable=False, server_default=""))
    op.add_column("creatives", sa.Column("look", sa.String(200), nullable=False, server_default=""))
    op.create_index("ix_creatives_wall", "creatives", list(_INDEX))
    bind = op.get_bind()
    for id, product, locale, placement, document in list(
        bind.execute(sa.text("SELECT id, product, locale, placement, document FROM creatives"))
    ):
        read = json.loads(document) if isinstance(document, str) else document or {}
        words = " ".join([product, locale, placement, *map(str, (read.get("words") or {}).values())]).casefold()
        bind.execute(sa.text("UPDATE creatives SET search = :words WHERE id = :id"), {"words": words[:4000], "id": id})
