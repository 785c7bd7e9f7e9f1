"""Tasks: what can be asked of a writer, as requests. Pure. The words of the instructions are data: `data/tasks.toml`.

Instructions hold nothing from a brief; everything from it goes into `data`. Answers are objects of a schema that names every
text, so that a provider can enforce it. What an answer must hold beyond its form: `valid.py`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from affiche.values.writing import WriteRequest
from affiche.write.voice import Voice

#: Most tokens of an answer: far above what ads need, far below what hurts.
_MAX_TOKENS = 4000
ALT_CHARACTERS, CAPTION_CHARACTERS = 125, 180

_TEXT = {"type": "string"}


@cache
def _tasks() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads(files("affiche.write").joinpath("data", "tasks.toml").read_text("utf-8"))


def version(task: str) -> int:
    """Goes up whenever what a writer is told changes."""
    return int(_tasks()[task]["version"])


def request(
    task: str, data: Mapping[str, Any], answer: Mapping[str, Any], pictures: tuple[tuple[bytes, str], ...] = ()
) -> WriteRequest:
    """The request of `task`; what is empty in `data` is left out."""
    told = " ".join(str(_tasks()[task]["told"]).split())
    full = {name: value for name, value in data.items() if value not in ("", None, [], {}, ())}
    return WriteRequest(
        task=task, instructions=told, data=full, answer=answer, pictures=pictures, max_tokens=_MAX_TOKENS
    )


def objects(properties: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON Schema of an object that has exactly `properties`."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def texts(
    task: str,
    entries: Mapping[str, Mapping[str, Any]],
    *,
    source_locale: str,
    voice: Voice,
    more: Mapping[str, Any] | None = None,
) -> WriteRequest:
    """A task over many texts (`transcreate`, `shorten`, `audience`, `back-translate`):

    id -> {text, role, max_characters, ...}.
    """
    told = voice.as_data()
    data = {
        "source_locale": source_locale, "target_locale": voice.locale,
        "texts": {id: _full(entry) for id, entry in entries.items()},
        "voice": told, "keep": list(voice.keep), "glossary": dict(voice.glossary), "formality": voice.formality, **(more or {}),
    }  # fmt: skip
    return request(task, data, objects({"texts": objects(dict.fromkeys(entries, _TEXT))}))


def vary(text: str, count: int, *, voice: Voice, role: str, max_characters: int = 0) -> WriteRequest:
    """Alternatives of one text, each with its idea."""
    row = objects({"idea": _TEXT, "text": _TEXT})
    data = {
        "text": text,
        "role": role,
        "count": count,
        "max_characters": max_characters,
        "target_locale": voice.locale,
        "voice": voice.as_data(),
    }
    return request("vary", data, objects({"alternatives": {"type": "array", "items": row}}))


def alt(
    words: Mapping[str, str], product: Mapping[str, str], *, voice: Voice, pictures: tuple[tuple[bytes, str], ...]
) -> WriteRequest:
    """A text alternative for the creatives of a product in a locale."""
    data = {
        "target_locale": voice.locale,
        "words": dict(words),
        "product": dict(product),
        "max_characters": ALT_CHARACTERS,
        "voice": voice.as_data(),
    }
    return request("alt", data, objects({"alt": _TEXT}), pictures)


def caption(words: Mapping[str, str], product: Mapping[str, str], *, voice: Voice, audience: str) -> WriteRequest:
    """A caption and hashtags for the creatives of a product in a locale."""
    data = {
        "target_locale": voice.locale,
        "words": dict(words),
        "product": dict(product),
        "audience": audience,
        "max_characters": CAPTION_CHARACTERS,
        "voice": voice.as_data(),
        "forbidden": list(voice.forbidden),
    }
    return request("caption", data, objects({"caption": _TEXT, "hashtags": {"type": "array", "items": _TEXT}}))


def prompt(
    product: Mapping[str, str],
    *,
    voice: Voice,
    audience: str,
    market: str,
    calm: str,
    pictures: tuple[tuple[bytes, str], ...],
) -> WriteRequest:
    """A draft of the scene that a picture provider is asked for; style pictures go to writers that see pictures."""
    data = {"product": dict(product), "audience": audience, "market": market, "calm": calm, "voice": voice.as_data()}
    return request("prompt", data, objects({"scene": _TEXT}), pictures)


def explain(findings: Sequence[Mapping[str, Any]], *, locale: str) -> WriteRequest:
    """Findings in plain words, by their number."""
    rows = {str(number): dict(finding) for number, finding in enumerate(findings, 1)}
    return request(
        "explain", {"target_locale": locale, "findings": rows}, objects({"texts": objects(dict.fromkeys(rows, _TEXT))})
    )


def judge(pairs: Mapping[str, Mapping[str, str]], *, source_locale: str, voice: Voice) -> WriteRequest:
    """Scores of texts against their sources: id -> {source, text}."""
    row = objects({"score": {"type": "integer"}, "reason": _TEXT})
    data = {
        "source_locale": source_locale,
        "target_locale": voice.locale,
        "texts": {id: dict(pair) for id, pair in pairs.items()},
    }
    return request("judge", data, objects({"texts": objects(dict.fromkeys(pairs, row))}))


def _full(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if value not in ("", None, 0, [])}
