"""Hand-made pictures and frames for paint tests, and the drawing of pixels as letters."""

import numpy as np

from affiche.adapters.paint import SkiaPainter
from affiche.values.color import Color
from affiche.values.frame import Frame
from affiche.values.geometry import Rect, Size

LETTERS = {
    (255, 255, 255): ".", (0, 0, 0): "#", (255, 0, 0): "R", (0, 255, 0): "G", (0, 0, 255): "B", (255, 255, 0): "Y",
}  # fmt: skip


class Shelf:
    """Pictures by name."""

    def __init__(self, **pictures: np.ndarray) -> None:
        self.pictures = pictures
        self.loads: list[str] = []

    def load(self, picture):
        self.loads.append(picture)
        return self.pictures[picture]

    def load_vector(self, picture, size):
        return self.load(picture)


def of(rows: str) -> np.ndarray:
    """Pixels from letters; a space is transparent."""
    colors = {letter: (*rgb, 255) for rgb, letter in LETTERS.items()} | {" ": (0, 0, 0, 0)}
    lines = [line for line in rows.split("\n") if line]
    return np.array([[colors[c] for c in line] for line in lines], np.uint8)


def shown(pixels: np.ndarray) -> str:
    """Letters from pixels; `?` is a colour in between."""
    return "\n".join("".join(LETTERS.get(tuple(int(v) for v in px[:3]), "?") for px in row) for row in pixels)


def draw_square(canvas, *, text, fonts, size, direction, x, baseline, color, locale, tracking, runs) -> None:
    """A typeface of squares: each letter fills its em from the baseline up."""
    import skia

    for number, _ in enumerate(text):
        canvas.drawRect(skia.Rect.MakeXYWH(x + number * size, baseline - size, size, size), skia.Paint(Color=color, AntiAlias=False))


def frame(width: int, height: int, *, base=(), overlay=()) -> Frame:
    return Frame(size=Size(width=width, height=height), base=tuple(base), overlay=tuple(overlay), slots={}, safe=Rect(0, 0, width, height))


def painter(load_set=None) -> SkiaPainter:
    return SkiaPainter(draw_line=draw_square, line_box=lambda **_: None, load_set=load_set or (lambda item: None))


RED, GREEN, BLUE, BLACK, WHITE = (Color.parse(c) for c in ("#FF0000", "#00FF00", "#0000FF", "#000000", "#FFFFFF"))
