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


class SlotText(Out):
    """What became of one text: sizes in px of the em. `needed` is the largest size that would fit; `remedy` what helped."""

    slot: str
    outcome: str = Field(description="`fits`, `helped`, `left-out`, `too-long` or `glyphs`.")
    fits: bool
    size: float
    min_size: float
    needed: float
    remedy: str
    lines: list[str]
    missing: list[str]


class ProofCell(Out):
    """One place of a proof: stress copy in one size."""

    case: str = Field(description="Which stress copy.")
    locale: str
    width: int
    height: int
    aspect_class: str
    texts: list[SlotText]


class Proof(Out):
    """A template over aspect classes and hard copy. `digest` changes when anything does that it depends on."""

    template: str
    digest: str
    cells: list[ProofCell]


class Health(Out):
    """`ok`, or which part is not."""

    status: str
    parts: dict[str, Any] = Field(default_factory=dict)
