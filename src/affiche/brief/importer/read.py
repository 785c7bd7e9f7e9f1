"""Somebody else's brief -> our `Brief`s + a note for each assumption. The recipe of the importer.

    unwrap -> fields -> products -> copy -> regions -> source language -> locales -> brief

Each verb is a file beside this one; spellings are data (`data/synonyms.toml`). Nothing is refused but what no marketer
would send: no products, placeholders that were never filled, a file that is no brief at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import PurePath

from affiche.brief.importer.brand import brand_of
from affiche.brief.importer.fields import Fields, fields_of, report_rest
from affiche.brief.importer.item import Item
from affiche.brief.importer.language import detect_language
from affiche.brief.importer.limits import within_limits
from affiche.brief.importer.notes import Notes
from affiche.brief.importer.placements import placements_of
from affiche.brief.importer.products import items_of, product_of
from affiche.brief.importer.regions import Place, markets_of, places_of, tags_of
from affiche.brief.importer.synonyms import fold_key, synonyms
from affiche.brief.importer.unwrap import unwrap
from affiche.brief.importer.variants import variants_of
from affiche.brief.importer.words import Copy, copy_of, texts_of
from affiche.brief.model import Brief, GivenBrand, Message, Words
from affiche.brief.placeholder import placeholders
from affiche.brief.places import places as places_in_file
from affiche.market.resolve import resolve_locale
from affiche.notation.node import Node
from affiche.values.locale import Locale
from affiche.values.problem import Problem
from affiche.values.slug import slug

#: Above this many characters a headline is split when it is set; the author should know.
_LONG_HEADLINE = 90
_HINT = "a brief is a map with at least `products:` and a message"
_LIST_HINT = "a list of products needs a campaign around it: put it under `products:`, and add a `message:`"
_FEED_HINT = "a table of products is a feed: name it in a brief, as `feed: products.csv`"
_HINTS = {
    **dict.fromkeys((".csv", ".tsv", ".xlsx", ".jsonl"), _FEED_HINT),
    **dict.fromkeys(
        (".toml", ".ini", ".xml", ".html"), "write the brief as YAML or JSON (`affiche new` starts one)"
    ),
}


def import_briefs(document: Node, *, file: str) -> list[tuple[Brief | None, tuple[Problem, ...]]]:
    """Every campaign of a document, at least one reading; None with at least one error. Never raises."""
    return [_import(node, file) for node in unwrap(document)]


def _import(node: Node, file: str) -> tuple[Brief | None, tuple[Problem, ...]]:
    notes = Notes(file)
    if not node.is_map:
        kind = PurePath(file).suffix.lower()
        notes.add(
            "error",
            "not-a-brief",
            node,
            "this is not a campaign brief: there are no keys in it",
            _LIST_HINT if any(child.is_map for child in node) else _HINTS.get(kind, _HINT),
        )
        return None, notes.problems
    for place, found in placeholders(node):
        notes.add(
            "error",
            "placeholder",
            place,
            f"the placeholder {found} was never filled in",
            "replace it by real text",
        )
    fields = fields_of(node, synonyms().brief, groups=True)
    items = items_of(fields, notes)
    if notes.failed:
        return None, notes.problems
    return _brief(fields, items, node, notes), notes.problems


def _brief(fields: Fields, items: list[Item], node: Node, notes: Notes) -> Brief:
    copy = copy_of(fields, notes)
    places = places_of(fields, notes)
    asked = _asked(fields, copy, notes)
    own = dict(copy.words)
    _give_to_places(places, copy)
    source = _source(fields, copy, places, items, notes)
    words = _message(copy, own, source, items, fields, notes)
    everywhere = places or [place for item in items for place in item.places]
    if not everywhere and not asked:
        notes.note(
            "region", node, "no region and no language is named: made in the message's own language only"
        )
    markets = markets_of(everywhere, asked, source, notes)
    source = next(
        (tag for market in markets for tag in market.locales if tag.split("-")[0] == source), source
    )
    by_locale = _copy_by_locale(copy, places, source)
    message = Message(locale=source, words=words or dict(_in_language(by_locale, source)))
    brand = brand_of(fields, notes)
    report_rest(fields, synonyms().brief, notes)
    brief = Brief(
        campaign=_campaign_id(fields, notes),
        name=fields.text("name")
        or fields.text("id")
        or brand.name
        or PurePath(notes.file).stem.split("__")[-1],
        message=message,
        markets=markets,
        products=tuple(product_of(item, source) for item in items),
        placements=placements_of(fields, notes),
        brand=_with_forbidden(_with_colors(brand, items, notes), places, copy),
        audience=_audience(fields),
        copy=by_locale,
        variants=variants_of(fields, source, message.words, notes),
        feed=fields.text("feed"),
        foreign=True,
        extra=fields.extra(),
        places=places_in_file(node, notes.file),
    )
    return within_limits(brief, node, notes)


def _asked(fields: Fields, copy: Copy, notes: Notes) -> list[str]:
    """Locales that the brief asks for by name, beside its markets.

    Lists of languages decide; else it is the one language named and the languages of its copy.
    """
    listed = [tag for found in fields.all("locales") for tag in _plain_tags(found.node, notes)]
    if listed:
        return listed
    single = [tag for found in fields.all("language") for tag in tags_of(found.node, notes)]
    for found in fields.all("localized"):
        inner = fields_of(found.node, synonyms().brief) if found.node.is_map else None
        for role in ("locales", "language") if inner else ():
            single += [tag for item in inner.all(role) for tag in tags_of(item.node, notes)] if inner else []
    written = [tag for tag in copy.by_locale if not any(_same_language(tag, other) for other in single)]
    return list(dict.fromkeys((*single, *written)))


def _plain_tags(node: Node, notes: Notes) -> list[str]:
    """Tags of a list of languages; maps with a region of their own are markets and counted there."""
    if node.is_list:
        texts = [
            child for child in node if not (child.is_map and fields_of(child, synonyms().market).text("code"))
        ]
        return [tag for child in texts for tag in tags_of(child, notes)]
    return tags_of(node, notes)


def _same_language(one: str, other: str) -> bool:
    return one == other or (
        ("-" in one) != ("-" in other) and one.split("-", maxsplit=1)[0] == other.split("-", maxsplit=1)[0]
    )


def _give_to_places(places: Iterable[Place], copy: Copy) -> None:
    """A market's own message becomes copy of its locales."""
    for place in places:
        for tag, words in place.copy.by_locale.items():
            copy.by_locale.setdefault(tag, {}).update(words)


