"""`affiche plan`: what a build would do, and why. Spends nothing, changes nothing."""

from __future__ import annotations

import gc
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from affiche import wire
from affiche.cli.campaign import BadBrief, campaign_of, chosen_by, plan_of, problems_of, tell, today
from affiche.cli.show import print_json
from affiche.cli.writing import words_text
from affiche.drafting import quoted_words, words_dict
from affiche.errors import InputError
from affiche.plan.model import Plan
from affiche.plan.quote import Quote
from affiche.plan.report import as_dict, matrix
from affiche.procure import Proposal, proposals
from affiche.produce import quote
from affiche.settings import Settings, load

if TYPE_CHECKING:
    from affiche.imagine.alike import Seen
    from affiche.plan.fit import Overflow

_SHOWN = 12


def plan(
    brief: Annotated[Path, typer.Argument(help="The brief file.")],
    only: Annotated[list[str] | None, typer.Option(help="Only these: locale=de-DE,product=yuzu.")] = None,
    fit: Annotated[bool, typer.Option("--fit/--no-fit", help="Report which texts do not fit.")] = True,
    texts: Annotated[bool, typer.Option("--texts", help="List every text in every locale: does it fit, at which size?")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Say what a build would do, and why: the matrix, what is reused, texts that do not fit, cost, time."""
    # A plan makes a great many small values, keeps nearly all and ends: looking for cycles among them is wasted.
    gc.disable()
    settings = load()
    try:
        planned = plan_of(brief, settings, chosen_by(only or []))
    except InputError as bad:
        problems = problems_of(brief, bad)
        if json:
            print_json({"campaign": None, "creatives": 0, "problems": [p.as_dict() for p in problems]})
        tell(problems if isinstance(bad, BadBrief) else ())
        raise
    quoted = _quoted(planned, settings)
    every = _texts(planned, settings) if fit or texts else []
    found = [text for text in every if not text.fit.fits or text.fit.remedy]
    words = quoted_words(campaign_of(brief), planned, settings, today())
    alike = _proposed(brief, planned, quoted, settings)
    if json:
        listed = {"texts": [text.as_dict() for text in every]} if texts else {}
        bought = {"alike": [proposal_dict(one) for one in alike]}
        print_json({**as_dict(planned, quoted, found), **listed, "words": words_dict(words), **bought})
        return
    tell(planned.problems)
    typer.echo(report(planned, quoted) + words_text(words))
    typer.echo("".join(proposal_text(one, brief) for one in alike), nl=False)
    if fit:
        typer.echo(fit_text(found))
    if texts:
        typer.echo(texts_text(every))


def _texts(planned: Plan, settings: Settings) -> list[Overflow]:
    # Only this report needs the text engine.
    from affiche.plan.fit import texts

    return list(texts(planned, wire.picture_infos(planned, settings)))


def _quoted(planned: Plan, settings: Settings) -> Quote:
    with wire.ledger(settings, write=False) as ledger:
        return quote(planned, ledger, wire.blobs(settings), jobs=settings.processes)


def _proposed(brief: Path, planned: Plan, quoted: Quote, settings: Settings) -> tuple[Proposal, ...]:
    """Pictures that exist and might do instead of those that would be paid."""
    if not planned.wishes or not quoted.paid_calls:
        return ()
    from affiche.photos import looks_of  # most plans propose nothing

    def styles() -> tuple[Seen, ...]:
        return looks_of(campaign_of(brief).style, wire.file_codec())

    with wire.ledger(settings, write=False) as ledger:
        return proposals(planned, ledger, wire.blobs(settings), styles)


def proposal_dict(proposal: Proposal) -> dict[str, Any]:
    """The stable JSON form."""
    return {
        "key": proposal.wish.key, "product": proposal.wish.product, "bought_for": proposal.near.shelved.product,
        "likeness": round(proposal.near.words, 2), "file": proposal.file,
        "looks_alike": None if proposal.near.picture is None else round(proposal.near.picture, 2),
    }  # fmt: skip


def proposal_text(proposal: Proposal, brief: Path) -> str:
    """For people: what exists, and how it is used."""
    wish, near = proposal.wish, proposal.near
    looks = "" if near.picture is None else f", looking {near.picture:.0%} like what {wish.product} or the brand shows,"
    return (
        f"  before you pay: a {wish.purpose} was bought for {near.shelved.product} with {near.words:.0%} the same words{looks}:\n"
        f"    {proposal.file}\n    use it and pay nothing: affiche pictures use {brief} --product {wish.product}\n"
    )


def wishes_text(planned: Plan, quoted: Quote) -> list[str]:
    """What models are asked for, and the words they are asked with."""
    if not planned.wishes:
        return []
    lines = ["", "  pictures of models" if quoted.paid_calls else "  pictures of models (all bought before)"]
    for wish in planned.wishes:
        priced = f" (prices of {wish.as_of})" if wish.as_of else ""
        lines.append(f"    {wish.purpose} of {wish.product}, {wish.request.size}, {wish.least} to {wish.most}{priced}:")
        lines += [f"      {line}" for line in wish.request.prompt.splitlines()]
        if styles := len(wish.request.style):
            lines.append(f"      + {styles} of the brand's style pictures, to those who take them")
    return lines


def report(planned: Plan, quoted: Quote) -> str:
    """The plan for people."""
    sides = {name: len(values) for name, values in matrix(planned).items()}
    lines = [
        f"{planned.campaign}: {len(planned.creatives):,} creatives = "
        + " x ".join(f"{count} {name if count != 1 else name[:-1]}" for name, count in sides.items()),
        "",
    ]
    for kind, count in quoted.steps.items():
        lines.append(f"  {kind:<9}{count.total:>7,} steps  {count.reused:>7,} reused  {count.to_run:>7,} to run")
    if quoted.reasons:
        lines += ["", "  why"]
    lines += [f"    {r.what}: {r.creatives:,} creatives ({_some(r.locales)})" for r in quoted.reasons[:_SHOWN]]
    lines += wishes_text(planned, quoted)
    cost = "nothing" if not quoted.cost_max.amount else f"{quoted.cost_min} to {quoted.cost_max}"
    return "\n".join([*lines, "", f"  paid calls {quoted.paid_calls}, cost {cost}, about {_duration(quoted.seconds)}"])


def fit_text(found: list[Overflow]) -> str:
    """The overflow report for people: what does not fit, then what had to be helped."""
    wrong = [overflow for overflow in found if not overflow.fit.fits]
    if not found:
        return "  every text fits"
    lines = [f"  {len(wrong):,} texts do not fit, {len(found) - len(wrong):,} fit with help"]
    for overflow in (wrong or found)[:_SHOWN]:
        fit = overflow.fit
        said = f"{fit.size:.0f} px, needs {fit.needed:.0f}" if not fit.fits and fit.needed else fit.remedy
        lines.append(f"    {overflow.creative}  {fit.slot}: {said or 'does not fit'}")
    return "\n".join(lines)


def texts_text(every: list[Overflow]) -> str:
    """Every slot x locale for people: the sizes it gets over all products and placements, and what had to help."""
    cells: dict[tuple[str, str], list[Overflow]] = {}
    for text in every:
        cells.setdefault((text.fit.slot, text.creative.locale), []).append(text)
    lines = [""]
    for (slot, locale), found in sorted(cells.items()):
        sizes = [text.fit.size for text in found if text.fit.lines] or [0.0]
        wrong = sum(not text.fit.fits for text in found)
        helped = Counter(text.fit.remedy for text in found if text.fit.fits and text.fit.remedy)
        said = [f"{wrong} do not fit"] if wrong else ["fits"]
        said += [f"{count} with help ({remedy})" for remedy, count in helped.most_common()]
        size = f"{min(sizes):.0f} to {max(sizes):.0f} px"
        lines.append(f"  {slot:<10} {locale:<8} {len(found):>4} times  {size}  {'; '.join(said)}")
    return "\n".join(lines)


def _some(names: tuple[str, ...]) -> str:
    return ", ".join(names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "")


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
