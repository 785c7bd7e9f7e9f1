"""Search entries with a full-text index, arrivals, where assets are used; filled from what is there."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

from affiche.registry.ids import new_id
from affiche.registry.search import texts_of_asset
from affiche.registry.words import words_of

revision = "0007"
down_revision = "0006"

_COUNT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Creates the tables and the index, and fills them."""
    _entries()
    _arrivals()
    _fill()
    _uses()
    _index()


def _entries() -> None:
    op.create_table(
        "search_entries",
        sa.Column("seq", _COUNT, autoincrement=True, nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("brand", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_search_entries")),
        sa.UniqueConstraint("subject", name=op.f("uq_search_entries_subject")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_search_entries_brand"), "search_entries", ["brand"], unique=False)
    op.create_index(op.f("ix_search_entries_tenant"), "search_entries", ["tenant"], unique=False)


def _arrivals() -> None:
    texts = (("place", 500), ("name", 1000), ("tag", 200), ("digest", 80), ("state", 20), ("reason", 1000), ("hint", 500))
    op.create_table(
        "arrivals",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("brand", sa.String(length=40), nullable=False),
        *(sa.Column(name, sa.String(length=length), nullable=False) for name, length in texts),
        sa.Column("asset", sa.String(length=40), nullable=False),
        sa.Column("campaign", sa.String(length=40), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrivals")),
        sa.UniqueConstraint("tenant", "place", "name", name=op.f("uq_arrivals_tenant_place_name")),
    )
    for name in ("brand", "state", "tenant"):
        op.create_index(op.f(f"ix_arrivals_{name}"), "arrivals", [name], unique=False)


def _fill() -> None:
    """An entry for each asset that is not deleted, and for each campaign."""
    c = op.get_bind()
    living = "SELECT id, tenant, brand, name, kind, tags, metadata, rights, source FROM assets WHERE state <> 'deleted'"
    for row in c.execute(sa.text(living)).mappings().all():
        plain = {**row, **{name: _json(row[name]) for name in ("tags", "metadata", "rights")}}
        _entry(c, plain, "asset", texts_of_asset(plain))
    for row in c.execute(sa.text("SELECT id, tenant, brand, slug, name, search FROM campaigns")).mappings().all():
        _entry(c, dict(row), "campaign", [row["slug"], row["name"], row["search"]])


def _entry(c: sa.Connection, row: dict[str, Any], kind: str, texts: list[str]) -> None:
    new = {"s": row["id"], "t": row["tenant"], "b": row["brand"], "k": kind, "w": " ".join(words_of(*texts))}
    c.execute(sa.text("INSERT INTO search_entries (subject, tenant, brand, kind, words) VALUES (:s, :t, :b, :k, :w)"), new)


def _uses() -> None:
    """Which assets each campaign's revisions name."""
    c = op.get_bind()
    known = {tuple(row) for row in c.execute(sa.text("SELECT asset, other FROM asset_relations WHERE relation = 'used-in'"))}
    add = "INSERT INTO asset_relations (id, tenant, asset, relation, other, created_at) VALUES (:i, :t, :a, 'used-in', :o, :n)"
    rows = c.execute(sa.text("SELECT campaign, tenant, assets, created_at FROM campaign_revisions")).all()
    for campaign, tenant, assets, moment in rows:
        for asset in {name.partition(".")[0] for name in _json(assets)}:
            if (asset, campaign) not in known:
                known.add((asset, campaign))
                c.execute(sa.text(add), {"i": new_id("rel"), "t": tenant, "a": asset, "o": campaign, "n": moment})


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str | bytes) else value


def _index() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE INDEX search_fts_words ON search_entries USING gin (array_to_tsvector(string_to_array(words, ' ')))"
        )
        return
    op.execute(
        "CREATE VIRTUAL TABLE search_fts USING fts5(words, content='search_entries', content_rowid='seq', "
        "tokenize=\"unicode61 remove_diacritics 0 categories 'L* N* Co M*'\")"
    )
    op.execute("INSERT INTO search_fts(search_fts) VALUES ('rebuild')")
    new = "INSERT INTO search_fts(rowid, words) VALUES (new.seq, new.words);"
    old = "INSERT INTO search_fts(search_fts, rowid, words) VALUES ('delete', old.seq, old.words);"
    for event, body in (("INSERT", new), ("DELETE", old), ("UPDATE", old + " " + new)):
        op.execute(f"CREATE TRIGGER search_fts_{event.lower()} AFTER {event} ON search_entries BEGIN {body} END")
