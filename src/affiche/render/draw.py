"""Draws sheets: lays out all jobs, then paints, encodes and checks one after the other. Creatives of equal base share one.

Layout of all comes first because each of the two halves then finds its code and data in the processor's caches: pixels
push out everything else. The only state is what saves work and changes no result: the last base, its encoded rows, decoded
pictures. One creative that breaks is its own result; storage that breaks stops everything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any, ParamSpec, TypeVar

from affiche.check.profile import RuleInForce, rules_in_force
from affiche.check.run import check
from affiche.check.shipped import shipped_profile
from affiche.check.subject import Subject
from affiche.compose.compose import compose
from affiche.compose.encode import Encoded, chroma_of, encode_within
from affiche.compose.request import ComposeRequest
from affiche.errors import AfficheError, StorageError
from affiche.plan.model import Creative, rights_of
from affiche.plan.request import request_of
from affiche.ports import Blobs, Codec, FileFacts, Outcome, Painted, Painter, PictureInfo, RowCodec
from affiche.render.jobs import DrawJob, Drawn, broken, raise_if_away
from affiche.render.provenance import SPLICED, marked, said_of_models
from affiche.render.record import findings_outcome
from affiche.render.sheet import Sheet
from affiche.render.shelf import Shelf
from affiche.render.typefaces import show_faces
from affiche.values.finding import Finding
from affiche.values.frame import Frame, SetItem

P = ParamSpec("P")
Result = TypeVar("Result")


class Renderer:
    """Everything a render process needs, made once per process."""

    def __init__(self, *, painter: Painter, codec: Codec, rows: RowCodec, blobs: Blobs) -> None:
        self._painter = painter
        self._codec = codec
        self._rows = rows
        self._blobs = blobs
        self._shelf = Shelf(blobs, codec)
        self._sheet: Sheet | None = None

    def draw_all(self, jobs: Sequence[DrawJob]) -> list[Drawn]:
        """One result per job, in order. Raises StorageError."""
        company = Counter(_direction(job) for job in jobs)
        laid_out = [_tried(self._laid_out, job) for job in jobs]
        return [self._drawn(job, found, alone=company[_direction(job)] == 1) for job, found in zip(jobs, laid_out, strict=True)]

    def _laid_out(self, job: DrawJob) -> tuple[ComposeRequest, Frame]:
        request = request_of(job.part, job.creative, {key: ready.info for key, ready in job.pictures.items()})
        if request.brand.faces:
            show_faces(request.brand, self._blobs)
        return request, compose(request)

    def _drawn(self, job: DrawJob, laid_out: tuple[ComposeRequest, Frame] | Finding, *, alone: bool) -> Drawn:
        key = job.creative.compose_key
        found = laid_out if isinstance(laid_out, Finding) else _tried(self._outcomes, job, *laid_out, alone=alone)
        return Drawn(key=key, error=found) if isinstance(found, Finding) else Drawn(key=key, outcomes=tuple(found))

    def _outcomes(self, job: DrawJob, request: ComposeRequest, frame: Frame, *, alone: bool) -> list[Outcome]:
        self._shelf.show(job.pictures)
        sheet = self._sheet_of(frame, alone=alone)
        with sheet.painted(frame, self._shelf) as painted:
            made = [] if job.drawn else [self._file(job, request, frame, painted, sheet)]
            outcome = job.drawn or made[0]
            return made + [self._findings(creative, job, frame, painted, outcome) for creative in job.checks]

    def _sheet_of(self, frame: Frame, *, alone: bool) -> Sheet:
        """The sheet with the frame's base: the last one again when it is of equal value."""
        if self._sheet is None or not self._sheet.holds(frame):
            self._sheet = None  # frees its pixels before others are made
            self._sheet = Sheet(frame, self._painter, self._shelf, self._codec, self._rows, alone=alone)
        else:
            self._sheet.codec.alone = False
        return self._sheet

    def _file(self, job: DrawJob, request: ComposeRequest, frame: Frame, painted: Painted, sheet: Sheet) -> Outcome:
        packet = said_of_models(job.creative.product.picture, request.picture, frame)
        output = job.creative.place.output
        room = output.max_bytes - len(packet) - SPLICED if output.max_bytes and packet else output.max_bytes
        encoded = encode_within(painted.pixels, replace(output, chroma=chroma_of(frame), max_bytes=room), sheet.codec)
        encoded = replace(encoded, data=marked(encoded.data, packet, format=encoded.format))
        small = sheet.thumbnail(painted)  # before anything is stored: the canvas is still at hand
        blobs = {"file": self._blobs.put(encoded.data), "thumbnail": self._blobs.put(small)}
        return Outcome(
            key=job.creative.compose_key, kind="compose", blobs=blobs, data=_facts(request, frame, encoded)
        )

    def _findings(
        self, creative: Creative, job: DrawJob, frame: Frame, painted: Painted, drawn: Outcome
    ) -> Outcome:
        file = FileFacts(format=drawn.data["format"], size=frame.size, vector=False)
        subject = Subject(
            frame=frame,
            pixels=painted.pixels,
            grounds=painted.grounds,
            words=creative.words.words,
            brand=creative.product.brand,
            placement=creative.place.placement,
            locale=creative.words.locale,
            file=file,
            file_bytes=drawn.data["bytes"],
            pictures={key: ready.info for key, ready in job.pictures.items()},
            forbidden=job.part.forbidden,
            rights=rights_of(job.part, creative.product),
        )
        return findings_outcome(creative.check_key, check(subject, _rules(creative.place.placement.channel, job.today)))


