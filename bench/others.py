"""Rows against what people use instead, on the same words and bases in the same run.

The other pipeline is written as a good engineer would write it in an afternoon, and is given what it cannot do itself: the painted base,
the boxes of the slots, the face of each line. What it leaves out (shaping across faces, balanced lines, breaks of Thai or
Japanese, a button, checks) is its gain.
"""

from __future__ import annotations

import io
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

import affiche_fonts
from affiche.compose.compose import compose
from affiche.values.frame import Frame, TextItem
from affiche.values.geometry import Rect
from bench import material
from bench.measure import ROUNDS, Row, alternate
from bench.studio import QUALITY, Studio

#: (base, [(text, box, face, colour, largest size)]) of one creative.
Job = tuple[Image.Image, list[tuple[str, Rect, str, tuple[int, int, int], float]]]
_SMALLEST = 10


def pillow(rounds: int = ROUNDS) -> Row:
    """50 locales x 5 sizes, warm, against Pillow: largest size by bisection over wrapped lines, text, JPEG."""
    studio = Studio(material.packshot(0), template="stage")
    jobs = {edition: _jobs(studio, edition) for edition in range(rounds + 1)}

    def subject(edition: int) -> None:
        studio.make_all(studio.requests(material.STILLS, edition))

    def other(edition: int) -> None:
        for job in jobs[edition]:
            drawn(job)

    count = len(jobs[0])
    pair = alternate(subject, other, creatives=count, rounds=rounds)
    return Row(
        name="against-pillow", what="50 locales x 5 sizes, warm, against Pillow on the same bases, boxes and faces", unit="ms",
        value=pair.value_ms, floor=pair.floor_ms, ratio=pair.ratio, budget=1.0, budget_is="ratio", ok=pair.ratio <= 1.0,
        note="Pillow draws each slot in one face, without button, balanced lines or dictionary breaks",
    )  # fmt: skip


def drawn(job: Job) -> bytes:
    """The creative by Pillow: text of each slot as large as its box allows, JPEG of the same quality."""
    base, slots = job
    image = base.copy()
    draw = ImageDraw.Draw(image)
    for text, box, face, color, largest in slots:
        size, lines = _fitted(text, box, face, largest)
        for number, line in enumerate(lines):
            draw.text((box.x, box.y + number * size * 1.2), line, fill=color, font=_font(face, size))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY, subsampling="4:2:0")
    return out.getvalue()


def _fitted(text: str, box: Rect, face: str, largest: float) -> tuple[int, list[str]]:
    low, high = _SMALLEST, max(_SMALLEST + 1, round(largest))
    best = low, _wrapped(text, box.width, _font(face, low))
    while high - low > 1:
        middle = (low + high) // 2
        lines = _wrapped(text, box.width, _font(face, middle))
        if len(lines) * middle * 1.2 <= box.height + 1:
            low, best = middle, (middle, lines)
        else:
            high = middle
    return best


def _wrapped(text: str, width: float, font: ImageFont.FreeTypeFont) -> list[str]:
    lines, line = [], ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and font.getlength(longer) > width:
            lines.append(line)
            longer = word
        line = longer
    return [*lines, line]


@lru_cache(maxsize=512)
def _font(face: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(affiche_fonts.path(face)), size)


def _jobs(studio: Studio, edition: int) -> list[Job]:
    """The work of `edition` as Pillow gets it, from the frames that Affiche lays out."""
    bases: dict[int, Image.Image] = {}
    found: list[Job] = []
    for _, request in studio.requests(material.STILLS, edition):
        frame = compose(request)
        sheet = studio.sheet_of(frame)
        if id(sheet) not in bases:
            blank = Frame(size=frame.size, base=frame.base, overlay=(), slots={}, safe=frame.safe)
            with sheet.painted(blank, studio) as painted:
                bases[id(sheet)] = Image.fromarray(painted.pixels).convert("RGB")
        found.append((bases[id(sheet)], _slots(frame)))
    return found


def _slots(frame: Frame) -> list[tuple[str, Rect, str, tuple[int, int, int], float]]:
    rows = []
    for slot in dict.fromkeys(item.slot for item in frame.texts):
        lines: list[TextItem] = [item for item in frame.texts if item.slot == slot]
        box = lines[0].box
        for line in lines[1:]:
            box = box.union(line.box)
        color = lines[0].color
        rows.append((" ".join(line.text for line in lines), box, lines[0].fonts[0], (color.r, color.g, color.b), lines[0].size * 1.3))
    return rows
