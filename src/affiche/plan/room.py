"""Room: where words will stand on a picture that a model has yet to make. Compose lays out a calm stand-in for it.

The template that would show the picture is laid out in every placement with the campaign's own words. What most placements do is
asked for in the prompt, and looked at in the answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from affiche.brand.model import Brand
from affiche.compose.request import ComposeRequest
from affiche.compose.template.model import Template
from affiche.errors import PaintError
from affiche.imagine.prompt import Calm
from affiche.placement.model import Placement
from affiche.ports import TONE_GRID, PictureInfo
from affiche.values.digest import digest
from affiche.values.frame import Frame, PictureItem
from affiche.values.geometry import Rect, Size
from affiche.values.locale import Locale
from affiche.values.text import Text

#: Placements that are laid out, at most: more change nothing but the time.
_MOST = 8
#: A block of words at least this wide (share of the picture) stands at an end of it, a narrower one at a side.
_WIDE = 0.55
#: The largest part of a picture that is kept free for words.
_LARGEST = 0.45


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """`calm` as the prompt says it; `areas`: fractions of the picture that must be calm, empty when no words stand on it."""

    calm: Calm
    areas: tuple[Rect, ...] = ()


def room_for(
    template: Template, size: Size, placements: Sequence[Placement], words: Mapping[str, Text], locale: Locale, brand: Brand
) -> Room:
    """Where the words of `locale` stand on a picture of `size` that `template` shows."""
    asked = [_request(template, size, placement, words, locale, brand) for placement in placements[:_MOST]]
    found = [one for request in asked for one in _words_on(request)]
    if not found:
        return Room(calm="none")
    calm, _ = Counter(side for side, _ in found).most_common(1)[0]
    boxes = [box for side, box in found if side == calm]
    return Room(calm=calm, areas=(_grown(calm, boxes),))


def _request(
    template: Template, size: Size, placement: Placement, words: Mapping[str, Text], locale: Locale, brand: Brand
) -> ComposeRequest:
    # As calm above as a model is asked to make it, and with what it is about below.
    half = TONE_GRID * TONE_GRID // 2
    stand_in = PictureInfo(
        digest=digest("stand-in", size.width, size.height), kind="photo", size=size, bounds=Rect(0, 0, size.width, size.height),
        focal=(0.5, 0.7), focal_origin="given", darks=(150,) * (2 * half), lights=(160,) * half + (250,) * half,
    )  # fmt: skip
    safe = placement.safe_for(locale.direction).of(placement.size)
    return ComposeRequest(
        size=placement.size, safe=safe, locale=locale, words=words, brand=brand,
        template=template, picture=stand_in, wordmark=brand.name, placement=placement.id, shown_width=placement.shown_width,
    )  # fmt: skip


def _words_on(request: ComposeRequest) -> Iterator[tuple[Calm, Rect]]:
    """At which end or side of what is shown of the picture words stand, and their box, fractions of the whole picture.

    Nothing when they stand beside it.
    """
    # Here, because a plan without wishes must not pay for loading what typesets.
    from affiche.compose.compose import compose

    assert request.picture is not None
    try:
        frame = compose(request)
    except PaintError:
        return
    shown = next((item for item in _pictures(frame) if item.picture == request.picture.digest), None)
    if shown is None:
        return
    over = [line.ink for line in frame.texts if shown.rect.intersection(line.ink).area > line.ink.area / 2]
    if over:
        box = _union(over)
        yield _side(box, shown.rect), _on_picture(box, shown, request.picture.size)


def _pictures(frame: Frame) -> Iterator[PictureItem]:
    return (item for item in (*frame.base, *frame.overlay) if isinstance(item, PictureItem))


def _on_picture(box: Rect, shown: PictureItem, size: Size) -> Rect:
    """From px of the canvas to fractions of the picture."""
    across, down = shown.source.width / shown.rect.width, shown.source.height / shown.rect.height
    x = shown.source.x + (box.x - shown.rect.x) * across
    if shown.mirrored:
        x = shown.source.x + (shown.rect.right - box.right) * across
    y = shown.source.y + (box.y - shown.rect.y) * down
    return Rect(x / size.width, y / size.height, box.width * across / size.width, box.height * down / size.height)


def _side(box: Rect, shown: Rect) -> Calm:
    if box.width >= _WIDE * shown.width:
        return "top" if box.y + box.height / 2 < shown.y + shown.height / 2 else "bottom"
    return "start" if box.x + box.width / 2 < shown.x + shown.width / 2 else "end"


def _grown(calm: Calm, boxes: Sequence[Rect]) -> Rect:
    """The whole end or side of the picture in which most of the words stand."""
    box = _union(boxes)
    if calm == "top":
        return Rect(0.0, 0.0, 1.0, min(_LARGEST, max(0.2, box.bottom)))
    if calm == "bottom":
        height = min(_LARGEST, max(0.2, 1 - box.y))
        return Rect(0.0, 1 - height, 1.0, height)
    width = min(_LARGEST, max(0.2, box.right if calm == "start" else 1 - box.x))
    return Rect(0.0 if calm == "start" else 1 - width, 0.0, width, 1.0)


def _union(boxes: Sequence[Rect]) -> Rect:
    left, top = min(box.x for box in boxes), min(box.y for box in boxes)
    return Rect(left, top, max(box.right for box in boxes) - left, max(box.bottom for box in boxes) - top)
