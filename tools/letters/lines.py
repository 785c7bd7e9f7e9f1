"""Pictures into which words were set: fourteen scripts, many faces, 3 to 12 % of the height, coloured, on many grounds.

Half of them are set as models set them: turned by up to five degrees, soft, shaded, not quite opaque. All went through JPEG.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

import affiche_fonts
from affiche.values.geometry import Rect
from letters.grounds import with_alpha

LINES = {
    "Latin": (
        ("Inter700", "FRESH SUMMER"), ("CormorantGaramond600", "Garden of light"), ("Anton800", "NEW TASTE"),
        ("Oswald600", "Sale today"), ("Manrope500", "premium quality"), ("NotoSerifDisplay700", "Yuzu Verde"),
    ),
    "Cyrillic": (("Inter700", "Свежий вкус"), ("NotoSans400", "НОВИНКА")),
    "Greek": (("NotoSans700", "Φρέσκια γεύση"), ("Inter500", "ΚΑΛΟΚΑΙΡΙ")),
    "Arabic": (("Cairo700", "طعم جديد منعش"), ("NotoNaskhArabic400", "اكتشف النكهة")),
    "Hebrew": (("Heebo700", "טעם חדש ורענן"), ("NotoSerifHebrew400", "קיץ של אור")),
    "Devanagari": (("Mukta700", "नया ताज़ा स्वाद"), ("NotoSansDevanagari400", "गर्मी का मौसम")),
    "Bengali": (("NotoSansBengali700", "নতুন স্বাদ আজ"), ("NotoSansBengali400", "গ্রীষ্মের আলো")),
    "Thai": (("Prompt600", "รสชาติใหม่สดชื่น"), ("NotoSansThai400", "ฤดูร้อนนี้")),
    "Han": (("NotoSansCJK700", "全新清爽口味"), ("NotoSansCJK400", "夏日花园之光")),
    "Kana": (("NotoSansCJK700", "さわやかな味わい"), ("NotoSansCJK400", "サマーセール")),
    "Hangul": (("NotoSansCJK700", "새로운 상큼한 맛"), ("NotoSansCJK400", "여름 정원의 빛")),
    "Tamil": (("NotoSansTamil700", "புதிய சுவை இன்று"), ("NotoSansTamil400", "கோடை ஒளி")),
    "Georgian": (("NotoSansGeorgian700", "ახალი გემო"), ("NotoSerifGeorgian400", "ზაფხულის ბაღი")),
    "Armenian": (("NotoSansArmenian700", "Թարմ համ այսօր"), ("NotoSerifArmenian400", "Ամառային")),
}  # fmt: skip
LEAST, MOST = 0.03, 0.12
#: A tone is legible when it is so far (luma) from this share of what lies under it.
_APART, _LEGIBLE = 60, 0.85


@dataclass(frozen=True, eq=False)
class Lettered:
    """A picture with words in `box` (fractions); `size` of the type as a share of the height."""

    script: str
    name: str
    pixels: np.ndarray
    box: Rect
    size: float


def lettered(
    grounds: Sequence[tuple[str, np.ndarray]], *, each: int, seed: int, lines_most: int = 9
) -> Iterator[Lettered]:
    """`each` pictures of every line of every script, of at most so many lines."""
    chance = random.Random(seed)
    for script, lines in LINES.items():
        for face, text in lines[:lines_most]:
            for _ in range(each if script != "Latin" else max(1, each // 3)):
                made = None
                while made is None:
                    made = _set(script, face, text, chance.choice(grounds), chance)
                yield made


def _set(script: str, face: str, text: str, ground: tuple[str, np.ndarray], chance: random.Random) -> Lettered | None:
    name, pixels = ground
    pixels = pixels[..., :3].astype(np.float32)
    height, width = pixels.shape[:2]
    font, (x0, y0, x1, y1), size = _fitting(face, text, chance.uniform(LEAST, MOST) * height, width)
    left, top = chance.randint(0, max(0, int(width - x1 + x0))), chance.randint(0, max(0, int(height - y1 + y0)))
    box = Rect(left / width, top / height, (x1 - x0) / width, (y1 - y0) / height)
    color = _legible(pixels[top : int(top + y1 - y0), left : int(left + x1 - x0)], chance)
    if color is None:
        return None
    canvas = Image.new("L", (width, height))
    ImageDraw.Draw(canvas).text((left - x0, top - y0), text, font=font, fill=255)
    mask, shade = np.asarray(canvas, np.float32) / 255, np.ones((1, width, 1), np.float32)
    if chance.random() < 0.5:
        middle = (left + (x1 - x0) / 2, top + (y1 - y0) / 2)
        mask = cv2.warpAffine(mask, cv2.getRotationMatrix2D(middle, chance.uniform(-5, 5), 1), (width, height))
        mask = cv2.GaussianBlur(mask, (0, 0), chance.uniform(0.4, 1.2)) * chance.uniform(0.85, 1)
        shade = 1 + chance.uniform(-0.12, 0.12) * np.linspace(-1, 1, width)[None, :, None]
    ink = (np.array(color) * shade + np.random.default_rng(left + top).normal(0, 2, pixels.shape)).clip(0, 255)
    out = (pixels * (1 - mask[..., None]) + ink * mask[..., None]).clip(0, 255).astype(np.uint8)
    data = cv2.imencode(".jpg", out[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, chance.choice([80, 92])])[1]
    label = f"{face} on {name}, {size / height:.1%}"
    return Lettered(script, label, with_alpha(cv2.imdecode(data, cv2.IMREAD_COLOR)[..., ::-1]), box, size / height)


def _fitting(face: str, text: str, size: float, width: int) -> tuple[ImageFont.FreeTypeFont, tuple[float, ...], float]:
    """The face, not larger than the picture is wide, with the ink of the text in it."""
    draw = ImageDraw.Draw(Image.new("L", (1, 1)))
    file = next(affiche_fonts.path(alias) for alias, one in affiche_fonts.faces().items() if one.file == f"{face}.ttf")
    while True:
        font = ImageFont.truetype(str(file), round(size), layout_engine=ImageFont.Layout.RAQM)
        box = draw.textbbox((0, 0), text, font=font)
        if box[2] - box[0] <= 0.94 * width:
            return font, box, size
        size *= 0.9


def _legible(under: np.ndarray, chance: random.Random) -> tuple[int, int, int] | None:
    luma = under.reshape(-1, 3) @ (0.299, 0.587, 0.114)
    for _ in range(100):
        color = chance.choice([(255, 255, 255), (20, 20, 20), tuple(chance.randint(0, 255) for _ in range(3))])
        if (abs(luma - np.dot(color, (0.299, 0.587, 0.114))) > _APART).mean() > _LEGIBLE:
            return color
    return None
