"""Propose: words for people to choose from. Nothing here goes into a creative by itself; each question is paid for once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from affiche.values.digest import digest
from affiche.values.writing import WriteRequest
from affiche.write import tasks
from affiche.write.ask import Asking, ask
from affiche.write.drafts import Keys
from affiche.write.valid import complaints

_EXPECTED = 600


async def propose(request: WriteRequest, keys: Keys, asking: Asking) -> Mapping[str, Any]:
    """The answer to a question of `tasks.py`, asked once. Raises ProviderError, BudgetExhausted, CallUncertain."""
    pictures = [digest("picture", data) for data, _ in request.pictures]
    key = digest(
        "words-call", request.task, tasks.version(request.task), keys.facts.id, _frozen(request.data), pictures
    )
    return (await ask(asking, key, request, _EXPECTED)).written.answer


def alternatives(
    answer: Mapping[str, Any], text: str, keys: Keys, locale: str, *, max_characters: int = 0
) -> list[dict[str, Any]]:
    """The alternatives of a text, each with its idea and what is wrong with it."""
    given = answer.get("alternatives")
    rows = [row for row in given if isinstance(row, Mapping)] if isinstance(given, list) else []
    return [
        {"idea": str(row.get("idea", "")), **_checked(row.get("text"), text, keys, locale, max_characters)}
        for row in rows
    ]


def rewritten(
    answer: Mapping[str, Any], words: Mapping[str, str], keys: Keys, locale: str
) -> dict[str, dict[str, Any]]:
    """Role -> text for other readers, and what is wrong with it."""
    given = answer.get("texts")
    texts = given if isinstance(given, Mapping) else {}
    return {role: _checked(texts.get(role), source, keys, locale, 0) for role, source in words.items()}


def explained(answer: Mapping[str, Any], findings: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Each finding with the plain words for it; empty when the model left one out."""
    given = answer.get("texts")
    texts = given if isinstance(given, Mapping) else {}
    return [{**finding, "plain": str(texts.get(str(number), ""))} for number, finding in enumerate(findings, 1)]


def _checked(text: Any, source: str, keys: Keys, locale: str, max_characters: int) -> dict[str, Any]:
    wrong = complaints(text, source, source_locale=locale, voice=keys.voices[locale], max_characters=max_characters)
    return {"text": text if isinstance(text, str) else "", "flaws": [complaint.what for complaint in wrong]}


def _frozen(value: Any) -> Any:
    """JSON data as what can be keyed."""
    if isinstance(value, Mapping):
        return {str(name): _frozen(inner) for name, inner in value.items()}
    return [_frozen(inner) for inner in value] if isinstance(value, list | tuple) else value
