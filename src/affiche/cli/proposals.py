"""What `affiche words propose` and `affiche words explain` ask, as questions to the writer."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from affiche import wire
from affiche.cli.campaign import campaign_of, plan_from, today
from affiche.errors import InputError, UsageError
from affiche.settings import Settings

if TYPE_CHECKING:
    from affiche.authoring import Desk
    from affiche.values.writing import WriteRequest

_TASKS = ("vary", "audience", "scene")


def proposed(
    brief: Path, settings: Settings, *, task: str, locale: str, role: str, count: int, product: str
) -> dict[str, Any]:
    """`rows` of proposals. Raises UsageError, ProviderError."""
    from affiche.write import propose, tasks
    from affiche.write.words import audience_in

    if task not in _TASKS:
        raise UsageError(f"there is no proposal {task!r}", hint=f"there are {', '.join(_TASKS)}")
    campaign = campaign_of(brief)
    desk = _desk(wire.desk(campaign, settings, today()))
    plan = plan_from(campaign, settings, {})
    tag = locale or campaign.brief.message.locale
    creative = next((c for c in plan.creatives if c.id.locale == tag and product in ("", c.id.product)), None)
    if creative is None or tag not in desk.keys.voices:
        raise UsageError(f"the brief makes nothing for {tag}" + (f" and {product}" if product else ""))
    words = {name: text.value for name, text in creative.words.words.items()}
    voice, about = desk.keys.voices[tag], desk.keys.about(creative.id.product)
    if task == "vary":
        if role not in words:
            raise UsageError(f"there is no {role} in {tag}", hint=f"there are {', '.join(words)}")
        answer = _asked(tasks.vary(words[role], count, voice=voice, role=role), desk, settings)
        return {"task": task, "locale": tag, "rows": propose.alternatives(answer, words[role], desk.keys, tag)}
    audience = audience_in(campaign.brief, tag)
    if task == "audience":
        if not audience:
            raise UsageError("the brief names no audience", hint="give `audience`, of the campaign or of a market")
        request = tasks.texts(
            "audience",
            {n: {"text": t, "role": n} for n, t in words.items()},
            source_locale=tag,
            voice=voice,
            more={"audience": audience},
        )
        rows = propose.rewritten(_asked(request, desk, settings), words, desk.keys, tag)
        return {"task": task, "locale": tag, "rows": [{"role": name, **row} for name, row in rows.items()]}
    if campaign.style and not desk.keys.facts.pictures:
        typer.echo(f"{desk.keys.facts.id} does not see pictures: those of the brand's style are not sent", err=True)
    pictures = wire.style_pictures(campaign, settings) if desk.keys.facts.pictures else ()
    market = ", ".join(m.region or m.name for m in campaign.brief.markets if tag in m.locales)
    request = tasks.prompt(
        about, voice=voice, audience=audience, market=market, calm="where the headline stands", pictures=pictures
    )
    return {"task": task, "locale": tag, "rows": [{"scene": str(_asked(request, desk, settings).get("scene", ""))}]}


def explained(file: Path, settings: Settings, locale: str) -> list[dict[str, Any]]:
    """The findings of a creative that somebody should look at, each with plain words. Raises InputError, ProviderError."""
    from affiche.publish import manifest
    from affiche.write import propose, tasks

    found = manifest.find(file) if file.is_file() else None
    if found is None:
        raise InputError(f"no manifest names {file}", hint="name a creative in the output folder of a build")
    wrong = [f for f in found[1]["findings"] if f["status"] in ("warn", "fail", "error")]
    if not wrong:
        return []
    desk = wire.bare_desk(settings, today())
    told = [{name: f[name] for name in ("rule", "message", "measured", "limit", "hint") if f[name]} for f in wrong]
    return propose.explained(_asked(tasks.explain(told, locale=locale), _desk(desk), settings), wrong)


def _desk(desk: Desk | None) -> Desk:
    if desk is None:
        raise UsageError("nobody writes", hint="set AFFICHE_WRITER, such as anthropic:claude-sonnet-5-5")
    return desk


def _asked(request: WriteRequest, desk: Desk, settings: Settings) -> Mapping[str, Any]:
    """The answer, asked once and remembered."""
    from affiche.authoring import asking_of
    from affiche.dealers import breakers, writing
    from affiche.write.propose import propose

    async def once(asking: Any) -> Mapping[str, Any]:
        try:
            return await propose(request, desk.keys, asking)
        finally:
            for hand in asking.hands:
                await hand.writer.close()

    with wire.ledger(settings, write=True) as ledger, wire.journal(settings) as journal:
        writers = wire.open_writers(desk.writers, settings)
        with writing(desk.payer.owner):
            return asyncio.run(once(asking_of(desk, ledger, journal, writers, breakers=breakers(journal))))
