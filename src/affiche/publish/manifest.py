"""manifest.json: what a finished run made and from what; the reader that the next run starts with.

One creative per line, keys sorted, so that it diffs well. It is written last: a folder whose manifest names a file has
that file. `content` is the digest of everything but the circumstances of the run (time, steps, what was reused), so
that an unchanged build can be seen at once and changes nothing, the manifest included. Reading must stay quick (a no-op
rebuild of 1,000 creatives has less than a second for everything): creatives stay plain JSON until somebody asks.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from affiche.errors import StorageError
from affiche.publish.model import (
    PublishedCreative,
    PublishedRun,
    creative_as_dict,
    creative_from_dict,
    money_as_dict,
    status_counts,
)
from affiche.publish.slugs import is_safe
from affiche.publish.tree import Stamp
from affiche.values.digest import Digest, digest_bytes
from affiche.values.repeats import Repeats

NAME = "manifest.json"
#: Version of this format; a higher one is from a newer Affiche.
FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Extra:
    """A file that is not a creative. `source` is the digest of what it was made from: while equal, it stands."""

    source: str
    stamp: Stamp


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """A manifest as it was read. `data` is the whole document; `stamps` every file it names, by path."""

    data: Mapping[str, Any]
    stamps: Mapping[str, Stamp]

    @property
    def content(self) -> str:
        return str(self.data.get("content", ""))

    @property
    def extras(self) -> dict[str, Extra]:
        """The files that are not creatives (gallery, sheets, packages) by path."""
        return {f["path"]: Extra(source=f.get("source", ""), stamp=self.stamps[f["path"]]) for f in self.data["files"]}

    def creatives(self) -> tuple[PublishedCreative, ...]:
        """The creatives as values. Raises StorageError when the file was tampered with."""
        try:
            return tuple(creative_from_dict(c) for c in self.data["creatives"])
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise StorageError("manifest.json is damaged", hint="Delete it and build again.") from error


NOTHING = Manifest(data={"creatives": [], "files": []}, stamps={})


def read(folder: Path) -> Manifest:
    """The manifest of a campaign folder; `NOTHING` when there is none or it is damaged.

    Files are then recognised by their content. Raises StorageError when the file is somebody else's or from a
    newer Affiche.
    """
    try:
        data = json.loads((folder / NAME).read_bytes())
    except (OSError, ValueError):
        return NOTHING
    if not isinstance(data, dict) or "affiche" not in data:
        raise StorageError(f"{folder / NAME} was not made by Affiche", hint="Choose another folder with --out.")
    if not isinstance(data["affiche"], int) or data["affiche"] > FORMAT:
        hint = "Update Affiche or choose another --out."
        raise StorageError(f"{folder / NAME} was made by a newer Affiche", hint=hint)
    try:
        return Manifest(data=data, stamps=dict(_stamps(data)))
    except (KeyError, TypeError, ValueError):
        return NOTHING


def find(file: Path) -> tuple[Manifest, dict[str, Any]] | None:
    """The manifest that names an output file, and its creative as plain JSON; None when no manifest above names it."""
    for folder in list(file.resolve().parents)[:4]:
        if (folder / NAME).is_file():
            known = read(folder)
            path = file.resolve().relative_to(folder).as_posix()
            owner = (c for c in known.data["creatives"] if any(f["path"] == path for f in c["files"]))
            return next(((known, creative) for creative in owner), None)
    return None


def _stamps(data: Mapping[str, Any]) -> Iterator[tuple[str, Stamp]]:
    for files in [data["files"], *(creative["files"] for creative in data["creatives"])]:
        for file in files:
            path = file["path"]
            if not is_safe(path):
                raise ValueError(path)
            yield path, Stamp(sha256=file["sha256"], bytes=file["bytes"], mtime_ns=file.get("mtime_ns", 0))


def content_digest(lines: Sequence[Mapping[str, Any]], run: PublishedRun, page: str) -> Digest:
    """The digest of what a folder shows: creatives, what pages say of the campaign, the `page` they are shown with."""
    facts = [page, run.campaign, run.name, run.brand, run.brief_file, dict(run.inputs), dict(run.versions)]
    # Findings are most of the work, and the same few for every creative: each is told once, and a line holds their numbers.
    numbers: dict[int, int] = {}
    told: dict[str, int] = {}
    for line in lines:
        for found in line["findings"]:
            if id(found) not in numbers:
                numbers[id(found)] = told.setdefault(_dumps(found), len(told))
    body = [{**line, "reused": None, "findings": [numbers[id(found)] for found in line["findings"]]} for line in lines]
    facts.append(list(told))
    return digest_bytes(_dumps([FORMAT, facts, [p.as_dict() for p in run.problems], body]).encode())


def creative_lines(creatives: Sequence[PublishedCreative]) -> list[dict[str, Any]]:
    """The creatives as plain JSON values, in the order of their identity."""
    said: dict[int, dict[str, Any]] = {}
    return [creative_as_dict(c, said) for c in sorted(creatives, key=lambda c: c.identity)]


def render(
    run: PublishedRun,
    creatives: Sequence[PublishedCreative],
    lines: Sequence[dict[str, Any]],
    *,
    content: Digest,
    stamps: Mapping[str, Stamp],
    extras: Mapping[str, Extra],
) -> bytes:
    """The manifest as bytes (UTF-8). `stamps` holds every file of the creatives, `extras` every other file."""
    head = {
        "affiche": FORMAT,
        "campaign": run.campaign,
        "name": run.name,
        "brand": run.brand,
        "brief_file": run.brief_file,
        "content": content,
        "counts": status_counts(creatives),
        "inputs": dict(run.inputs),
        "versions": dict(run.versions),
        "problems": [p.as_dict() for p in run.problems],
        "run": {"steps": dict(run.steps), "cost": money_as_dict(run.cost), "seconds": round(run.seconds, 3)},
        "files": [{"path": p, "source": e.source, **_stamp_dict(e.stamp)} for p, e in sorted(extras.items())],
    }
    stamped = [{**line, "files": [{**f, **_stamp_dict(stamps[f["path"]])} for f in line["files"]]} for line in lines]
    parts = [f"{_dumps(key)}: {_dumps(value)}" for key, value in head.items()]
    writer = Repeats("findings", sort_keys=True, separators=_TIGHT)
    body = ",\n  ".join(writer.text(line) for line in stamped)
    parts.append(f'"creatives": [\n  {body}\n ]' if stamped else '"creatives": []')
    return ("{\n " + ",\n ".join(parts) + "\n}\n").encode("utf-8", "backslashreplace")


def _stamp_dict(stamp: Stamp) -> dict[str, Any]:
    return {"sha256": stamp.sha256, "bytes": stamp.bytes, "mtime_ns": stamp.mtime_ns}


_TIGHT = (",", ":")


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=_TIGHT)
