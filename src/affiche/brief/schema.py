"""The brief as a file format: what may stand where. One truth for validation and for the published JSON Schema.

May live here: pydantic models of the file, nothing else. `read.py` turns them into the values of `model.py`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

ID_PATTERN = r"^[A-Za-z0-9]([A-Za-z0-9.-]{0,62}[A-Za-z0-9])?$"
_ID_HELP = "Letters, digits, dots and dashes; it becomes part of file names."


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True, str_strip_whitespace=True, defer_build=True)


def _one_or_many(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Id = Annotated[str, Field(pattern=ID_PATTERN, description=_ID_HELP)]
Text = Annotated[str, Field(max_length=2000)]
Tag = Annotated[
    str, Field(max_length=35, description="A locale such as en-US, zh-Hant-TW.", examples=["en-US", "ja-JP"])
]
Texts = Annotated[list[str], BeforeValidator(_one_or_many, json_schema_input_type=str | list[str])]


class WordsFile(_Strict):
    """Words for one creative, by the role they play."""

    headline: Text = Field("", description="The line everybody reads.", examples=["Wake up the afternoon"])
    subhead: Text = Field("", description="A second, smaller line.")
    body: Text = Field("", description="One or two short sentences.", examples=["Sparkling yuzu. Nothing added."])
    cta: Text = Field("", description="The words on the button.", examples=["Find a can"])
    legal: Text = Field("", description="Small print.")
    price: Text = Field("", description="The price as it shall be read.", examples=["€1.99"])
    old_price: Text = Field("", description="The price before, shown struck through.")
    offer: Text = Field("", description="The offer in a badge.", examples=["-20%"])
    quote: Text = Field("", description="A quotation.")
    author: Text = Field("", description="Who said the quotation.")
    date: Text = Field("", description="A date or deadline.")
    name: Text = Field("", description="The product's name as it is set, when it differs.")
    step1: Text = Field("", description="The first of up to three steps.", examples=["Chill it"])
    step2: Text = Field("", description="The second step.")
    step3: Text = Field("", description="The third step.")
    label1: Text = Field("", description="What stands at the picture before; without it: Before, in the locale's language.")
    label2: Text = Field("", description="What stands at the picture after; without it: After, in the locale's language.")
    headline_short: Text = Field("", description="A shorter headline, used only where the other does not fit.")
    subhead_short: Text = Field("", description="A shorter second line, used only where the other does not fit.")
    body_short: Text = Field("", description="A shorter body, used only where the other does not fit.")
    cta_short: Text = Field(
        "", description="A shorter button, used only where the other does not fit.", examples=["Shop"]
    )


class MessageFile(WordsFile):
    """The message in the language it was written in."""

    locale: Tag = Field(description="The locale that the message is written in.", examples=["en-US"])


class MarketFile(_Strict):
    """A region and the locales it is served in."""

    region: str = Field("", max_length=80, description="ISO 3166 code, or a group such as DACH.", examples=["US", "JP"])
    locales: list[Tag] = Field(min_length=1, description="Locales to make creatives in.", examples=[["en-US", "es-US"]])
    name: str = Field("", max_length=200, description="The region's name, as people say it.")
    audience: Text = Field("", description="Whom to reach there, when it differs.")


class PictureFile(_Strict):
    """A picture of the product."""

    file: str = Field("", max_length=1000, description="A file, relative to the brief.", examples=["assets/yuzu.png"])
    kind: Literal["", "cutout", "photo"] = Field(
        "", description="cutout: product on transparency; photo: a full scene."
    )
    focal: Annotated[list[Annotated[float, Field(ge=0, le=1)]], Field(min_length=2, max_length=2)] | None = Field(
        None, description="The point that must stay in view: fractions of width and height.", examples=[[0.5, 0.4]]
    )
    imagine: bool = Field(
        False, description="true: let a model make it, or a backdrop for the file (needs a provider and a budget)."
    )
    extend: bool = Field(
        False, description="true: a model may add canvas around a photograph where a crop would lose too much of it."
    )
    cut_out: bool = Field(
        False, description="true: where the product cannot be freed from its ground here, a model may find its outline."
    )
    upscale: bool = Field(False, description="true: where the file is too small for a placement, a model may enlarge it.")
    letters: bool = Field(False, description="true: words may be in what a model draws; otherwise it is refused for them.")
    people: bool = Field(False, description="true: people may be in what a model draws; otherwise it is told to show none.")
    take: int = Field(1, ge=1, le=99, description="Another number asks the model for another picture.")


def _picture(value: Any) -> Any:
    return {"file": value} if isinstance(value, str) else value


Picture = Annotated[
    PictureFile | None,
    BeforeValidator(_picture, json_schema_input_type=str | PictureFile),
    Field(
        description="A file relative to the brief, or a map with file, kind, focal, imagine, extend, cut_out, upscale, letters, "
        "people.",
        examples=["assets/yuzu.png"],
    ),
]


class ProductFile(_Strict):
    """One product."""

    id: Id = Field(examples=["yuzu"])
    name: str = Field(
        min_length=1, max_length=200, description="The name as customers read it.", examples=["Sparkling Yuzu"]
    )
    description: str = Field("", max_length=10000, description="What it is; used for pictures and copy, not printed.")
    picture: Picture = None
    before: Picture = Field(
        None, description="How it was before: a second picture for templates that compare.", examples=["assets/dry.jpg"]
    )
    words: dict[Tag, WordsFile] = Field(
        default_factory=dict, alias="copy", description="Words for this product by locale; they beat the campaign's."
    )
    names: dict[Tag, str] = Field(default_factory=dict, description="Localized product names by locale.")
    price: Text = Field("", description="The price in every market.", examples=["€1.99"])
    prices: dict[Tag, Text] = Field(default_factory=dict, description="Prices by locale.")
    template: str = Field("", max_length=80, description="A template for this product only.")
    locales: list[Tag] = Field(default_factory=list, description="Make it for these locales only.")
    audience: Text = Field("", description="Whom this product is for, when it differs.")
    colors: list[str] = Field(default_factory=list, max_length=12, description="The product's own colours, hex.")
    extra: dict[str, Any] = Field(default_factory=dict, description="Anything else worth keeping; not interpreted.")


class VariantFile(_Strict):
    """A declared alternative, for testing."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,15}$")] = Field(description="a, b, c, ...", examples=["b"])
    words: dict[Tag, WordsFile] = Field(default_factory=dict, alias="copy", description="Words by locale that differ.")
    template: str = Field("", max_length=80, description="Another template.")


