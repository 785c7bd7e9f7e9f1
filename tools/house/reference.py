"""Writes docs/reference.md from the code: commands, placement names, rules, templates, settings. `python -m house.reference`.

A page that is generated cannot forget anything; a test compares it with what this would write.
"""

from __future__ import annotations

from collections.abc import Iterator

from affiche.values.imagery import Capabilities, Offer
from house.complaint import ROOT

PAGE = ROOT / "docs" / "reference.md"


def text() -> str:
    """The page as it should be."""
    head = "# Reference\n\nWritten by `./run reference` from the code; do not edit.\n"
    parts = (head, *_commands(), *_rules(), *_providers(), *_placements())
    return "\n".join(parts) + "\n"


def _commands() -> Iterator[str]:
    from affiche.cli.main import existing, loaded

    yield "## Commands\n"
    for name, row in existing().items():
        yield f"### `affiche {name}`\n\n{row.help}\n"
        rows = [_option(parameter) for parameter in _parameters(name, loaded(row))]
        yield "| option | |\n|---|---|\n" + "\n".join(rows) + "\n" if rows else ""


def _parameters(name: str, function: object) -> list[object]:
    import typer
    from typer.main import get_command

    if isinstance(function, typer.Typer):
        command = get_command(function)
    else:
        app = typer.Typer(add_completion=False)
        app.command(name)(function)  # type: ignore[type-var]
        command = get_command(app)
    shown = getattr(command, "commands", {None: command}).values()
    return [parameter for part in shown for parameter in part.params if parameter.name != "help"]


def _option(parameter: object) -> str:
    names = " ".join(f"`{name}`" for name in (*getattr(parameter, "opts", ()), *getattr(parameter, "secondary_opts", ())))
    if type(parameter).__name__.endswith("Argument"):
        names = f"`{str(getattr(parameter, 'metavar', None) or getattr(parameter, 'name', '')).upper()}`"
    return f"| {names} | {getattr(parameter, 'help', '') or ''} |"


def _rules() -> Iterator[str]:
    from affiche.check.table import RULES

    yield "## Rules\n"
    yield "| rule | |\n|---|---|\n" + "\n".join(f"| `{rule.id}` | {rule.rationale.split('. ')[0]} |" for rule in RULES) + "\n"


def _providers() -> Iterator[str]:
    from affiche.imagine.catalog.read import shipped_catalog

    catalog = shipped_catalog()
    yield f"## Providers of pictures\n\nGone through on {catalog.as_of}. Prices of a picture of one megapixel, by quality; `*`"
    yield "could not be checked at the provider. `ends`: the first day on which the model is not asked any more.\n"
    rows = [
        f"| `{o.provider}` | `{o.model}` | {o.operation} | {_sizes(o.can)} | {_able(o.can)} | {_price(o)} | {_end(o)} |"
        for o in catalog.offers
    ]
    yield "| provider | model | does | sizes | takes | price | ends |\n|---|---|---|---|---|---|---|\n" + "\n".join(rows) + "\n"


def _sizes(can: Capabilities) -> str:
    if can.size_rule == "exact":
        return ", ".join(map(str, can.sizes))
    if can.size_rule == "ratio":
        return ", ".join(f"{width}:{height}" for width, height in can.ratios)
    parts = [f"steps of {can.multiple}" if can.multiple > 1 else "", f"up to {can.max_side} px" if can.max_side else ""]
    parts.append(f"up to {can.max_pixels / 1e6:g} MP" if can.max_pixels else "")
    return ", ".join(part for part in parts if part) or "any"


def _able(can: Capabilities) -> str:
    references = [f"{count} {role}" for role, count in can.references.items()]
    switches = [name for name in ("mask", "negative", "seed", "transparent", "colors") if getattr(can, name)]
    return ", ".join((*references, *switches))


def _price(offer: Offer) -> str:
    price, mark = offer.price, "" if offer.price.verified else "*"
    amounts = [f"{price.base[q] + price.per_megapixel.get(q, 0):.4g}" for q in offer.can.qualities]
    return f"{' / '.join(amounts)} {price.currency}{mark} ({price.as_of})"


def _end(offer: Offer) -> str:
    return f"{offer.sunset}" + (f", then `{offer.replaced_by}`" if offer.replaced_by else "") if offer.sunset else ""


def _placements() -> Iterator[str]:
    from affiche.placement.shipped import shipped_catalog

    catalog = shipped_catalog()
    yield "## Placements by id\n\nSize in px, media, and the short names that a brief may use.\n"
    rows = [
        f"| `{placement.id}` | {placement.size} | {placement.media} | {', '.join(f'`{a}`' for a in placement.aliases)} |"
        for placement in catalog.all()
    ]
    yield "| id | size | media | also called |\n|---|---|---|---|\n" + "\n".join(rows)


def main() -> None:
    """Writes the page."""
    PAGE.write_text(text(), encoding="utf-8")
    print(f"wrote {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
