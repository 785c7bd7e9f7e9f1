"""The brand file as a format: what may stand where (pydantic, edge only). `read.py` makes values of it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True, str_strip_whitespace=True, defer_build=True)


def _one_or_many(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Texts = Annotated[list[str], BeforeValidator(_one_or_many, json_schema_input_type=str | list[str])]
_HEX_SCHEMA = {
    "type": "string",
    "pattern": "^#?([0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})$",
    "examples": ["#0F5C4E"],
}
Hex = Annotated[str, WithJsonSchema(_HEX_SCHEMA)]


class ColorsFile(_Strict):
    """The palette by role. Missing roles are derived from those that are given."""

    primary: Hex = Field("", description="The colour the brand is known by.")
    secondary: Hex = Field("", description="Its companion.")
    accent: Hex = Field("", description="For buttons, badges and other small loud things.")
    surface: Hex = Field("", description="The usual ground behind copy.")
    surface_2: Hex = Field("", alias="surface-2", description="A second ground beside the first.")
    ink: Hex = Field("", description="Dark type.")
    paper: Hex = Field("", description="Light ground, and type on dark.")


class TypeFile(_Strict):
    """A type role."""

    family: str = Field(
        "",
        max_length=100,
        description="A family that ships with Affiche or comes with the brand.",
        examples=["Manrope"],
    )
    weight: int = Field(0, ge=0, le=1000, description="100 to 900.", examples=[700])
    tracking: float = Field(0.0, ge=-0.2, le=0.5, description="Letter spacing in em.")
    case: Literal["none", "upper"] = Field("none", description="upper: set in capitals.")


def _family(value: Any) -> Any:
    return {"family": value} if isinstance(value, str) else value


Face = Annotated[
    TypeFile,
    BeforeValidator(_family, json_schema_input_type=str | TypeFile),
    Field(description="A family name, or a map with family, weight, tracking, case."),
]


class TypesFile(_Strict):
    """Type for headlines (`display`) and for everything else (`text`)."""

    display: Face = Field(default_factory=TypeFile)
    text: Face = Field(default_factory=TypeFile)


class FontEntry(_Strict):
    """A font of the brand's own, to be named under `type`."""

    file: str = Field(
        min_length=1, max_length=1000, description="TTF, OTF or WOFF2, relative to the brand file.",
        examples=["fonts/Acme.woff2"],
    )  # fmt: skip
    family: str = Field(min_length=1, max_length=100, description="What `type` calls it.", examples=["Acme"])
    weight: int = Field(
        0, ge=0, le=1000, description="100 to 900; without it, what the file says (all of a variable font)."
    )


class LogoFile(_Strict):
    """The logo and its rules."""

    file: str = Field(max_length=1000, description="SVG or PNG, relative to the brand file.", examples=["logo.svg"])
    on_dark: str = Field("", max_length=1000, description="The logo for dark grounds.")
    clear_space: float = Field(0.5, ge=0, le=4, description="Free space around it, in logo heights.")
    min_width: float = Field(60.0, ge=0, le=1080, description="Smallest width, px at a canvas 1080 px wide.")


def _logo(value: Any) -> Any:
    return {"file": value} if isinstance(value, str) else value


Logo = Annotated[
    LogoFile | None,
    BeforeValidator(_logo, json_schema_input_type=str | LogoFile),
    Field(description="A file, or a map with file and rules."),
]


class VoiceFile(_Strict):
    """How the brand speaks."""

    tone: Texts = Field(default_factory=list, description="Adjectives.", examples=[["fresh", "dry", "short sentences"]])
    never: Texts = Field(default_factory=list, description="What it never does.", examples=[["exclamation marks"]])
    formality: dict[str, Literal["formal", "informal"]] = Field(
        default_factory=dict, description="By language or locale.", examples=[{"de": "informal"}]
    )
    style: list[str] = Field(
        default_factory=list, max_length=4,
        description="Pictures (PNG, JPEG, WebP, relative to the brand file) of its world, "
        "shown to models that take them: writers, and makers of pictures.",
    )  # fmt: skip


class WordListsFile(_Strict):
    """Words by language or locale; `*` means everywhere."""

    forbidden: dict[str, Texts] = Field(
        default_factory=dict, description="Words that must not appear.", examples=[{"*": ["miracle"]}]
    )
    required: dict[str, Texts] = Field(default_factory=dict, description="Words that must appear.")
    keep: Texts = Field(
        default_factory=list, description="Names and terms that are never translated.", examples=[["Verde"]]
    )
    glossary: dict[str, dict[str, str]] = Field(
        default_factory=dict,
        description="Term -> language or locale -> the brand's own word for it.",
        examples=[{"can": {"de": "Dose"}}],
    )


class BrandFile(_Strict):
    """A brand: its palette, type, logo, voice and words."""

    model_config = ConfigDict(title="Affiche brand")

    brand: Literal["1"] = Field(description="Version of this format.")
    name: str = Field(min_length=1, max_length=200, description="The brand's name.", examples=["Verde"])
    colors: ColorsFile = Field(default_factory=ColorsFile)
    type: TypesFile = Field(default_factory=TypesFile)
    fonts: list[FontEntry] = Field(default_factory=list, max_length=40, description="Fonts that come with the brand.")
    logo: Logo = None
    voice: VoiceFile = Field(default_factory=VoiceFile)
    words: WordListsFile = Field(default_factory=WordListsFile)
    numerals: dict[str, Literal["latn", "arab", "arabext", "deva", "beng", "thai", "laoo", "mymr", "khmr"]] = Field(
        default_factory=dict,
        description="Digits by language or locale (`*` = everywhere); without it, as the copy has them.",
        examples=[{"ar": "arab", "fa": "arabext"}],
    )
    radius: float = Field(1.0, ge=0, le=4, description="Roundness of corners: 0 sharp, 1 usual, above that rounder.")
    grade: Literal["none", "soft"] = Field(
        "none",
        description="soft: photographs move a few percent towards the palette's temperature and contrast; packshots never do.",
    )


def json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a brand file."""
    schema = BrandFile.model_json_schema(by_alias=True)
    schema["properties"]["brand"] = {"const": 1, "title": "Brand", "description": "Version of this format."}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
