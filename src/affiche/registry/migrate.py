"""Brings a registry to the newest schema: every migration in `migrations/versions`, forward only, each in one transaction."""

from __future__ import annotations

from importlib.resources import files

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from affiche.registry.open import Registry

#: Any number that is ours: processes that start together upgrade one after the other.
_LOCK = 0x41_46_46_49_43_48_45


def upgrade(registry: Registry, to: str = "head") -> str:
    """Upgrades and returns the revision that is now in place. Safe when several processes start at once."""
    with registry.write() as connection:
        if not registry.is_sqlite:
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        command.upgrade(_config(connection), to)
        return revision(connection)


def revision(connection: sa.Connection) -> str:
    """The revision of the schema, empty for an empty database."""
    return MigrationContext.configure(connection).get_current_revision() or ""


def newest() -> str:
    """The revision that this code needs."""
    return ScriptDirectory.from_config(_config(None)).get_current_head() or ""


def _config(connection: sa.Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(files("affiche.registry") / "migrations"))
    config.attributes["connection"] = connection
    return config
