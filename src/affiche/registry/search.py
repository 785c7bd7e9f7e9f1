"""Finding by words: assets and campaigns behind one verb, with FTS5 on SQLite and a GIN index over `tsvector` on PostgreSQL.

Both get words that `words.py` has split, so that they find the same. Every word of a search must begin a word of the entry;
words of
scripts without spaces are pairs of characters and match whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import Any

import sqlalchemy as sa

from affiche.registry.scope import Row, Scope
from affiche.registry.tables.search import search_entries as table
from affiche.registry.words import words_of

#: So many words of a search count.
_ASKED = 12
_BEST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An entry that was found; `score`: higher is better, comparable within one answer only."""

    subject: str
    kind: str
    score: float


def put(connection: sa.Connection, row: Row, kind: str, texts: Iterable[str]) -> None:
    """The entry of an asset or campaign (a row with id, tenant, brand), new or instead of the one before."""
    words = " ".join(words_of(*texts))
    same = sa.update(table).where(table.c.subject == row["id"]).values(words=words, brand=row["brand"])
    if not connection.execute(same).rowcount:
        new = {"subject": row["id"], "tenant": row["tenant"], "brand": row["brand"], "kind": kind, "words": words}
        connection.execute(sa.insert(table).values(**new))


def remove(connection: sa.Connection, subject: str) -> None:
    """What is deleted is not found any more."""
    connection.execute(sa.delete(table).where(table.c.subject == subject))


def texts_of_asset(row: Row) -> list[str]:
    """What an asset is found by: name, tags, what its file says of itself, its rights, where it came from."""
    said = row["metadata"] or {}
    told = [value for part in ("exif", "iptc", "xmp") for value in (said.get(part) or {}).values()]
    flat = [text for value in told for text in (value if isinstance(value, list) else [value]) if isinstance(text, str)]
    rights = [value for value in (row["rights"] or {}).values() if isinstance(value, str)]
    stem = row["name"].replace("_", " ").replace("-", " ")
    return [row["name"], stem, *row["tags"], row["kind"], *flat, *rights, row["source"], row["id"]]


def condition(connection: sa.Connection, column: sa.ColumnElement[str], text: str) -> sa.ColumnElement[bool]:
    """Whether the entry of the row with this id holds all words of `text`; true when it has none."""
    asked = words_of(text)[:_ASKED]
    if not asked:
        return sa.true() if not text.strip() else sa.false()
    return column.in_(_matching(connection, asked))


def found(connection: sa.Connection, scope: Scope, text: str, *, kind: str = "", limit: int = 50) -> list[Hit]:
    """The entries that hold all words of `text`, best first."""
    asked = words_of(text)[:_ASKED]
    if not asked:
        return []
    where = [scope.on(table), *([table.c.kind == kind] if kind else [])]
    rank, source, match = _ranked(connection, asked)
    query = sa.select(table.c.subject, table.c.kind, rank.label("score")).select_from(source).where(match, *where)
    rows = connection.execute(query.order_by(sa.desc("score"), table.c.subject.desc()).limit(min(limit, _BEST)))
    return [Hit(subject=row.subject, kind=row.kind, score=round(float(row.score), 6)) for row in rows]


def alike(connection: sa.Connection, scope: Scope, subject: str, *, limit: int = 10) -> list[tuple[str, float, list[str]]]:
    """Entries of the same kind that share words with `subject`: (id, likeness 0..1, the words that count most), best first.

    Words that many entries have count little (inverse document frequency). Reads every entry of the kind: for tens of thousands.
    """
    mine = connection.execute(sa.select(table).where(table.c.subject == subject, scope.on(table))).first()
    if mine is None:
        return []
    others = sa.select(table.c.subject, table.c.words).where(scope.on(table), table.c.kind == mine.kind)
    entries = {row.subject: frozenset(row.words.split()) for row in connection.execute(others)}
    counts = Counter(word for words in entries.values() for word in words)
    weights = {word: log((1 + len(entries)) / (1 + count)) + 0.05 for word, count in counts.items()}
    rated = [(id, *_shared(entries[subject], words, weights)) for id, words in entries.items() if id != subject]
    best = sorted((row for row in rated if row[1] > 0), key=lambda row: (-row[1], row[0]))
    return best[:limit]


def _shared(one: frozenset[str], other: frozenset[str], weights: Mapping[str, float]) -> tuple[float, list[str]]:
    both = one & other
    whole = sum(weights[word] for word in one | other)
    top = sorted(both, key=lambda word: (-weights[word], word))[:6]
    return (round(sum(weights[word] for word in both) / whole, 4) if whole else 0.0), top


def _matching(connection: sa.Connection, asked: Sequence[str]) -> sa.Select[Any]:
    _, source, match = _ranked(connection, asked)
    return sa.select(table.c.subject).select_from(source).where(match)


def _ranked(
    connection: sa.Connection, asked: Sequence[str]
) -> tuple[sa.ColumnElement[float], sa.FromClause, sa.ColumnElement[bool]]:
    """The score, what to select from, and the condition, for this database."""
    if connection.dialect.name == "sqlite":
        index = sa.table("search_fts", sa.column("rowid"))
        source = table.join(index, index.c.rowid == table.c.seq)
        asks = " ".join(f'"{word}"{"" if _is_pair(word) else "*"}' for word in asked)
        holds = sa.literal_column("search_fts").op("MATCH", is_comparison=True)(sa.literal(asks))
        return sa.literal_column("-bm25(search_fts)", sa.Float), source, holds
    wanted = sa.cast(sa.literal(" & ".join(f"'{word}'{'' if _is_pair(word) else ':*'}" for word in asked)), _TsQuery())
    words = sa.func.array_to_tsvector(sa.func.string_to_array(table.c.words, sa.literal_column("' '")))
    return sa.func.ts_rank(words, wanted), table, words.op("@@", is_comparison=True)(wanted)


def _is_pair(word: str) -> bool:
    return len(word) == 2 and ord(word[0]) > 0x0DFF


class _TsQuery(sa.types.UserDefinedType[str]):
    """PostgreSQL's query type, written as it is: our words need no parsing."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "TSQUERY"
