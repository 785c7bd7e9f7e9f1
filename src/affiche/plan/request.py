"""What compose is asked for one creative of a plan, once its pictures are known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from affiche.compose.direct.choose import ROOMY, has_room
from affiche.compose.request import ComposeRequest
from affiche.errors import PaintError
from affiche.plan.model import CampaignPart, Creative, PictureStep, WordsPart
from affiche.ports import PictureInfo
from affiche.values.digest import Digest


def request_of(part: CampaignPart, creative: Creative, pictures: Mapping[Digest, PictureInfo]) -> ComposeRequest:
    """The request of `creative`; `pictures` by the keys of their steps. The template follows from the kind of picture.

    Raises PaintError when no template of the plan shows a picture of that kind.
    """
    request = _request(part, creative, creative.words, pictures)
    return replace(request, sizes=_sizes(part, creative, pictures)) if request.template.groups else request


def _sizes(part: CampaignPart, creative: Creative, pictures: Mapping[Digest, PictureInfo]) -> dict[str, float]:
    """For each group of the template the largest size px that every locale of the product can have.

    A locale whose text does not fit at all has no say: it fails on its own, and would only drag the others down.
    """
    # Here, because a plan without groups must not pay for loading what typesets.
    from affiche.compose.compose import fit_report

    smallest: dict[str, float] = {}
    for words in creative.product.group:
        request = _request(part, creative, words, pictures)
        groups = request.template.groups
        for fit in fit_report(request):
            group = groups.get(fit.slot, "")
            if group and fit.fits and fit.lines:
                smallest[group] = min(fit.size, smallest.get(group, fit.size))
    return smallest


def _request(
    part: CampaignPart, creative: Creative, words: WordsPart, pictures: Mapping[Digest, PictureInfo]
) -> ComposeRequest:
    """The request of `creative` with the words of one locale."""
    placement, product, locale = creative.place.placement, creative.product, words.locale
    picture = _info(pictures, product.picture)
    kind = _kind(picture)
    if kind not in product.templates:
        raise PaintError(f"no template shows a {kind} of {product.product.name}")
    return ComposeRequest(
        size=placement.size,
        safe=placement.safe_for(locale.direction).of(placement.size),
        locale=locale,
        words=words.words,
        brand=product.brand,
        template=product.templates[kind],
        picture=picture,
        before=_info(pictures, product.before),
        logo=_info(pictures, part.logo),
        logo_on_dark=_info(pictures, part.logo_on_dark),
        wordmark=part.wordmark,
        companions=_cut_out(pictures, product.companions),
        why=product.why.get(kind, ""),
        set=product.studio if kind == "cutout" else None,
        placement=placement.id,
        market=words.market,
        shown_width=placement.shown_width,
    )


def _kind(picture: PictureInfo | None) -> str:
    """The kind of picture by which templates are chosen."""
    if picture is None:
        return "none"
    return ROOMY if picture.kind == "photo" and has_room(picture) else picture.kind


def _cut_out(pictures: Mapping[Digest, PictureInfo], steps: tuple[PictureStep, ...]) -> tuple[PictureInfo, ...]:
    """Those of the companions that are cut out: a photograph cannot stand in a line."""
    infos = (_info(pictures, step) for step in steps)
    return tuple(info for info in infos if info is not None and info.kind == "cutout")


def _info(pictures: Mapping[Digest, PictureInfo], step: PictureStep | None) -> PictureInfo | None:
    return pictures.get(step.key) if step is not None else None
