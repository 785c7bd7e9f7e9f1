"""A brief in an inbox becomes a campaign: what it names beside it comes in first, then its ids stand where the paths stood.

`assets/can.png` in `drop/summer.yaml` is `drop/assets/can.png` of the same inbox. A brand file that the brief names becomes a
brand of
the registry, or a new revision of it. The same brief again is no new campaign: a changed one is a new revision of its campaign.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePosixPath

import sqlalchemy as sa

from affiche.brand.read import read_brand
from affiche.brief.read import read_brief
from affiche.errors import AfficheError, NotFound
from affiche.ingest import asset
from affiche.ingest.dock import Dock, Taken, guarded, settle
from affiche.ports import Inbox, InboxFile
from affiche.registry import arrivals, brands, campaigns, runs
from affiche.registry.scope import Row, one
from affiche.registry.tables import work
from affiche.registry.tables.material import brand_revisions
from affiche.registry.tables.material import brands as brand_table
from affiche.runs.intake import Intake, check_assets, take_brand, take_brief
from affiche.runs.planned import BadBrief
from affiche.runs.references import Reference, of_brand, of_brief
from affiche.values.digest import digest_bytes
from affiche.values.slug import slug

#: Largest brief or brand file, bytes.
DOCUMENT_MAX = 4_000_000
_TYPES = {".json": "application/json", ".md": "text/markdown"}


class NotThere(AfficheError):
    """Something that a brief names has not arrived yet, or was refused."""

    code = "ingest-missing"
    retry = "later"


def take_in(dock: Dock, inbox: Inbox, file: InboxFile, _: Row | None = None) -> Row:
    """What became of a brief. Raises BadBrief, NotThere and what else stops it."""
    data = inbox.read(file.name, max_bytes=DOCUMENT_MAX)
    brief, problems = read_brief(data, file=PurePosixPath(file.name).name)
    if brief is None:
        raise BadBrief(problems)
    names = _here(dock, inbox, file.name, of_brief(brief))
    brand = _brand(dock, inbox, file.name, "" if brief.foreign else brief.brand.file)
    if brand is not None and brief.brand.file != brand["slug"]:
        names[brief.brand.file] = brand["slug"]
    suffix = PurePosixPath(file.name).suffix.lower()
    intake = take_brief(_renamed(data, names), _TYPES.get(suffix, "application/yaml"), brand=brand)

    def keep(c: sa.Connection, before: Row | None) -> Taken:
        made = _campaign(c, dock, intake, brand, before["campaign"] if before else "")
        return Taken(state="taken", campaign=made["id"], brand=made["brand"])

    return settle(dock, inbox, file, keep, digest=digest_bytes(data))


def _campaign(c: sa.Connection, dock: Dock, intake: Intake, brand: Row | None, before: str) -> Row:
    """The campaign, new or in a new revision, and its run."""
    check_assets(c, dock.scope, intake.references)
    name, document, search = intake.brief.name, intake.document, intake.search
    revision = brand["revision"] if brand else 0
    if before:
        made = campaigns.revise(
            c, dock.scope, before, expected=None, name=name, brief=document, assets=intake.assets, brand_revision=revision,
            search=search,
        )  # fmt: skip
    else:
        made = campaigns.add(
            c, dock.scope, slug=intake.brief.campaign, name=name, brand=str(brand["id"]) if brand else dock.brand, brief=document,
            assets=intake.assets, brand_revision=revision, search=search,
        )  # fmt: skip
    if dock.run:
        runs.submit(c, dock.scope, made, runs.Order())
    return one(c, dock.scope, work.campaigns, id=made["id"], what="campaign")


def _here(dock: Dock, inbox: Inbox, beside: str, references: Iterable[Reference]) -> dict[str, str]:
    """Path -> asset id, for what is named by a path; each comes in when it has not yet. Raises NotThere."""
    found: dict[str, str] = {}
    for name in dict.fromkeys(reference.name for reference in references if not reference.asset):
        path = _path(beside, name)
        row = _arrived(dock, inbox, path) if path else None
        if row is None or not row["asset"]:
            why = row["reason"] if row else "it is not in the inbox"
            raise NotThere(f"{name[:200]} is not here: {why}", hint="put it beside the brief, or name an asset's id")
        suffix = PurePosixPath(name).suffix.lower()
        found[name] = row["asset"] + (suffix if re.fullmatch(r"\.[a-z0-9]{1,5}", suffix) else "")
    return found


def _arrived(dock: Dock, inbox: Inbox, path: str) -> Row | None:
    file = inbox.find(path)
    if file is None:
        return None
    row = guarded(dock, inbox, file, asset.take_in)
    if row is None:
        with dock.registry.read() as c:
            row = arrivals.find(c, dock.scope, inbox.place, path)
    return row


def _path(beside: str, name: str) -> str:
    """The path in the inbox of what `beside` names; empty when it leads out, or is no path."""
    if "://" in name or name.startswith("/") or "\\" in name:
        return ""
    parts: list[str] = list(PurePosixPath(beside).parent.parts)
    for part in PurePosixPath(name).parts:
        if part == "..":
            if not parts:
                return ""
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


def _brand(dock: Dock, inbox: Inbox, beside: str, name: str) -> Row | None:
    """The brand that a brief is for: of the registry by its slug, from the file that it names, or that of the inbox."""
    with dock.registry.read() as c:
        if dock.brand:
            return one(c, dock.scope, brand_table, id=dock.brand, what="brand")
        if not name:
            return None
        try:
            return brands.named(c, dock.scope, name)
        except NotFound:
            pass
    path = _path(beside, name)
    file = inbox.find(path) if path else None
    if file is None:
        raise NotThere(f"the brand {name[:120]} is neither a brand of the registry nor a file beside the brief")
    return _brand_file(dock, inbox, path)


def _brand_file(dock: Dock, inbox: Inbox, path: str) -> Row:
    data = inbox.read(path, max_bytes=DOCUMENT_MAX)
    brand, problems = read_brand(data, file=PurePosixPath(path).name)
    if brand is None:
        raise BadBrief(problems)
    named = _renamed(data, _here(dock, inbox, path, of_brand(brand, path)))
    media_type = _TYPES.get(PurePosixPath(path).suffix.lower(), "application/yaml")
    title, document, references = take_brand(named, media_type)
    with dock.registry.write() as c:
        check_assets(c, dock.scope, references)
        try:
            row = brands.named(c, dock.scope, slug(title))
        except NotFound:
            return brands.add(c, dock.scope, slug=slug(title), name=title, document=document)
        newest = (brand_revisions.c.brand == row["id"], brand_revisions.c.number == row["revision"])
        if c.execute(sa.select(brand_revisions.c.digest).where(*newest)).scalar() == document.digest:
            return row
        return brands.revise(c, dock.scope, row["id"], expected=None, name=title, document=document)


def _renamed(data: bytes, names: dict[str, str]) -> bytes:
    """`data` with other names for files, where they stand whole; the longest first."""
    for name in sorted(names, key=len, reverse=True):
        whole = rb"(?<![\w./-])" + re.escape(name.encode()) + rb"(?![\w/-]|\.\w)"
        data = re.sub(whole, names[name].encode(), data)
    return data
