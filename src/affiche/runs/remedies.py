"""What may mend one ad of a campaign: changes of its brief, each tried on the ad itself; stored nowhere, nothing is spent.

Made to run in the process beside the server, as previews are. The pictures are those that the last run prepared.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from affiche import wire
from affiche.brief.model import Brief
from affiche.check.profile import rules_in_force
from affiche.check.shipped import shipped_profile
from affiche.compose.template.shipped import shipped_ids
from affiche.errors import AfficheError, NotFound
from affiche.inputs import Campaign
from affiche.plan.expand import Materials, expand, part_of
from affiche.plan.model import Creative, Plan
from affiche.plan.request import request_of
from affiche.publish.thumbnail import thumbnail
from affiche.render.record import ready
from affiche.render.remedies import Change, Trial, Tried, changes_for, helping, with_words
from affiche.render.shelf import Shelf
from affiche.runs.folder import Material, laid_out
from affiche.runs.planned import BadBrief, campaign_of, work_root
from affiche.runs.preview import told
from affiche.settings import Settings
from affiche.values.finding import Finding

#: Longer side px of the picture of a remedy.
_SHOWN_PX = 320
#: What a model can do about what a rule found: the wish of a picture, by rule.
_BY_MODEL = {"picture.crop": "extend", "picture.resolution": "upscale"}


def remedies(material: Material, settings: Settings, today: date, which: Mapping[str, str]) -> dict[str, Any]:
    """`found`: the rules that ask for something now; `items`: changes that help, the best first; `problems`: why none was tried.

    `which` names product, locale, placement and variant.
    """
    with laid_out(material, wire.blobs(settings), work_root(settings)) as brief:
        try:
            return _tried(brief, material, settings, today, which)
        except BadBrief as bad:
            return {"found": [], "items": [], "problems": [problem.as_dict() for problem in bad.problems]}
        except AfficheError as error:
            return {"found": [], "items": [], "problems": [told(error)]}


def _tried(brief: Path, material: Material, settings: Settings, today: date, which: Mapping[str, str]) -> dict[str, Any]:
    campaign = replace(campaign_of(brief, material.brand_name), accepted=material.accepted)
    materials = _narrow(wire.materials(campaign, settings, today), which)
    plan, creative = _found(materials, which)
    trial = _trial(plan, creative, settings, today)

    def again(change: Change) -> tuple[Plan, Creative]:
        if change.verb == "words":
            return plan, with_words(creative, change)
        changed, ad = _found(replace(materials, brief=_with_template(materials.brief, which["product"], change.value)), which)
        if any(step.key not in trial.infos for step in changed.pictures):
            raise NotFound("this template asks for another picture", hint="it would be bought, and nothing here costs money")
        return changed, ad

    wire.show_fonts(plan, settings)
    request = request_of(plan.part, creative, trial.infos)
    templates = {id: materials.templates[id] for id in dict.fromkeys((*materials.templates, *shipped_ids()))}
    now, better = helping(plan, creative, tuple(changes_for(request, templates)), again, trial)
    asked = [finding for finding in now if finding.status in ("warn", "fail", "error")]
    bought = _by_models(campaign, settings, today, which, asked)
    return {"found": [finding.rule for finding in asked], "items": [*map(_plain, better), *bought], "problems": []}


def _narrow(materials: Materials, which: Mapping[str, str]) -> Materials:
    """Planned for one placement only: quicker, and of equal keys.

    A picture of a model is of all placements together, so a brief that wishes some is planned whole.
    """
    brief = materials.brief
    if brief.wished:
        return materials
    here = tuple(place for place in brief.placements if place == which["placement"])
    return replace(materials, brief=replace(brief, placements=here)) if here else materials


def _found(materials: Materials, which: Mapping[str, str]) -> tuple[Plan, Creative]:
    """The plan of the one creative. Raises BadBrief, NotFound when the brief does not ask for it any more."""
    plan = expand(materials)
    if plan.refused and plan.creatives == ():
        raise BadBrief(plan.problems)
    for creative in plan.creatives:
        if all(getattr(creative.id, name) == value for name, value in which.items()):
            return part_of(plan, [creative]), creative
    raise NotFound("the brief does not ask for this ad any more", hint="look at the newest ads of the campaign")


def _trial(plan: Plan, creative: Creative, settings: Settings, today: date) -> Trial:
    """What draws and checks, with the pictures of the brief's products as they were prepared last."""
    blobs, channel = wire.blobs(settings), creative.place.placement.channel
    with wire.ledger(settings, write=False) as ledger:
        made = {key: ready(outcome) for key, outcome in ledger.find(step.key for step in plan.pictures).items()}
    missing = [step.name for step in plan.pictures if step.key not in made]
    if missing:
        raise NotFound(f"{missing[0]} was not prepared yet", hint="wait for the run of the newest brief")
    shelf = Shelf(blobs, wire.file_codec())
    shelf.show(made)
    infos = {key: one.info for key, one in made.items()}
    rules = rules_in_force(shipped_profile(channel), today)
    return Trial(painter=wire.proof_painter(), infos=infos, pictures=shelf, rules=rules)


def _with_template(brief: Brief, product: str, template: str) -> Brief:
    products = tuple(replace(one, template=template) if one.id == product else one for one in brief.products)
    return replace(brief, products=products)


def _by_models(
    campaign: Campaign, settings: Settings, today: date, which: Mapping[str, str], asked: Sequence[Finding]
) -> list[dict[str, Any]]:
    """What a model can be asked for, with its price; nothing where no provider, no budget or no need is."""
    found = []
    for wish in dict.fromkeys(_BY_MODEL[finding.rule] for finding in asked if finding.rule in _BY_MODEL):
        changed = _wishing(campaign, which["product"], wish)
        if changed is None:
            continue
        _, creative = _found(_narrow(wire.materials(changed, settings, today), which), which)
        step = creative.product.picture
        if step is not None and step.wish is not None:
            least, most = step.wish.least, step.wish.most
            found.append(_row(wish, "", wish, step.wish.purpose) | {"least": str(least), "most": str(most)})
    return found


def _wishing(campaign: Campaign, product: str, wish: str) -> Campaign | None:
    """The campaign whose product asks a model for `wish`; None when it has no picture of its own, or asks already."""
    brief = campaign.brief
    picture = next((one.picture for one in brief.products if one.id == product), None)
    if picture is None or not picture.path or getattr(picture, wish):
        return None
    asking = replace(picture, extend=picture.extend or wish == "extend", upscale=picture.upscale or wish == "upscale")
    products = tuple(replace(one, picture=asking) if one.id == product else one for one in brief.products)
    return replace(campaign, brief=replace(brief, products=products))


def _plain(tried: Tried) -> dict[str, Any]:
    change = tried.change
    picture = thumbnail(tried.pixels, long_side=_SHOWN_PX)
    return _row(change.verb, change.role, change.value, change.name) | {
        "mended": list(tried.mended), "raised": list(tried.raised), "clean": tried.weight == 0,
        "jpeg": base64.b64encode(picture).decode(),
    }  # fmt: skip


def _row(verb: str, role: str, value: str, name: str) -> dict[str, Any]:
    return {
        "verb": verb, "role": role, "value": value, "name": name, "mended": [], "raised": [], "clean": False, "jpeg": "",
        "least": "", "most": "",
    }  # fmt: skip


__all__ = ["remedies"]
