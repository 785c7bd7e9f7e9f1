"""Column types and the columns that most tables have. Times are whole microseconds since 1970, UTC: equal on both databases."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Dialect, Integer, MetaData, String, TypeDecorator
from sqlalchemy.dialects.postgresql import JSONB

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

#: Plain JSON data.
Json: Any = JSON().with_variant(JSONB(), "postgresql")
#: A number that counts up by itself; SQLite wants its own word for that.
Sequence: Any = BigInteger().with_variant(Integer(), "sqlite")


class Instant(TypeDecorator[datetime]):
    """A moment: an aware datetime in Python, microseconds since 1970 in the database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return round(value.timestamp() * 1_000_000)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else datetime.fromtimestamp(value / 1_000_000, UTC)


def id_column() -> Column[str]:
    """The primary key: an id with a prefix."""
    return Column("id", String(40), primary_key=True)


def text(name: str, length: int = 200, *, default: str | None = "", index: bool = False) -> Column[str]:
    """Text that is never NULL."""
    return Column(name, String(length), nullable=False, default=default, index=index)


def reference(name: str, *, index: bool = True, nullable: bool = False) -> Column[str]:
    """The id of another row. No foreign keys: erasing a tenant and retention work table by table."""
    return Column(name, String(40), nullable=nullable, index=index)


def tenant() -> Column[str]:
    """Whose row it is. Never empty."""
    return Column("tenant", String(40), nullable=False, index=True)


def moment(name: str, *, nullable: bool = True, index: bool = False) -> Column[datetime]:
    """A moment."""
    return Column(name, Instant, nullable=nullable, index=index)


def json(name: str, *, default: Any = dict) -> Column[Any]:
    """Plain JSON data, `{}` (or `[]`) when nothing is said."""
    return Column(name, Json, nullable=False, default=default)
