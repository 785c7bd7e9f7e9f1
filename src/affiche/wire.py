"""Wire: settings and campaigns -> ports and materials. The only module that imports adapters; heavy ones when they are needed.

What stands here is *which* ledger, blobs, pool, painter and codec; what they do is theirs, when they are used is the story's
(`produce.py`). The two functions at the end run inside render processes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from affiche.adapters.blobs.local import LocalBlobs
from affiche.assets import asset_of, assets_of, measured
from affiche.compose.shipped_sets import set_for, shipped_sets
from affiche.compose.template.shipped import ShippedTemplates, is_file
from affiche.outfit import open_journal, open_ledger
from affiche.placement.shipped import shipped_catalog
from affiche.plan.expand import Materials
from affiche.plan.imagined import Makers
from affiche.plan.keys import picture_key
from affiche.plan.model import PictureStep, Plan
from affiche.ports import Ledger, Pool
from affiche.render.jobs import DrawJob, Drawn, Prepared, PrepareJob
from affiche.render.looks import Looks
from affiche.render.record import info_of
from affiche.settings import Settings
from affiche.steps import Crew
from affiche.values.digest import Digest, digest, digest_bytes
from affiche.versions import checking, rules_have_dates, versions
from affiche.write.phrasebook import phrasebook
from affiche.write.words import Shelf, resolve_words

if TYPE_CHECKING:
    from affiche.authoring import Desk
    from affiche.compose.request import ComposeRequest
    from affiche.compose.template.model import Template
    from affiche.desk import Extras
    from affiche.inputs import Campaign
    from affiche.ports import Codec, Depot, Fetcher, Journal, Painter, PictureInfo, Pixels, Sealer, Writer
    from affiche.procure import Trade
    from affiche.render.draw import Renderer
    from affiche.render.typefaces import Examined, FontJob
    from affiche.values.finding import Finding
    from affiche.values.geometry import Rect
    from affiche.values.problem import Problem
    from affiche.write.catalog import WriterFacts
    from affiche.write.paid import Payer


def blobs(settings: Settings) -> Depot:
    """Where results lie: a folder, or an object store with the folder in front. Raises UsageError."""
    return _depot(str(settings.home), _store(settings))


def fetcher(settings: Settings) -> Fetcher:
    """The way to addresses that came from outside."""
    from affiche.adapters.fetch import GuardedFetcher

    return GuardedFetcher(allow=settings.fetch_allow)


def sealer(settings: Settings) -> Sealer:
    """What encrypts briefs, copy and secrets. A ring of this machine is made when no other is set. Raises UsageError."""
    from affiche.adapters.seal import RingSealer, WatchedRing, open_ring

    own = settings.key_ring == Path()
    path = settings.home / "keyring.toml" if own else settings.key_ring
    watched = WatchedRing(path)  # before it is read: nothing that changes meanwhile is missed
    return RingSealer(open_ring(path, create=own), watched)


def seals(settings: Settings) -> Sealer | None:
    """What seals documents in the registry: only with a ring of one's own, which does not lie beside the database."""
    return None if settings.key_ring == Path() else sealer(settings)


def new_seal_key(settings: Settings) -> str:
    """A new key on the ring, current from now on; its id. Old keys stay. Raises UsageError."""
    from affiche.adapters.seal import add_key

    return add_key(settings.home / "keyring.toml" if settings.key_ring == Path() else settings.key_ring).current


@contextmanager
def ledger(settings: Settings, *, write: bool) -> Iterator[Ledger]:
    """The ledger; a writer has it alone. Raises LedgerBusy, StorageError."""
    opened = open_ledger(settings, write=write)
    try:
        yield opened
    finally:
        opened.close()


@contextmanager
def crew(settings: Settings, jobs: int = 0, *, alone: bool = False) -> Iterator[Crew]:
    """Render processes and what they do; processes start when there is work. `alone`: this process does it all itself."""
    processes = 1 if alone else jobs or settings.processes
    with _pool(settings, processes, alone=alone) as pool:
        home, store = str(settings.home), _store(settings)
        prepare, draw = partial(prepare_batch, home, store=store), partial(draw_batch, home, store=store)
        yield Crew(pool=pool, prepare=prepare, draw=draw, jobs=processes)