class DesignFile(_Strict):
    """How it should look; what is left out, Affiche decides."""

    template: str = Field("", max_length=80, description="A template id (`affiche templates`).")
    set: str = Field("", max_length=80, description="A studio set id (`affiche sets`).")
    format: Literal["", "png", "jpeg", "webp", "avif"] = Field(
        "", description="The file format, where the placement allows it."
    )


class WritingFile(_Strict):
    """How words are written that the brief does not give; used when a writer is set (`affiche words`)."""

    writer: str = Field(
        "", max_length=400,
        description="provider:model (`affiche providers`) instead of the operator's, stand-ins after commas; none: never.",
        examples=["anthropic:claude-sonnet-5-5"],
    )  # fmt: skip
    formality: dict[str, Literal["formal", "informal"]] = Field(
        default_factory=dict, description="By language or locale.", examples=[{"de": "informal", "ja": "formal"}]
    )
    notes: dict[str, Text] = Field(
        default_factory=dict, description="What a copywriter there must know, by language or locale."
    )
    glossary: dict[str, dict[str, str]] = Field(
        default_factory=dict,
        description="Term in the message -> language or locale -> the term to use.",
        examples=[{"can": {"de": "Dose"}}],
    )
    keep: Texts = Field(
        default_factory=list, description="Names and terms that are never translated.", examples=[["Verde"]]
    )
    alt: bool = Field(False, description="Also write a text alternative for each creative.")
    captions: bool = Field(False, description="Also write a caption and hashtags for each creative.")
    judge: bool = Field(False, description="Let the model score each text that it wrote (0 to 100).")
    back_translation: bool = Field(False, description="Translate each text back and compare it with the source.")
    take: Annotated[int, Field(ge=1, le=99)] = Field(1, description="Another number asks for other words.")


class BudgetFile(_Strict):
    """The most that models may cost."""

    max: str = Field(pattern=r"^\d{1,9}(\.\d{1,4})?$", description="Amount.", examples=["5.00"])
    currency: str = Field("USD", pattern=r"^[A-Z]{3}$", description="ISO 4217.")