def _source(fields: Fields, copy: Copy, places: list[Place], items: list[Item], notes: Notes) -> str:
    """The language of the message: named as source, else what the text shows, else the brief's only language, else English."""
    for found in fields.all("source"):
        if found.node.is_text and (tag := resolve_locale(found.node.value)):
            return tag
    if copy.locale:
        return copy.locale
    words = (
        copy.words
        or next((p.copy.words for p in places if p.copy.words), {})
        or next((i.copy.words for i in items if i.copy.words), {})
    )
    text = " ".join(words.get(role, "") for role in ("headline", "subhead", "body", "cta"))
    same = next(
        (
            tag
            for tag, other in copy.by_locale.items()
            if words.get("headline") and other.get("headline") == words["headline"]
        ),
        "",
    )
    if same:
        return same
    detected = detect_language(text)
    named = [tag for found in fields.all("language") for tag in tags_of(found.node, notes)]
    if detected:
        if named and not any(tag.split("-")[0] == detected for tag in named):
            notes.note(
                "language",
                fields.node,
                f"the message is in {detected!r}, the brief asks for {', '.join(named)}: it needs a translation",
            )
        return detected
    first = next(
        (tag for place in places if place.copy.words for tag in (*place.locales, *place.languages)), ""
    )
    if named or (not copy.words and first):
        return named[0] if named else first
    if not words and copy.by_locale:
        return next((tag for tag in copy.by_locale if tag.split("-")[0] == "en"), next(iter(copy.by_locale)))
    return "en"