@contextmanager
def _pool(settings: Settings, processes: int, *, alone: bool = False) -> Iterator[Pool]:
    from affiche.adapters.pool import InlinePool, ProcessPool

    memory = settings.render_memory_mb * 1_000_000
    pool = InlinePool() if alone else ProcessPool(jobs=processes, memory_bytes=memory)
    try:
        yield pool
    finally:
        pool.close()


def materials(campaign: Campaign, settings: Settings, today: date, refused: frozenset[str] = frozenset()) -> Materials:
    """Everything that a plan is made of: files are measured, catalogs are opened, rules are those of `today`.

    `refused`: products whose pictures no model is asked for.
    """
    campaign = _with_fonts(_with_colors(campaign, settings), settings)
    brief, (shelf, extras) = campaign.brief, _words(campaign, settings)
    templates, problems = _templates(campaign, settings)
    return Materials(
        brief=brief,
        brand=campaign.brand,
        problems=(*campaign.problems, *problems),
        pictures=measured(brief, assets_of(campaign.pictures, campaign.base_dir, today), _codec),
        befores=assets_of(campaign.befores, campaign.base_dir, today),
        logo=asset_of(campaign.logo, campaign.base_dir, today),
        logo_on_dark=asset_of(campaign.logo_on_dark, campaign.base_dir, today),
        catalog=shipped_catalog(),
        templates=templates,
        sets=shipped_sets(),
        words=lambda product, locale, variant: resolve_words(brief, product, locale, variant, shelf),
        extras=extras,
        makers=_makers(campaign, settings, today, refused),
        rules=cache(lambda channel: digest("rules in force", checking(), channel, _dated_rules(channel, today))),
        versions=versions(),
        brief_file=campaign.brief_file.name,
    )


def _makers(campaign: Campaign, settings: Settings, today: date, refused: frozenset[str]) -> Makers:
    """Who could make the pictures that a brief wishes. Only briefs that wish some pay for opening the catalog."""
    if not campaign.brief.wished:
        return Makers()
    from affiche.dealers import makers

    return makers(campaign, settings, today, refused)


def shop(campaign: Campaign, settings: Settings, today: date, again: Callable[[frozenset[str]], Plan]) -> Trade:
    """Buys the pictures of `campaign`; `again` plans it without those of some products. Raises UsageError."""
    from affiche.dealers import shop_of

    book, style = partial(journal, settings), partial(style_pictures, campaign, settings)
    return shop_of(campaign, settings, today, again, codec=_codec(), book=book, style=style)


def _templates(campaign: Campaign, settings: Settings) -> tuple[ShippedTemplates, tuple[Problem, ...]]:
    """The shipped templates and those that the brief brings along."""
    templates = ShippedTemplates()
    brief = campaign.brief
    wishes = (brief.design.template, *(p.template for p in brief.products), *(v.template for v in brief.variants))
    if not any(is_file(wish) for wish in wishes):
        return templates, ()
    from affiche.own_templates import own_templates

    made_with = digest("toolchain", versions())
    own, problems = own_templates(brief, campaign.base_dir, toolchain=made_with, memory=settings.home / "proved")
    templates.update(own)
    return templates, problems


def _dated_rules(channel: str, today: date) -> Digest:
    """What of the rules depends on the day. Only profiles with dates pay for loading the rules."""
    if not rules_have_dates():
        return Digest("")
    from affiche.check.profile import rules_digest
    from affiche.check.shipped import shipped_profile

    return rules_digest(shipped_profile(channel), today)


# -- words --------------------------------------------------------------------------------------------------------------


@contextmanager
def journal(settings: Settings) -> Iterator[Journal]:
    """The journal of paid calls; any process may write. Raises StorageError."""
    opened = open_journal(settings)
    try:
        yield opened
    finally:
        opened.close()


