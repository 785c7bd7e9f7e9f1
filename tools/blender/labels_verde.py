"""Draw the can labels of the Verde example: `python labels_verde.py FONTS OUT`.

Role: flat artwork, wrapped around the can by `packshots.py`. Width is the full turn, the front is at 3/4 of it, and
the artwork repeats on the back. Needs skia and two OFL families as TTF in FONTS (Bricolage Grotesque, Fraunces).
One system, three flavours: a fruit rises like a sun out of water lines, the wordmark above it.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import skia

WIDTH, HEIGHT = 4096, 3010
RADIUS = WIDTH / math.tau
WATER = 0.60
"""Where the water begins, as a share of the height."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flavour:
    """Colours and words of one can."""

    id: str
    name: str
    ground: str
    ink: str
    second: str
    fruit: str
    pith: str
    flesh: tuple[str, str]
    water: str
    lines: str
    soft: str
    note: str


FLAVOURS = (
    Flavour(id="yuzu", name="Yuzu", ground="#0F5C4E", ink="#FBF3DF", second="#F6C667", fruit="#F6B83C", pith="#FFF4D2",
            flesh=("#F9D25C", "#F3B231"), water="#0A4439", lines="#2F8A74", soft="#F6C667",
            note="bright & tart"),
    Flavour(id="elder", name="Elderflower", ground="#C9DDB8", ink="#0F4A3F", second="#3F7A57", fruit="#FFFDF2",
            pith="#FFFDF2", flesh=("#FFFDF2", "#F6C667"), water="#0F5C4E", lines="#5FA184", soft="#A9D0B4",
            note="dry & floral"),
    Flavour(id="orange", name="Blood Orange", ground="#F0714A", ink="#FFF3DF", second="#5B1020", fruit="#F7A046",
            pith="#FFE9CC", flesh=("#C21F33", "#8E1027"), water="#5B1020", lines="#B23A45", soft="#F2C9A8",
            note="deep & bittersweet"),
)


def main() -> None:
    """Write one PNG per flavour."""
    fonts, out = Path(sys.argv[1]), Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    for flavour in FLAVOURS:
        label(flavour, fonts).save(str(out / f"{flavour.id}.png"), skia.kPNG)


def label(flavour: Flavour, fonts: Path) -> skia.Image:
    """Return the flat label."""
    surface = skia.Surface(WIDTH, HEIGHT)
    canvas = surface.getCanvas()
    canvas.clear(colour(flavour.ground))
    for centre in (0.25, 0.75):
        canvas.save()
        canvas.translate(centre * WIDTH, 0)
        canvas.clipRect(skia.Rect.MakeLTRB(-WIDTH / 4, 0, WIDTH / 4, HEIGHT))
        _front(canvas, flavour, fonts)
        canvas.restore()
    return surface.makeImageSnapshot()


def _front(canvas: skia.Canvas, flavour: Flavour, fonts: Path) -> None:
    sun = (0.0, HEIGHT * (WATER + 0.01))
    (_flower if flavour.id == "elder" else _slice)(canvas, flavour, sun)
    _water(canvas, flavour)
    _words(canvas, flavour, fonts)


def _words(canvas: skia.Canvas, flavour: Flavour, fonts: Path) -> None:
    bold, italic = fonts / "bricolage-grotesque-latin-800-normal.ttf", fonts / "fraunces-latin-600-italic.ttf"
    text = fonts / "bricolage-grotesque-latin-600-normal.ttf"
    write(canvas, "SPARKLING WATER", text, 62, HEIGHT * 0.150, flavour.second, tracking=0.20)
    write(canvas, "Verde", bold, 452, HEIGHT * 0.282, flavour.ink, tracking=-0.045)
    write(canvas, flavour.name, italic, 148, HEIGHT * 0.352, flavour.second, tracking=-0.005)
    write(canvas, flavour.note, italic, 92, HEIGHT * 0.815, "#FBF3DF", tracking=0.0)
    write(canvas, "NOTHING ADDED", text, 56, HEIGHT * 0.850, flavour.soft, tracking=0.20)
    write(canvas, "330 ml", text, 56, HEIGHT * 0.905, "#FBF3DF", tracking=0.06)


