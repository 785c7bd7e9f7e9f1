"""Examines one picture file: reads it with care, runs the rules that pixels alone can answer, finds what a build recorded.

May live here: the effects of `affiche check` (reading files, drawing overlays). How it is printed: `check.py`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from affiche.brand.model import Brand
from affiche.brand.read import read_brand
from affiche.check.profile import rules_in_force
from affiche.check.run import check
from affiche.check.shipped import shipped_profile
from affiche.check.subject import LogoMatch, Subject
from affiche.check.table import RULES
from affiche.errors import AfficheError, AssetError, InputError, UsageError
from affiche.placement.model import Placement
from affiche.placement.shipped import shipped_catalog
from affiche.ports import FileFacts, Pixels
from affiche.values.digest import digest_bytes
from affiche.values.finding import CreativeStatus, Finding, creative_status
from affiche.values.problem import has_errors
from affiche.wire import file_codec, find_logo, overlay_findings

#: As much as the codec reads; looked at before a file is opened.
_MAX_BYTES = 96_000_000
#: How far above a file its campaign's manifest may lie: `<campaign>/<product>/<ratio>/<file>`, and one to spare.
_LEVELS = 4
_MAX_MANIFEST_BYTES = 200_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What the files are held against."""

    placement: Placement | None = None
    brand: Brand | None = None
    logo: Pixels | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What a manifest says of a file that Affiche made. `altered`: the bytes are not those that were built."""

    creative: dict[str, Any]
    campaign: str
    altered: bool
    findings: tuple[Finding, ...]

    @property
    def told(self) -> str:
        """The creative in words."""
        parts = [
            self.campaign,
            *(str(self.creative.get(key, "")) for key in ("product", "locale", "placement")),
        ]
        return " ".join(part for part in parts if part) + (", altered since" if self.altered else "")

    def as_dict(self) -> dict[str, Any]:
        """The stable JSON form."""
        names = {
            key: self.creative.get(key) for key in ("product", "locale", "placement", "variant", "status")
        }
        findings = [finding.as_dict() for finding in self.findings]
        return {"campaign": self.campaign, **names, "altered": self.altered, "findings": findings}


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """One file and what was found; `error` when it could not be looked at. `fitting`: placements of exactly this size."""

    path: Path
    bytes: int = 0
    facts: FileFacts | None = None
    pixels: Pixels | None = None
    placement: Placement | None = None
    fitting: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    recorded: Recorded | None = None
    error: AfficheError | None = None

    @property
    def status(self) -> CreativeStatus:
        """`error` also for a file that could not be read."""
        return "error" if self.error else creative_status(self.findings)


def ask(*, placement: str = "", logo: Path | None = None, brand: Path | None = None) -> Question:
    """The question of a command line. Raises InputError, AssetError saying what cannot be used."""
    found = shipped_catalog().find(placement) if placement else None
    identity = _brand(brand) if brand else None
    if logo is None and brand is not None and identity is not None and identity.logo is not None:
        logo = brand.parent / identity.logo.file
    return Question(placement=found, brand=identity, logo=_logo(logo) if logo else None)


def examine(path: Path, question: Question) -> Examined:
    """Everything that can be said of `path`. Never raises: what is wrong with the file is its `error`."""
    try:
        data = _bytes(path)
        codec = file_codec()
        facts = codec.inspect(data)
        if facts.vector:
            raise AssetError("An SVG has no pixels to check.", hint="Export the finished ad as PNG or JPEG.")
        pixels = codec.decode(data)
    except AfficheError as error:
        return Examined(path=path, error=error)
    recorded = _recorded(path, data)
    placement = question.placement or _recorded_placement(recorded)
    subject = Subject(
        pixels=pixels,
        file=facts,
        file_bytes=len(data),
        placement=placement,
        brand=question.brand,
        logo_match=_match(pixels, question.logo),
    )
    return Examined(
        path=path,
        bytes=len(data),
        facts=facts,
        pixels=pixels,
        placement=placement,
        fitting=tuple(p.id for p in shipped_catalog().all() if p.size == facts.size and p.still),
        findings=_findings(subject, placement),
        recorded=recorded,
    )


def _findings(subject: Subject, placement: Placement | None) -> tuple[Finding, ...]:
    """The rules for files, and a skip with its reason for each rule that needs more than a file."""
    profile, today = shipped_profile(placement.channel if placement else ""), date.today()  # noqa: DTZ011
    rules = {r.rule.id: r for kind in ("creative", "file") for r in rules_in_force(profile, today, kind=kind)}
    return check(subject, [rules[rule.id] for rule in RULES if rule.id in rules])


def write_overlay(target: Path, examined: list[Examined]) -> tuple[Path, ...]:
    """Draws the findings of each readable file; one file into a PNG, several into a folder. Raises UsageError."""
    readable = [one for one in examined if one.pixels is not None]
    folder = target.is_dir() or len(examined) > 1
    if folder and target.suffix.lower() == ".png" and not target.is_dir():
        raise UsageError("several files cannot be drawn into one PNG", hint="give --overlay a folder")
    if not folder and target.suffix.lower() != ".png":
        raise UsageError(
            f"--overlay writes PNG files, not {target.suffix or 'files without a suffix'}", hint="out.png"
        )
    written = []
    for one in readable:
        path = target / f"{one.path.stem}-findings.png" if folder else target
        findings = (
            *one.findings,
            *(one.recorded.findings if one.recorded and not one.recorded.altered else ()),
        )
        assert one.pixels is not None
        drawn = overlay_findings(one.pixels, findings, legend=True)
        _write(path, file_codec().encode(drawn, format="png", quality=100))
        written.append(path)
    return tuple(written)


def _write(path: Path, data: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    except OSError as error:
        raise UsageError(
            f"{path} cannot be written: {error.strerror}", hint="choose another --overlay"
        ) from None


def _bytes(path: Path) -> bytes:
    """The file's bytes. Refuses folders, devices and what is too large before opening it."""
    try:
        if not path.exists():
            raise AssetError("There is no such file.", hint="Look at the name and the folder.")
        if not path.is_file():
            raise AssetError("This is not a file.", hint="Give the pictures themselves, not their folder.")
        if path.stat().st_size > _MAX_BYTES:
            raise AssetError(
                f"The file has {path.stat().st_size / 1e6:.0f} MB; at most {_MAX_BYTES / 1e6:.0f} MB are read."
            )
        return path.read_bytes()
    except (OSError, ValueError) as error:
        raise AssetError(f"The file cannot be read: {getattr(error, 'strerror', None) or error}.") from None


