"""Writing: what is asked of a provider of words and what it answers. Plain values between `write/` and `adapters/writers/`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteRequest:
    """One question to a writer. `instructions` are ours; everything in `data` came from a brief: material, never instruction.

    `answer` is the JSON Schema (an object) of what must come back. `pictures` are (bytes, media type) of style references,
    only for writers that declare `pictures`. `data` of the task `transcreate` has `source_locale`, `target_locale`,
    `texts` (role -> {text, ...}), `keep`, `glossary`, `formality`: translators that are no language models read these.
    """

    task: str
    instructions: str
    data: Mapping[str, Any]
    answer: Mapping[str, Any]
    pictures: tuple[tuple[bytes, str], ...] = ()
    max_tokens: int = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a writer answered: an object of the form that was asked for as far as its provider enforces it, and what it took."""

    answer: Mapping[str, Any]
    model: str
    input_tokens: int = 0
    output_tokens: int = 0
    #: Characters of source text, for providers that charge by them.
    characters: int = 0
    request_id: str = ""