def write(canvas: skia.Canvas, words: str, file: Path, size: float, baseline: float, ink: str, *,
          tracking: float) -> None:
    """Write one centred line; tracking in em."""
    font = skia.Font(skia.Typeface.MakeFromFile(str(file)), size)
    font.setSubpixel(True)
    steps = [font.measureText(letter) for letter in words]
    kerned = [font.measureText(words[: i + 1]) - font.measureText(words[:i]) for i in range(len(words))]
    advances = [max(step, kern) if tracking else kern for step, kern in zip(steps, kerned, strict=True)]
    x = -(sum(advances) + tracking * size * (len(words) - 1)) / 2
    for letter, advance in zip(words, advances, strict=True):
        canvas.drawString(letter, x, baseline, font, paint(ink))
        x += advance + tracking * size


def _slice(canvas: skia.Canvas, flavour: Flavour, at: tuple[float, float]) -> None:
    radius = RADIUS * 0.80
    canvas.save()
    canvas.translate(*at)
    canvas.rotate(-11)
    canvas.drawCircle(0, 0, radius, paint(flavour.fruit))
    canvas.drawCircle(0, 0, radius * 0.925, paint(flavour.pith))
    for number in range(11):
        canvas.save()
        canvas.rotate(360 / 11 * number)
        _segment(canvas, radius * 0.87, flavour.flesh[number % 2 if number < 10 else 0], flavour)
        canvas.restore()
    canvas.drawCircle(0, 0, radius * 0.055, paint(flavour.pith))
    canvas.restore()
    if flavour.id == "yuzu":
        _leaf(canvas, (at[0] + radius * 0.61, at[1] - radius * 0.76), 34, RADIUS * 0.46, "#2F8A74", "#0F5C4E")
    else:
        _leaf(canvas, (at[0] + radius * 0.61, at[1] - radius * 0.76), 34, RADIUS * 0.46, "#5B1020", "#F0714A")


def _segment(canvas: skia.Canvas, reach: float, ink: str, flavour: Flavour) -> None:
    half = math.radians(360 / 22 - 2.1)
    path = skia.Path()
    path.moveTo(0, -reach * 0.12)
    left, right = (-reach * math.sin(half), -reach * math.cos(half)), (reach * math.sin(half), -reach * math.cos(half))
    path.lineTo(*left)
    path.arcTo(skia.Rect.MakeLTRB(-reach, -reach, reach, reach), -90 - math.degrees(half), 2 * math.degrees(half), False)
    path.lineTo(*right)
    path.close()
    brush = paint(ink)
    brush.setPathEffect(skia.CornerPathEffect.Make(reach * 0.075))
    canvas.drawPath(path, brush)
    drop = paint(flavour.pith, alpha=0.55)
    for share, shift in ((0.74, -0.06), (0.60, 0.05), (0.45, -0.01)):
        canvas.drawOval(skia.Rect.MakeXYWH(reach * shift - 9, -reach * share - 30, 18, 58), drop)


def _leaf(canvas: skia.Canvas, at: tuple[float, float], turn: float, length: float, ink: str, vein: str) -> None:
    canvas.save()
    canvas.translate(*at)
    canvas.rotate(turn)
    path = skia.Path()
    path.moveTo(0, 0)
    path.cubicTo(-length * 0.48, -length * 0.25, -length * 0.34, -length * 0.82, 0, -length)
    path.cubicTo(length * 0.34, -length * 0.82, length * 0.48, -length * 0.25, 0, 0)
    canvas.drawPath(path, paint(ink))
    canvas.drawLine(0, -length * 0.08, 0, -length * 0.8, stroke(vein, 9))
    canvas.restore()


