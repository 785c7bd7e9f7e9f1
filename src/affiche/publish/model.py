"""What is published, as plain values: a run, its creatives, their files.

The caller (`produce.py`) fills these in; the other modules of this package turn them into a folder. May live here: the
values and their JSON form, nothing that touches a disk. Names of files are made in `tree.py`; look there next.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from affiche.ports import FileFormat
from affiche.values.digest import Digest
from affiche.values.finding import CreativeStatus, Finding
from affiche.values.locale import Direction
from affiche.values.money import Money
from affiche.values.problem import Problem

NO_COST = Money(amount=Decimal(0))

#: product id, locale tag, placement id, variant: what a creative *is*, whatever its files look like.
Identity = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedFile:
    """One file of a creative. `path` is relative to the campaign folder, with `/` (`tree.output_paths` makes it).

    `blob` is where the bytes lie, `sha256` what they are: equal unless provenance was added after the blob was named
    (then `blob` is the stored file with provenance and `before_provenance` the digest that approvals bind to).
    """

    path: str
    blob: Digest
    sha256: str
    bytes: int
    width: int
    height: int
    format: FileFormat
    #: sha256 of the file before provenance was added; empty when none was.
    before_provenance: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedCreative:
    """One creative as the world sees it. One that could not be made has no files and says why in its findings."""

    product: str
    product_name: str
    locale: str
    placement: str
    placement_name: str
    channel: str
    #: Folder name in the tree: `1x1`, `9x16`, `728x90` (`placement.model.ratio_name`).
    ratio: str
    variant: str
    status: CreativeStatus
    files: tuple[PublishedFile, ...]
    #: Blob of a JPEG made by `thumbnail.thumbnail`.
    thumbnail: Digest | None
    reused: bool
    findings: tuple[Finding, ...]
    #: Without files: width and height px that it would have.
    size: tuple[int, int] = (0, 0)
    #: `compose` and `check`: the action keys in the ledger.
    keys: Mapping[str, str] = field(default_factory=dict)
    #: Role (`headline`, `picture`, ...) -> where it comes from (`given`, `memory`, `source`, `set`, `generated`, ...).
    origins: Mapping[str, str] = field(default_factory=dict)
    #: Role -> the text that is shown.
    words: Mapping[str, str] = field(default_factory=dict)
    #: Name of an input (`brand`, `logo`, `picture`, `template`, ...) -> its digest.
    inputs: Mapping[str, str] = field(default_factory=dict)
    template: str = ""
    set: str = ""
    #: What was decided on the way, for people: layout, scrim, what the crop keeps.
    notes: tuple[str, ...] = ()
    cost: Money = NO_COST
    direction: Direction = "ltr"
    #: Role -> what is known of words that nobody has approved: model, cost, how near a match, scores, flags.
    written: Mapping[str, Any] = field(default_factory=dict)
    #: Words about the creative that are not set in it: `alt`, `caption`, `hashtags`.
    extras: Mapping[str, Any] = field(default_factory=dict)
    #: The files it was made from: `name`, `role`, `sha256`, and `rights` where they are recorded.
    sources: tuple[Mapping[str, Any], ...] = ()

    @property
    def identity(self) -> Identity:
        return (self.product, self.locale, self.placement, self.variant)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedRun:
    """One run, ready to be written. `partial` runs (`--only`) keep what earlier runs published and they do not name."""

    campaign: str
    #: Title for people; the campaign id when there is none.
    name: str
    brand: str
    brief_file: str
    creatives: tuple[PublishedCreative, ...]
    problems: tuple[Problem, ...] = ()
    #: `ran` and `reused`: numbers of steps.
    steps: Mapping[str, int] = field(default_factory=dict)
    cost: Money = NO_COST
    seconds: float = 0.0
    #: Part (`affiche`, `skia`, `icu`, `fonts`, ...) -> version.
    versions: Mapping[str, str] = field(default_factory=dict)
    #: Name of a run-wide input (`brief`, `brand`, `template`, ...) -> its digest.
    inputs: Mapping[str, str] = field(default_factory=dict)
    partial: bool = False


def status_counts(creatives: Iterable[PublishedCreative]) -> dict[CreativeStatus, int]:
    """How many creatives have each status; every status is named, in order of severity."""
    counts: dict[CreativeStatus, int] = {"passed": 0, "flagged": 0, "failed": 0, "error": 0}
    for creative in creatives:
        counts[creative.status] += 1
    return counts


def money_as_dict(money: Money) -> dict[str, str]:
    """Exact: the amount stays text."""
    return {"amount": str(money.amount), "currency": money.currency}


def creative_as_dict(creative: PublishedCreative, said: dict[int, dict[str, Any]] | None = None) -> dict[str, Any]:
    """The stable JSON form of a creative, in the manifest and in `affiche build --json`.

    Who asks for many hands in `said`, the forms of findings by the identity of the object: a build repeats the same few.
    """
    return {
        "product": creative.product,
        "product_name": creative.product_name,
        "locale": creative.locale,
        "placement": creative.placement,
        "placement_name": creative.placement_name,
        "channel": creative.channel,
        "ratio": creative.ratio,
        "variant": creative.variant,
        "status": creative.status,
        "files": [file_as_dict(f) for f in creative.files],
        "thumbnail": creative.thumbnail,
        "reused": creative.reused,
        "findings": [_said(f, said) for f in creative.findings],
        "keys": dict(creative.keys),
        "origins": dict(creative.origins),
        "words": dict(creative.words),
        "inputs": dict(creative.inputs),
        "template": creative.template,
        "set": creative.set,
        "notes": list(creative.notes),
        "cost": money_as_dict(creative.cost),
        "direction": creative.direction,
        **({"written": dict(creative.written)} if creative.written else {}),
        **({"extras": dict(creative.extras)} if creative.extras else {}),
        **({"size": list(creative.size)} if any(creative.size) else {}),
        **({"sources": [dict(source) for source in creative.sources]} if creative.sources else {}),
    }


def _said(finding: Finding, said: dict[int, dict[str, Any]] | None) -> dict[str, Any]:
    if said is None:
        return finding.as_dict()
    form = said.get(id(finding))
    if form is None:
        form = said[id(finding)] = finding.as_dict()
    return form


def file_as_dict(file: PublishedFile) -> dict[str, Any]:
    """The stable JSON form of a file."""
    return {
        "path": file.path,
        "blob": file.blob,
        "sha256": file.sha256,
        "bytes": file.bytes,
        "width": file.width,
        "height": file.height,
        "format": file.format,
        "before_provenance": file.before_provenance,
    }


_LATER = frozenset({"notes", "written", "extras", "sources", "size"})


def creative_from_dict(data: Mapping[str, Any]) -> PublishedCreative:
    """The inverse of `creative_as_dict`; unknown keys are left out. KeyError, TypeError, ValueError when malformed."""
    values = {name: data[name] for name in PublishedCreative.__slots__ if name not in _LATER}
    # Manifests before these keys are still read.
    values |= {name: tuple(data.get(name, ())) for name in ("notes", "sources")}
    values |= {name: data.get(name, {}) for name in ("written", "extras")}
    width, height = data.get("size", (0, 0))
    values["size"] = (width, height)
    values["files"] = tuple(file_from_dict(f) for f in data["files"])
    values["findings"] = tuple(Finding.from_dict(f) for f in data["findings"])
    values["cost"] = Money(amount=Decimal(data["cost"]["amount"]), currency=data["cost"]["currency"])
    return PublishedCreative(**values)


def file_from_dict(data: Mapping[str, Any]) -> PublishedFile:
    """The inverse of `file_as_dict`."""
    return PublishedFile(**{name: data[name] for name in PublishedFile.__slots__})
