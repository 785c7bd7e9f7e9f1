"""Drafting: a plan's missing words asked for, stage by stage, each stage with a fresh plan. The same for a build and for a run.

May live here: when a writer is opened, and what is told about a stage. What a stage asks: `authoring.py`; who writes: `wire.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from affiche import wire
from affiche.plan.model import Plan
from affiche.ports import Ledger
from affiche.settings import Settings

if TYPE_CHECKING:
    from affiche.authoring import Desk, WordsQuote
    from affiche.inputs import Campaign
    from affiche.write.write import Filled


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A stage that has something to ask of `writer`. `filled` is None before it is asked, and what became of it afterwards."""

    stage: str
    writer: str
    filled: Filled | None = None


def drafted(
    campaign: Campaign, plan: Plan, settings: Settings, today: date, *, ledger: Ledger, replan: Callable[[], Plan],
    again: bool = False,
) -> Generator[Asked, None, Plan]:  # fmt: skip
    """The plan with every text that a writer could give; each stage is told before and after it is asked.

    Without a writer, or with nothing to ask, it is `plan`. Raises UsageError, CapabilityError, StorageError.
    """
    if wire.desk(campaign, settings, today) is None:
        return plan
    # Here and not above: without a writer nothing is asked, and asyncio brings TLS along.
    import asyncio

    from affiche.authoring import STAGES, pending

    for stage in STAGES:
        desk = wire.desk(campaign, settings, today, again=again)
        assert desk is not None
        now = plan
        if not pending(stage, desk, now, lambda now=now: wire.picture_infos(now, settings), ledger):  # type: ignore[misc]
            continue
        yield Asked(stage=stage, writer=desk.keys.facts.id)
        filled = asyncio.run(_stage(stage, desk, now, settings, ledger))
        yield Asked(stage=stage, writer=desk.keys.facts.id, filled=filled)
        if filled.calls or filled.written or filled.rejected:
            plan = replan()
    return plan


async def _stage(stage: str, desk: Desk, plan: Plan, settings: Settings, ledger: Ledger) -> Filled:
    from affiche.authoring import asking_of, author
    from affiche.dealers import breakers, writing

    writers = wire.open_writers(desk.writers, settings)
    try:
        with wire.journal(settings) as journal, writing(desk.payer.owner):
            asking = asking_of(desk, ledger, journal, writers, breakers=breakers(journal))
            return await author(stage, desk, plan, infos=wire.picture_infos(plan, settings), ledger=ledger, asking=asking)
    finally:
        for writer in writers:
            await writer.close()


def quoted_words(campaign: Campaign, plan: Plan, settings: Settings, today: date) -> WordsQuote | None:
    """What a build would ask of a writer; None when nobody writes."""
    desk = wire.desk(campaign, settings, today)
    if desk is None:
        return None
    from affiche.authoring import quote_words

    return quote_words(desk, plan)


def words_dict(quoted: WordsQuote | None) -> dict[str, Any] | None:
    """The stable JSON form."""
    if quoted is None:
        return None
    rows = [
        {"role": want.role, "locale": want.locale, "product": want.product, "source": want.source}
        for want in quoted.texts
    ]
    cost = {"min": float(quoted.least), "max": float(quoted.most), "currency": "USD", "known": quoted.priced}
    return {"cannot": list(quoted.cannot), "writer": quoted.writer, "calls": quoted.calls, "cost": cost, "texts": rows}


def written_by_models(plan: Plan) -> dict[str, Mapping[str, Any]]:
    """`product/variant/locale/role` -> what is known of a text of `plan` by a model (or one rejected): cost, flags, ..."""
    found: dict[str, Mapping[str, Any]] = {}
    for creative in plan.creatives:
        for role, text in creative.words.words.items():
            if text.evidence is not None and text.evidence.model:
                place = f"{creative.id.product}/{creative.id.variant}/{creative.id.locale}/{role}"
                found[place] = {"text": text.value, "origin": text.origin, **text.evidence.as_dict()}
    return found
