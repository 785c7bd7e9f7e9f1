"""Tables of finding and of arriving: what can be searched by words, and what came in by itself, with what became of it."""

from __future__ import annotations

from sqlalchemy import Column, Integer, Table, Text, UniqueConstraint

from affiche.registry.tables.columns import METADATA, Sequence, id_column, moment, reference, tenant, text

#: One entry for each asset and campaign. `words`: as `registry/words.py` splits them, with spaces between. The full-text index
#: on it
#: (`search_fts...`) is made by a migration: FTS5 on SQLite, GIN on PostgreSQL.
search_entries = Table(
    "search_entries", METADATA,
    Column("seq", Sequence, primary_key=True, autoincrement=True), text("subject", 40), tenant(), reference("brand"),
    text("kind", 20), Column("words", Text, nullable=False, default=""),
    UniqueConstraint("subject"), sqlite_autoincrement=True,
)  # fmt: skip

#: A file that came by a folder, a prefix, an event or a URL. `place` and `name` say where it lies, `tag` which state of it was
#: seen
#: (entity tag, or size and time); `state`: taken, known (the same bytes are here), refused, failed (is tried again).
arrivals = Table(
    "arrivals", METADATA,
    id_column(), tenant(), reference("brand"), text("place", 500), text("name", 1000), text("tag", 200), text("digest", 80),
    text("state", 20, index=True), text("reason", 1000), text("hint", 500), text("asset", 40), text("campaign", 40),
    Column("tries", Integer, nullable=False, default=0),
    moment("created_at", nullable=False), moment("updated_at", nullable=False),
    UniqueConstraint("tenant", "place", "name"),
)  # fmt: skip
