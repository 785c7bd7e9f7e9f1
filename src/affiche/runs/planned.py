"""A plan of what lies in a folder: read, expanded, narrowed to what was chosen. The same code for a dry run and for a run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from types import MappingProxyType

from affiche import wire
from affiche.drafting import quoted_words, words_dict
from affiche.errors import InputError
from affiche.inputs import Campaign, load_campaign
from affiche.plan.claims import checked
from affiche.plan.expand import expand, only
from affiche.plan.model import Plan
from affiche.plan.report import as_dict
from affiche.procure import Proposal, Trade
from affiche.produce import quote
from affiche.registry.scope import Row
from affiche.runs.folder import Material, laid_out
from affiche.runs.proposed import Shelves, as_row, proposed
from affiche.settings import Settings
from affiche.values.digest import Digest
from affiche.values.problem import Problem

#: Wishes for which a picture that exists was taken: request key -> the key of that picture.
Accepted = Mapping[Digest, Digest]
#: Gives a plan the words it lacks: campaign, plan, day, how to plan anew.
Fill = Callable[[Campaign, Plan, date, Callable[[], Plan]], Plan]


class BadBrief(InputError):
    """The brief cannot be built; its problems say why."""

    code = "brief"

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        errors = sum(problem.severity == "error" for problem in self.problems)
        super().__init__(f"the brief has {errors} error{'s' if errors != 1 else ''}; nothing was built")


def planned(
    brief: Path, settings: Settings, *, brand_file: str, chosen: Mapping[str, Sequence[str]], today: date,
    refused: frozenset[str] = frozenset(), accepted: Accepted = MappingProxyType({}),
) -> Plan:  # fmt: skip
    """The plan of a brief in its folder. `chosen`: name (`locale`, ...) -> values; no model is asked for `refused` products.

    Raises BadBrief with every problem.
    """
    campaign = replace(campaign_of(brief, brand_file), accepted=accepted)
    whole = checked(lambda products: expand(wire.materials(campaign, settings, today, products)), refused)
    if whole.refused:
        raise BadBrief(whole.problems)
    plan = only(whole, {name: frozenset(values) for name, values in chosen.items()})
    if not plan.creatives:
        raise InputError("nothing in this brief is what was chosen", hint="leave `chosen` out for everything")
    return plan


def filled(
    plan: Plan, brief: Path, settings: Settings, fill: Fill, *, brand_file: str, chosen: Mapping[str, Sequence[str]], today: date,
    accepted: Accepted,
) -> Plan:  # fmt: skip
    """`plan` with the words that `fill` gets for it. Raises BadBrief, and what `fill` raises."""
    replan = partial(planned, brief, settings, brand_file=brand_file, chosen=chosen, today=today, accepted=accepted)
    return fill(campaign_of(brief, brand_file), plan, today, replan)


def trade_of(
    plan: Plan, brief: Path, settings: Settings, *, brand_file: str, chosen: Mapping[str, Sequence[str]], today: date,
    accepted: Accepted,
) -> Trade | None:  # fmt: skip
    """Who buys the pictures that `plan` wishes; None when it wishes none. Raises BadBrief."""
    if not plan.wishes:
        return None
    again = partial(planned, brief, settings, brand_file=brand_file, chosen=chosen, today=today, accepted=accepted)
    return wire.shop(campaign_of(brief, brand_file), settings, today, lambda refused: again(refused=refused))


def campaign_of(brief: Path, brand_file: str) -> Campaign:
    """The campaign of a brief in its folder, which is all that exists for it. Raises BadBrief."""
    campaign, problems = load_campaign(brief, confined=True, brand_file=brand_file)
    if campaign is None:
        raise BadBrief(problems)
    return campaign


def dry_run(
    material: Material, settings: Settings, chosen: Mapping[str, Sequence[str]], today: date, *, fit: bool, shelves: Shelves
) -> Row:
    """What a run would do, as plain data (`plan/report.py`), and what `shelves` hold that might do. Spends nothing.

    Made to run in a process of its own: a brief that cannot be built gives `{"refused": True, "problems": [...]}`.
    """
    from affiche.plan.fit import overflows

    blobs = wire.blobs(settings)
    with laid_out(material, blobs, work_root(settings)) as brief:
        try:
            plan = planned(
                brief, settings, brand_file=material.brand_name, chosen=chosen, today=today, accepted=material.accepted
            )
        except BadBrief as bad:
            return {"refused": True, "problems": [problem.as_dict() for problem in bad.problems]}
        with wire.ledger(settings, write=False) as ledger:
            quoted = quote(plan, ledger, blobs, jobs=settings.processes)
            campaign = campaign_of(brief, material.brand_name)
            alike = proposed(plan, campaign, ledger, blobs, shelves) if quoted.paid_calls else ()
        found = list(overflows(plan, wire.picture_infos(plan, settings))) if fit else []
        words = words_dict(quoted_words(campaign, plan, settings, today))
        told = {"words": words, "alike": [as_row(one, shelves) for one in alike]}
        return {"refused": False, **as_dict(plan, quoted, found), **told}


def work_root(settings: Settings) -> Path:
    """Where folders of runs are laid out, deep enough to have no neighbours."""
    return settings.home / "service" / "work"


def proposals_for(material: Material, settings: Settings, today: date, shelves: Shelves) -> tuple[Proposal, ...]:
    """What `shelves` hold that might do for the pictures that a run would buy; nothing for a brief that cannot be built.

    Made to run in a process of its own.
    """
    with laid_out(material, wire.blobs(settings), work_root(settings)) as brief:
        try:
            campaign = campaign_of(brief, material.brand_name)
            if not campaign.brief.wished:
                return ()
            plan = planned(
                brief, settings, brand_file=material.brand_name, chosen={}, today=today, accepted=material.accepted
            )  # fmt: skip
        except InputError:
            return ()
        with wire.ledger(settings, write=False) as ledger:
            return proposed(plan, campaign, ledger, wire.blobs(settings), shelves)