class BrandFacts(_Strict):
    """A brand file, or the loose facts that a neutral brand is derived from."""

    file: str = Field("", max_length=1000, description="A brand file, relative to the brief.", examples=["brand.yaml"])
    name: str = Field("", max_length=200, description="The brand's name.")
    colors: list[str] = Field(default_factory=list, max_length=24, description="Hex colours, main one first.")
    logo: str = Field("", max_length=1000, description="A logo file, relative to the brief.")
    forbidden: Texts = Field(default_factory=list, description="Words that must not appear.")
    forbidden_by: dict[str, Texts] = Field(default_factory=dict, description="The same by language or locale.")
    fonts: Texts = Field(default_factory=list, description="Font families, best first.")
    tone: Texts = Field(default_factory=list, description="How the brand speaks.")


def _brand(value: Any) -> Any:
    return {"file": value} if isinstance(value, str) else value


GivenBrandFile = Annotated[
    BrandFacts,
    BeforeValidator(_brand, json_schema_input_type=str | BrandFacts),
    Field(
        description="A brand file relative to the brief, or a map with name, colors, logo, ...", examples=["brand.yaml"]
    ),
]
Legal = Annotated[
    dict[str, str],
    BeforeValidator(
        lambda value: {"": value} if isinstance(value, str) else value, json_schema_input_type=str | dict[str, str]
    ),
]


class BriefFile(_Strict):
    """A campaign brief for Affiche: one message, its markets, its products, where the ads appear."""

    model_config = ConfigDict(title="Affiche campaign brief")

    affiche: Literal["1"] = Field(
        description="Version of this format.", json_schema_extra={"const": 1, "type": "integer", "enum": None}
    )
    campaign: Id = Field(description="Short id of the campaign. " + _ID_HELP, examples=["summer-yuzu"])
    name: str = Field("", max_length=300, description="The campaign's name in reports.")
    brand: GivenBrandFile = Field(default_factory=BrandFacts)
    audience: str = Field("", max_length=4000, description="Whom to reach.", examples=["Office workers 25-40"])
    message: MessageFile = Field(description="The message in its source locale.")
    legal: Legal = Field(default_factory=dict, description="Small print: one text, or texts by locale.")
    markets: list[MarketFile] = Field(default_factory=list, description="Where and in which languages.")
    products: list[ProductFile] = Field(default_factory=list, description="What is advertised.")
    feed: str = Field("", max_length=1000, description="A product feed (CSV, XLSX, JSONL) relative to the brief.")
    placements: list[str] = Field(
        default_factory=list,
        description="Placement ids or aliases (`affiche placements`).",
        examples=[["instagram-square"]],
    )
    ratios: list[str] = Field(
        default_factory=list, description="Plain ratios or pixel sizes.", examples=[["1:1", "9:16"]]
    )
    words: dict[Tag, WordsFile] = Field(
        default_factory=dict,
        alias="copy",
        description="The message in other locales.",
        examples=[{"ja-JP": {"cta": "お店を探す"}}],
    )
    exclude: list[Annotated[str, Field(pattern=r"^[^/\s]+(/[^/\s]+){2,3}$", max_length=300)]] = Field(
        default_factory=list, max_length=10_000, examples=[["yuzu/de-DE/meta.instagram.story"]],
        description="Creatives not to make: product/locale/placement, or with a variant behind it; * stands for any.",
    )  # fmt: skip
    variants: list[VariantFile] = Field(
        default_factory=list, max_length=26, description="Alternatives to test; `a` is the brief itself."
    )
    design: DesignFile = Field(default_factory=DesignFile)
    budget: BudgetFile | None = Field(None)
    writing: WritingFile = Field(default_factory=WritingFile)
    values: dict[Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,39}$")], str | list[str]] = Field(
        default_factory=dict, description="What `{name}` in the copy stands for: a number, an amount, a date, a text, a list.",
        examples=[{"discount": "0.2", "ends": "2026-12-24"}],
    )  # fmt: skip
    extra: dict[str, Any] = Field(default_factory=dict, description="Anything else worth keeping; not interpreted.")


def json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a brief file."""
    schema = BriefFile.model_json_schema(by_alias=True)
    schema["properties"]["affiche"] = {"const": 1, "title": "Affiche", "description": "Version of this format."}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