def _flower(canvas: skia.Canvas, flavour: Flavour, at: tuple[float, float]) -> None:
    x0, y0 = at[0], at[1] + RADIUS * 0.2
    tips = [(angle, reach) for angle, reach in zip(range(-62, 63, 31), (0.80, 0.98, 1.06, 0.98, 0.80), strict=True)]
    for angle, reach in tips:
        x, y = x0 + RADIUS * reach * math.sin(math.radians(angle)) * 0.92, y0 - RADIUS * reach * math.cos(math.radians(angle))
        path = skia.Path()
        path.moveTo(x0, y0 + 300)
        path.cubicTo(x0, y0 - 120, x, y + 260, x, y)
        canvas.drawPath(path, stroke(flavour.second, 15))
        _umbel(canvas, flavour, (x, y))
    for side in (-1, 1):
        _leaf(canvas, (x0 + side * 190, y0 + 60), side * 66, RADIUS * 0.62, "#3F7A57", "#C9DDB8")


def _umbel(canvas: skia.Canvas, flavour: Flavour, at: tuple[float, float]) -> None:
    ring = [(0.0, 0.0), *((108 * math.cos(math.tau * i / 6 + 0.3), 108 * math.sin(math.tau * i / 6 + 0.3)) for i in range(6))]
    for number, (dx, dy) in enumerate(ring):
        _bloom(canvas, flavour, (at[0] + dx, at[1] + dy), 66, number * 17)


def _bloom(canvas: skia.Canvas, flavour: Flavour, at: tuple[float, float], size: float, turn: float) -> None:
    canvas.save()
    canvas.translate(*at)
    canvas.rotate(turn)
    for _ in range(5):
        canvas.rotate(72)
        canvas.drawCircle(0, -size * 0.52, size * 0.40, paint(flavour.fruit))
    canvas.drawCircle(0, 0, size * 0.24, paint(flavour.flesh[1]))
    canvas.restore()


def _water(canvas: skia.Canvas, flavour: Flavour) -> None:
    def wave(lift: float, phase: float, swing: float) -> Callable[[float], float]:
        return lambda x: HEIGHT * WATER + lift + swing * math.sin(math.tau * 2 * x / WIDTH * 2 + phase)

    canvas.drawPath(_below(wave(0, 0.6, 46)), paint(flavour.water))
    for number in range(11):
        brush = stroke(flavour.lines, 10 - number * 0.55, alpha=1 - number * 0.075)
        canvas.drawPath(_along(wave(52 + number * 46, 0.6 + number * 0.34, 46 - number * 2.2)), brush)


def _along(height: Callable[[float], float]) -> skia.Path:
    path = skia.Path()
    path.moveTo(-WIDTH / 4, height(-WIDTH / 4))
    for x in range(-WIDTH // 4, WIDTH // 4 + 9, 8):
        path.lineTo(x, height(x))
    return path


def _below(height: Callable[[float], float]) -> skia.Path:
    path = _along(height)
    path.lineTo(WIDTH / 4 + 9, HEIGHT)
    path.lineTo(-WIDTH / 4, HEIGHT)
    path.close()
    return path


def colour(code: str, alpha: float = 1.0) -> int:
    """Return a hex colour as skia's number."""
    return skia.ColorSetARGB(round(255 * alpha), *(int(code[i : i + 2], 16) for i in (1, 3, 5)))


def paint(code: str, alpha: float = 1.0) -> skia.Paint:
    """Return a fill."""
    return skia.Paint(Color=colour(code, alpha), AntiAlias=True)


def stroke(code: str, width: float, alpha: float = 1.0) -> skia.Paint:
    """Return a round-ended line."""
    brush = skia.Paint(Color=colour(code, alpha), AntiAlias=True, StrokeWidth=width, Style=skia.Paint.kStroke_Style)
    brush.setStrokeCap(skia.Paint.kRound_Cap)
    return brush


if __name__ == "__main__":
    main()
