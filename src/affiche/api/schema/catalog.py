"""What ships with Affiche: templates, placements, locales, rules, providers, studio sets, markets."""

from __future__ import annotations

from typing import Any

from pydantic import ConfigDict, Field

from affiche.api.schema.shape import Out


class CatalogItem(Out):
    """An entry with an id; its other fields are those of `affiche ... --json`."""

    model_config = ConfigDict(extra="allow")

    id: str
    name: str = ""


class Catalog(Out):
    """A whole catalog."""

    items: list[CatalogItem]


class Health(Out):
    """`ok`, or which part is not."""

    status: str
    parts: dict[str, Any] = Field(default_factory=dict)
