"""Declared alternatives of foreign briefs: `ab_testing: {variants: [{name, message}]}`."""

from __future__ import annotations

import string

from affiche.brief.importer.fields import Fields
from affiche.brief.importer.notes import Notes
from affiche.brief.importer.synonyms import fold_key
from affiche.brief.importer.words import read_copy
from affiche.brief.model import Variant, Words
from affiche.notation.node import Node

_IDS = string.ascii_lowercase


def variants_of(fields: Fields, source: str, own: Words, notes: Notes) -> tuple[Variant, ...]:
    """`a` is the campaign itself; every other declared wording gets the next letter."""
    variants = [Variant()]
    for found in fields.all("variants"):
        for node in _entries(found.node):
            copy = read_copy(node, notes)
            words: dict[str, Words] = {tag: dict(texts) for tag, texts in copy.by_locale.items()}
            if copy.words:
                words[source] = dict(copy.words)
            same = all(own.get(role) == text for texts in words.values() for role, text in texts.items())
            if words and not same and len(variants) < len(_IDS):
                variants.append(Variant(id=_IDS[len(variants)], words=words))
    if len(variants) > 1:
        ids = ", ".join(variant.id for variant in variants)
        notes.note(
            "variants", fields.node, f"made in {len(variants)} variants ({ids}); a is the brief's own message"
        )
    return tuple(variants)


def _entries(node: Node, depth: int = 0) -> list[Node]:
    """The alternatives: a list of texts or maps, or a map by name; the switch `enabled: false` turns them off."""
    if depth > 3:
        return []
    if node.is_list:
        return [child for child in node if child.is_map or child.is_text]
    if not node.is_map:
        return []
    by_key = {fold_key(key): child for key, child in node.items()}
    if by_key.get("enabled") is not None and by_key["enabled"].value is False:
        return []
    for key in ("variants", "messages", "alternatives", "tests"):
        if key in by_key:
            return _entries(by_key[key], depth + 1)
    return [child for child in by_key.values() if child.is_map or (child.is_text and len(child.value) > 3)]
