"""Assets and uploads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from affiche.api.schema.shape import In, Out


class Asset(Out):
    """A file that briefs and brands name by its id."""

    id: str
    brand: str
    name: str
    kind: str
    state: str
    reason: str
    media_type: str
    digest: str
    bytes: int
    width: int
    height: int
    palette: list[str]
    focal: list[float] | None = Field(None, description="The point that matters, found or said; null: the middle.")
    tags: list[str]
    rights: dict[str, Any]
    rights_expire_at: datetime | None = None
    legal_hold: bool
    version: int
    previous: str | None = Field(None, description="The asset that this is a new version of.")
    source: str = Field(description="How it came: `upload`, or where it was fetched from.")
    metadata: dict[str, Any] = Field(description="What the file says of itself: exif, iptc, xmp, icc. Nobody has checked it.")
    duplicates: list[str] = Field(default_factory=list, description="Other assets with these very bytes, when it came.")
    near: list[str] = Field(default_factory=list, description="The same picture in other sizes or formats, when it came.")
    file_url: str
    thumbnail_url: str
    created_by: str
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, row: Any, duplicates: Sequence[str] = (), near: Sequence[str] = ()) -> Asset:
        place = f"/v1/assets/{row['id']}"
        more = {
            "digest": row["blob"], "focal": None if row["focal_x"] is None else [row["focal_x"], row["focal_y"]],
            "file_url": f"{place}/file", "thumbnail_url": f"{place}/thumbnail" if row["thumbnail"] else "",
            "duplicates": list(duplicates), "near": list(near),
        }  # fmt: skip
        return cls(**{**row, **more})


class AssetChange(In):
    """What people say of an asset. Only what is given changes."""

    name: str | None = Field(None, min_length=1, max_length=255)
    tags: list[str] | None = Field(None, max_length=50)
    focal: list[float] | None = Field(None, min_length=2, max_length=2, description="The point to keep, fractions 0..1.")
    rights: dict[str, Any] | None = Field(None, description="licence, holder, source, generated, ...; kept as it is.")
    legal_hold: bool | None = Field(None, description="While it holds, nobody deletes it and nothing is cleaned away.")
    rights_expire_at: datetime | None = Field(None, description="From then on nothing that shows it is delivered.")


class AssetFetch(In):
    """A file at an address of the web."""

    url: str = Field(min_length=8, max_length=2000, pattern=r"^https?://")
    name: str = Field("", max_length=255, description="Empty: as the address ends.")
    brand: str = Field("", max_length=64)


class AlikeAsset(Out):
    """An asset that looks like another. `how`: same (equal bytes), copy (another size or format), alike."""

    asset: Asset
    how: str
    likeness: float = Field(description="0..1, from composition and main colours.")


class AlikeAssets(Out):
    """What looks like an asset, nearest first."""

    items: list[AlikeAsset]


class MeantAsset(Out):
    """A picture that means nearly what was asked for."""

    asset: Asset
    likeness: float = Field(description="Cosine, -1..1, in the space of the embedding model; comparable within one answer only.")


class MeantAssets(Out):
    """Pictures by what they mean, nearest first."""

    items: list[MeantAsset]


class Relation(Out):
    """`asset` is `relation` (derived-from, version-of, duplicate-of) of `other`, or used-in the campaign `other`."""

    asset: str
    relation: str
    other: str
    created_at: datetime


class RelationWanted(In):
    """That an asset was made from another one."""

    relation: Literal["derived-from"]
    other: str = Field(pattern=r"^ast_[0-9A-HJKMNP-TV-Z]{26}$")


class Use(Out):
    """Something that names an asset."""

    id: str
    kind: str
    name: str


class Uses(Out):
    """Where an asset is used, its versions (oldest first), and how it belongs to others."""

    campaigns: list[Use]
    brands: list[Use]
    versions: list[Asset]
    relations: list[Relation]


class LinkWanted(In):
    """A link to one file."""

    asset: str = Field("", max_length=40)
    creative: str = Field("", max_length=40)
    seconds: int = Field(3600, ge=60, le=604_800, description="How long it works.")


class Link(Out):
    """An address that works without a key; a path is one of this service."""

    url: str
    expires_at: datetime


class Received(Out):
    """How much has arrived."""

    received: int


class UploadWanted(In):
    """A file that will be uploaded in parts."""

    name: str = Field(min_length=1, max_length=255)
    bytes: int = Field(ge=1, le=64_000_000)
    brand: str = Field("", max_length=64)
    sha256: str = Field("", pattern=r"^([0-9a-f]{64})?$", description="Checked at the end when it is given.")


class Upload(Out):
    """How far an upload is. Send the bytes from `received` on to `url` with `Upload-Offset`; a broken one continues there."""

    id: str
    name: str
    bytes: int
    received: int
    state: str
    asset: str | None = None
    url: str
    direct_url: str = Field("", description="Where the whole file may be PUT at once, without a key; perhaps a path here.")
    expires_at: datetime

    @classmethod
    def of(cls, row: Any, direct_url: str = "") -> Upload:
        return cls(**{**row, "url": f"/v1/uploads/{row['id']}", "direct_url": direct_url})
