"""Authoring: the words that a plan lacks, found and asked for before it is built. One table of stages, each a recipe.

transcreate texts that nobody gave, in every locale, with the length that fits shorten texts that do not fit although their
place is known review a judge and a back-translation, where the brief asks for them extras text alternatives and captions,
where the brief asks for them

Each stage sees a plan that was made with the words of the stage before. `quote_words` says what the first stage would ask for
and cost, without asking. Forbidden words are looked for in every locale before anybody pays for a picture (`plan/claims.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial

from affiche.brief.model import SHORT, Brief
from affiche.plan.model import Creative, Plan
from affiche.ports import Journal, Ledger, PictureInfo, Writer
from affiche.values.breaker import Breakers
from affiche.values.digest import Digest
from affiche.write.ask import Asking, Hand
from affiche.write.catalog import WriterFacts
from affiche.write.drafts import SHORTENED, Keys, KnownDrafts
from affiche.write.extras import Shown, Subject, asked_for, count_missing, write_extras
from affiche.write.paid import JournalCalls, Payer
from affiche.write.review import Pair, ReviewTask, review_all, reviews
from affiche.write.words import Shelf, Want, audience_in, wants_of
from affiche.write.write import Filled, estimate, shortenings, transcreations, write_missing

Infos = Mapping[Digest, PictureInfo]


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What authoring works with. `shelf` without drafts, `known` what was written before; `pictures` are bytes by digest."""

    brief: Brief
    keys: Keys
    shelf: Shelf
    known: KnownDrafts
    concurrency: int
    pictures: Callable[[Plan], Shown]
    payer: Payer
    again: bool = False
    #: Who stands in when the writer of `keys` cannot be asked, in this order.
    others: tuple[WriterFacts, ...] = ()

    @property
    def writers(self) -> tuple[WriterFacts, ...]:
        return (self.keys.facts, *self.others)


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsQuote:
    """`cannot`: what the brief asks for and the writer cannot do. What would be asked of a writer:

    `texts` in `locales`, in how many calls, for how much (USD; `priced` False: nobody knows).
    """

    writer: str
    texts: tuple[Want, ...]
    calls: int
    least: Decimal
    most: Decimal
    priced: bool
    cannot: tuple[str, ...] = ()

    @property
    def locales(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(want.locale for want in self.texts))


def quote_words(desk: Desk, plan: Plan) -> WordsQuote:
    """What a build would ask for first. Free; lengths are not measured for it."""
    wants = missing(desk, plan)
    batches = tuple(transcreations(wants, desk.keys, lambda _: 0))
    calls, least, _ = estimate(batches, desk.keys)
    facts = desk.keys.facts
    most = max(estimate(batches, replace(desk.keys, facts=writer))[2] for writer in desk.writers)
    priced = all(writer.priced or writer.free for writer in desk.writers)
    return WordsQuote(
        writer=facts.id, texts=wants, calls=calls, least=least, most=most, priced=priced, cannot=tuple(_cannot(desk))
    )  # fmt: skip


def _cannot(desk: Desk) -> Iterator[str]:
    """What the brief asks for and this writer cannot do: told, never passed over."""
    writing, facts = desk.brief.writing, desk.keys.facts
    asked = {
        "judge": writing.judge,
        "back_translation": writing.back_translation,
        "alt": writing.alt,
        "captions": writing.captions,
    }
    if facts.only_translates:
        yield from (f"writing.{name}: {facts.provider} only translates" for name, on in asked.items() if on)
        if desk.brief.writing.notes:
            yield f"writing.notes: {facts.provider} reads no notes"
    if writing.alt and not facts.pictures and not facts.only_translates:
        yield f"writing.alt: {facts.id} does not see pictures, and describes from the words"


def missing(desk: Desk, plan: Plan) -> tuple[Want, ...]:
    """The texts that nobody gave and no model wrote yet, of the creatives of `plan`."""
    shown = {(creative.id.product, creative.id.locale) for creative in plan.creatives}
    locales = {locale for _, locale in shown}
    return tuple(
        want for want in wants_of(desk.brief, desk.shelf)
        if want not in desk.known.texts and ((want.product, want.locale) in shown if want.product else want.locale in locales)
    )  # fmt: skip


def pending(stage: str, desk: Desk, plan: Plan, infos: Callable[[], Infos], ledger: Ledger) -> bool:
    """Whether a stage has anything to ask. Looks only as far as it must."""
    writing = desk.brief.writing
    if stage == "transcreate":
        return bool(missing(desk, plan))
    if desk.keys.facts.only_translates:
        return False
    if stage == "shorten":
        return next(too_long(plan, infos()), None) is not None
    if stage == "review":
        looks: tuple[tuple[ReviewTask, bool], ...] = (
            ("judge", writing.judge),
            ("back-translate", writing.back_translation),
        )
        return any(on and not _seen(task, pair, desk, ledger) for task, on in looks for pair in _pairs(plan))
    return bool(asked_for(desk.keys)) and count_missing(_subjects(desk, plan), desk.keys, ledger) > 0


async def author(stage: str, desk: Desk, plan: Plan, *, infos: Infos, ledger: Ledger, asking: Asking) -> Filled:
    """One stage. Raises StorageError; what a provider does wrong is told in `Filled.failures`."""
    return await STAGES[stage](desk, plan, infos, ledger, asking)


