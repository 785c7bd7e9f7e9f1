"""The words of one creative, each with its origin. Pure: translation memory, phrasebook and what models wrote are arguments.

Order for each role: the variant's own words, the product's, the campaign's with its message (each: exact locale, then its
fallbacks, then the same language elsewhere, the message last); then memory; then phrasebook; then what a model wrote; then a
near match of the memory; then the source text, flagged by its origin `source`. Nothing is invented: a brief without a call to
action has none. `wanted` lists what only a model could still give.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from affiche.brief.model import SHORT, TEXT_ROLES, Brief, Product, Variant, Words
from affiche.values.locale import Locale
from affiche.values.text import Text
from affiche.write.amounts import localized
from affiche.write.message import MessageError, filled, has_values
from affiche.write.phrasebook import Phrasebook
from affiche.write.split import split_headline

#: (source text, target tag) -> approved translation.
Memory = Mapping[tuple[str, str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Want:
    """A text that nobody gave, remembered or can look up. `product` is set when the source is that product's own text."""

    role: str
    source: str
    source_locale: str
    locale: str
    product: str = ""
    audience: str = ""


class Drafts(Protocol):
    """What models wrote before (`drafts.py`), and near matches of the memory (`memory.py`)."""

    def find(self, want: Want) -> Text | None: ...

    def near(self, want: Want) -> Text | None: ...

    def shorter(self, text: Text, role: str, locale: str) -> Text | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """Where words come from when nobody gave them."""

    phrasebook: Phrasebook
    memory: Memory | None = None
    drafts: Drafts | None = None


#: Roles that hold an amount.
_PRICES = frozenset({"price", "old_price"})
#: Roles whose source text may stand untranslated without being wrong: names and numbers.
_NEUTRAL = frozenset({"name", "price", "old_price", "author"})


def resolve_words(brief: Brief, product: Product, locale: str, variant: Variant, shelf: Shelf) -> dict[str, Text]:
    """Role -> text for one creative; roles without any text are missing. `headline` is always there: else the product's name.
    """
    target = Locale.parse(locale)
    words = _found(brief, product, target, variant, shelf)
    if shelf.drafts is not None:
        words = {**_shorter(words, target, shelf.drafts), **words}
    if brief.values:
        words = {role: _filled(text, brief, target) for role, text in words.items()}
    if product.price and "price" not in words:
        words["price"] = _priced(Text(value=product.price, locale=target.tag), target)
    name = _name(product, target)
    if "headline" not in words:
        words.pop("name", None)
        return {"headline": name, **words}
    words.setdefault("name", name)
    return _parted(_labelled(words, product, target, shelf.phrasebook))


def wanted(brief: Brief, product: Product, locale: str, variant: Variant, shelf: Shelf) -> tuple[Want, ...]:
    """What a model would have to write for one product, locale and variant."""
    target = Locale.parse(locale)
    texts = _found(brief, product, target, variant, replace(shelf, drafts=None))
    left = {role: text for role, text in texts.items() if text.origin == "source"}
    return tuple(_want(role, text, target, brief, product) for role, text in left.items())


def every_words(brief: Brief, shelf: Shelf) -> Iterator[tuple[Product, str, dict[str, Text]]]:
    """(product, locale, its words) of everything that a brief asks for, variants included."""
    for product in brief.products:
        for variant in brief.variants or (Variant(),):
            for locale in brief.locales_of(product):
                yield product, locale, resolve_words(brief, product, locale, variant, shelf)


def wants_of(brief: Brief, shelf: Shelf) -> tuple[Want, ...]:
    """Every want of a brief, once, in order of products, locales, roles."""
    found: dict[Want, None] = {}
    for product in brief.products:
        for variant in brief.variants or (Variant(),):
            for locale in brief.locales_of(product):
                found.update(dict.fromkeys(wanted(brief, product, locale, variant, shelf)))
    return tuple(found)


def _want(role: str, source: Text, target: Locale, brief: Brief, product: Product) -> Want:
    own = any(words.get(role) == source.value for words in product.copy.values())
    return Want(
        role=role, source=source.value, source_locale=source.locale, locale=target.tag, product=product.id if own else "",
        audience=audience_in(brief, target.tag),
    )  # fmt: skip


