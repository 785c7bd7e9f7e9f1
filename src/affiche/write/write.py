"""Write: fills what a brief lacks, by asking a writer. The recipe is `write_missing`; each text is asked for once, ever.

Texts of one locale (and product, and audience) are asked for together, so that they fit each other; each is recorded under a
key of its own, so that a changed headline asks for a headline. What comes back is held against `valid.py`, sent back with
complaints at most twice, and then flagged. One locale that fails costs the others nothing: failures are told, texts stay in
their source language.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from affiche.errors import (
    AccessRefused,
    AfficheError,
    BudgetExhausted,
    ModelRetired,
    QuotaExhausted,
    StorageError,
)
from affiche.ports import Ledger
from affiche.values.digest import Digest, digest
from affiche.values.writing import WriteRequest
from affiche.write import tasks
from affiche.write.ask import Asking, ask, sent
from affiche.write.drafts import Keys, outcome_of
from affiche.write.paid import Settled
from affiche.write.quotes import typographic
from affiche.write.valid import Complaint, complaints
from affiche.write.words import Want

#: Texts in one question; more make answers worse and a lost answer dearer.
_TOGETHER = 12
REPAIRS = 2
#: After one of these nobody needs to be asked again in this run.
_FINAL = (AccessRefused, ModelRetired, QuotaExhausted, BudgetExhausted)
#: What a text in another language is long, at most, per character of the source; for estimates.
_GROWTH = Decimal("1.5")

Limits = Callable[[Want], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A question that stayed without an answer: for which locale, how many texts, why."""

    locale: str
    texts: int
    error: AfficheError


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What became of a run of questions. `cost` in USD; `by`: the writers that answered."""

    written: int = 0
    rejected: int = 0
    calls: int = 0
    cost: Decimal = Decimal(0)
    failures: tuple[Failure, ...] = ()
    by: frozenset[str] = frozenset()

    def __add__(self, other: Filled) -> Filled:
        return Filled(
            written=self.written + other.written, rejected=self.rejected + other.rejected, calls=self.calls + other.calls,
            cost=self.cost + other.cost, failures=(*self.failures, *other.failures),
            by=self.by | other.by,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Texts that are asked for together: `source` by id, and the key that each is recorded under."""

    task: str
    locale: str
    source_locale: str
    entries: Mapping[str, Mapping[str, Any]]
    keys: Mapping[str, Digest]
    more: Mapping[str, Any]


async def write_missing(batches: Sequence[Batch], keys: Keys, asking: Asking, ledger: Ledger) -> Filled:
    """Every batch asked for and recorded. Raises StorageError; what providers do wrong is told in `failures`."""
    stop = asyncio.Event()
    done = await asyncio.gather(*(_batch(batch, keys, asking, ledger, stop=stop) for batch in batches))
    return sum(done, Filled())


def transcreations(
    wants: Iterable[Want], keys: Keys, limits: Limits, near: Callable[[Want], str] = lambda _: "",
    settled: Callable[[Want], Mapping[str, str]] = lambda _: {},
) -> Iterator[Batch]:  # fmt: skip
    """Wants as questions: those of one locale, source language, product and audience together."""
    groups: dict[tuple[str, str, str, str], list[Want]] = {}
    for want in wants:
        groups.setdefault((want.locale, want.source_locale, want.product, want.audience), []).append(want)
    for (locale, source_locale, product, audience), group in groups.items():
        for start in range(0, len(group), _TOGETHER):
            named = dict(_named(group[start : start + _TOGETHER]))
            yield Batch(
                task="transcreate", locale=locale, source_locale=source_locale,
                entries={
                    id: {"role": w.role, "text": w.source, "max_characters": limits(w), "similar_approved": near(w)}
                    for id, w in named.items()
                },
                keys={id: keys.text(want) for id, want in named.items()},
                more={"audience": audience, "product": keys.about(product), "settled": dict(settled(group[0]))},
            )  # fmt: skip


def shortenings(texts: Mapping[tuple[str, str, str], int], keys: Keys) -> Iterator[Batch]:
    """(text, role, locale) -> characters that fit, as questions."""
    by_locale: dict[str, list[tuple[str, str, int]]] = {}
    for (text, role, locale), limit in texts.items():
        by_locale.setdefault(locale, []).append((text, role, limit))
    for locale, rows in by_locale.items():
        for start in range(0, len(rows), _TOGETHER):
            piece = {
                f"{role}-{n}": (text, role, limit)
                for n, (text, role, limit) in enumerate(rows[start : start + _TOGETHER], 1)
            }
            yield Batch(
                task="shorten", locale=locale, source_locale=locale,
                entries={id: {"role": role, "text": text, "max_characters": limit} for id, (text, role, limit) in piece.items()},
                keys={id: keys.short(text, role, locale) for id, (text, role, _) in piece.items()}, more={},
            )  # fmt: skip


def estimate(batches: Iterable[Batch], keys: Keys) -> tuple[int, Decimal, Decimal]:
    """(calls, least, most) of asking all batches: without repairs, and with two for each. USD."""
    calls, least = 0, Decimal(0)
    for batch in batches:
        calls += 1
        least += keys.facts.estimate(sent(_request(batch, keys, {})), _expected(batch)).amount
    return calls, least, least * (1 + REPAIRS)


