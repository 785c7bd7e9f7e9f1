"""Review:

optional looks at what a model wrote. A back-translation is compared with the source; a judge gives a score and its reason.
Both are opinions of machines, recorded as evidence of the text and shown in findings; neither changes a word.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from affiche.errors import AfficheError, StorageError
from affiche.ports import Ledger
from affiche.values.digest import Digest, digest
from affiche.values.writing import WriteRequest
from affiche.write import tasks
from affiche.write.ask import Asking, ask
from affiche.write.drafts import Keys, outcome_of
from affiche.write.write import Failure, Filled

ReviewTask = Literal["judge", "back-translate"]
_TOGETHER = 12
_NGRAM = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A text that a model wrote, with its source."""

    source: str
    source_locale: str
    text: str
    locale: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """Pairs of one locale to look at together."""

    task: ReviewTask
    locale: str
    source_locale: str
    pairs: Mapping[str, Pair]
    keys: Mapping[str, Digest]


def reviews(task: ReviewTask, pairs: Iterable[Pair], keys: Keys) -> Iterator[Review]:
    """Pairs as questions, those of one locale and source language together."""
    groups: dict[tuple[str, str], list[Pair]] = {}
    for pair in dict.fromkeys(pairs):
        groups.setdefault((pair.locale, pair.source_locale), []).append(pair)
    for (locale, source_locale), group in groups.items():
        for start in range(0, len(group), _TOGETHER):
            named = {f"t{n}": pair for n, pair in enumerate(group[start : start + _TOGETHER], 1)}
            of = {id: keys.other(task, locale, pair.source, pair.text) for id, pair in named.items()}
            yield Review(task=task, locale=locale, source_locale=source_locale, pairs=named, keys=of)


async def review_all(asked: Sequence[Review], keys: Keys, asking: Asking, ledger: Ledger) -> Filled:
    """Every review asked for and recorded. Raises StorageError."""
    return sum(await asyncio.gather(*(_review(one, keys, asking, ledger) for one in asked)), Filled())


def likeness(one: str, other: str) -> int:
    """chrF of two texts, 0 to 100:

    F2 of character n-grams up to six, blanks left out (Popović 2015, as usual for short texts).
    """
    first, second = ("".join(text.casefold().split()) for text in (one, other))
    scores = []
    for n in range(1, _NGRAM + 1):
        given, wanted = _ngrams(first, n), _ngrams(second, n)
        if not given or not wanted:
            break
        common = sum((given & wanted).values())
        precision, recall = common / sum(given.values()), common / sum(wanted.values())
        scores.append(5 * precision * recall / (4 * precision + recall) if common else 0.0)
    return round(100 * sum(scores) / len(scores)) if scores else 0


def _ngrams(text: str, n: int) -> Counter[str]:
    return Counter(text[at : at + n] for at in range(len(text) - n + 1))


async def _review(one: Review, keys: Keys, asking: Asking, ledger: Ledger) -> Filled:
    try:
        expected = sum(len(pair.source) for pair in one.pairs.values()) + 60 * len(one.pairs)
        answer = await ask(asking, digest("words-call", one.task, list(one.keys.values())), _request(one, keys), expected)
    except StorageError:
        raise
    except AfficheError as error:
        return Filled(failures=(Failure(locale=one.locale, texts=len(one.pairs), error=error),))
    given = answer.written.answer.get("texts")
    found = {id: _evidence(one, pair, given.get(id) if isinstance(given, Mapping) else None) for id, pair in one.pairs.items()}
    ledger.record([outcome_of(one.keys[id], evidence=evidence) for id, evidence in found.items()])
    return Filled(calls=int(answer.asked), cost=answer.cost.amount if answer.asked else Decimal(0))


def _request(one: Review, keys: Keys) -> WriteRequest:
    voice = keys.voices[one.locale]
    if one.task == "judge":
        pairs = {id: {"source": pair.source, "text": pair.text} for id, pair in one.pairs.items()}
        return tasks.judge(pairs, source_locale=one.source_locale, voice=voice)
    entries = {id: {"text": pair.text} for id, pair in one.pairs.items()}
    return tasks.texts("back-translate", entries, source_locale=one.source_locale, voice=voice)


def _evidence(one: Review, pair: Pair, given: Any) -> dict[str, Any]:
    """What of an answer goes into the evidence of the text; an unusable answer says nothing."""
    if one.task == "back-translate" and isinstance(given, str):
        return {"back": likeness(given, pair.source), "back_text": given}
    score = given.get("score") if isinstance(given, Mapping) else None
    if one.task == "judge" and isinstance(score, int) and not isinstance(score, bool):
        reason = str(given.get("reason", ""))[:300]
        return {"judge": max(0, min(100, score)), **({"judged": reason} if reason else {})}
    return {}