def desk(campaign: Campaign, settings: Settings, today: date, *, again: bool = False) -> Desk | None:
    """What authoring works with; None when nobody writes. Raises UsageError."""
    if _nobody_writes(campaign, settings):
        return None
    from affiche.dealers import caps
    from affiche.desk import desk_of

    payer = replace(_payer(today), campaign=campaign.brief.campaign, brand=campaign.brand.name)
    payer = replace(payer, caps=caps(campaign, settings, payer.month))
    with ledger(settings, write=False) as opened:
        return desk_of(
            campaign, settings.writer, opened, concurrency=settings.writer_calls, pictures=partial(_shown, settings), payer=payer,
            again=again or settings.spend_uncertain == "again",
        )  # fmt: skip


def _nobody_writes(campaign: Campaign, settings: Settings) -> bool:
    """Without a writer none of what belongs to one is loaded."""
    return (campaign.brief.writing.writer or settings.writer) in ("", "none")


def _payer(today: date) -> Payer:
    from affiche.adapters.journal.owner import new_owner
    from affiche.write.paid import Payer

    return Payer(campaign="", brand="", month=f"{today:%Y-%m}", owner=new_owner())


def _words(campaign: Campaign, settings: Settings) -> tuple[Shelf, Extras | None]:
    """Where words come from, and what else was written about them. Without writer and memory nothing is looked up."""
    if not campaign.memory.entries and _nobody_writes(campaign, settings):
        return Shelf(phrasebook=phrasebook()), None
    from affiche.desk import words_of

    with ledger(settings, write=False) as opened:
        return words_of(campaign, settings.writer, opened)


def bare_desk(settings: Settings, today: date) -> Desk | None:
    """A desk without a campaign, for questions about files; None when nobody writes."""
    from affiche.desk import bare_desk

    return bare_desk(settings.writer, _payer(today))


def shelf(campaign: Campaign, settings: Settings) -> Shelf:
    """Where the words of a campaign come from, drafts included."""
    return _words(campaign, settings)[0]


def style_pictures(campaign: Campaign, settings: Settings) -> tuple[tuple[bytes, str], ...]:
    """The brand's style pictures as a model is shown them."""
    return tuple(_shown(settings, {digest_bytes(file.read_bytes()): file for file in campaign.style}).values())


def open_writers(writers: Sequence[WriterFacts], settings: Settings) -> tuple[Writer, ...]:
    """The writers themselves. Raises UsageError without a key, CapabilityError when a library is not installed."""
    from affiche.dealers import opened_writers

    return opened_writers(writers, settings)


#: Longer side, px, in which a model is shown a picture.
_SHOWN_PX = 768


def _shown(settings: Settings, files: Mapping[Digest, Path]) -> dict[Digest, tuple[bytes, str]]:
    """Pictures as a model is shown them: small JPEGs, by digest; those that cannot be read are left out."""
    from affiche.errors import AssetError
    from affiche.publish.thumbnail import thumbnail

    del settings
    shown: dict[Digest, tuple[bytes, str]] = {}
    for name, file in files.items():
        try:
            shown[name] = (thumbnail(_codec().decode(file.read_bytes()), long_side=_SHOWN_PX), "image/jpeg")
        except (AssetError, OSError):
            continue
    return shown


# -- what a plan may have to look at --------------------------------------------------------------------------------------


def _with_colors(campaign: Campaign, settings: Settings) -> Campaign:
    """A brand without colours takes them from the first picture that has any."""
    if campaign.given is None or campaign.given.colors:
        return campaign
    toolchain = digest("toolchain", versions())
    steps = []
    for product in campaign.brief.products:
        asset = asset_of(campaign.pictures.get(product.id), campaign.base_dir)
        if asset is not None and asset.digest:
            focal = product.picture.focal if product.picture else None
            key = picture_key(asset.digest, "picture", focal, toolchain)
            steps.append(PictureStep(key=key, digest=asset.digest, name=asset.name, file=asset.file, role="picture", focal=focal))
            break
    infos = looked_at(steps, settings)
    # Here and not above: render processes import this module and read no briefs.
    from affiche.inputs import rebrand

    return next((rebrand(campaign, info.palette) for info in infos.values() if info.palette), campaign)


