"""Reads one channel's placements from its TOML text: defaults, copy sets and size families become plain values.

May live here: the data format of `data/*.toml` and nothing else. The data is shipped and tested, so a mistake
in it raises (KeyError, ValueError) instead of being collected. Next: `catalog.py` finds placements by name.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from affiche.placement.model import CopyLimit, Placement, Source
from affiche.values.geometry import Insets, Size

#: Every key that a `[[placement]]` or `[defaults]` may have; anything else is a typing mistake in the data.
_KEYS = frozenset(
    {"id", "name", "media", "size", "sizes", "min", "max", "formats", "kB", "subload_kB", "safe", "safe_rtl", "shown",
     "shown_by_size", "tolerance", "copy", "sources", "status", "conflicts", "notes", "covers"}
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One channel's file. `groups` maps a row with several sizes to the ids of its sizes."""

    id: str
    name: str
    placements: tuple[Placement, ...]
    groups: Mapping[str, tuple[str, ...]]


def read_channel(text: str, aliases: Mapping[str, tuple[str, ...]]) -> Channel:
    """The placements in `text`, in file order; `aliases` by placement id."""
    data = tomllib.loads(text)
    sources = {key: Source(**value) for key, value in data["sources"].items()}
    copies = {key: _copy_limits(value) for key, value in data.get("copy", {}).items()}
    placements: list[Placement] = []
    groups: dict[str, tuple[str, ...]] = {}
    for row in data["placement"]:
        row = {**data["defaults"], **row}
        if unknown := row.keys() - _KEYS:
            raise ValueError(f"{row.get('id')}: unknown keys {sorted(unknown)}")
        made = tuple(_placements(row, data["channel"], sources, copies, aliases))
        placements += made
        if "sizes" in row:
            groups[row["id"]] = tuple(placement.id for placement in made)
    return Channel(id=data["channel"], name=data["name"], placements=tuple(placements), groups=groups)


def _placements(
    row: Mapping[str, Any],
    channel: str,
    sources: Mapping[str, Source],
    copies: Mapping[str, Mapping[str, CopyLimit]],
    aliases: Mapping[str, tuple[str, ...]],
) -> Iterator[Placement]:
    several = "sizes" in row
    for size in row["sizes"] if several else (row["size"],):
        id = f"{row['id']}.{size}" if several else row["id"]
        yield Placement(
            id=id,
            name=f"{row['name']}, {size}" if several else row["name"],
            channel=channel,
            media=row.get("media", "image"),
            size=_size(size),
            formats=tuple(row["formats"]),
            max_bytes=row["kB"] * 1000,
            subload_bytes=row.get("subload_kB", 0) * 1000,
            safe=_insets(row.get("safe", (0, 0, 0, 0))),
            safe_rtl=_insets(row["safe_rtl"]) if "safe_rtl" in row else None,
            min_size=_size(row["min"]) if "min" in row else None,
            max_size=_size(row["max"]) if "max" in row else None,
            aliases=aliases.get(id, ()),
            copy_limits=copies[row["copy"]] if "copy" in row else {},
            shown_width=row.get("shown_by_size", {}).get(size, row.get("shown", 0)),
            aspect_tolerance=row.get("tolerance", 0.0),
            covers=tuple(row.get("covers", ())),
            status=row.get("status", "unverified"),
            sources=tuple(sources[key] for key in row["sources"]),
            conflicts=tuple(row.get("conflicts", ())),
            notes=tuple(row.get("notes", ())),
        )


def _size(text: str) -> Size:
    width, _, height = text.partition("x")
    return Size(width=int(width), height=int(height))


def _insets(values: tuple[float, float, float, float]) -> Insets:
    left, top, right, bottom = (float(v) for v in values)
    return Insets(left=left, top=top, right=right, bottom=bottom)


def _copy_limits(fields: Mapping[str, Mapping[str, Any]]) -> Mapping[str, CopyLimit]:
    return {
        name: CopyLimit(
            hard_max=limit.get("hard", 0),
            visible_max=limit.get("visible", 0),
            recommended=limit.get("recommended", 0),
            hard_by_script=limit.get("hard_by_script", {}),
            visible_by_script=limit.get("visible_by_script", {}),
            emoji_max=limit.get("emoji"),
            link_length=limit.get("link", 0),
            forbidden=limit.get("forbidden", ""),
        )
        for name, limit in fields.items()
    }
