"""Gather: a plan and what became of its steps -> the run that is published. Plain values in, plain values out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from affiche.plan.model import Creative, Plan
from affiche.ports import Outcome
from affiche.publish.model import NO_COST, PublishedCreative, PublishedFile, PublishedRun
from affiche.publish.tree import OutputName, output_paths
from affiche.render.jobs import Made
from affiche.render.record import findings
from affiche.values.digest import Digest
from affiche.values.finding import Finding, creative_status
from affiche.values.money import Money


def gather(plan: Plan, made: Made, bought: Mapping[Digest, Outcome], *, seconds: float) -> PublishedRun:
    """The run of `plan`, every creative in it, the failed ones without files; `bought` by the keys of wishes."""
    paths = _paths(plan, made)
    known: dict[bytes, Finding] = {}
    shares = _shares(plan, bought)
    return PublishedRun(
        campaign=plan.campaign,
        name=plan.brief.name or plan.campaign,
        brand=plan.part.brand.name,
        brief_file=plan.brief_file,
        creatives=tuple(_published(plan, creative, made, paths, shares, known) for creative in plan.creatives),
        cost=_total(shares.values()),
        problems=plan.problems,
        steps={"ran": made.ran, "reused": len(made.reused)},
        seconds=seconds,
        versions=plan.versions,
        inputs=plan.part.inputs,
        partial=plan.partial,
    )


def _paths(plan: Plan, made: Made) -> dict[int, str]:
    """Output path of each creative that has a file, by the identity of the object."""
    drawn = [c for c in plan.creatives if c.compose_key in made.outcomes]
    names = [
        OutputName(
            product=c.id.product, ratio=c.place.placement.ratio_name, locale=c.id.locale, placement=c.id.placement,
            variant=c.id.variant, format=made.outcomes[c.compose_key].data["format"],
        )
        for c in drawn
    ]  # fmt: skip
    return {id(c): path for c, path in zip(drawn, output_paths(plan.campaign, names), strict=True)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What a creative has of a bought picture: its part of the cost (all shares add up to the whole), and the story."""

    cost: Money
    whole: Money
    story: tuple[str, ...]


def _shares(plan: Plan, bought: Mapping[Digest, Outcome]) -> dict[Digest, Share]:
    """By the key of the wish."""
    steps = (c.product.picture for c in plan.creatives)
    users: Counter[Digest] = Counter(step.wish.key for step in steps if step is not None and step.wish is not None)
    shares = {}
    for key, outcome in bought.items():
        data, count = outcome.data, max(1, users[key])
        whole = Money(amount=Decimal(data["cost"]), currency=data["currency"])
        part = Money(amount=(whole.amount / count).quantize(Decimal("0.000001")), currency=whole.currency)
        first = f"picture by {data['provider']} {data['model']}, {whole} for {count} creative{'s' * (count != 1)}"
        shares[key] = Share(cost=part, whole=whole, story=(first, *data["told"]))
    return shares


def _total(shares: Iterable[Share]) -> Money:
    return sum((share.whole for share in shares), NO_COST) if shares else NO_COST


def _share(creative: Creative, shares: Mapping[Digest, Share]) -> Share | None:
    step = creative.product.picture
    return shares.get(step.wish.key) if step is not None and step.wish is not None else None


def _published(
    plan: Plan, creative: Creative, made: Made, paths: Mapping[int, str], shares: Mapping[Digest, Share],
    known: dict[bytes, Finding],
) -> PublishedCreative:  # fmt: skip
    drawn = made.outcomes.get(creative.compose_key)
    found = _findings(plan, creative, made, known)
    share = _share(creative, shares)
    placement = creative.place.placement
    return PublishedCreative(
        product=creative.id.product,
        product_name=creative.product.product.name,
        locale=creative.id.locale,
        placement=creative.id.placement,
        placement_name=placement.name,
        channel=placement.channel,
        ratio=placement.ratio_name,
        variant=creative.id.variant,
        status=creative_status(found),
        files=(_file(drawn, paths[id(creative)]),) if drawn else (),
        thumbnail=drawn.blobs["thumbnail"] if drawn else None,
        reused=made.reused.issuperset(creative.keys),
        findings=found,
        size=(0, 0) if drawn else (placement.size.width, placement.size.height),
        keys={"compose": creative.compose_key, "check": creative.check_key},
        origins=_origins(creative, drawn),
        words={role: text.value for role, text in creative.words.words.items()},
        inputs=plan.inputs_of(creative),
        template=drawn.data["template"] if drawn else "",
        set=drawn.data["set"] if drawn else "",
        notes=(*(drawn.data["notes"] if drawn else ()), *(share.story if share else ())),
        cost=share.cost if share else NO_COST,
        direction=creative.words.locale.direction,
        written={role: text.evidence.as_dict() for role, text in creative.words.words.items() if text.evidence is not None},
        extras=creative.words.extras,
        sources=_sources(plan, creative),
    )


def _file(drawn: Outcome, path: str) -> PublishedFile:
    blob, (width, height) = drawn.blobs["file"], drawn.data["size"]
    return PublishedFile(
        path=path, blob=blob, sha256=blob, bytes=drawn.data["bytes"], width=width, height=height,
        format=drawn.data["format"],
    )  # fmt: skip


def _sources(plan: Plan, creative: Creative) -> tuple[dict[str, Any], ...]:
    """The files that a creative was made from, each once, with their rights."""
    found: dict[str, dict[str, Any]] = {}
    for step in plan.pictures_of(creative):
        if step.digest:
            said = {"rights": step.rights.as_dict()} if step.rights else {}
            found[step.digest] = {"name": step.name, "role": step.role, "sha256": step.digest, **said}
    return tuple(found.values())


def _origins(creative: Creative, drawn: Outcome | None) -> dict[str, str]:
    origins: dict[str, str] = {role: text.origin for role, text in creative.words.words.items()}
    step = creative.product.picture
    if step is not None and step.invented:
        origins["picture" if not step.file else "backdrop"] = "generated"
    if step is not None and step.file:
        enlarged = step.wish is not None and step.wish.request.operation == "upscale"
        # Brought in from a tool of models, with a record that says so: then it is no given picture of unknown origin.
        origins["picture"] = "generated" if step.brought else "enlarged" if enlarged else "given"
    if drawn is not None and drawn.data["set"]:
        origins["backdrop"] = "set"
    return origins


def _findings(
    plan: Plan, creative: Creative, made: Made, known: dict[bytes, Finding]
) -> tuple[Finding, ...]:
    """The findings of its check, or why there is nothing to check; `known` holds those that were met already."""
    checked = made.outcomes.get(creative.check_key)
    degraded = plan.degraded.get(creative.id.product)
    if checked is not None and creative.compose_key in made.outcomes:
        return (*findings(checked.data, known), *([degraded] if degraded else []))
    keys = [*(step.key for step in plan.pictures_of(creative)), *creative.keys]
    return tuple(dict.fromkeys(made.failed[key] for key in keys if key in made.failed))
