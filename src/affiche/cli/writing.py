"""What `plan` and `build` say and do about words from models: the stages of authoring, each followed by a fresh plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from affiche.cli.campaign import campaign_of, plan_from, today
from affiche.drafting import drafted
from affiche.plan.model import Plan
from affiche.ports import Ledger
from affiche.settings import Settings

if TYPE_CHECKING:
    from affiche.authoring import WordsQuote
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
    asked = drafted(
        campaign, plan, settings, today(), ledger=ledger, replan=lambda: plan_from(campaign, settings, chosen), again=again
    )
    while True:
        try:
            event = next(asked)
        except StopIteration as end:
            written: Plan = end.value
            return written
        for line in lines(event.stage, event.filled, event.writer) if event.filled else ():
            say(line)


def lines(stage: str, filled: Filled, writer: str) -> list[str]:
    """What a stage did, for people; `writer`: who was to write."""
    told = [f"{filled.written} texts written"] if filled.written else []
    told += [f"{filled.rejected} rejected"] if filled.rejected else []
    told += [f"{filled.calls} paid calls, {filled.cost:.4f} USD"] if filled.calls else []
    said = [f"  {stage}: {', '.join(told)}"] if told else []
    said += [f"  {stage}: {other} stood in for {writer}" for other in sorted(filled.by - {writer})]
    for failure in filled.failures[:_SHOWN]:
        hint = f" ({failure.error.hint})" if failure.error.hint else ""
        said.append(
            f"  {stage}: {failure.texts} texts for {failure.locale} stay as they are: {failure.error.public}{hint}"
        )
    if len(filled.failures) > _SHOWN:
        said.append(f"  {stage}: and {len(filled.failures) - _SHOWN} more questions without an answer")
    return said


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
