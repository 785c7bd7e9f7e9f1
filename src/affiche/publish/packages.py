"""Packages: one zip per channel, ready to send.

*Proof* packages hold every creative without a failed finding; *delivery* packages only what is approved, and approvals
are not kept by this build yet. A zip is deterministic: sorted, fixed dates, stored (the files are compressed already).
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from affiche.errors import CapabilityError, StorageError
from affiche.publish.model import PublishedCreative, PublishedRun, creative_as_dict
from affiche.publish.slugs import slug
from affiche.values.finding import SOUND
from affiche.values.repeats import Repeats

#: The earliest date that a zip can hold; a date of the clock would make equal packages differ.
_EPOCH = (1980, 1, 1, 0, 0, 0)


def proof_name(channel: str) -> str:
    """The file name of the proof package of a channel."""
    return f"proof-{slug(channel or 'other')}.zip"


def by_channel(creatives: Iterable[PublishedCreative]) -> dict[str, list[PublishedCreative]]:
    """Channel -> the creatives fit for its proof package, sorted; channels with none are left out."""
    groups: dict[str, list[PublishedCreative]] = {}
    for creative in sorted(creatives, key=lambda c: c.identity):
        if creative.files and creative.status in SOUND:
            groups.setdefault(proof_name(creative.channel), []).append(creative)
    return groups


@dataclass(frozen=True, slots=True)
class Leaflet:
    """What a package says of itself: README.txt and the part of the manifest that it holds."""

    readme: str
    excerpt: bytes


def leaflet(run: PublishedRun, creatives: Sequence[PublishedCreative], *, approved: bool = False) -> Leaflet:
    """That of a package of `creatives`."""
    return Leaflet(readme(run, creatives, approved=approved), excerpt(run, creatives))


def pack_proof(target: Path, said: Leaflet, creatives: Sequence[PublishedCreative], folder: Path) -> None:
    """Writes the proof package of `creatives` to `target`, file by file out of `folder`. Raises StorageError."""

    def read(path: str) -> bytes:
        try:
            return (folder / path).read_bytes()
        except OSError as error:
            raise StorageError(f"cannot pack {folder / path}: {error.strerror}") from error

    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        _fill(archive, said, creatives, read)


def pack(run: PublishedRun, creatives: Sequence[PublishedCreative], read: Callable[[str], bytes], *, approved: bool) -> bytes:
    """A package as bytes; `read` gives a file by its path. `approved`: a delivery, and says so. Raises what `read` raises."""
    whole = BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as archive:
        _fill(archive, leaflet(run, creatives, approved=approved), creatives, read)
    return whole.getvalue()


def _fill(
    archive: zipfile.ZipFile, said: Leaflet, creatives: Sequence[PublishedCreative], read: Callable[[str], bytes]
) -> None:
    _add(archive, "README.txt", said.readme.encode())
    _add(archive, "manifest.json", said.excerpt)
    for file in sorted((f for c in creatives for f in c.files), key=lambda f: f.path):
        _add(archive, file.path, read(file.path))


def deliver(creatives: Sequence[PublishedCreative]) -> bytes:
    """Always raises CapabilityError: a build on the command line knows no approvals; the service packs deliveries."""
    raise CapabilityError(
        f"delivery packages need approvals, and none of {len(creatives)} creatives can be approved in a local build",
        hint="Send the proof-*.zip packages, or approve in the service.",
    )


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    info = zipfile.ZipInfo(name, _EPOCH)
    info.create_system = 3  # Unix, whatever system this runs on
    info.external_attr = 0o644 << 16
    archive.writestr(info, data)


def readme(run: PublishedRun, creatives: Sequence[PublishedCreative], *, approved: bool = False) -> str:
    """What the package says of itself; CRLF, for every editor."""
    channels = ", ".join(dict.fromkeys(c.channel for c in creatives if c.channel))
    flagged = sum(c.status == "flagged" for c in creatives)
    lines = [
        f"{run.name}: {'delivery' if approved else 'proofs'} for {channels or 'other'}",
        "",
        f"{len(creatives)} creatives without a failed check, {flagged} of them with a warning (see manifest.json).",
        "Every file in here is approved for use." if approved else "These are proofs. They are not approved for use.",
        "",
        *(f"{f.path}  {f.width} x {f.height}  {f.bytes} bytes" for c in creatives for f in c.files),
    ]
    return "\r\n".join(lines) + "\r\n"


def excerpt(run: PublishedRun, creatives: Sequence[PublishedCreative]) -> bytes:
    """The part of the manifest that a package holds, as JSON; nothing in it depends on when it was built."""
    said: dict[int, dict[str, Any]] = {}
    writer = Repeats("findings", sort_keys=True)
    lines = ", ".join(writer.text({**creative_as_dict(c, said), "reused": None}) for c in creatives)
    told = {"campaign": run.campaign, "name": run.name, "brand": run.brand, "creatives": []}
    document = json.dumps(told, ensure_ascii=False, sort_keys=True).replace('"creatives": []', f'"creatives": [{lines}]', 1)
    # Not indented: Python writes indentation itself, which takes three times as long.
    return document.encode("utf-8", "backslashreplace")
