"""Draws sheets: for each job lay out, paint, encode, check. Creatives of equal base share one painted and encoded base.

The only state is what saves work and changes no result: the last base, its encoded rows, decoded pictures. One creative
that breaks is its own result; storage that breaks stops everything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any

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
from affiche.values.frame import Frame, SetItem


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
        return [self._drawn(job, alone=company[_direction(job)] == 1) for job in jobs]

    def _drawn(self, job: DrawJob, *, alone: bool) -> Drawn:
        key = job.creative.compose_key
        try:
            return Drawn(key=key, outcomes=tuple(self._outcomes(job, alone=alone)))
        except StorageError:
            raise
        except AfficheError as error:
            return Drawn(key=key, error=broken(error.code, error.public, error.hint))
        except Exception as error:  # noqa: BLE001 - one creative must not take its sheet with it
            raise_if_away(error)
            return Drawn(key=key, error=broken("internal", f"{type(error).__name__}: {error}", "Please report this."))

    def _outcomes(self, job: DrawJob, *, alone: bool) -> list[Outcome]:
        request = request_of(job.part, job.creative, {key: ready.info for key, ready in job.pictures.items()})
        if request.brand.faces:
            show_faces(request.brand, self._blobs)
        frame = compose(request)
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
        blobs = {"file": self._blobs.put(encoded.data), "thumbnail": self._blobs.put(sheet.thumbnail(painted))}
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
