"""What `plan` and `build` say and do about words from models: the stages of authoring, each followed by a fresh plan."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from affiche import wire
from affiche.cli.campaign import campaign_of, plan_from, today
from affiche.plan.model import Plan
from affiche.ports import Ledger
from affiche.settings import Settings

if TYPE_CHECKING:
    from affiche.authoring import Desk, WordsQuote
    from affiche.write.write import Filled

_SHOWN = 6


def written_plan(
    path: Path, settings: Settings, chosen: Mapping[str, frozenset[str]], ledger: Ledger, say: Callable[[str], None],
    *, again: bool = False,
) -> Plan:  # fmt: skip
    """The plan of a brief with every text that a writer could give. Without a writer, or with nothing to ask, it is the plan.
    """
    campaign = campaign_of(path)
    plan = plan_from(campaign, settings, chosen)
    if wire.desk(campaign, settings, today()) is None:
        return plan
    from affiche.authoring import STAGES

    for stage in STAGES:
        desk = wire.desk(campaign, settings, today(), again=again)
        assert desk is not None
        if not _open(stage, desk, plan, settings, ledger):
            continue
        filled = asyncio.run(_stage(stage, desk, plan, settings, ledger))
        for line in lines(stage, filled):
            say(line)
        if filled.calls or filled.written or filled.rejected:
            plan = plan_from(campaign, settings, chosen)
    return plan


def _open(stage: str, desk: Desk, plan: Plan, settings: Settings, ledger: Ledger) -> bool:
    """Whether a stage has anything to ask, before a writer is opened for it."""
    from affiche.authoring import pending

    return pending(stage, desk, plan, lambda: wire.picture_infos(plan, settings), ledger)


async def _stage(stage: str, desk: Desk, plan: Plan, settings: Settings, ledger: Ledger) -> Filled:
    from affiche.authoring import asking_of, author

    writer = wire.open_writer(desk.keys.facts, settings)
    try:
        with wire.journal(settings) as journal:
            asking = asking_of(desk, ledger, journal, writer)
            return await author(stage, desk, plan, infos=wire.picture_infos(plan, settings), ledger=ledger, asking=asking)
    finally:
        await writer.close()


def lines(stage: str, filled: Filled) -> list[str]:
    """What a stage did, for people."""
    told = [f"{filled.written} texts written"] if filled.written else []
    told += [f"{filled.rejected} rejected"] if filled.rejected else []
    told += [f"{filled.calls} paid calls, {filled.cost:.4f} USD"] if filled.calls else []
    said = [f"  {stage}: {', '.join(told)}"] if told else []
    for failure in filled.failures[:_SHOWN]:
        hint = f" ({failure.error.hint})" if failure.error.hint else ""
        said.append(
            f"  {stage}: {failure.texts} texts for {failure.locale} stay as they are: {failure.error.public}{hint}"
        )
    if len(filled.failures) > _SHOWN:
        said.append(f"  {stage}: and {len(filled.failures) - _SHOWN} more questions without an answer")
    return said


def quoted_words(path: Path, plan: Plan, settings: Settings) -> WordsQuote | None:
    """What a build would ask of a writer; None when nobody writes."""
    desk = wire.desk(campaign_of(path), settings, today())
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


def words_text(quoted: WordsQuote | None) -> str:
    """The same for people; nothing when there is nothing to ask."""
    if quoted is None:
        return ""
    cannot = "".join(f"\n  words: {what}" for what in quoted.cannot)
    if not quoted.texts:
        return cannot
    locales = ", ".join(quoted.locales[:_SHOWN]) + (
        f" and {len(quoted.locales) - _SHOWN} more" if len(quoted.locales) > _SHOWN else ""
    )
    cost = f"{quoted.least:.4f} to {quoted.most:.4f} USD" if quoted.priced else "price not known"
    return f"\n  words: {len(quoted.texts)} texts in {locales} from {quoted.writer}, {quoted.calls} paid calls, {cost}{cannot}"
