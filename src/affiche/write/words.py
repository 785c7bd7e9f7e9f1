"""The words of one creative, each with its origin. Pure: translation memory and phrasebook are arguments.

Order for each role: the variant's own words, the product's, the campaign's (each: exact locale, then its fallbacks, then the same
language elsewhere), the message when its language is the same; then memory; then phrasebook; then the source text, flagged by its
origin `source`. Nothing is invented: a brief without a call to action has none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from affiche.brief.model import SHORT, TEXT_ROLES, Brief, Product, Variant, Words
from affiche.values.locale import Locale
from affiche.values.text import Text
from affiche.write.amounts import localized
from affiche.write.phrasebook import Phrasebook
from affiche.write.split import split_headline

#: (source text, target locale) -> approved translation.
Memory = Mapping[tuple[str, str], str]

#: Roles that hold an amount.
_PRICES = frozenset({"price", "old_price"})
#: Roles whose source text may stand untranslated without being wrong: names and numbers.
_NEUTRAL = frozenset({"name", "price", "old_price", "author"})


def resolve_words(
    brief: Brief,
    product: Product,
    locale: str,
    variant: Variant,
    phrasebook: Phrasebook,
    memory: Memory | None = None,
) -> dict[str, Text]:
    """Role -> text for one creative; roles without any text are missing. `headline` is always there: else the product's name."""
    target = Locale.parse(locale)
    shelves = tuple(_shelves(brief, product, variant))
    declared = {role for words in variant.words.values() for role in words}
    words: dict[str, Text] = {}
    for role in TEXT_ROLES:
        # A wording that a variant declares is not replaced by another variant's translation: that would test nothing.
        own = shelves[:1] if role in declared else shelves
        text = _given(own, role, target)
        # A shorter wording only stands in for words of its own language: the source's would be no help.
        if text is None and not role.endswith(SHORT):
            text = _translated(shelves, role, target, brief, phrasebook, memory or {})
        if text is not None:
            words[role] = _priced(text, target) if role in _PRICES else text
    if product.price and "price" not in words:
        words["price"] = _priced(Text(value=product.price, locale=target.tag), target)
    name = _name(product, target)
    if "headline" not in words:
        words.pop("name", None)
        return {"headline": name, **words}
    words.setdefault("name", name)
    return _parted(words)


def _priced(text: Text, target: Locale) -> Text:
    """An amount with its currency code as the target writes it; other words of a price as they are."""
    return replace(text, value=localized(text.value, target.tag))


def _shelves(brief: Brief, product: Product, variant: Variant) -> Iterator[Mapping[str, Words]]:
    """Where words may stand, strongest first."""
    yield variant.words
    yield product.copy
    yield brief.copy
    yield {brief.message.locale: brief.message.words}


def _given(shelves: tuple[Mapping[str, Words], ...], role: str, target: Locale) -> Text | None:
    for shelf in shelves:
        for tag in target.fallbacks:
            if value := shelf.get(tag, {}).get(role):
                return Text(value=value, locale=tag)
        for tag, words in shelf.items():
            if (value := words.get(role)) and _same_language(tag, target):
                return Text(value=value, locale=tag)
    return None


def _same_language(tag: str, target: Locale) -> bool:
    other = Locale.parse(tag)
    return other.language == target.language and other.script == target.script


def _translated(
    shelves: tuple[Mapping[str, Words], ...],
    role: str,
    target: Locale,
    brief: Brief,
    phrasebook: Phrasebook,
    memory: Memory,
) -> Text | None:
    source = _source(shelves, role, Locale.parse(brief.message.locale))
    if source is None:
        return None
    for tag in target.fallbacks:
        if value := memory.get((source.value, tag)):
            return Text(value=value, locale=tag, origin="memory")
    known = phrasebook.lookup(source.value, target.tag)
    if known:
        return Text(value=known[0], locale=target.tag, origin="phrasebook")
    if role in _NEUTRAL or not any(c.isalpha() for c in source.value):
        return Text(value=source.value, locale=target.tag)
    return source


def _source(shelves: tuple[Mapping[str, Words], ...], role: str, source: Locale) -> Text | None:
    """The text to translate: in the message's language, else in whatever language it exists."""
    given = _given(shelves, role, source)
    if given is None:
        given = next(
            (Text(value=w[role], locale=tag) for shelf in shelves for tag, w in shelf.items() if w.get(role)),
            None,
        )
    return Text(value=given.value, locale=given.locale, origin="source") if given else None


def _name(product: Product, target: Locale) -> Text:
    for tag in target.fallbacks:
        if tag in product.names:
            return Text(value=product.names[tag], locale=tag)
    other = next((tag for tag in product.names if _same_language(tag, target)), "")
    return Text(value=product.names.get(other, product.name), locale=target.tag)


def _parted(words: dict[str, Text]) -> dict[str, Text]:
    """A headline as long as a paragraph becomes headline and body, when there is no body yet."""
    headline = words["headline"]
    head, rest = split_headline(headline.value)
    if not rest or "body" in words:
        return words
    return words | {
        "headline": Text(value=head, locale=headline.locale, origin=headline.origin),
        "body": Text(value=rest, locale=headline.locale, origin=headline.origin),
    }
