"""Assets and uploads."""

from __future__ import annotations

from datetime import datetime
from typing import Any

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
    focal: list[float] | None = None
    tags: list[str]
    rights: dict[str, Any]
    rights_expire_at: datetime | None = None
    duplicates: list[str] = Field(default_factory=list, description="Other assets with these very bytes, when it came.")
    file_url: str
    created_by: str
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, row: Any, duplicates: list[str] | None = None) -> Asset:
        focal = None if row["focal_x"] is None else [row["focal_x"], row["focal_y"]]
        more = {"digest": row["blob"], "focal": focal, "file_url": f"/v1/assets/{row['id']}/file", "duplicates": duplicates or []}
        return cls(**{**row, **more})


class AssetChange(In):
    """What people say of an asset. Only what is given changes."""

    name: str | None = Field(None, min_length=1, max_length=255)
    tags: list[str] | None = Field(None, max_length=50)
    focal: list[float] | None = Field(None, min_length=2, max_length=2, description="The point to keep, fractions 0..1.")
    rights: dict[str, Any] | None = Field(None, description="Who may use it where; kept as it is.")
    rights_expire_at: datetime | None = Field(None, description="From then on nothing that shows it is delivered.")


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
    direct_url: str = Field("", description="Where the whole file may be PUT at once; empty where the store cannot sign.")
    expires_at: datetime

    @classmethod
    def of(cls, row: Any, direct_url: str = "") -> Upload:
        return cls(**{**row, "url": f"/v1/uploads/{row['id']}", "direct_url": direct_url})