def _tried(work: Callable[P, Result], *args: P.args, **kwargs: P.kwargs) -> Result | Finding:
    """What `work` gives, or why it gives nothing: one creative must not take its sheet with it. Raises StorageError."""
    try:
        return work(*args, **kwargs)
    except StorageError:
        raise
    except AfficheError as error:
        return broken(error.code, error.public, error.hint)
    except Exception as error:  # noqa: BLE001 - see above
        raise_if_away(error)
        return broken("internal", f"{type(error).__name__}: {error}", "Please report this.")


def _direction(job: DrawJob) -> str:
    """Those of the other direction in a batch stand on another base."""
    return job.creative.words.locale.direction


@lru_cache(maxsize=32)
def _rules(channel: str, today: date) -> tuple[RuleInForce, ...]:
    return rules_in_force(shipped_profile(channel), today)


def _facts(request: ComposeRequest, frame: Frame, encoded: Encoded) -> dict[str, Any]:
    """What the ledger keeps of a file, for the manifest and for `explain`."""
    return {
        "size": [frame.size.width, frame.size.height],
        "bytes": len(encoded.data),
        "format": encoded.format,
        "quality": encoded.quality,
        "chroma": encoded.chroma,
        "template": frame.template or request.template.id,
        "aspect_class": frame.aspect_class,
        "set": _shown_set(frame),
        "picture": request.picture.kind if request.picture else "none",
        "notes": [note for note in (encoded.note, *frame.decisions, *notes_of(request.picture)) if note],
    }


#: What a crop was made around, by `focal_origin`.
_KEPT = {
    "given": "the point that the brief gives", "face": "a face", "subject": "what stands out from its surroundings",
    "centre": "the centre: no point is given, no face and no sure subject was found",
}  # fmt: skip


def notes_of(picture: PictureInfo | None) -> tuple[str, ...]:
    """What is said of a picture in the manifest and by `explain`."""
    if picture is None or picture.kind != "photo":
        return picture.notes if picture else ()
    at = f" ({picture.focal[0]:.0%}, {picture.focal[1]:.0%})" if picture.focal else ""
    return (f"the photograph is cropped around {_KEPT[picture.focal_origin]}{at}", *picture.notes)


def _shown_set(frame: Frame) -> str:
    return next((item.set for item in frame.base if isinstance(item, SetItem)), "")
