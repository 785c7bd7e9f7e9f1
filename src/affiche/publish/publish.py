"""Publish: a run becomes a folder. Read this first; the verbs are the names of the files beside it.

Order is safety: what is about to be made is written to the journal, then files, pages and packages are placed
one by one, each in one visible step; the manifest follows and makes the run true; only then is removed what no
run names any more. A crash between any two steps leaves whole files that the next run recognises. An unchanged
run writes nothing at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from affiche.ports import Blobs
from affiche.publish import findings, gallery, manifest, tree
from affiche.publish.manifest import Extra, Manifest
from affiche.publish.model import PublishedCreative, PublishedFile, PublishedRun
from affiche.publish.tree import Placed, Stamp
from affiche.values.digest import digest


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishReport:
    """What publishing did; paths relative to `folder`. `unchanged`: every file stood as it should, nothing was written.

    `repaired` were altered or deleted since the last run; `aside` are foreign files that stood in the way, under
    their new names; `left` would have been removed but were changed by somebody.
    """

    folder: Path
    gallery: Path
    manifest: Path
    unchanged: bool
    written: tuple[str, ...] = ()
    repaired: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    aside: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    #: The stable JSON form of every creative that the folder shows, as in the manifest, without times.
    rows: Sequence[Mapping[str, Any]] = ()


def publish(run: PublishedRun, blobs: Blobs, out_dir: Path, previous: Manifest | None = None) -> PublishReport:
    """Makes `out_dir/<campaign>` show exactly `run`. `previous` is read from the folder when it is not given.

    Raises StorageError when something cannot be read or written; what stood there before then still stands.
    """
    folder = tree.campaign_folder(out_dir, run.campaign)
    before = manifest.read(folder) if previous is None else previous
    creatives = _all_creatives(run, before)
    lines = manifest.creative_lines(creatives)
    content = manifest.content_digest(lines, run, gallery.fingerprint())
    if _stands(folder, content, before):
        return _report(folder, lines, unchanged=True)
    known = {**tree.unfinished(folder), **before.stamps}
    files = [file for creative in creatives for file in creative.files]
    pages = _pages(run, creatives, content, blobs, folder)
    unclaimed = [page.path for page in pages] + ([] if before.stamps else [manifest.NAME])
    aside = tree.make_way(folder, files, unclaimed, known)
    tree.begin(folder, _claims(known, files, pages))
    placed = tree.place(folder, files, blobs, known)
    extras = _write_pages(folder, pages, before)
    document = manifest.render(run, creatives, lines, content=content, stamps=placed.stamps, extras=extras)
    tree.write(folder, manifest.NAME, document, durable=True)
    made = {*placed.stamps, *extras, manifest.NAME}
    stale = {path: stamp for path, stamp in known.items() if path not in made}
    removed, left = tree.remove(folder, stale)
    tree.finish(folder)
    return _report(folder, lines, placed, removed=removed, left=left, aside=aside)


def _claims(known: Mapping[str, Stamp], files: Sequence[PublishedFile], pages: Sequence[_Page]) -> dict[str, str]:
    """What the journal says is ours: what stood before, what this run makes, and pages and manifest whatever their bytes."""
    made = {page.path: "" for page in pages} | {manifest.NAME: ""}
    return {path: stamp.sha256 for path, stamp in known.items()} | {f.path: f.sha256 for f in files} | made


def _stands(folder: Path, content: str, before: Manifest) -> bool:
    """Whether the folder shows `content` already, every file of it as the manifest left it."""
    if before.content != content or tree.is_unfinished(folder):
        return False
    return all(tree.untouched(folder, path, stamp) for path, stamp in before.stamps.items())


def _all_creatives(run: PublishedRun, before: Manifest) -> tuple[PublishedCreative, ...]:
    """The creatives of the run; a partial run keeps those of the runs before that it does not name."""
    kept: tuple[PublishedCreative, ...] = ()
    if run.partial:
        named = {c.identity for c in run.creatives}
        paths = {f.path for c in run.creatives for f in c.files}
        kept = tuple(c for c in before.creatives() if c.identity not in named and not paths & {f.path for f in c.files})
    return run.creatives + kept


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """A file that is made from the whole run: where, from what (digest), and how to write it to a staged path."""

    path: str
    source: str
    fill: Callable[[Path], object]


def _pages(
    run: PublishedRun, creatives: Sequence[PublishedCreative], content: str, blobs: Blobs, folder: Path
) -> list[_Page]:
    """Gallery, contact sheet, findings and one proof package per channel."""
    # Here and not above: an unchanged run must not pay for loading what draws the sheet.
    from affiche.publish import contact_sheet, packages

    shown = [(*c.identity, c.thumbnail, c.status, c.files[0].width if c.files else 0) for c in creatives]
    title = contact_sheet.title_of(run)
    table = findings.render(creatives)
    pages = [
        _page(gallery.NAME, content, lambda: gallery.render(run, creatives, blobs.get)),
        _page(
            contact_sheet.NAME, digest("sheet", title, shown), lambda: contact_sheet.render(title, creatives, blobs.get)
        ),
        _page(findings.NAME, digest("findings", table), lambda: table),
    ]
    for name, group in packages.by_channel(creatives).items():
        said = packages.leaflet(run, group)
        source = digest("proof", said.readme, said.excerpt)
        fill = partial(packages.pack_proof, said=said, creatives=group, folder=folder)
        pages.append(_Page(path=name, source=source, fill=fill))
    return pages


def _page(path: str, source: str, render: Callable[[], bytes]) -> _Page:
    return _Page(path=path, source=source, fill=lambda staged: staged.write_bytes(render()))


def _write_pages(folder: Path, pages: Sequence[_Page], before: Manifest) -> dict[str, Extra]:
    """Writes the pages whose source changed or that were touched; all of them, by path."""
    extras: dict[str, Extra] = {}
    for page in pages:
        old = before.extras.get(page.path)
        if old is None or old.source != page.source or not tree.untouched(folder, page.path, old.stamp):
            old = Extra(source=page.source, stamp=tree.write_by(folder, page.path, page.fill))
        extras[page.path] = old
    return extras


def _report(
    folder: Path, rows: Sequence[Mapping[str, Any]], placed: Placed | None = None, *, unchanged: bool = False,
    **done: tuple[str, ...],
) -> PublishReport:  # fmt: skip
    return PublishReport(
        folder=folder,
        gallery=folder / gallery.NAME,
        manifest=folder / manifest.NAME,
        unchanged=unchanged,
        written=placed.written if placed else (),
        repaired=placed.repaired if placed else (),
        rows=rows,
        **done,
    )
