"""Draw the labels of the Lumen example: `python labels_lumen.py FONTS OUT`.

Role: flat artwork for `packshots.py`; the front is at 3/4 of the width. Needs skia and the families Jost and
Cormorant Garamond as TTF in FONTS. Quiet: one mark, one word, one thin line.
"""

from __future__ import annotations

import math
import sys
from pathlib import Path

import skia
from labels_verde import colour, paint, stroke, write


def main() -> None:
    """Write one PNG per product."""
    fonts, out = Path(sys.argv[1]), Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    sheet(fonts, 4096, 1437, ("Night Serum", "Sérum de nuit", "30 ml  ·  1.0 fl oz"), 1.0).save(
        str(out / "serum.png"), skia.kPNG)
    sheet(fonts, 4096, 740, ("Day Cream", "", "50 ml  ·  1.7 fl oz"), 0.46).save(str(out / "cream.png"), skia.kPNG)


def sheet(fonts: Path, width: int, height: int, words: tuple[str, str, str], scale: float) -> skia.Image:
    """Return the label of one product; `scale` 1 is the bottle's."""
    surface = skia.Surface(width, height)
    canvas = surface.getCanvas()
    canvas.clear(colour("#F1E9DD"))
    for centre in (0.25, 0.75):
        canvas.save()
        canvas.translate(centre * width, 0)
        (_tall if scale == 1.0 else _low)(canvas, fonts, height, words)
        canvas.restore()
    return surface.makeImageSnapshot()


def _tall(canvas: skia.Canvas, fonts: Path, height: int, words: tuple[str, str, str]) -> None:
    jost, serif = fonts / "jost-latin-400-normal.ttf", fonts / "cormorant-garamond-latin-500-normal.ttf"
    canvas.save()
    canvas.translate(0, height * 0.19)
    _mark(canvas, 88)
    canvas.restore()
    write(canvas, "LUMEN", jost, 205, height * 0.455, "#2B211A", tracking=0.20)
    canvas.drawLine(-70, height * 0.535, 70, height * 0.535, stroke("#A8633F", 6))
    write(canvas, words[0], serif, 158, height * 0.67, "#2B211A", tracking=0.0)
    write(canvas, words[1], serif, 100, height * 0.75, "#7A5A45", tracking=0.01)
    write(canvas, words[2], jost, 58, height * 0.905, "#7A5A45", tracking=0.08)


def _low(canvas: skia.Canvas, fonts: Path, height: int, words: tuple[str, str, str]) -> None:
    jost, serif = fonts / "jost-latin-400-normal.ttf", fonts / "cormorant-garamond-latin-500-normal.ttf"
    write(canvas, "LUMEN", jost, 200, height * 0.40, "#2B211A", tracking=0.20)
    write(canvas, words[0], serif, 168, height * 0.64, "#2B211A", tracking=0.0)
    write(canvas, words[2], jost, 60, height * 0.835, "#7A5A45", tracking=0.08)


def _mark(canvas: skia.Canvas, radius: float) -> None:
    canvas.drawCircle(0, 0, radius * 0.945, stroke("#2B211A", radius * 0.11))
    canvas.drawArc(skia.Rect.MakeLTRB(-radius, -radius, radius, radius), 90, math.degrees(math.pi), True, paint("#2B211A"))


if __name__ == "__main__":
    main()
