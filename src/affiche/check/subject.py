"""What rules look at: one creative or one picture file, with the facts that several rules share, worked out once.

May live here: the values that a producer hands over and lazy facts derived from them alone. Next: `rule.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from affiche.brand.model import Brand
from affiche.check.luminance import every, ground_pixels
from affiche.placement.model import Placement
from affiche.ports import FileFacts, PictureInfo, Pixels
from affiche.values.digest import Digest
from affiche.values.frame import Fill, Frame, PictureItem, TextItem
from affiche.values.geometry import Rect, Size
from affiche.values.locale import Locale
from affiche.values.rights import Rights
from affiche.values.text import Text

#: Longer side of the thumbnail that whole-picture rules look at.
_SAMPLE_SIDE = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class LogoMatch:
    """The best place of a logo in a picture: `score` -1..1 (see `logo_search.py`) and where it is, px."""

    score: float
    rect: Rect


@dataclass(frozen=True, kw_only=True)
class Subject:
    """One creative to check. Whatever is None or empty is not known, and rules that need it are skipped.

    `pixels` after painting; `grounds` what lies behind the type: by index of the line in `frame.texts` (a
    `Painted.grounds` can be given as it is), or one picture of the whole canvas without type. `words` by role, as
    set. `forbidden` and `required` are the brief's words by language or locale (`*` = all), beyond those of the
    brand. Not slotted: cached properties need a `__dict__`.
    """

    frame: Frame | None = None
    pixels: Pixels | None = None
    grounds: Mapping[int, Pixels] | Pixels | None = None
    words: Mapping[str, Text] = field(default_factory=dict)
    brand: Brand | None = None
    placement: Placement | None = None
    locale: Locale | None = None
    file: FileFacts | None = None
    file_bytes: int = 0
    pictures: Mapping[Digest, PictureInfo] = field(default_factory=dict)
    forbidden: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    required: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    logo_match: LogoMatch | None = None
    #: Of the pictures and logos with a record, as they stand on the day of the plan.
    rights: tuple[Rights, ...] = ()

    @cached_property
    def size(self) -> Size | None:
        """Of the file, else the canvas, else the pixels."""
        if self.file is not None:
            return self.file.size
        if self.frame is not None:
            return self.frame.size
        return None if self.pixels is None else Size(width=self.pixels.shape[1], height=self.pixels.shape[0])

    @cached_property
    def texts(self) -> tuple[TextItem, ...]:
        """The lines of type, logo set as type included."""
        return self.frame.texts if self.frame else ()

    @cached_property
    def slot_boxes(self) -> dict[str, Rect]:
        """What texts, button and logo cover, by slot: the ink of the type, the rectangle of button and logo."""
        boxes: dict[str, Rect] = {}
        for item in self.frame.overlay if self.frame else ():
            match item:
                case TextItem(slot=slot, ink=rect) | Fill(slot="cta" as slot, rect=rect):
                    boxes[slot] = boxes[slot].union(rect) if slot in boxes else rect
                case PictureItem(slot="logo" as slot, rect=rect):
                    boxes[slot] = rect
        return boxes

    @cached_property
    def shown(self) -> list[PictureItem]:
        """The pictures that the frame draws, logo included."""
        items = (*self.frame.base, *self.frame.overlay) if self.frame else ()
        return [item for item in items if isinstance(item, PictureItem)]

    @cached_property
    def product(self) -> Rect | None:
        """The box of the packshot (None when the product is part of a photograph, or absent)."""
        boxes = [item.rect for item in self.shown if item.slot == "product"]
        return boxes[0] if boxes else None

    @property
    def shown_scale(self) -> float:
        """Shown css px per px of the file; 1 when the placement does not say."""
        return self.placement.shown_scale if self.placement else 1.0

    def ground(self, index: int) -> Pixels | None:
        """The pixels behind line `index` of `frame.texts`; None when unknown or when the line is off the canvas."""
        if self.grounds is None or self.frame is None:
            return None
        if isinstance(self.grounds, np.ndarray):
            found = ground_pixels(self.grounds, self.frame.texts[index].ink)
        else:
            found = self.grounds.get(index, np.empty((0, 0, 4), np.uint8))
        return found if found.size else None

    @cached_property
    def thumbnail(self) -> Pixels:
        """Every n-th pixel, at most 64 a side, (h, w, 4): for statements about the whole."""
        assert self.pixels is not None
        step = max(1, -(-max(self.pixels.shape[:2]) // _SAMPLE_SIDE))
        top, left = (min(step // 2, (side - 1) // 2) for side in self.pixels.shape[:2])
        return every(self.pixels, step, top, left)

    def word_box(self, role: str) -> Rect | None:
        """Where the words of `role` stand."""
        return self.slot_boxes.get(role)