def _with_fonts(campaign: Campaign, settings: Settings) -> Campaign:
    """A brand's own fonts examined (in a render process, once), its type set in them; what is wrong is a problem."""
    if not campaign.fonts:
        return campaign
    from affiche.render.typefaces import Shelf, dressed, font_jobs, problems_of, show_faces

    jobs = font_jobs(campaign.fonts, campaign.brand, digest("toolchain", versions()))
    shelf = Shelf(settings.home / "fonts", blobs(settings))
    examined = {job.key: known for job in jobs if (known := shelf.find(job.key))}
    for made in _examined([[job] for job in jobs if job.key not in examined], settings):
        shelf.keep(made)
        examined[made.key] = made
    brand = dressed(campaign.brand, [examined[job.key] for job in jobs])
    wrong = problems_of(jobs, examined, campaign.brief.brand.file)
    if not wrong:
        show_faces(brand, blobs(settings))
    return replace(campaign, brand=brand, problems=(*campaign.problems, *wrong))


def _examined(batches: Sequence[Sequence[FontJob]], settings: Settings) -> Iterator[Examined]:
    """Fonts examined in render processes; one that breaks the reader is a result too."""
    from affiche.render.typefaces import Examined

    if not batches:
        return
    with _pool(settings, min(len(batches), settings.processes)) as pool:
        work = partial(examine_batch, str(settings.home), store=_store(settings))
        for done in pool.run(work, batches):
            broke = Examined(key=done.batch[0].key, problem="cannot be read: the reader broke on it")
            yield from done.result or (broke,)


def looked_at(steps: Sequence[PictureStep], settings: Settings) -> dict[Digest, PictureInfo]:
    """What is known of pictures, by key: from the ledger or the last look, else by preparing them without keeping pixels.

    Pictures that cannot be prepared are left out.
    """
    with ledger(settings, write=False) as opened:
        infos = {key: info_of(outcome) for key, outcome in opened.find(step.key for step in steps).items()}
    looks = Looks(settings.home / "looks")
    infos |= looks.find(step.key for step in steps if step.key not in infos)
    missing = [[PrepareJob(step=step, keep=False)] for step in steps if step.key not in infos and step.digest]
    if missing:
        with crew(settings, min(len(missing), settings.processes)) as hands:
            for done in hands.pool.run(hands.prepare, missing):
                for made in done.result or ():
                    if made.outcome is not None:
                        infos[made.key] = looks.keep(made.outcome)
    return infos


def picture_infos(plan: Plan, settings: Settings) -> Mapping[Digest, PictureInfo]:
    """What is known of every picture of `plan`."""
    return looked_at(plan.pictures, settings)


def proof_painter() -> Painter:
    """Draws frames in this process: for proofs and previews, one at a time."""
    return _painter()


def show_fonts(plan: Plan, settings: Settings) -> None:
    """Makes the brand's own fonts known to this process, which then may draw. Raises StorageError."""
    from affiche.render.typefaces import show_faces

    show_faces(plan.part.brand, blobs(settings))


def proof_sheet(template: Template, place: ComposeRequest | None = None, *, small: bool = False) -> bytes:
    """A PNG of `template` in every aspect class (across) and hard locale (down), or of one `place`; `small`: a JPEG instead."""
    import cv2

    from affiche.adapters.paint.proof import sheet_of
    from affiche.adapters.paint.standins import StandIns
    from affiche.compose.compose import compose
    from affiche.compose.proof.stress import described, proofs
    from affiche.publish.thumbnail import thumbnail

    painter, pictures, rows = _painter(), StandIns(described()), []
    for row in [[place]] if place else proofs(template, set_for(template)):
        frames = [compose(request) for request in row]
        rows.append([painter.overlay(frame, painter.base(frame, pictures), pictures) for frame in frames])
    shown = rows[0][0][..., :3].copy() if place else sheet_of(rows, cell=420)
    if small:
        return thumbnail(shown, long_side=640)
    done, data = cv2.imencode(".png", cv2.cvtColor(shown, cv2.COLOR_RGB2BGR))
    assert done
    return bytes(data)


