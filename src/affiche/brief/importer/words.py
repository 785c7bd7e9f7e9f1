"""Copy in foreign briefs: a text, a map of roles, a map of locales, a list of translations, or these inside each other."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape

from affiche.brief.importer.fields import Fields, fields_of
from affiche.brief.importer.language import detect_language
from affiche.brief.importer.notes import Notes
from affiche.brief.importer.synonyms import Synonyms, fold_key, is_comment, synonyms
from affiche.market.resolve import resolve_locale, resolve_region
from affiche.notation.node import Node

_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_TAG = re.compile(r"</?(?:b|i|u|em|strong|span|p|div|a|h[1-6]|sup|sub|small|li|ul|font)(?:\s[^<>]{0,300})?>", re.IGNORECASE)
#: Roles of words that a brief, a market or a product may state by itself (`cta:` beside `message:`).
ROLES = ("headline", "subhead", "body", "cta", "legal", "offer", "price", "old_price")


@dataclass(slots=True, kw_only=True)
class Copy:
    """Words without a locale, and words by locale tag. `locale` is set when the copy itself names its language."""

    words: dict[str, str] = field(default_factory=dict)
    by_locale: dict[str, dict[str, str]] = field(default_factory=dict)
    locale: str = ""
    names: dict[str, str] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    forbidden: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def merge(self, other: Copy, *, role: str = "") -> None:
        """Adds what `other` has and this has not; texts without a role become `role`."""
        for key, text in other.words.items():
            self.words.setdefault(role if role and key == "headline" else key, text)
        for tag, words in other.by_locale.items():
            mine = self.by_locale.setdefault(tag, {})
            for key, text in words.items():
                mine.setdefault(role if role and key == "headline" else key, text)
        for mapping in ("names", "descriptions", "forbidden"):
            for tag, value in getattr(other, mapping).items():
                getattr(self, mapping).setdefault(tag, value)
        self.locale = self.locale or other.locale


def copy_of(fields: Fields, notes: Notes) -> Copy:
    """All copy that the fields of a brief, market or product state."""
    copy = Copy()
    headlines = fields.all("headline")
    for found in headlines:
        copy.merge(
            read_copy(found.node, notes), role="headline" if "headline" not in copy.words else "subhead"
        )
    for found in fields.all("message"):
        inner = read_copy(found.node, notes)
        if headlines and set(inner.words) == {"headline"} and inner.words != copy.words:
            inner.words = {"body" if "body" not in copy.words else "subhead": inner.words["headline"]}
            notes.note(
                "message",
                found.parent,
                f"a headline is given, so {found.key!r} is read as body text",
                key=found.key,
            )
        copy.merge(inner)
    for role in ROLES[1:]:
        for found in fields.all(role):
            copy.merge(read_copy(found.node, notes), role=role)
    for found in fields.all("localized"):
        copy.merge(read_copy(found.node, notes))
    return copy


def read_copy(node: Node, notes: Notes, depth: int = 0) -> Copy:
    """The copy that a value holds; nothing for numbers and flags."""
    if depth > 6:
        return Copy()
    if isinstance(node.value, bool) or node.value is None:
        return Copy()
    if isinstance(node.value, str | int | float):
        text = plain(node.text)
        if text != node.text.strip():
            notes.note("markup", node, "tags and entities of HTML are taken out of the text")
        return Copy(words={"headline": text} if text else {})
    return _read_list(node, notes, depth) if node.is_list else _read_map(node, notes, depth)


def plain(text: str) -> str:
    """A text as it is to be read: `<b>20%</b> &amp; more` -> `20% & more`."""
    return unescape(_TAG.sub("", _BREAK.sub("\n", text))).strip()


def _read_list(node: Node, notes: Notes, depth: int) -> Copy:
    copy = Copy()
    texts = [child for child in node if child.is_text and child.value.strip()]
    if texts:
        copy.words["headline"] = texts[0].value.strip()
        if len(texts) > 1:
            copy.words["body"] = " ".join(child.value.strip() for child in texts[1:])
            notes.note(
                "message", node, "a list of texts: the first is read as the headline, the others as body text"
            )
    for child in node:
        if child.is_map:
            inner = read_copy(child, notes, depth + 1)
            copy.merge(Copy(by_locale={inner.locale: inner.words}) if inner.locale and inner.words else inner)
    return copy


def _read_map(node: Node, notes: Notes, depth: int) -> Copy:
    tags = locale_keys(node)
    if tags:
        return _by_locale(node, tags, notes, depth)
    table = synonyms().words
    fields = fields_of(node, table)
    copy = Copy(locale=_locale(fields.text("locale")))
    for role in (*ROLES, "name"):
        for found in fields.all(role):
            inner = read_copy(found.node, notes, depth + 1)
            if role == "headline" and copy.words.get("headline") and set(inner.words) == {"headline"}:
                inner.words = {"subhead": inner.words["headline"]}
            copy.merge(inner, role=role)
    _read_rest(fields, copy, synonyms(), notes, depth)
    return copy


def _read_rest(fields: Fields, copy: Copy, known: Synonyms, notes: Notes, depth: int) -> None:
    """Nested groups of copy (`localization: {messages: {...}}`), names and forbidden words of a locale."""
    for key, child, _ in fields.rest:
        folded = fold_key(key)
        role, _rank = known.product.get(folded, ("", 0))
        if role == "name" and child.is_text:
            copy.names[""] = child.value.strip()
        elif folded in known.brief and known.brief[folded][0] == "forbidden" and not child.is_empty:
            copy.forbidden[""] = texts_of(child)
        elif child.is_map or (child.is_list and any(item.is_map for item in child)):
            if known.brief.get(folded, ("", 0))[0] in ("localized", "message", "headline") or locale_keys(
                child
            ):
                copy.merge(read_copy(child, notes, depth + 1))


def _by_locale(node: Node, tags: dict[str, str], notes: Notes, depth: int) -> Copy:
    copy = Copy()
    for key, child in node.items():
        if is_comment(key):
            continue
        inner = read_copy(child, notes, depth + 1)
        tag = tags.get(key, "")
        if not tag:
            copy.merge(inner)
            continue
        if child.is_map:
            named = fields_of(child, synonyms().product)
            if named.text("name"):
                copy.names.setdefault(tag, named.text("name"))
                if inner.words.get("headline") == named.text("name"):
                    inner.words.pop("headline")
            if named.text("description"):
                copy.descriptions.setdefault(tag, named.text("description"))
                inner.words.pop("body", None)
        if "" in inner.forbidden:
            copy.forbidden[tag] = inner.forbidden[""]
        if inner.words:
            copy.by_locale.setdefault(tag, {}).update(inner.words)
    return copy


def locale_keys(node: Node) -> dict[str, str]:
    """Key -> locale tag when every key of a map (but `default` and comments) names a locale, a language or a country."""
    keys = [key for key in node.value if not is_comment(key)] if node.is_map else []
    named = [key for key in keys if fold_key(key) not in ("default", "source", "fallback", "base")]
    if not named or len(named) > 300:
        return {}
    words = synonyms().words
    if any(fold_key(key) in words for key in named):
        return {}
    tags = {key: _key_locale(key, node.value[key]) for key in named}
    return tags if all(tags.values()) else {}


def _key_locale(key: str, value: Node) -> str:
    """`de-DE`, `German`, `DE`, `Germany`; a country with several languages gets the one that the text is in."""
    if len(key) > 60:
        return ""
    is_code = len(key) in (2, 3) and key.isupper()
    tag = "" if is_code else _locale(key)
    if tag:
        return tag
    areas = resolve_region(key).areas
    if len(areas) == 1 and areas[0].kind != "unknown" and areas[0].locales:
        language = detect_language(value.value) if value.is_text else ""
        return next(
            (t for t in areas[0].locales if language and t.split("-")[0] == language), areas[0].locales[0]
        )
    return _locale(key)


def _locale(text: str) -> str:
    return (resolve_locale(text) or "") if text else ""


def texts_of(node: Node) -> tuple[str, ...]:
    """The texts of a list, of a map's values, or of one text with commas; each once."""
    found: list[str] = []
    if node.is_list:
        found = [
            text for child in node for text in (texts_of(child) if child.is_list else (child.text.strip(),))
        ]
    elif node.is_map:
        found = [text for _, child in node.items() for text in texts_of(child)]
    elif isinstance(node.value, str | int | float) and not isinstance(node.value, bool):
        found = [part.strip() for part in node.text.replace(";", ",").split(",")]
    return tuple(dict.fromkeys(text.removeprefix("and ") for text in found if text))
