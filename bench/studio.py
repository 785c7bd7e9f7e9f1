"""A render process in miniature: lays out, paints, encodes and checks creatives of one campaign with the product's own parts.

The order of calls is that of `render.draw`: layout of a task, base of a sheet, then overlay and changed rows of each creative. Unlike
a render process it keeps the bases of all sheets, because that is what *warm* means.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any

import cv2
import simplejpeg

from affiche.adapters.codec import CvRows, FileCodec
from affiche.adapters.paint import SkiaPainter
from affiche.adapters.pool.limits import seldom_collect
from affiche.brand.model import Brand, TypeFace
from affiche.check.profile import rules_in_force
from affiche.check.run import check
from affiche.check.shipped import shipped_profile
from affiche.check.subject import Subject
from affiche.compose.compose import compose
from affiche.compose.encode import OutputSpec, chroma_of, encode_within
from affiche.compose.request import ComposeRequest
from affiche.compose.template.shipped import shipped_template
from affiche.compose.typeset.shape import draw_line, line_box
from affiche.imagine.prepare import Prepared, prepare
from affiche.placement.model import Placement
from affiche.placement.shipped import shipped_catalog
from affiche.ports import FileFacts, Painted, Pixels
from affiche.render.sheet import Sheet
from affiche.values.color import Color
from affiche.values.digest import Digest
from affiche.values.finding import Finding
from affiche.values.frame import Frame, TextItem
from affiche.values.geometry import Size
from affiche.values.locale import Locale
from affiche.values.text import Text
from bench import material

#: What the product starts with for JPEG (compose/encode/search.py); the floor encodes with the same.
QUALITY = 92
_COLORS = {"primary": "#0F5C4E", "secondary": "#F6C667", "accent": "#F27B50", "surface": "#F6C667", "surface-2": "#F3E9D2",
           "ink": "#0B2E27", "paper": "#FBF3DF"}  # fmt: skip
BRAND = Brand(
    name="Bench", colors={role: Color.parse(text) for role, text in _COLORS.items()},
    display=TypeFace(family="Bricolage Grotesque", weight=700), text=TypeFace(family="Manrope", weight=500),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """One creative: its frame, pixels and file, and the sheet it was drawn in."""

    frame: Frame
    painted: Painted
    data: bytes
    sheet: Sheet


class Studio:
    """Holds what a warm render process holds: decoded pictures, painted bases and their encoded rows."""

    def __init__(self, picture: Pixels, *, template: str) -> None:
        # As in a render process: one thread, and the garbage collector set as there.
        cv2.setNumThreads(1)
        seldom_collect()
        self.codec, self.rows = FileCodec(), CvRows()
        data = self.codec.encode(picture, format="png", quality=100)
        self.prepared: Prepared = prepare(data, codec=self.codec)
        self.template = shipped_template(template)
        self.painter = SkiaPainter(draw_line=draw_line, line_box=line_box, load_set=_no_set)
        self.rules = rules_in_force(shipped_profile(), date(2026, 1, 1))
        self.sheets: list[Sheet] = []
        self.placements = {size: shipped_catalog().find(size) for size in (*material.STILLS, *material.BANNERS)}

    def load(self, picture: Digest) -> Pixels:  # noqa: ARG002 (the port asks by digest; here is one picture)
        """The Pictures port: one picture."""
        return self.prepared.pixels

    def load_vector(self, picture: Digest, size: Size) -> Pixels:  # noqa: ARG002
        """A picture that is not a vector file is given as it is."""
        return self.prepared.pixels

    def requests(self, sizes: tuple[str, ...], edition: int, locales: int = 50) -> Iterator[tuple[Placement, ComposeRequest]]:
        """One request for each size and locale, words of `edition`."""
        for size in sizes:
            placement = self.placements[size]
            for tag in sorted(list(material.words())[:locales], key=lambda tag: Locale.parse(tag).direction):
                words = {role: Text(value=text, locale=tag) for role, text in material.words_of(tag, edition).items()}
                yield placement, ComposeRequest(
                    size=placement.size, safe=placement.safe, locale=Locale.parse(tag), words=words, brand=BRAND,
                    template=self.template, picture=self.prepared.info, wordmark="BENCH", placement=placement.id,
                )  # fmt: skip

    def made_all(self, requests: Iterable[tuple[Placement, ComposeRequest]]) -> Iterator[tuple[Placement, ComposeRequest, Made]]:
        """Layout of all locales of a placement (of 50 a build makes one task, see `steps`), then each of them drawn.

        The pixels of one are valid until the next one.
        """
        for placement, asked in groupby(requests, key=itemgetter(0)):
            task = [request for _, request in asked]
            for request, frame in zip(task, [compose(request) for request in task], strict=True):
                with self.drawn(frame) as made:
                    yield placement, request, made

    def make_all(self, requests: Iterable[tuple[Placement, ComposeRequest]]) -> None:
        """The same for nobody to look at."""
        for _ in self.made_all(requests):
            pass

    @contextmanager
    def drawn(self, frame: Frame) -> Iterator[Made]:
        """Overlay and splice; the base when it is new. The pixels are valid inside the `with` only."""
        sheet = self.sheet_of(frame)
        with sheet.painted(frame, self) as painted:
            spec = OutputSpec(formats=("jpeg",), quality=QUALITY, chroma=chroma_of(frame))
            data = encode_within(painted.pixels, spec, sheet.codec).data
            yield Made(frame=frame, painted=painted, data=data, sheet=sheet)

    def sheet_of(self, frame: Frame) -> Sheet:
        """The sheet with the base of `frame`, kept for ever: that is what warm means."""
        found = next((sheet for sheet in self.sheets if sheet.holds(frame)), None)
        if found is None:
            found = Sheet(frame, self.painter, self, self.codec, self.rows)
            self.sheets.append(found)
        return found

    def check(self, placement: Placement, request: ComposeRequest, made: Made) -> tuple[Finding, ...]:
        """Every rule of the default profile."""
        facts = FileFacts(format="jpeg", size=made.frame.size, vector=False)
        subject = Subject(
            frame=made.frame, pixels=made.painted.pixels, grounds=made.painted.grounds, words=request.words, brand=BRAND,
            placement=placement, locale=request.locale, file=facts, file_bytes=len(made.data),
            pictures={self.prepared.info.digest: self.prepared.info},
        )  # fmt: skip
        return check(subject, self.rules)

    def findings_of_low_contrast(self, placement: Placement, request: ComposeRequest) -> tuple[Finding, ...]:
        """What the rules say of a creative whose headline has a colour close to what lies behind it."""
        with self.drawn(compose(request)) as made:
            frame, sheet = made.frame, made.sheet
            lines = [item for item in frame.overlay if isinstance(item, TextItem) and item.slot == "headline"]
            ground = made.painted.grounds[frame.texts.index(lines[0])].reshape(-1, 4).mean(axis=0)
        near = Color(*(int(min(255, channel + 12)) for channel in ground[:3]))
        overlay = tuple(replace(item, color=near) if item in lines else item for item in frame.overlay)
        planted = replace(frame, overlay=overlay)
        with sheet.painted(planted, self) as painted:
            return self.check(placement, request, Made(frame=planted, painted=painted, data=b"", sheet=sheet))


def plain_encode(pixels: Pixels) -> bytes:
    """The floor: libjpeg-turbo on the same pixels with the same quality and colour resolution."""
    return bytes(simplejpeg.encode_jpeg(pixels, quality=QUALITY, colorspace="RGBA", colorsubsampling="420", fastdct=False))


def _no_set(item: object) -> Any:
    raise NotImplementedError("this row has no studio set")
