"""Brands and their files."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from affiche.api.schema.shape import Out, ProblemItem


class Brand(Out):
    """A brand. `revision` is that of its newest file."""

    id: str
    slug: str
    name: str
    revision: int
    created_by: str
    created_at: datetime
    updated_at: datetime
    archived_at: datetime | None = None


class BrandFile(Out):
    """A brand file as it was given."""

    brand: str
    number: int
    media_type: str
    digest: str
    document: str
    problems: list[ProblemItem]
    created_by: str
    created_at: datetime

    @classmethod
    def of(cls, row: Any) -> BrandFile:
        return cls(**{**row, "document": row["document"].decode("utf-8", "replace")})
