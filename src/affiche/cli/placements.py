"""`affiche placements`: the catalog, listed and filtered."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from affiche.catalogs import placement_as_dict
from affiche.cli.show import print_json
from affiche.errors import UsageError
from affiche.placement.model import ASPECT_CLASSES, Placement
from affiche.placement.shipped import shipped_catalog

_MEDIA = ("image", "video", "both")


def placements(
    names: Annotated[
        list[str] | None, typer.Argument(help="Ids, aliases, ratios or sizes; all when none is given.")
    ] = None,
    channel: Annotated[str, typer.Option(help="Only this channel: meta, google, iab, dooh, plain, ...")] = "",
    aspect: Annotated[
        str, typer.Option("--class", help=f"Only this aspect class: {', '.join(ASPECT_CLASSES)}.")
    ] = "",
    media: Annotated[str, typer.Option(help="Only what takes this: image, video or both.")] = "",
    json: Annotated[bool, typer.Option("--json", help="Print an array of objects with an id.")] = False,
) -> None:
    """List where ads can appear, with sizes, weights, safe areas and sources."""
    found = _found(names or [], channel, aspect, media)
    if json:
        print_json([placement_as_dict(placement) for placement in found])
    elif names:
        typer.echo("\n\n".join(_told(placement) for placement in found))
    else:
        typer.echo(_table(found))


def _found(names: list[str], channel: str, aspect: str, media: str) -> tuple[Placement, ...]:
    catalog = shipped_catalog()
    aspect_class = _one_of("aspect class", aspect, ASPECT_CLASSES)
    kind: Literal["image", "video", "both", ""] = _one_of("media type", media, _MEDIA)  # type: ignore[assignment]
    filtered = catalog.filter(channel=channel, aspect_class=aspect_class, media=kind)  # type: ignore[arg-type]
    if not names:
        return filtered
    named = [placement for name in names for placement in catalog.expand(name)]
    narrowed = bool(channel or aspect or media)
    return tuple(p for p in named if not narrowed or p in filtered)


def _one_of(what: str, value: str, allowed: tuple[str, ...]) -> str:
    if value and value not in allowed:
        raise UsageError(f"there is no {what} {value!r}", hint=f"one of {', '.join(allowed)}")
    return value


def _table(found: tuple[Placement, ...]) -> str:
    wide = max((len(p.id) for p in found), default=0)
    rows = [
        f"{p.id:<{wide}}  {p.size!s:>9}  {p.aspect_class:<10}  {p.media:<5}  {_weight(p.max_bytes):>8}  {', '.join(p.aliases)}"
        for p in found
    ]
    return "\n".join(row.rstrip() for row in rows) if rows else "no placement meets all of that"


def _weight(count: int) -> str:
    if count >= 1_000_000:
        return f"{count / 1_000_000:g} MB" if count < 1_000_000_000 else f"{count / 1_000_000_000:g} GB"
    return f"{count / 1000:g} kB"


def _told(placement: Placement) -> str:
    """One placement with everything that is known of it."""
    safe = placement.safe
    rows = {
        "name": placement.name,
        "aliases": ", ".join(placement.aliases),
        "size": f"{placement.size} ({placement.aspect_class}), {placement.media}",
        "accepted": ", ".join(
            f"{w} {s}" for w, s in (("from", placement.min_size), ("to", placement.max_size)) if s
        ),
        "formats": f"{', '.join(placement.formats)}, at most {_weight(placement.max_bytes)}",
        "safe area": f"left {safe.left:.1%}, top {safe.top:.1%}, right {safe.right:.1%}, bottom {safe.bottom:.1%}",
        "copy": "; ".join(
            f"{name} {limit.hard_max or '-'} ({limit.visible_max or '-'} visible)"
            for name, limit in placement.copy_limits.items()
        ),
        "status": placement.status,
        "conflicts": " ".join(placement.conflicts),
        "notes": " ".join(placement.notes),
        "sources": "; ".join(f"{s.ref} ({s.kind}, {s.as_of})" for s in placement.sources),
    }
    return "\n".join([placement.id, *(f"  {key:<10} {value}" for key, value in rows.items() if value)])
