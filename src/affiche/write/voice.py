"""Voice: what a brand and a brief say about words in one locale, gathered for whoever writes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from affiche.brand.model import Brand
from affiche.brief.model import Brief
from affiche.values.locale import Locale
from affiche.values.wording import words_for

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """How to write in one locale. `glossary`: term -> what it is called there; `keep`: never translated."""

    locale: str
    brand: str
    tone: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    formality: str = ""
    notes: str = ""
    glossary: Mapping[str, str] = field(default_factory=dict)
    keep: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()

    def as_data(self) -> dict[str, Any]:
        """What a model is shown; what says nothing is left out."""
        plain = {
            "brand": self.brand, "tone": list(self.tone), "never": list(self.never), "formality": self.formality,
            "cultural_notes": self.notes, "glossary": dict(self.glossary), "keep": list(self.keep),
            "forbidden": list(self.forbidden),
        }  # fmt: skip
        return {name: value for name, value in plain.items() if value}


def voice_of(brand: Brand, brief: Brief, locale: str) -> Voice:
    """The voice in `locale`; what the brief says beats the brand."""
    target, writing = Locale.parse(locale), brief.writing
    own = (
        {**brief.brand.forbidden_by, "*": brief.brand.forbidden} if brief.brand.forbidden else brief.brand.forbidden_by
    )
    return Voice(
        locale=target.tag,
        brand=brand.name,
        tone=brand.tone or brief.brand.tone,
        never=brand.never,
        formality=_in(writing.formality, target, "") or _in(brand.formality, target, ""),
        notes=_in(writing.notes, target, ""),
        glossary=_terms(brand.glossary, target) | _terms(writing.glossary, target),
        keep=tuple(dict.fromkeys((*((brand.name,) if brand.name else ()), *brand.keep, *writing.keep))),
        forbidden=words_for((brand.forbidden, own), target),
    )


def _terms(glossary: Mapping[str, Mapping[str, str]], target: Locale) -> dict[str, str]:
    return {term: found for term, by_tag in glossary.items() if (found := _in(by_tag, target, ""))}


def _in(by_tag: Mapping[str, _T], target: Locale, default: _T) -> _T:
    """What is said for a locale, else for its language, else for all (`*`)."""
    return next((by_tag[tag] for tag in (*target.fallbacks, "*") if tag in by_tag), default)
