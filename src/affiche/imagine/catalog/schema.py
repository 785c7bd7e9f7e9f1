"""What may stand in a catalog file. Strict: an unknown key, a price without a date or an impossible bound is refused."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

Operation = Literal["generate", "edit", "expand", "remove-background", "upscale"]
Quality = Literal["draft", "standard", "high"]
Role = Literal["source", "product", "style", "structure"]
Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=40)]
ModelName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/-]*$", max_length=120)]
SizeText = Annotated[str, Field(pattern=r"^[1-9]\d{0,4}x[1-9]\d{0,4}$")]
RatioText = Annotated[str, Field(pattern=r"^[1-9]\d?:[1-9]\d?$")]
Amount = Annotated[float, Field(ge=0, le=1000)]


class Strict(BaseModel):
    """Nothing unknown, nothing converted."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class ProviderRow(Strict):
    """Who: where it is reached, in which variables its keys are, how much it takes at once."""

    id: Id
    name: str
    adapter: Id = ""
    base: str = ""
    #: Name of a secret -> environment variable.
    secrets: dict[Id, Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]*$")]] = {}
    #: Secrets that need not be there.
    optional: list[Id] = []
    #: Options that the operator has to set.
    needs: list[str] = []
    site: str = ""
    note: str = ""
    timeout_s: Annotated[float, Field(gt=0, le=3600)] = 300.0
    poll_s: Annotated[float, Field(gt=0, le=60)] = 1.0
    per_minute: Annotated[int, Field(ge=0)] = 0
    concurrency: Annotated[int, Field(ge=1)] = 4

    @field_validator("base")
    @classmethod
    def _https(cls, value: str) -> str:
        if value and not value.startswith(("https://", "http://127.0.0.1", "http://localhost")):
            raise ValueError("is reached by https")
        return value


class CanRow(Strict):
    """What a model can do (`Capabilities`)."""

    sizes: list[SizeText] = []
    ratios: list[RatioText] = []
    min_pixels: Annotated[int, Field(ge=0)] = 0
    max_pixels: Annotated[int, Field(ge=0)] = 0
    max_side: Annotated[int, Field(ge=0)] = 0
    multiple: Annotated[int, Field(ge=1)] = 1
    max_aspect: Annotated[float, Field(ge=0)] = 0.0
    references: dict[Role, Annotated[int, Field(ge=1, le=20)]] = {}
    #: Roles of `references` without which nothing is made; a source is needed wherever one is worked on.
    needs: list[Role] = []
    mask: bool = False
    negative: bool = False
    seed: bool = False
    transparent: bool = False
    colors: bool = False
    qualities: Annotated[list[Quality], Field(min_length=1)] = ["standard"]
    max_prompt: Annotated[int, Field(ge=0)] = 0

    @model_validator(mode="after")
    def _one_rule(self) -> CanRow:
        if self.sizes and self.ratios:
            raise ValueError("has sizes or ratios, not both")
        if self.min_pixels and self.max_pixels and self.min_pixels > self.max_pixels:
            raise ValueError("min_pixels is above max_pixels")
        if unknown := [role for role in self.needs if role not in self.references]:
            raise ValueError(f"needs {', '.join(unknown)}, which is not among its references")
        return self


class PriceRow(Strict):
    """What a picture costs, by quality, with where and when that was read."""

    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "USD"
    base: dict[Quality, Amount]
    per_megapixel: dict[Quality, Amount] = {}
    per_million: dict[Literal["text-in", "image-in", "out"], Amount] = {}
    source: Annotated[str, Field(min_length=3)]
    as_of: date
    verified: bool = False


class OfferRow(Strict):
    """A model with the operations that share its abilities and its price."""

    provider: Id
    model: ModelName
    operations: Annotated[list[Operation], Field(min_length=1)]
    can: CanRow
    price: PriceRow
    repeat: Literal["idempotent", "job", "none"] = "none"
    regions: list[str] = []
    licence: str = ""
    latency_s: Annotated[float, Field(ge=0)] = 0.0
    sunset: date | None = None
    replaced_by: str = ""
    signed: Annotated[float, Field(ge=0, le=0.5)] = 0.0

    @model_validator(mode="after")
    def _priced(self) -> OfferRow:
        missing = set(self.can.qualities) - set(self.price.base)
        if missing:
            raise ValueError(f"has no price for {', '.join(sorted(missing))}")
        if self.replaced_by and self.sunset is None:
            raise ValueError("is replaced without a date")
        return self


class CatalogFile(Strict):
    """A whole catalog; `as_of` is when it was last gone through."""

    as_of: date
    provider: list[ProviderRow] = []
    offer: list[OfferRow] = []


def checked(data: dict[str, Any]) -> CatalogFile:
    """The catalog in `data`. Raises ValueError with the first complaint and the row that it is about."""
    try:
        return CatalogFile.model_validate(data)
    except ValidationError as error:
        told = error.errors()[0]
    row: Any = data
    for part in told["loc"][:2]:
        inside = isinstance(row, list) if isinstance(part, int) else isinstance(row, dict) and part in row
        row = row[part] if inside else None
    name = "/".join(str(row[key]) for key in ("provider", "model", "id") if key in row) if isinstance(row, dict) else ""
    place = ".".join(str(part) for part in told["loc"])
    raise ValueError(f"{place}{f' ({name})' if name else ''}: {told['msg']}")


class OwnRow(Strict):
    """What an operator says of a provider: one of the catalog, or one of their own (`adapter`)."""

    name: str = ""
    adapter: Literal["", "generic"] = ""
    base_url: Annotated[str, Field(pattern=r"^(https?://\S+)?$")] = ""
    #: The variable that holds the key. Never the key itself.
    key: Annotated[str, Field(pattern=r"^([A-Z][A-Z0-9_]*)?$")] = ""
    #: Per picture, instead of the list price.
    price: Amount | None = None
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "USD"
    timeout_s: Annotated[float, Field(gt=0, le=3600)] | None = None
    per_minute: Annotated[int, Field(ge=1)] | None = None
    concurrency: Annotated[int, Field(ge=1)] | None = None
    region: str | None = None
    endpoint_url: str | None = None
    deployments: dict[str, str] | None = None
    ims_url: str | None = None
    #: Files and folders, relative to the file that names them.
    workflow: str | None = None
    description: str | None = None
    path: str | None = None
    device: Literal["cpu", "cuda", "mps"] | None = None
    steps: Annotated[int, Field(ge=1, le=200)] | None = None
    offer: list[OfferRow] = []


class OwnFile(Strict):
    """The operator's file: a table for each provider."""

    provider: dict[Id, OwnRow] = {}


def checked_own(data: dict[str, Any]) -> dict[str, OwnRow]:
    """The tables of an operator's file. Raises ValueError with the first complaint."""
    for id, table in data.items():
        for offer in table.get("offer", ()) if isinstance(table, dict) and isinstance(table.get("offer"), list) else ():
            if isinstance(offer, dict):
                offer.setdefault("provider", id)
    try:
        return OwnFile.model_validate({"provider": data}).provider
    except ValidationError as error:
        told = error.errors()[0]
    raise ValueError(f"{'.'.join(str(part) for part in told['loc'][1:])}: {told['msg']}")
