"""Gather: a plan and what became of its steps -> the run that is published. Plain values in, plain values out."""

from __future__ import annotations

from collections.abc import Mapping

from affiche.plan.model import Creative, Plan
from affiche.ports import Outcome
from affiche.publish.model import PublishedCreative, PublishedFile, PublishedRun
from affiche.publish.tree import OutputName, output_paths
from affiche.render.jobs import Made
from affiche.render.record import findings
from affiche.values.finding import Finding, creative_status


def gather(plan: Plan, made: Made, *, seconds: float) -> PublishedRun:
    """The run of `plan`, every creative in it, the failed ones without files."""
    paths = _paths(plan, made)
    return PublishedRun(
        campaign=plan.campaign,
        name=plan.brief.name or plan.campaign,
        brand=plan.part.brand.name,
        brief_file=plan.brief_file,
        creatives=tuple(_published(plan, creative, made, paths) for creative in plan.creatives),
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


def _published(plan: Plan, creative: Creative, made: Made, paths: Mapping[int, str]) -> PublishedCreative:
    drawn = made.outcomes.get(creative.compose_key)
    found = _findings(plan, creative, made)
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
        keys={"compose": creative.compose_key, "check": creative.check_key},
        origins=_origins(creative, drawn),
        words={role: text.value for role, text in creative.words.words.items()},
        inputs=plan.inputs_of(creative),
        template=drawn.data["template"] if drawn else "",
        set=drawn.data["set"] if drawn else "",
        notes=tuple(drawn.data["notes"]) if drawn else (),
        direction=creative.words.locale.direction,
        written={role: text.evidence.as_dict() for role, text in creative.words.words.items() if text.evidence is not None},
        extras=creative.words.extras,
    )


def _file(drawn: Outcome, path: str) -> PublishedFile:
    blob, (width, height) = drawn.blobs["file"], drawn.data["size"]
    return PublishedFile(
        path=path, blob=blob, sha256=blob, bytes=drawn.data["bytes"], width=width, height=height,
        format=drawn.data["format"],
    )  # fmt: skip


def _origins(creative: Creative, drawn: Outcome | None) -> dict[str, str]:
    origins: dict[str, str] = {role: text.origin for role, text in creative.words.words.items()}
    if creative.product.picture is not None:
        origins["picture"] = "given"
    if drawn is not None and drawn.data["set"]:
        origins["backdrop"] = "set"
    return origins


def _findings(plan: Plan, creative: Creative, made: Made) -> tuple[Finding, ...]:
    """The findings of its check, or why there is nothing to check."""
    checked = made.outcomes.get(creative.check_key)
    if checked is not None and creative.compose_key in made.outcomes:
        return findings(checked.data)
    keys = [*(step.key for step in plan.pictures_of(creative)), *creative.keys]
    return tuple(dict.fromkeys(made.failed[key] for key in keys if key in made.failed))