def asking_of(
    desk: Desk, ledger: Ledger, journal: Journal, writers: Sequence[Writer], *, breakers: Breakers
) -> Asking:
    """How this desk asks its `writers` (of `desk.writers`, in their order): paid calls within the caps, so many at once."""

    def hand(facts: WriterFacts, writer: Writer) -> Hand:
        calls = JournalCalls(ledger=ledger, journal=journal, facts=facts, payer=desk.payer, again=desk.again)
        return Hand(writer=writer, facts=facts, calls=calls)

    hands = tuple(map(hand, desk.writers, writers))
    return Asking(hands=hands, breakers=breakers, gate=asyncio.Semaphore(desk.concurrency))


async def _transcreate(desk: Desk, plan: Plan, infos: Infos, ledger: Ledger, asking: Asking) -> Filled:
    from affiche.plan.budgets import budget_of  # typesetting, which a build without a writer need not load

    wants = missing(desk, plan)
    limits = {want: budget_of(plan, infos, want) for want in wants}
    batches = transcreations(
        wants, desk.keys, limits.__getitem__, near=partial(_near, desk), settled=partial(_settled, plan)
    )
    return await write_missing(tuple(batches), desk.keys, asking, ledger)


async def _shorten(desk: Desk, plan: Plan, infos: Infos, ledger: Ledger, asking: Asking) -> Filled:
    batches = shortenings(dict(too_long(plan, infos)), desk.keys)
    return await write_missing(tuple(batches), desk.keys, asking, ledger)


async def _review(desk: Desk, plan: Plan, infos: Infos, ledger: Ledger, asking: Asking) -> Filled:
    del infos
    writing, filled = desk.brief.writing, Filled()
    looks: tuple[tuple[ReviewTask, bool], ...] = (
        ("judge", writing.judge),
        ("back-translate", writing.back_translation),
    )
    for task, on in looks:
        if on:
            open_pairs = [pair for pair in _pairs(plan) if not _seen(task, pair, desk, ledger)]
            filled += await review_all(tuple(reviews(task, open_pairs, desk.keys)), desk.keys, asking, ledger)
    return filled


async def _extras(desk: Desk, plan: Plan, infos: Infos, ledger: Ledger, asking: Asking) -> Filled:
    del infos
    if not asked_for(desk.keys):
        return Filled()
    return await write_extras(_subjects(desk, plan), desk.pictures(plan), desk.keys, asking, ledger)


Stage = Callable[[Desk, Plan, Infos, Ledger, Asking], Awaitable[Filled]]
STAGES: Mapping[str, Stage] = {"transcreate": _transcreate, "shorten": _shorten, "review": _review, "extras": _extras}


def _subjects(desk: Desk, plan: Plan) -> tuple[Subject, ...]:
    return tuple(dict.fromkeys(subject_of(desk.brief, creative) for creative in plan.creatives))


def subject_of(brief: Brief, creative: Creative) -> Subject:
    """What the extras of a creative are about: equal for all its placements."""
    words, picture = creative.words.words, creative.product.picture
    return Subject(
        product=creative.id.product, locale=creative.id.locale, words=tuple((role, text.value) for role, text in words.items()),
        audience=audience_in(brief, creative.id.locale), picture=picture.digest if picture else Digest(""),
    )  # fmt: skip


def too_long(plan: Plan, infos: Infos) -> Iterator[tuple[tuple[str, str, str], int]]:
    """(text, role, locale) -> characters that fit, for texts that do not fit and have no shorter wording yet."""
    from affiche.plan.budgets import budget_of
    from affiche.plan.fit import overflows

    by_id = {creative.id: creative for creative in plan.creatives}
    found: dict[tuple[str, str, str], int] = {}
    for overflow in overflows(plan, infos):
        words = by_id[overflow.creative].words.words
        role, text = overflow.fit.slot, words.get(overflow.fit.slot)
        if (
            overflow.fit.fits
            or text is None
            or role not in SHORTENED
            or text.origin == "source"
            or f"{role}{SHORT}" in words
        ):
            continue
        key = (text.value, role, overflow.creative.locale)
        if key not in found:
            want = Want(
                role=role,
                source=text.value,
                source_locale=text.locale,
                locale=key[2],
                product=overflow.creative.product,
            )
            found[key] = budget_of(plan, infos, want) or max(1, int(len(text.value) * 0.7))
    yield from found.items()


def _near(desk: Desk, want: Want) -> str:
    match = desk.known.memory.near(want.source, want.locale) if desk.known.memory.entries else None
    return match.entry.text if match else ""


def _settled(plan: Plan, want: Want) -> dict[str, str]:
    """The texts of the same ad that are final in the locale."""
    for creative in plan.creatives:
        if creative.id.locale == want.locale and (not want.product or creative.id.product == want.product):
            return {role: text.value for role, text in creative.words.words.items() if text.origin != "source"}
    return {}


def _pairs(plan: Plan) -> Iterator[Pair]:
    for creative in plan.creatives:
        for text in creative.words.words.values():
            if text.origin == "model" and text.evidence is not None and text.evidence.source:
                yield Pair(
                    source=text.evidence.source,
                    source_locale=plan.brief.message.locale,
                    text=text.value,
                    locale=text.locale,
                )


def _seen(task: ReviewTask, pair: Pair, desk: Desk, ledger: Ledger) -> bool:
    key = desk.keys.other(task, pair.locale, pair.source, pair.text)
    return bool(ledger.find([key]))
