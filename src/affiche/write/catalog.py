"""Writers by name: which providers and models there are, what they cost, since when that is known. Data: `data/writers.toml`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from affiche.errors import UsageError
from affiche.values.money import Money
from affiche.values.writing import Written

_MILLION = Decimal(1_000_000)
#: What a token is in characters, for estimates: 4 in English, less elsewhere.
_CHARACTERS_PER_TOKEN = 3
_PLACES = Decimal("0.000001")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderFacts:
    """A provider: its name for people and the variables that may hold its key, first one first (`optional`: works without)."""

    id: str
    name: str
    keys: tuple[str, ...] = ()
    optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WriterFacts:
    """A model. Prices in USD per million; None where nobody knows them (`priced` is false then)."""

    provider: str
    model: str
    input: Decimal | None = None
    output: Decimal | None = None
    characters: Decimal | None = None
    pictures: bool = False
    source: str = ""
    as_of: date | None = None
    sunset: date | None = None
    replaced_by: str = ""

    @property
    def id(self) -> str:
        """`provider:model`, as settings and briefs name it."""
        return f"{self.provider}:{self.model}"

    @property
    def needs_key(self) -> bool:
        return not providers()[self.provider].optional

    @property
    def only_translates(self) -> bool:
        """A translator: it cannot shorten, judge or describe."""
        return self.provider == "deepl"

    @property
    def free(self) -> bool:
        """A server of one's own: nothing is paid by call."""
        return self.provider == "compatible"

    @property
    def priced(self) -> bool:
        return self.characters is not None or (self.input is not None and self.output is not None)

    def cost(self, written: Written) -> Money:
        """What an answer cost, by the tokens or characters that the provider counted."""
        return self._cost(written.input_tokens, written.output_tokens, written.characters)

    def estimate(self, sent: int, expected: int) -> Money:
        """What a call will cost that sends `sent` characters and gets `expected` back; on the high side."""
        return self._cost(Decimal(sent) / _CHARACTERS_PER_TOKEN, Decimal(expected) / _CHARACTERS_PER_TOKEN, expected)

    def _cost(self, input: Decimal | int, output: Decimal | int, characters: int) -> Money:
        total = (self.input or 0) * input + (self.output or 0) * output + (self.characters or 0) * characters
        return Money(amount=(Decimal(total) / _MILLION).quantize(_PLACES))


@cache
def providers() -> Mapping[str, ProviderFacts]:
    """Every provider of words, by id."""
    return {id: ProviderFacts(id=id, **{**row, "keys": tuple(row["keys"])}) for id, row in _data()["providers"].items()}


@cache
def models() -> tuple[WriterFacts, ...]:
    """Every model with a known price, in the order of the file."""
    rows = []
    for row in _data()["models"]:
        prices = {name: Decimal(row[name]) if name in row else None for name in ("input", "output", "characters")}
        rows.append(WriterFacts(**{**row, **prices}))
    return tuple(rows)


def writers_named(names: str) -> tuple[WriterFacts, ...]:
    """The writers of `provider:model, provider:model`: the first is asked, the others stand in for it. Raises UsageError."""
    return tuple(dict.fromkeys(writer_named(name.strip()) for name in names.split(",") if name.strip()))


def writer_named(name: str) -> WriterFacts:
    """The writer that `provider:model` means; an unknown model of a known provider has no price. Raises UsageError."""
    provider, _, model = name.partition(":")
    if provider not in providers():
        raise UsageError(f"there is no writer {name!r}", hint=f"name it provider:model; providers are {', '.join(providers())}")
    if provider == "deepl":
        model = model or "default"
    if not model:
        known = [row.id for row in models() if row.provider == provider]
        raise UsageError(f"the writer {name!r} names no model", hint=f"such as {known[0]}" if known else "name it provider:model")
    found = next((row for row in models() if (row.provider, row.model) == (provider, model)), None)
    return found or WriterFacts(provider=provider, model=model, pictures=provider == "compatible")


def _data() -> dict[str, Any]:
    return tomllib.loads(files("affiche.write").joinpath("data", "writers.toml").read_text("utf-8"))
