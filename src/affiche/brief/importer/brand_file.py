"""A brand file that is not ours: what can be understood of it, by the same synonyms as a foreign brief."""

from __future__ import annotations

from dataclasses import replace

from affiche.brief.importer.brand import brand_of
from affiche.brief.importer.fields import fields_of
from affiche.brief.importer.notes import Notes
from affiche.brief.importer.synonyms import synonyms
from affiche.brief.model import GivenBrand
from affiche.notation.parse import parse


def foreign_brand(data: bytes, file: str) -> GivenBrand:
    """The brand's facts in a file of any shape; an empty brand when nothing is understood. Never raises."""
    documents, _ = parse(data, file=file)
    notes = Notes(file)
    if not documents or not documents[0].is_map:
        return GivenBrand()
    root = documents[0]
    inner = next((child for key, child in root.items() if child.is_map and len(root.value) == 1), root)
    read = brand_of(fields_of(inner, synonyms().brief, groups=True), notes)
    name = read.name or fields_of(inner, synonyms().brief).text("name")
    return replace(read, name=name)
