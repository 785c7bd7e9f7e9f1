"""What a crop must keep: the author's point, else faces, else a subject that surely is one, else the centre.

Boxes of what was found, with the air that a picture editor leaves: room above a head, more on the side it looks to. The
order was chosen by figures on labelled pictures: docs/decisions/0005-what-a-crop-keeps.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from affiche.imagine import faces, subject
from affiche.imagine.faces import Face
from affiche.ports import Pixels
from affiche.values.geometry import Rect

Origin = Literal["given", "face", "subject", "centre"]

_WHOLE = Rect(0.0, 0.0, 1.0, 1.0)
#: Hair above and chin below the box of a face, and beside it, in its heights and widths.
_HAIR, _CHIN, _CHEEK = 0.35, 0.15, 0.12
#: Air above a head, shoulders below it, room beside it and on the side it looks to, in heights and widths of the face.
_HEADROOM, _SHOULDERS, _BESIDE, _LOOKING = 0.4, 0.7, 0.35, 1.2
#: Air around a product, share of its size.
_AIR = 0.08


@dataclass(frozen=True, slots=True, kw_only=True)
class Attention:
    """Fractions of the picture. `point` None means the centre.

    `subject` is the box of what the picture is about (heads, a product), `keep` the same with its air, and
    `confidence` 0..1 how sure the box is; both None when nobody knows.
    """

    point: tuple[float, float] | None
    origin: Origin
    subject: Rect | None = None
    keep: Rect | None = None
    confidence: float = 0.0


def found(pixels: Pixels, given: tuple[float, float] | None = None) -> Attention:
    """Where to look in an opaque RGBA picture; `given` is the author's own point and is never overruled."""
    seen = of_faces(faces.found(pixels)) or of_subject(subject.located(pixels)) or Attention(point=None, origin="centre")
    if given is None:
        return seen
    if seen.keep is None or not seen.keep.contains(Rect(*given, 0.0, 0.0), tolerance=0.0):
        # The author means something else than what was found.
        return Attention(point=given, origin="given")
    return Attention(point=given, origin="given", subject=seen.subject, keep=seen.keep, confidence=seen.confidence)


def of_faces(shown: Sequence[Face]) -> Attention | None:
    """The middle of the faces; None without any."""
    if not shown:
        return None
    weight = sum(face.box.area for face in shown)
    x = sum(face.box.center_x * face.box.area for face in shown) / weight
    y = sum(face.box.center_y * face.box.area for face in shown) / weight
    heads, keep = _head(shown[0]), _with_room(shown[0])
    for face in shown[1:]:
        heads, keep = heads.union(_head(face)), keep.union(_with_room(face))
    return Attention(point=(round(x, 4), round(y, 4)), origin="face", subject=heads, keep=keep, confidence=1.0)


def of_subject(located: subject.Subject | None, least: float = subject.SURE) -> Attention | None:
    """The middle of a subject whose confidence is at least `least`; None otherwise."""
    if located is None or located.confidence < least:
        return None
    box = located.box
    dx, dy = _AIR * box.width, _AIR * box.height
    keep = Rect(box.x - dx, box.y - dy, box.width + 2 * dx, box.height + 2 * dy).intersection(_WHOLE)
    point = round(box.center_x, 4), round(box.center_y, 4)
    return Attention(point=point, origin="subject", subject=box, keep=keep, confidence=located.confidence)


def _head(face: Face) -> Rect:
    """The whole head of a face that is boxed from brow to chin."""
    return _grown(face.box, left=_CHEEK, right=_CHEEK, top=_HAIR, bottom=_CHIN)


def _with_room(face: Face) -> Rect:
    left = _CHEEK + (_LOOKING if face.gaze == "left" else _BESIDE)
    right = _CHEEK + (_LOOKING if face.gaze == "right" else _BESIDE)
    return _grown(face.box, left=left, right=right, top=_HAIR + _HEADROOM, bottom=_CHIN + _SHOULDERS)


def _grown(box: Rect, *, left: float, right: float, top: float, bottom: float) -> Rect:
    """Moved out by shares of its width and height, kept inside the picture."""
    width, height = box.width * (1 + left + right), box.height * (1 + top + bottom)
    return Rect(box.x - left * box.width, box.y - top * box.height, width, height).intersection(_WHOLE)
