"""The overflow report: which text does not fit where, at which size it would, and what helps. Nothing is drawn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from affiche.compose.compose import fit_report
from affiche.errors import PaintError
from affiche.plan.model import CreativeId, Plan
from affiche.plan.request import request_of
from affiche.ports import PictureInfo
from affiche.values.digest import Digest
from affiche.values.frame import SlotFit


@dataclass(frozen=True, slots=True, kw_only=True)
class Overflow:
    """How a text fits: as the template wants it, helped by `fit.remedy`, or not at all (`fits` is False)."""

    creative: CreativeId
    fit: SlotFit

    def as_dict(self) -> dict[str, Any]:
        """The stable JSON form; sizes in px of the em."""
        return {
            "product": self.creative.product, "locale": self.creative.locale, "placement": self.creative.placement,
            "variant": self.creative.variant, **self.fit.as_dict(),
        }  # fmt: skip


def overflows(plan: Plan, pictures: Mapping[Digest, PictureInfo]) -> Iterator[Overflow]:
    """Every text that does not simply fit."""
    return (text for text in texts(plan, pictures) if not text.fit.fits or text.fit.remedy)


def texts(plan: Plan, pictures: Mapping[Digest, PictureInfo]) -> Iterator[Overflow]:
    """Every text of every creative. Creatives whose picture could not be prepared are left out: they fail anyway."""
    for creative in plan.creatives:
        step = creative.product.picture
        if step is not None and step.key not in pictures:
            continue
        try:
            fits = fit_report(request_of(plan.part, creative, pictures))
        except PaintError:
            continue
        yield from (Overflow(creative=creative.id, fit=fit) for fit in fits)