def _brand(path: Path) -> Brand:
    brand, problems = read_brand(_bytes(path), file=str(path))
    if brand is None or has_errors(problems):
        told = "\n  ".join(f"{p.where}: {p.message}" for p in problems if p.severity == "error")
        raise InputError(
            f"the brand file cannot be used\n  {told}", hint=next((p.hint for p in problems if p.hint), "")
        )
    return brand


def _logo(path: Path) -> Pixels:
    try:
        return file_codec().decode(_bytes(path))
    except AssetError as error:
        raise AssetError(f"{path}: {error}", hint=error.hint) from None


def _match(pixels: Pixels, logo: Pixels | None) -> LogoMatch | None:
    if logo is None:
        return None
    score, rect = find_logo(pixels, logo)
    return LogoMatch(score=score, rect=rect)


def _recorded(path: Path, data: bytes) -> Recorded | None:
    """What the nearest manifest above says of this file; None when there is none or it does not name it."""
    path = path.resolve()
    for folder in path.parents[:_LEVELS]:
        manifest = _manifest(folder / "manifest.json")
        if manifest is not None:
            return _entry(manifest, path.relative_to(folder).as_posix(), digest_bytes(data))
    return None


def _manifest(file: Path) -> dict[str, Any] | None:
    try:
        if not file.is_file() or file.stat().st_size > _MAX_MANIFEST_BYTES:
            return None
        data = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    return (
        data
        if isinstance(data, dict) and "affiche" in data and isinstance(data.get("creatives"), list)
        else None
    )


def _entry(manifest: dict[str, Any], name: str, digest: str) -> Recorded | None:
    try:
        for creative in manifest["creatives"]:
            for file in creative["files"]:
                if file["path"] == name:
                    findings = tuple(Finding.from_dict(finding) for finding in creative["findings"])
                    campaign = str(manifest.get("campaign", ""))
                    altered = file["sha256"] != digest
                    return Recorded(creative=creative, campaign=campaign, altered=altered, findings=findings)
    except (KeyError, TypeError, ValueError):
        return None  # a manifest that was tampered with says nothing
    return None


def _recorded_placement(recorded: Recorded | None) -> Placement | None:
    try:
        return shipped_catalog().find(str(recorded.creative["placement"])) if recorded else None
    except (InputError, KeyError):
        return None