# -- pictures that Affiche did not make -----------------------------------------------------------------------------------


def file_codec() -> Codec:
    """Reads foreign pictures, with limits before anything is decoded."""
    return _codec()


def find_logo(picture: Pixels, logo: Pixels) -> tuple[float, Rect]:
    """How surely (-1..1) and where `logo` is in `picture`. Raises AssetError."""
    from affiche.adapters.recognise.logo import find_logo

    found = find_logo(picture, logo)
    return found.score, found.rect


def overlay_findings(pixels: Pixels, findings: Sequence[Finding], *, legend: bool = False) -> Pixels:
    """`pixels` with numbered frames where something was found, and on request a legend beside them."""
    from affiche.adapters.paint.findings import overlay_findings

    return overlay_findings(pixels, findings, legend=legend)


# -- inside render processes ----------------------------------------------------------------------------------------------


def prepare_batch(home: str, jobs: Sequence[PrepareJob], *, store: str = "") -> list[Prepared]:
    """Prepares pictures; runs in a render process."""
    from affiche.render.prepare import prepare_all

    return prepare_all(jobs, codec=_codec(), blobs=_depot(home, store))


def examine_batch(home: str, jobs: Sequence[FontJob], *, store: str = "") -> list[Examined]:
    """Examines fonts; runs in a render process."""
    from affiche.render.typefaces import examine_all

    return examine_all(jobs, blobs=_depot(home, store))


def draw_batch(home: str, jobs: Sequence[DrawJob], *, store: str = "") -> list[Drawn]:
    """Draws a sheet; runs in a render process, which keeps its renderer."""
    return _renderer(home, store).draw_all(jobs)


@cache
def _depot(home: str, store: str) -> Depot:
    """One per process and place. `store`: a URL, with `+http` behind its scheme when it may be asked without encryption."""
    folder = Path(home) / "blobs"
    if not store:
        return LocalBlobs(folder)
    from affiche.adapters.blobs.open import open_store

    return open_store(store.replace("+http:", ":", 1), folder, plain_http="+http:" in store)


def _store(settings: Settings) -> str:
    url = settings.blob_store
    return url.replace(":", "+http:", 1) if settings.blob_store_plain_http else url


@cache
def _codec() -> Codec:
    import cv2
    import pyvips

    from affiche.adapters.codec import FileCodec

    # One process per core already: threads inside it would only fight, and AVIF bytes depend on their number.
    cv2.setNumThreads(1)
    pyvips.concurrency_set(1)
    return FileCodec(font_files=_logo_fonts())


@cache
def _renderer(home: str, store: str) -> Renderer:
    from affiche.adapters.codec import CvRows
    from affiche.render.draw import Renderer

    return Renderer(painter=_painter(), codec=_codec(), rows=CvRows(), blobs=_depot(home, store))


def _painter() -> Painter:
    from affiche.adapters.paint import SetFiles, SkiaPainter
    from affiche.compose.shipped_sets import view_files
    from affiche.compose.typeset.shape import draw_line, line_box
    from affiche.values.frame import SetItem

    def load_set(item: SetItem) -> SetFiles:
        view, light, masks = view_files(item.set, item.aspect_class)
        return SetFiles(digest=item.digest, light=light, masks=masks, scale=view.scale)

    return SkiaPainter(draw_line=draw_line, line_box=line_box, load_set=load_set)


#: What live text in a customer's SVG may be set in: the shipped Latin families (never the fonts of the machine).
_LOGO_FAMILIES = ("Inter", "Manrope", "Bricolage Grotesque", "Fraunces", "Anton")


def _logo_fonts() -> tuple[str, ...]:
    from affiche_fonts import faces, path

    return tuple(str(path(face)) for face, facts in faces().items() if facts.family in _LOGO_FAMILIES)
