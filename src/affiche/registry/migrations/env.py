"""What alembic runs: the migrations on the connection that `migrate.py` opened."""

from __future__ import annotations

from alembic import context

from affiche.registry.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA, compare_type=True)
with context.begin_transaction():
    context.run_migrations()
