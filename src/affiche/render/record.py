"""Values of the render phases as plain JSON data of the ledger, and back."""

from __future__ import annotations

import marshal
from collections.abc import Mapping
from typing import Any

from affiche.ports import Outcome, PictureInfo
from affiche.render.jobs import Ready
from affiche.values.digest import Digest
from affiche.values.finding import Finding
from affiche.values.geometry import Rect, Size


def info_data(info: PictureInfo) -> dict[str, Any]:
    """Everything but the digest, which is the key."""
    return {
        "kind": info.kind, "size": [info.size.width, info.size.height], "bounds": list(info.bounds.as_tuple()),
        "focal": info.focal and list(info.focal), "focal_origin": info.focal_origin, "luminance": info.luminance,
        "palette": list(info.palette), "notes": list(info.notes), "vector": info.vector, "darks": list(info.darks),
        "lights": list(info.lights), "subject": info.subject and list(info.subject.as_tuple()),
        "keep": info.keep and list(info.keep.as_tuple()), "confidence": info.confidence,
    }  # fmt: skip


def info_of(outcome: Outcome) -> PictureInfo:
    """What an `imagine` outcome says of its picture."""
    data = outcome.data
    return PictureInfo(
        digest=outcome.key,
        kind=data["kind"],
        size=Size(width=data["size"][0], height=data["size"][1]),
        bounds=Rect(*data["bounds"]),
        focal=None if data["focal"] is None else (data["focal"][0], data["focal"][1]),
        focal_origin=data["focal_origin"],
        luminance=data["luminance"],
        palette=tuple(data["palette"]),
        notes=tuple(data["notes"]),
        vector=data["vector"],
        darks=tuple(data["darks"]),
        lights=tuple(data["lights"]),
        subject=Rect(*data["subject"]) if data["subject"] else None,
        keep=Rect(*data["keep"]) if data["keep"] else None,
        confidence=data["confidence"],
    )


def ready(outcome: Outcome) -> Ready:
    """The prepared picture that an `imagine` outcome stands for."""
    return Ready(info=info_of(outcome), pixels=outcome.blobs["pixels"], source=outcome.blobs.get("source"))


def findings(data: Mapping[str, Any], known: dict[bytes, Finding] | None = None) -> tuple[Finding, ...]:
    """The findings of a `check` outcome. Equal ones are one value for all who share `known`: of 25,000, fewer than 1,000 differ.
    """
    same = {} if known is None else known
    found = []
    for row in data["findings"]:
        # As bytes, so that 1, 1.0 and True stay apart. Version 2: later ones write equal values differently. Never read back.
        named = marshal.dumps(row, 2)
        value = same.get(named)
        if value is None:
            value = same[named] = Finding.from_dict(row)
        found.append(value)
    return tuple(found)


def findings_outcome(key: Digest, found: tuple[Finding, ...]) -> Outcome:
    """The `check` outcome of findings."""
    return Outcome(key=key, kind="check", blobs={}, data={"findings": [finding.as_dict() for finding in found]})
