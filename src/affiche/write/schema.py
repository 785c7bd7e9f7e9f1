"""The translation memory as a file format (pydantic, edge only). `memory.py` makes values of it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True, defer_build=True)


Line = Annotated[str, Field(min_length=1, max_length=2000)]


class TranslationFile(_Strict):
    """An approved translation."""

    text: Line = Field(description="The words.")
    by: str = Field(
        "",
        max_length=200,
        description="Who wrote or approved it.",
        examples=["xliff", "anthropic:claude-sonnet-5-5, approved"],
    )
    on: str = Field("", pattern=r"^(\d{4}-\d{2}-\d{2})?$", description="The day of the approval.")


def _text(value: Any) -> Any:
    return {"text": value} if isinstance(value, str) else value


class EntryFile(_Strict):
    """A text and what it is called elsewhere."""

    source: Line = Field(description="The text as the brief has it.")
    locale: str = Field(max_length=35, description="The language of the text.", examples=["en-US"])
    into: dict[
        Annotated[str, Field(max_length=35)],
        Annotated[TranslationFile, BeforeValidator(_text, json_schema_input_type=str | TranslationFile)],
    ] = Field(
        description="Approved words by locale: a text, or a map with text, by, on.",
        examples=[{"de-DE": "Weck den Nachmittag"}],
    )


class MemoryFile(_Strict):
    """A translation memory: approved words of a folder of briefs."""

    model_config = ConfigDict(title="Affiche translation memory")

    memory: Literal["1"] = Field(
        description="Version of this format.", json_schema_extra={"const": 1, "type": "integer", "enum": None}
    )
    texts: list[EntryFile] = Field(default_factory=list, max_length=100_000)


def json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a translation memory."""
    schema = MemoryFile.model_json_schema(by_alias=True)
    schema["properties"]["memory"] = {"const": 1, "title": "Memory", "description": "Version of this format."}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
