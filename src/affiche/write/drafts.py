"""Drafts: what models wrote, kept in the ledger under the key of the question, one outcome per text.

A key holds everything that a text depends on (task and its version, writer, source, locale, voice, audience, product, take)
but not how many characters fit: a new placement must not pay for all texts again; a text that is too long for it is shortened
for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from affiche.brief.model import SHORT, Brief
from affiche.ports import Ledger, Outcome
from affiche.values.digest import Digest, digest
from affiche.values.text import Evidence, Text
from affiche.write import tasks
from affiche.write.catalog import WriterFacts
from affiche.write.entries import TranslationMemory
from affiche.write.voice import Voice
from affiche.write.words import Want

KIND = "words"
#: Roles that a shorter wording may stand in for.
SHORTENED = ("headline", "subhead", "body", "cta")


@dataclass(frozen=True, kw_only=True)
class Keys:
    """Makes the keys of texts for one writer and one campaign."""

    facts: WriterFacts
    brief: Brief
    voices: Mapping[str, Voice]

    def text(self, want: Want) -> Digest:
        """The key of a transcreated text."""
        about = self.about(want.product)
        return self._key("transcreate", want.locale, want.role, want.source, want.source_locale, want.audience, about)

    def short(self, text: str, role: str, locale: str) -> Digest:
        """The key of a shorter wording."""
        return self._key("shorten", locale, role, text)

    def other(self, task: str, locale: str, *parts: Any) -> Digest:
        """The key of anything else that is asked about a locale."""
        return self._key(task, locale, *parts)

    def about(self, product: str) -> dict[str, str]:
        """What is told of a product; of the campaign when none is named."""
        found = next((p for p in self.brief.products if p.id == product), None)
        return {"name": found.name, "description": found.description} if found else {"campaign": self.brief.name}

    def _key(self, task: str, locale: str, *parts: Any) -> Digest:
        take = self.brief.writing.take
        return digest("words", task, tasks.version(task), self.facts.id, locale, self.voices[locale], take, parts)


@dataclass(frozen=True, kw_only=True)
class KnownDrafts:
    """What was found in the ledger, and the memory's near matches. The port `Drafts` of `words.py`."""

    texts: Mapping[Want, Text] = field(default_factory=dict)
    shorts: Mapping[tuple[str, str, str], Text] = field(default_factory=dict)
    memory: TranslationMemory = field(default_factory=TranslationMemory)

    def find(self, want: Want) -> Text | None:
        return self.texts.get(want)

    def near(self, want: Want) -> Text | None:
        match = self.memory.near(want.source, want.locale) if self.memory.entries else None
        if match is None:
            return None
        known = Evidence(match=match.percent, source=match.entry.source)
        return Text(value=match.entry.text, locale=match.entry.locale, origin="memory", evidence=known)

    def shorter(self, text: Text, role: str, locale: str) -> Text | None:
        return self.shorts.get((text.value, role, locale)) if role in SHORTENED else None


def load_texts(keys: Keys, wants: Iterable[Want], ledger: Ledger) -> dict[Want, Text]:
    """What a model wrote before, by want; with scores where there are any."""
    named = {keys.text(want): want for want in wants}
    found = ledger.find(named)
    scores = _scores(keys, named, found, ledger)
    return {named[key]: _text(named[key], outcome, scores.get(key, {})) for key, outcome in found.items()}


def load_shorts(keys: Keys, texts: Iterable[tuple[str, str, str]], ledger: Ledger) -> dict[tuple[str, str, str], Text]:
    """Shorter wordings by (text, role, locale)."""
    named = {
        keys.short(text, role, locale): (text, role, locale) for text, role, locale in texts if not role.endswith(SHORT)
    }
    made = {}
    for key, outcome in ledger.find(named).items():
        text = str(outcome.data.get("text", ""))
        if text:
            source, _, locale = named[key]
            made[named[key]] = Text(
                value=text, locale=locale, origin="model", evidence=_evidence(outcome.data, source, {})
            )
    return made


def outcome_of(key: Digest, **data: Any) -> Outcome:
    """What the ledger keeps of a text: `text` (empty when it was rejected), `model`, `cost`, `flags`."""
    return Outcome(key=key, kind=KIND, blobs={}, data=data)


def _text(want: Want, outcome: Outcome, scores: Mapping[str, Any]) -> Text:
    """The text; a rejected one is the source with the reasons."""
    text, known = str(outcome.data.get("text", "")), _evidence(outcome.data, want.source, scores)
    if not text:
        return Text(value=want.source, locale=want.source_locale, origin="source", evidence=replace(known, source=""))
    return Text(value=text, locale=want.locale, origin="model", evidence=known)


def _evidence(data: Mapping[str, Any], source: str, scores: Mapping[str, Any]) -> Evidence:
    return Evidence(
        model=str(data.get("model", "")),
        cost=str(data.get("cost", "")),
        flags=tuple(data.get("flags", ())),
        source=source,
        **scores,
    )


def _scores(
    keys: Keys, named: Mapping[Digest, Want], found: Mapping[Digest, Outcome], ledger: Ledger
) -> dict[Digest, dict[str, Any]]:
    """Scores of texts by the key of the text, where the brief asks for them."""
    writing = keys.brief.writing
    asked = [task for task, on in (("judge", writing.judge), ("back-translate", writing.back_translation)) if on]
    scores: dict[Digest, dict[str, Any]] = {}
    for task in asked:
        of = {
            keys.other(task, named[key].locale, named[key].source, o.data.get("text", "")): key
            for key, o in found.items()
        }
        for key, outcome in ledger.find(of).items():
            scores.setdefault(of[key], {}).update(outcome.data.get("evidence", {}))
    return scores
