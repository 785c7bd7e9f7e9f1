"""Desk: a campaign's words as far as they are known, and what is needed to get the rest. Looks into the ledger, asks nobody.

May live here: which writer, which keys, what was written before. What is asked for: `authoring.py`; how: `write/`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from affiche.authoring import Desk
from affiche.brief.model import Brief, Message, Product
from affiche.inputs import Campaign
from affiche.plan.model import Plan
from affiche.ports import Ledger
from affiche.values.digest import Digest, digest_bytes
from affiche.values.text import Text
from affiche.write.catalog import WriterFacts, writers_named
from affiche.write.drafts import Keys, KnownDrafts, load_shorts, load_texts
from affiche.write.extras import Subject, asked_for, load_extras
from affiche.write.paid import Payer
from affiche.write.phrasebook import phrasebook
from affiche.write.voice import Voice, voice_of
from affiche.write.words import Shelf, audience_in, every_words, wants_of

#: (product, locale, its words) -> text alternative, caption, hashtags.
Extras = Callable[[Product, str, Mapping[str, Text]], Mapping[str, Any]]
#: Files by digest -> bytes and media type for a model.
Shown = Callable[[Mapping[Digest, Path]], Mapping[Digest, tuple[bytes, str]]]


def writers_of(campaign: Campaign, default: str) -> tuple[WriterFacts, ...]:
    """Who writes what nobody gave: the brief's writers, else the operator's `default`; empty when nobody does.

    The first is asked, the others stand in for it. Raises UsageError.
    """
    names = campaign.brief.writing.writer or default
    return () if names in ("", "none") else writers_named(names)


def words_of(campaign: Campaign, default: str, ledger: Ledger) -> tuple[Shelf, Extras | None]:
    """Where words come from, and what else was written about creatives. Raises UsageError, StorageError."""
    writers, shelf = writers_of(campaign, default), _shelf(campaign)
    if not writers:
        return replace(shelf, drafts=KnownDrafts(memory=campaign.memory)), None
    keys = _keys(campaign, writers[0])
    shelf = replace(shelf, drafts=_known(campaign, keys, shelf, ledger))
    return shelf, _extras(campaign, keys, shelf, ledger)


def desk_of(
    campaign: Campaign, default: str, ledger: Ledger, *, concurrency: int, pictures: Shown, payer: Payer,
    again: bool = False,
) -> Desk | None:  # fmt: skip
    """What authoring works with; None when nobody writes. Raises UsageError, StorageError."""
    writers, shelf = writers_of(campaign, default), _shelf(campaign)
    if not writers:
        return None
    keys = _keys(campaign, writers[0])

    def shown(plan: Plan) -> Mapping[Digest, tuple[bytes, str]]:
        return pictures(
            {step.digest: Path(step.file) for step in plan.pictures if step.role == "picture" and step.digest}
        )

    return Desk(
        brief=campaign.brief, keys=keys, shelf=shelf, known=_known(campaign, keys, shelf, ledger), pictures=shown,
        concurrency=max(1, concurrency), again=again, payer=payer, others=writers[1:],
    )  # fmt: skip


def _shelf(campaign: Campaign) -> Shelf:
    memory = campaign.memory
    return Shelf(phrasebook=phrasebook(), memory=memory.exact if memory.entries else None)


def _keys(campaign: Campaign, facts: WriterFacts) -> Keys:
    brief = campaign.brief
    tags = {locale for product in brief.products for locale in brief.locales_of(product)} | {brief.message.locale}
    return Keys(facts=facts, brief=brief, voices={tag: voice_of(campaign.brand, brief, tag) for tag in tags})


def _known(campaign: Campaign, keys: Keys, shelf: Shelf, ledger: Ledger) -> KnownDrafts:
    """What models wrote before, shorter wordings included, and what the memory nearly has."""
    brief = campaign.brief
    known = KnownDrafts(texts=load_texts(keys, wants_of(brief, shelf), ledger), memory=campaign.memory)
    written = every_words(brief, replace(shelf, drafts=known))
    texts = ((text.value, role, tag) for _, tag, words in written for role, text in words.items())
    return replace(known, shorts=load_shorts(keys, dict.fromkeys(texts), ledger))


def _extras(campaign: Campaign, keys: Keys, shelf: Shelf, ledger: Ledger) -> Extras | None:
    if not asked_for(keys):
        return None
    brief = campaign.brief
    pictures = {product: digest_bytes(file.read_bytes()) for product, file in campaign.pictures.items() if file}

    def subject(product: Product, tag: str, words: Mapping[str, Text]) -> Subject:
        shown = tuple((role, text.value) for role, text in words.items())
        audience, picture = audience_in(brief, tag), pictures.get(product.id, Digest(""))
        return Subject(product=product.id, locale=tag, words=shown, audience=audience, picture=picture)

    found = load_extras({subject(*made) for made in every_words(brief, shelf)}, keys, ledger)
    return lambda product, tag, words: found.get(subject(product, tag, words), {})


def bare_desk(default: str, payer: Payer) -> Desk | None:
    """A desk without a campaign, for questions about finished files; None when nobody writes. Raises UsageError."""
    if default in ("", "none"):
        return None
    nothing = Brief(
        campaign="", name="", message=Message(locale="en", words={}), markets=(), products=(), placements=()
    )
    writers = writers_named(default)
    keys = Keys(facts=writers[0], brief=nothing, voices={"en": Voice(locale="en", brand="")})
    return Desk(
        brief=nothing, keys=keys, shelf=Shelf(phrasebook=phrasebook()), known=KnownDrafts(), concurrency=1,
        pictures=lambda _: {}, payer=payer, others=writers[1:],
    )  # fmt: skip
