"""`affiche pictures`: bring pictures in from a folder with their rights recorded, and say which lie there without."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from affiche.cli.campaign import today
from affiche.cli.show import print_json

app = typer.Typer(
    add_completion=False, rich_markup_mode=None, no_args_is_help=True, help="Pictures made elsewhere, with their rights."
)

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("import")
def import_pictures(
    folder: Annotated[Path, typer.Argument(help="The folder with the pictures, for example downloads from Midjourney.")],
    rights: Annotated[str, typer.Option("--rights", help="What may be done with them: licence, holder, end.")],
    source: Annotated[str, typer.Option("--source", help="Where they come from: midjourney, a photographer, an archive.")],
    into: Annotated[Path, typer.Option("--into", help="The folder of the campaign that they are copied to.")] = Path("assets"),
    by: Annotated[str, typer.Option("--by", help="Who answers for it.")] = "",
    prompt: Annotated[str, typer.Option("--prompt", help="The prompt, when a model made them.")] = "",
    generated: Annotated[bool, typer.Option("--generated/--made-by-people", help="Whether a model made them.")] = True,
    until: Annotated[datetime | None, typer.Option("--until", formats=["%Y-%m-%d"], help="The last day of the rights.")] = None,
    json: Json = False,
) -> None:
    """Copy the pictures of a folder into a campaign, each with a record of its rights beside it."""
    from affiche import wire
    from affiche.errors import UsageError
    from affiche.rights import bring_in
    from affiche.values.rights import Record

    if not rights.strip() or not source.strip():
        raise UsageError("a picture without rights or source is not brought in", hint="say them: --rights, --source")
    like = Record(
        sha256="", rights=rights.strip(), source=source.strip(), generated=generated, imported=today(), by=by, prompt=prompt,
        until=until.date() if until else None,
    )
    done = bring_in(folder, into, like, wire.file_codec())
    if json:
        print_json([{"file": d.file, "state": d.state, "path": d.path, "reason": d.reason} for d in done])
    else:
        for one in done:
            what = f" -> {one.path}" if one.path else f": {one.reason}" if one.reason else ""
            typer.echo(f"{one.state:<10} {one.file}{what}")
    if any(one.state == "refused" for one in done):
        raise typer.Exit(2)


@app.command("use")
def use_pictures(
    brief: Annotated[Path, typer.Argument(help="The brief file.")],
    product: Annotated[list[str] | None, typer.Option("--product", help="Only for these products; all without it.")] = None,
    by: Annotated[str, typer.Option("--by", help="Who decides it.")] = "",
    json: Json = False,
) -> None:
    """Use the pictures that `affiche plan` proposes instead of buying others; the next build pays nothing for them."""
    from affiche import wire
    from affiche.cli.campaign import campaign_of, plan_from
    from affiche.cli.plan import proposal_dict
    from affiche.errors import UsageError
    from affiche.photos import looks_of
    from affiche.procure import accept, proposals
    from affiche.settings import load

    settings = load()
    campaign = campaign_of(brief)
    planned = plan_from(campaign, settings, {})
    with wire.ledger(settings, write=True) as ledger:
        found = proposals(planned, ledger, wire.blobs(settings), lambda: looks_of(campaign.style, wire.file_codec()))
        missing = set(product or ()) - {one.wish.product for one in found}
        if missing or not found:
            who = f" for {', '.join(sorted(missing))}" if missing else ""
            raise UsageError(f"no picture is proposed{who}", hint="`affiche plan` says what would be bought and what is proposed")
        taken = [one for one in found if not product or one.wish.product in product]
        accept(taken, by, ledger)
    if json:
        print_json([proposal_dict(one) for one in taken])
    else:
        for one in taken:
            typer.echo(f"{one.wish.product}: the {one.wish.purpose} bought for {one.near.shelved.product} is used ({one.file})")


@app.command("list")
def list_pictures(
    folder: Annotated[Path, typer.Argument(help="A folder with pictures.")] = Path("assets"), json: Json = False
) -> None:
    """List pictures with their rights; exit code 2 when one has none or was changed since."""
    from affiche.errors import InputError
    from affiche.rights import records, state_of

    if not folder.is_dir():
        raise InputError(f"{str(folder)!r} is no folder")
    rows = [(path, record, state_of(path, record)) for path, record in records(folder)]
    if json:
        print_json([
            {
                "file": path.name, "state": state, "rights": record.rights if record else "",
                "source": record.source if record else "", "generated": record.generated if record else None,
                "until": record.until.isoformat() if record and record.until else "",
            }
            for path, record, state in rows
        ])  # fmt: skip
    else:
        for path, record, state in rows:
            typer.echo(f"{state:<10} {path.name}" + (f"  {record.source}: {record.rights}" if record else ""))
    if any(state != "recorded" for *_, state in rows):
        raise typer.Exit(2)