def _message(
    copy: Copy, own: Mapping[str, str], source: str, items: list[Item], fields: Fields, notes: Notes
) -> dict[str, str]:
    words = dict(own) or dict(_in_language(copy.by_locale, source))
    if not words:
        return _borrowed(fields, items, notes)
    if "headline" not in words and len(items) and not any("headline" in item.copy.words for item in items):
        notes.note("message", fields.node, "no headline is given: each product's name stands in its place")
    if len(words.get("headline", "")) > _LONG_HEADLINE:
        note = f"the message has {len(words['headline'])} characters: its first part is set as the headline, the rest below"
        notes.note("message", fields.node, note, "write a headline and a body to decide it yourself")
    return words


def _in_language(by_locale: Mapping[str, Words], tag: str) -> Words:
    exact = by_locale.get(tag)
    return exact or next(
        (words for other, words in by_locale.items() if other.split("-")[0] == tag.split("-", maxsplit=1)[0]),
        {},
    )


def _borrowed(fields: Fields, items: list[Item], notes: Notes) -> dict[str, str]:
    """A brief without any message: the markets' or products' own messages are enough; else a warning."""
    if any("headline" in item.copy.words or item.copy.by_locale for item in items):
        return {}
    for role in ("market", "region"):
        for found in fields.all(role):
            if any(
                place.copy.words
                for place in places_of(Fields(node=fields.node, roles={role: [found]}), Notes(notes.file))
            ):
                return {}
    notes.add(
        "warning",
        "no-message",
        fields.node,
        "the brief has no message: product names stand as headlines",
        "add a `message`",
    )
    return {}


def _copy_by_locale(copy: Copy, places: Iterable[Place], source: str) -> dict[str, Words]:
    found: dict[str, dict[str, str]] = {tag: dict(words) for tag, words in copy.by_locale.items() if words}
    for place in places:
        if place.copy.words:
            tags = [tag for tag in place.locales if tag not in place.copy.by_locale]
            detected = detect_language(" ".join(place.copy.words.values()))
            speaking = (
                [tag for tag in tags if not detected or tag.split("-")[0] == detected] or tags[:1] or [source]
            )
            for tag in speaking:
                found.setdefault(tag, {}).update(place.copy.words)
    return {Locale.parse(tag).tag: words for tag, words in found.items()}


def _campaign_id(fields: Fields, notes: Notes) -> str:
    given = fields.text("id") or fields.text("name")
    if given:
        return slug(given, fallback="campaign")
    made = slug(PurePath(notes.file).stem.split("__")[-1], fallback="campaign") or "campaign"
    notes.note("campaign", fields.node, f"the campaign has no name: {made!r}, from the file's name, is used")
    return made


def _audience(fields: Fields) -> str:
    texts = []
    for found in fields.all("audience"):
        text = (
            found.node.text.strip()
            if not (found.node.is_map or found.node.is_list)
            else _described(found.node)
        )
        texts += [text] if text else []
    return "; ".join(dict.fromkeys(texts))


def _described(node: Node) -> str:
    if node.is_list:
        return ", ".join(_described(child) if child.is_map else child.text for child in node)
    parts = []
    for key, child in node.items():
        text = (
            "-".join(texts_of(child))
            if "age" in fold_key(key) and child.is_list
            else ", ".join(texts_of(child))
        )
        if text:
            parts.append(
                text
                if fold_key(key) in ("description", "summary", "name", "primary")
                else f"{key.replace('_', ' ')}: {text}"
            )
    return "; ".join(parts)


def _with_colors(brand: GivenBrand, items: list[Item], notes: Notes) -> GivenBrand:
    """A brief whose products have colours but whose brand has none takes the first product's."""
    owner = next((item for item in items if item.colors), None)
    if brand.colors or owner is None:
        return brand
    notes.note("color", owner.node, f"the brand has no colours; those of {owner.name!r} are used")
    return replace(brand, colors=owner.colors)


def _with_forbidden(brand: GivenBrand, places: Iterable[Place], copy: Copy) -> GivenBrand:
    """Forbidden words that stand with a market or with localized copy count for its locales."""
    found = dict(brand.forbidden_by)
    for place in places:
        for tag in place.locales if place.forbidden else ():
            found[tag] = tuple(dict.fromkeys((*found.get(tag, ()), *place.forbidden)))
    for tag, words in copy.forbidden.items():
        if tag:
            found[tag] = tuple(dict.fromkeys((*found.get(tag, ()), *words)))
    return replace(brand, forbidden_by=found)
