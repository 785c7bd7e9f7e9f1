"""Draw the logos of the example brands as outlines: `python logos.py FONTS EXAMPLES`.

Role: a wordmark taken from a font file becomes plain paths, beside a mark drawn by hand; tight view box, no font
needed. Each logo comes dark and as a reverse for dark grounds.
"""

from __future__ import annotations

import math
import sys
from pathlib import Path

import skia


def main() -> None:
    """Write logo.svg and logo-light.svg for both brands."""
    fonts, examples = Path(sys.argv[1]), Path(sys.argv[2])
    verde, lumen = _verde(fonts), _lumen(fonts)
    _write(examples / "verde/assets/logo.svg", verde, {"ink": "#0F5C4E", "mark": "#0F5C4E"}, "Verde")
    _write(examples / "verde/assets/logo-light.svg", verde, {"ink": "#FBF3DF", "mark": "#F6C667"}, "Verde")
    _write(examples / "lumen/assets/logo.svg", lumen, {"ink": "#2B211A", "mark": "#2B211A"}, "Lumen")
    _write(examples / "lumen/assets/logo-light.svg", lumen, {"ink": "#F7F2EB", "mark": "#F7F2EB"}, "Lumen")


def wordmark(file: Path, words: str, size: float, tracking: float) -> skia.Path:
    """Return the outlines of a word, baseline at 0, starting at x = 0; tracking in em."""
    font = skia.Font(skia.Typeface.MakeFromFile(str(file)), size)
    whole, x = skia.Path(), 0.0
    for glyph, width in zip(font.textToGlyphs(words), font.getWidths(font.textToGlyphs(words)), strict=True):
        whole.addPath(font.getPath(glyph), x, 0)
        x += width + tracking * size
    whole.offset(-whole.computeTightBounds().left(), 0)
    return skia.Simplify(whole) or whole


def _verde(fonts: Path) -> dict[str, skia.Path]:
    # A half fruit that rises like a sun over one wave, as tall as the capital.
    word = wordmark(fonts / "bricolage-grotesque-latin-800-normal.ttf", "Verde", 200, -0.035)
    high = -word.computeTightBounds().top()
    radius = high * 0.60
    mark = _half_slice(radius)
    mark.addPath(_wave(radius, high * 0.19), 0, high * 0.17)
    bounds = mark.computeTightBounds()
    mark.offset(-bounds.left(), -bounds.bottom())
    word.offset(mark.computeTightBounds().right() + high * 0.26, 0)
    return {"mark": mark, "ink": word}


def _half_slice(radius: float) -> skia.Path:
    half = _sector(radius, 180, 180)
    whole = skia.Op(half, _sector(radius * 0.86, 180, 180), skia.PathOp.kDifference_PathOp)
    for number in range(4):
        wedge = _sector(radius * 0.76, 180 + number * 45 + 4.5, 36)
        wedge.offset(0, -radius * 0.05)
        whole.addPath(wedge)
    return whole


def _sector(radius: float, start: float, sweep: float) -> skia.Path:
    path = skia.Path()
    middle = math.radians(start + sweep / 2)
    inner = radius * (0.0 if sweep == 180 else 0.13)
    path.moveTo(inner * math.cos(middle), inner * math.sin(middle))
    path.arcTo(skia.Rect.MakeLTRB(-radius, -radius, radius, radius), start, sweep, False)
    path.close()
    return path


def _wave(radius: float, thick: float) -> skia.Path:
    path = skia.Path()
    path.moveTo(-radius, 0)
    path.cubicTo(-radius * 0.5, -thick * 1.1, -radius * 0.35, thick * 1.1, 0, 0)
    path.cubicTo(radius * 0.35, -thick * 1.1, radius * 0.5, thick * 1.1, radius, 0)
    line = skia.Paint(Style=skia.Paint.kStroke_Style, StrokeWidth=thick * 0.5)
    outline = skia.Path()
    line.getFillPath(path, outline) if hasattr(line, "getFillPath") else skia.FillPathWithPaint(path, line, outline)
    return skia.Simplify(outline) or outline


def _lumen(fonts: Path) -> dict[str, skia.Path]:
    # A disc half lit, half outline: the last light of the day.
    word = wordmark(fonts / "jost-latin-400-normal.ttf", "LUMEN", 150, 0.22)
    high = -word.computeTightBounds().top()
    radius = high * 0.5
    mark = skia.Op(_disc(radius, 0), _disc(radius * 0.89, 0), skia.PathOp.kDifference_PathOp)
    lit = skia.Path()
    lit.addRect(skia.Rect.MakeLTRB(-radius, -radius, 0, radius))
    mark = skia.Op(mark, skia.Op(_disc(radius, 0), lit, skia.PathOp.kIntersect_PathOp), skia.PathOp.kUnion_PathOp)
    mark.offset(-mark.computeTightBounds().left(), -radius)
    word.offset(mark.computeTightBounds().right() + high * 0.62, 0)
    return {"mark": mark, "ink": word}


def _disc(radius: float, x: float) -> skia.Path:
    path = skia.Path()
    path.addCircle(x, 0, radius)
    return path


def _write(file: Path, parts: dict[str, skia.Path], colours: dict[str, str], title: str) -> None:
    bounds = [path.computeTightBounds() for path in parts.values()]
    left, top = min(b.left() for b in bounds), min(b.top() for b in bounds)
    width, height = max(b.right() for b in bounds) - left, max(b.bottom() for b in bounds) - top
    body = "".join(f'<path fill="{colours[name]}" d="{_data(path, left, top)}"/>' for name, path in parts.items())
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.2f} {height:.2f}" '
                    f'width="{width:.2f}" height="{height:.2f}" role="img"><title>{title}</title>{body}</svg>\n')


def _data(path: skia.Path, left: float, top: float) -> str:
    moved = skia.Path(path)
    moved.offset(-left, -top)
    words = []
    letters = {skia.Path.kMove_Verb: "M", skia.Path.kLine_Verb: "L", skia.Path.kQuad_Verb: "Q",
               skia.Path.kCubic_Verb: "C", skia.Path.kConic_Verb: "conic"}
    for verb, points in moved:
        if verb == skia.Path.kClose_Verb:
            words.append("Z")
        elif verb in letters:
            used = points if verb == skia.Path.kMove_Verb else points[1:]
            words.append(_segment(letters[verb], points, used))
    return "".join(words)


def _segment(letter: str, points: list[skia.Point], used: list[skia.Point]) -> str:
    if letter != "conic":
        return letter + " ".join(f"{p.x():.2f} {p.y():.2f}" for p in used)
    # Circles are conics, which SVG lacks: four quads each follow one to a hundredth of a pixel at this size.
    weight = math.sqrt(0.5)
    quads = skia.Path.ConvertConicToQuads(points[0], points[1], points[2], weight, 2)
    return "".join("Q" + " ".join(f"{p.x():.2f} {p.y():.2f}" for p in quads[i : i + 2]) for i in range(1, len(quads), 2))


if __name__ == "__main__":
    main()