def asked(answer: Settled) -> Filled:
    """A question that was answered: nothing when the answer was there already."""
    return Filled(calls=1, cost=answer.cost.amount, by=frozenset({answer.writer})) if answer.asked else Filled()


def _named(wants: Sequence[Want]) -> Iterator[tuple[str, Want]]:
    """Wants by an id that says their role."""
    seen: dict[str, int] = {}
    for want in wants:
        seen[want.role] = number = seen.get(want.role, 0) + 1
        yield (want.role if number == 1 else f"{want.role}-{number}"), want


async def _batch(batch: Batch, keys: Keys, asking: Asking, ledger: Ledger, *, stop: asyncio.Event) -> Filled:
    """One batch: asked, repaired, recorded."""
    best: dict[str, tuple[str, tuple[Complaint, ...]]] = {}
    filled, open_ids, model, paid = Filled(), tuple(batch.keys), "", Decimal(0)
    for round in range(1 + REPAIRS):
        if stop.is_set() or not open_ids:
            break
        try:
            request = _request(batch, keys, {id: best.get(id, ("", ())) for id in open_ids} if round else {})
            answer = await ask(asking, _call_key(batch, open_ids, best, round), request, _expected(batch))
        except StorageError:
            raise
        except AfficheError as error:
            if isinstance(error, _FINAL):
                stop.set()
            filled += Filled(failures=(Failure(locale=batch.locale, texts=len(open_ids), error=error),))
            break
        filled += asked(answer)
        paid += answer.cost.amount  # also what was paid before a crash: it is what these texts cost
        model = answer.model
        best |= _better(batch, keys, answer, open_ids, best)
        open_ids = tuple(id for id in open_ids if best[id][1])
    return filled + _recorded(batch, best, model, paid, ledger)


def _recorded(
    batch: Batch, best: Mapping[str, tuple[str, tuple[Complaint, ...]]], model: str, cost: Decimal, ledger: Ledger
) -> Filled:
    """Records the texts of a batch in one commit; a text with a grave complaint is recorded as rejected."""
    share = str((cost / len(best)).quantize(Decimal("0.000001"))) if best else "0"
    outcomes, rejected = [], 0
    for id, (text, wrong) in best.items():
        grave = any(complaint.grave for complaint in wrong)
        rejected += grave
        flags = [complaint.what for complaint in wrong]
        outcomes.append(
            outcome_of(batch.keys[id], text="" if grave else text.strip(), model=model, cost=share, flags=flags)
        )
    if outcomes:
        ledger.record(outcomes)
    return Filled(written=len(outcomes) - rejected, rejected=rejected)


def _better(
    batch: Batch, keys: Keys, answer: Settled, ids: Iterable[str], best: Mapping[str, tuple[str, tuple[Complaint, ...]]]
) -> dict[str, tuple[str, tuple[Complaint, ...]]]:
    """The answer's texts with what is wrong with them, where that is not worse than what was there."""
    given: Any = answer.written.answer.get("texts")
    company = [text for text in given.values() if isinstance(text, str)] if isinstance(given, Mapping) else []
    made = {}
    for id in ids:
        text = given.get(id) if isinstance(given, Mapping) else None
        text = typographic(text.strip(), batch.locale) if isinstance(text, str) else text
        entry = batch.entries[id]
        wrong = complaints(
            text, str(entry["text"]), source_locale=batch.source_locale, voice=keys.voices[batch.locale],
            max_characters=int(entry.get("max_characters", 0)), company=company,
        )  # fmt: skip
        now = (text if isinstance(text, str) else "", wrong)
        made[id] = now if id not in best or _weight(wrong) <= _weight(best[id][1]) else best[id]
    return made


def _weight(wrong: Sequence[Complaint]) -> int:
    return sum(10 if complaint.grave else 1 for complaint in wrong)


def _request(batch: Batch, keys: Keys, wrong: Mapping[str, tuple[str, tuple[Complaint, ...]]]) -> WriteRequest:
    """The question of a batch; with `wrong`, only about those texts, and what is wrong with them."""
    entries = batch.entries
    if wrong:
        said = {id: {"previous": text, "complaints": [c.what for c in found]} for id, (text, found) in wrong.items()}
        entries = {id: {**batch.entries[id], **said[id]} for id in wrong}
    voice = keys.voices[batch.locale]
    return tasks.texts(batch.task, entries, source_locale=batch.source_locale, voice=voice, more=batch.more)


def _call_key(batch: Batch, ids: Iterable[str], best: Mapping[str, Any], round: int) -> Digest:
    """The request key of one call: the texts it asks for, and for a repair what it complains about."""
    said = {id: (best[id][0], [c.what for c in best[id][1]]) for id in ids if round and id in best}
    return digest("words-call", [batch.keys[id] for id in ids], round, said)


def _expected(batch: Batch) -> int:
    return int(sum(len(str(entry["text"])) for entry in batch.entries.values()) * _GROWTH) + 20 * len(batch.entries)
