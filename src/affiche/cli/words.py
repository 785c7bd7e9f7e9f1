"""`affiche words`:

list, draft, approve, export, import the words of a brief; propose others; explain findings in plain words.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from affiche import wire
from affiche.cli.campaign import campaign_of, plan_from, today
from affiche.cli.show import print_json, problems_text
from affiche.cli.writing import written_plan
from affiche.errors import InputError, StorageError, UsageError
from affiche.settings import Settings, load

if TYPE_CHECKING:
    from affiche.inputs import Campaign
    from affiche.plan.model import Plan
    from affiche.values.problem import Problem
    from affiche.values.text import Text
    from affiche.write.entries import Entry
    from affiche.write.exchange import Open
    from affiche.write.words import Want

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    no_args_is_help=True,
    help="The words of a brief: who wrote them, and what is missing.",
)

Brief = Annotated[Path, typer.Argument(help="The brief file.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Locales = Annotated[list[str] | None, typer.Option("--locale", help="Only this locale; may be given again.")]


@app.command("list")
def list_words(
    brief: Brief,
    locale: Locales = None,
    origin: Annotated[str, typer.Option(help="Only texts of this origin: given, memory, model, ...")] = "",
    json: Json = False,
) -> None:
    """List every text with its origin, and what is known of those that nobody has approved."""
    rows = [row for row in _rows(plan_from(campaign_of(brief), load(), {})) if not origin or row["origin"] == origin]
    rows = [row for row in rows if not locale or row["locale"] in locale]
    if json:
        print_json(rows)
        return
    for row in rows:
        typer.echo(f"{row['locale']:<10} {row['product']:<14} {row['role']:<10} {row['origin']:<10} {row['text']}")


@app.command("draft")
def draft(
    brief: Brief,
    again: Annotated[
        bool, typer.Option(help="Ask again for answers that were lost; they may have been billed.")
    ] = False,
) -> None:
    """Let the writer fill what is missing, without building."""
    settings = load()
    if wire.desk(campaign_of(brief), settings, today()) is None:
        raise UsageError(
            "nobody writes",
            hint="set AFFICHE_WRITER or `writing.writer` in the brief, such as anthropic:claude-sonnet-5-5",
        )
    with wire.ledger(settings, write=True) as ledger:
        written_plan(brief, settings, {}, ledger, typer.echo, again=again)


@app.command("approve")
def approve(
    brief: Brief,
    locale: Locales = None,
    role: Annotated[list[str] | None, typer.Option(help="Only this role; may be given again.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every text that waits for it.")] = False,
    by: Annotated[str, typer.Option(help="Who approves.")] = "",
) -> None:
    """Take texts of models and near matches, as they are, into the translation memory beside the brief."""
    if not (locale or role or everything):
        raise UsageError("say what is approved", hint="--locale, --role, or --all")
    campaign = campaign_of(brief)
    found = {
        entry: None for want, text in _drafted(campaign, load())
        if (not locale or want.locale in locale) and (not role or want.role in role)
        for entry in (_approved(want, text, by),)
    }  # fmt: skip
    _remember(campaign, tuple(found))
    typer.echo(f"{len(found)} texts approved")


@app.command("export")
def export(
    brief: Brief, to: Annotated[Path, typer.Argument(help="The folder for the documents.")], locale: Locales = None
) -> None:
    """Write an XLIFF 2 document per language with every text that is open or not approved."""
    from affiche.write.exchange import documents
    from affiche.write.xliff import render

    campaign, settings = campaign_of(brief), load()
    made = documents(campaign.brief.campaign, _open(campaign, settings, locale), _voices(campaign))
    for tag, document in made.items():
        path = to / f"{campaign.brief.campaign}_{tag}.xlf"
        _write(path, render(document))
        typer.echo(f"{path}  {len(document.units)} texts")
    if not made:
        typer.echo("no text is open")


@app.command("import")
def import_words(
    brief: Brief, files: Annotated[list[Path], typer.Argument(help="XLIFF 2 documents.")], json: Json = False
) -> None:
    """Take finished translations into the translation memory; changed placeholders and stale texts are rejected."""
    from affiche.write.exchange import entries
    from affiche.write.xliff import read

    campaign = campaign_of(brief)
    wants, voices = _wants(campaign), _voices(campaign)
    taken: list[Entry] = []
    told: list[Problem] = []
    for file in files:
        try:
            document = read(file.read_bytes())
        except OSError as error:
            raise InputError(f"{file} cannot be read: {error.strerror}") from error
        new, problems = entries(document, wants, voices.__getitem__, file=file.name, on=today().isoformat())
        taken += new
        told += problems
    _remember(campaign, tuple(taken))
    if json:
        print_json({"taken": len(taken), "problems": [problem.as_dict() for problem in told]})
    else:
        typer.echo("\n".join([*([problems_text(told)] if told else []), f"{len(taken)} texts taken"]))
    if any(problem.severity == "error" for problem in told):
        raise typer.Exit(2)


@app.command("propose")
def propose(
    brief: Brief,
    task: Annotated[str, typer.Option(help="vary, audience or scene.")] = "vary",
    locale: Annotated[str, typer.Option(help="The locale of the words.")] = "",
    role: Annotated[str, typer.Option(help="What to vary.")] = "headline",
    count: Annotated[int, typer.Option(min=1, max=8, help="How many alternatives.")] = 3,
    product: Annotated[str, typer.Option(help="The product; the first when none is named.")] = "",
    json: Json = False,
) -> None:
    """Ask the writer for alternatives to choose from: other ideas, words for another audience, a scene for a picture."""
    from affiche.cli.proposals import proposed

    answer = proposed(brief, load(), task=task, locale=locale, role=role, count=count, product=product)
    if json:
        print_json(answer)
        return
    for row in answer["rows"]:
        typer.echo("  ".join(str(value) for value in row.values() if value and not isinstance(value, list)))
        for flaw in row.get("flaws", ()):
            typer.echo(f"    but {flaw}")


@app.command("explain")
def explain(
    file: Annotated[Path, typer.Argument(help="A file that a build made.")],
    locale: Annotated[str, typer.Option(help="The language of the answer.")] = "en",
    json: Json = False,
) -> None:
    """Let the writer say in plain words what the findings of a creative mean."""
    from affiche.cli.proposals import explained

    rows = explained(file, load(), locale)
    if json:
        print_json(rows)
        return
    for row in rows:
        typer.echo(f"{row['status']:<5} {row['rule']}: {row['plain'] or row['message']}")


# -- what they have in common ---------------------------------------------------------------------------------------------


def _rows(plan: Plan) -> list[dict[str, Any]]:
    """Every text of a plan, once for each product, locale and variant."""
    rows: dict[tuple[str, ...], dict[str, Any]] = {}
    for creative in plan.creatives:
        for role, text in creative.words.words.items():
            ids = (creative.id.product, creative.id.variant, creative.id.locale, role)
            known = text.evidence.as_dict() if text.evidence else {}
            rows[ids] = {
                "id": "/".join(ids), "product": ids[0], "variant": ids[1], "locale": ids[2], "role": role, "text": text.value,
                "language": text.locale, "origin": text.origin, **known,
            }  # fmt: skip
    return list(rows.values())


def _wants(campaign: Campaign) -> tuple[Want, ...]:
    """Every text that nobody gave; also those that the memory has already, so that they can be replaced."""
    from affiche.write.phrasebook import phrasebook
    from affiche.write.words import Shelf, wants_of

    return wants_of(campaign.brief, Shelf(phrasebook=phrasebook()))


def _drafted(campaign: Campaign, settings: Settings) -> list[tuple[Want, Text]]:
    """Texts of models and near matches, with what they were wanted for."""
    shelf = wire.shelf(campaign, settings)
    assert shelf.drafts is not None or not campaign.memory.entries
    found = []
    for want in _wants(campaign):
        text = (shelf.drafts.find(want) or shelf.drafts.near(want)) if shelf.drafts else None
        if text is not None and text.origin != "source":
            found.append((want, text))
    return found


def _approved(want: Want, text: Text, by: str) -> Entry:
    from affiche.write.entries import Entry

    who = text.evidence.model if text.evidence and text.evidence.model else "near match"
    said = f"{who}, approved by {by}" if by else f"{who}, approved"
    return Entry(
        source=want.source,
        source_locale=want.source_locale,
        locale=want.locale,
        text=text.value,
        by=said,
        on=today().isoformat(),
    )


def _open(campaign: Campaign, settings: Settings, locales: list[str] | None) -> list[Open]:
    """The open texts with the length that fits, where they are seen, and a picture to look at."""
    from affiche.plan.budgets import budgets
    from affiche.write.exchange import Open

    plan, drafted = plan_from(campaign, settings, {}), dict(_drafted(campaign, settings))
    memory = campaign.memory.exact
    wants = [w for w in _wants(campaign) if (w.source, w.locale) not in memory and (not locales or w.locale in locales)]
    limits = budgets(plan, wire.picture_infos(plan, settings), wants)
    shots = _screenshots(campaign, settings)
    return [
        Open(want=want, text=drafted.get(want), max_characters=limits.get(want, 0), placements=_placements(plan, want),
             screenshot=shots.get((want.product, want.locale)) or shots.get(("", want.locale), ""))
        for want in wants
    ]  # fmt: skip


def _placements(plan: Plan, want: Want) -> tuple[str, ...]:
    shown = (
        c for c in plan.creatives if c.id.locale == want.locale and (not want.product or c.id.product == want.product)
    )
    return tuple(dict.fromkeys(creative.id.placement for creative in shown if want.role in creative.words.words))


def _screenshots(campaign: Campaign, settings: Settings) -> dict[tuple[str, str], str]:
    """(product, locale) -> a file that the last build made, relative to its folder; ("", locale) -> any."""
    from affiche.publish import manifest

    folder = settings.out / campaign.brief.campaign
    if not (folder / manifest.NAME).is_file():
        return {}
    shots: dict[tuple[str, str], str] = {}
    for row in manifest.read(folder).data["creatives"]:
        for file in row["files"][:1]:
            for key in ((row["product"], row["locale"]), ("", row["locale"])):
                shots.setdefault(key, f"{campaign.brief.campaign}/{file['path']}")
    return shots


def _voices(campaign: Campaign) -> Mapping[str, Any]:
    from affiche.write.voice import voice_of

    tags = {*campaign.brief.locales, *(tag for product in campaign.brief.products for tag in product.locales)}
    return {tag: voice_of(campaign.brand, campaign.brief, tag) for tag in tags}


def _remember(campaign: Campaign, new: tuple[Entry, ...]) -> None:
    """Adds to the memory beside the brief."""
    from affiche.write.entries import MEMORY
    from affiche.write.memory import render

    if new:
        _write(campaign.base_dir / MEMORY, render(campaign.memory.with_entries(new)).encode())


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.new")
        draft.write_bytes(data)
        os.replace(draft, path)
    except OSError as error:
        raise StorageError(f"{path} cannot be written: {error.strerror}") from error