def audience_in(brief: Brief, locale: str) -> str:
    """Whom the words of `locale` are for: the market's audience, else the campaign's."""
    return next((m.audience for m in brief.markets if locale in m.locales and m.audience), brief.audience)


def _found(brief: Brief, product: Product, target: Locale, variant: Variant, shelf: Shelf) -> dict[str, Text]:
    """Role -> text as it was written, values not yet filled in."""
    shelves = tuple(_shelves(brief, product, variant))
    declared = {role for words in variant.words.values() for role in words}
    written = {role for words in shelves for texts in words.values() for role in texts}
    words: dict[str, Text] = {}
    for role in (role for role in TEXT_ROLES if role in written):
        # A wording that a variant declares is not replaced by another variant's translation: that would test nothing.
        own = shelves[:1] if role in declared else shelves
        text = _given(own, role, target)
        # A shorter wording only stands in for words of its own language: the source's would be no help.
        if text is None and not role.endswith(SHORT):
            text = _translated(_source(shelves, role, Locale.parse(brief.message.locale)), role, target, shelf)
            if text is not None and text.origin == "source" and shelf.drafts is not None:
                text = _drafted(text, _want(role, text, target, brief, product), shelf.drafts)
        if text is not None:
            words[role] = _priced(text, target) if role in _PRICES else text
    return words


def _drafted(source: Text, want: Want, drafts: Drafts) -> Text:
    """What a model wrote or the memory nearly has; a source whose translation was rejected says why."""
    text = drafts.find(want)
    if text is not None and text.origin != "source":
        return text
    return drafts.near(want) or text or source


def _shorter(words: Mapping[str, Text], target: Locale, drafts: Drafts) -> dict[str, Text]:
    """Shorter wordings that a model gave for texts that did not fit."""
    found = {f"{role}{SHORT}": drafts.shorter(text, role, target.tag) for role, text in words.items() if not role.endswith(SHORT)}
    return {role: text for role, text in found.items() if text is not None and role in TEXT_ROLES}


def _filled(text: Text, brief: Brief, target: Locale) -> Text:
    """Values filled in as the language of the text writes them; a text that cannot be filled stays as it is (a problem says
    so)."""
    if not has_values(text.value):
        return text
    try:
        return replace(text, value=filled(text.value, brief.values, text.locale if text.origin == "source" else target.tag))
    except MessageError:
        return text


#: What stands at two pictures that are compared, when the brief does not say.
_LABELS = {"label1": "Before", "label2": "After"}


def _labelled(words: dict[str, Text], product: Product, target: Locale, phrasebook: Phrasebook) -> dict[str, Text]:
    """Words with the labels of two pictures where there are two, and without them where there are not."""
    if not product.before:
        return {role: text for role, text in words.items() if role not in _LABELS}
    return {role: _label(english, target, phrasebook) for role, english in _LABELS.items()} | words


def _label(english: str, target: Locale, phrasebook: Phrasebook) -> Text:
    known = phrasebook.lookup(english, target.tag)
    if known is None:
        return Text(value=english, locale="en", origin="source")
    return Text(value=known[0], locale=target.tag, origin="phrasebook")


def _priced(text: Text, target: Locale) -> Text:
    """An amount with its currency code as the target writes it; other words of a price as they are."""
    return replace(text, value=localized(text.value, target.tag))


def _shelves(brief: Brief, product: Product, variant: Variant) -> Iterator[Mapping[str, Words]]:
    """Where words may stand, strongest first."""
    yield variant.words
    yield product.copy
    # The message is the campaign's copy in its own locale: words of another country's English do not take its place there.
    source = brief.message.locale
    yield {**brief.copy, source: {**brief.message.words, **brief.copy.get(source, {})}}


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


def _translated(source: Text | None, role: str, target: Locale, shelf: Shelf) -> Text | None:
    """`source` from memory or phrasebook, as it is where that is right, else itself with its origin `source`."""
    if source is None:
        return None
    for tag in target.fallbacks:
        if value := (shelf.memory or {}).get((source.value, tag)):
            return Text(value=value, locale=tag, origin="memory")
    known = shelf.phrasebook.lookup(source.value, target.tag)
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
