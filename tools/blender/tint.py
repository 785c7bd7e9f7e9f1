"""Preview a set as an ad: tint it with palettes, stand a packshot on it, put the pictures side by side.

Role: the eye of whoever makes sets: `python tint.py DIR/arch out.png [--class square] [--hero can.png]`. It shows
what the compositor does with a set, in a few lines; the real one is the compositor.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import yaml
from PIL import Image, ImageDraw, ImageFilter

PALETTES = {
    "sunny": dict(primary="#0F5C4E", secondary="#F6C667", accent="#F27B50", surface="#F6C667",
                  **{"surface-2": "#F3E9D2"}, ink="#0B2E27", paper="#FBF3DF"),
    "dark": dict(primary="#E8B04A", secondary="#123A63", accent="#E5573F", surface="#0E2A47",
                 **{"surface-2": "#123A63"}, ink="#F2F4F7", paper="#1B4F86"),
    "pastel": dict(primary="#D98E9F", secondary="#C9B8E8", accent="#7C6BB0", surface="#F4D9D6",
                   **{"surface-2": "#EFE6F5"}, ink="#3A2440", paper="#FFF8F4"),
    "sand": dict(primary="#8A6A4F", secondary="#D9C7B2", accent="#B5553C", surface="#E9DFD2",
                 **{"surface-2": "#DCCFBF"}, ink="#2B211A", paper="#F7F2EB"),
}


def linear(code: str) -> np.ndarray:
    """Return a hex colour in linear light."""
    value = np.array([int(code[i : i + 2], 16) for i in (1, 3, 5)], np.float32) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def read_light(path: Path, scale: float) -> np.ndarray:
    """Return irradiance, 1.0 = shows a colour as it is."""
    value = np.asarray(Image.open(path).convert("RGB"), np.float32) / 255
    return scale * np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def shoulder(value: np.ndarray, knee: float = 0.72) -> np.ndarray:
    """Compress what is brighter than the knee smoothly towards 1."""
    room = 1 - knee
    over = np.clip(value - knee, 0, None)
    return np.where(value > knee, knee + room * (1 - np.exp(-over / room)), value)


def tinted(folder: Path, recipe: dict, aspect: str, palette: dict[str, str]) -> Image.Image:
    """Return one class of a set in the colours of a palette."""
    facts = recipe["classes"][aspect]
    light = read_light(folder / f"{aspect}.light.jpg", facts["scale"])
    colours = [linear(palette[recipe["roles"][name]]) for name in recipe["materials"]]
    weights = [np.asarray(Image.open(path), np.float32) / 255 for path in sorted(folder.glob(f"{aspect}.masks-*.png"))]
    planes = np.concatenate(weights, 2)[..., : len(colours) - 1]
    albedo = (1 - planes.sum(2, keepdims=True)).clip(0) * colours[0] + planes @ np.stack(colours[1:])
    shown = shoulder(light * albedo)
    srgb = np.where(shown <= 0.0031308, shown * 12.92, 1.055 * np.clip(shown, 1e-6, None) ** (1 / 2.4) - 0.055)
    noise = np.random.default_rng(3).normal(0, 0.9, shown.shape[:2])[..., None]
    return Image.fromarray(np.clip(srgb * 255 + noise, 0, 255).round().astype(np.uint8))


def with_hero(picture: Image.Image, facts: dict, hero: Image.Image) -> Image.Image:
    """Stand a packshot on the set with a contact shadow."""
    width, height = picture.size
    x, y = facts["hero"]["x"] * width, facts["hero"]["y"] * height
    tall = round(facts["hero"]["height"] * height)
    hero = hero.resize((round(hero.width * tall / hero.height), tall), Image.LANCZOS)
    base = y + 0.02 * tall
    picture = _shadowed(picture, x, base - 0.022 * tall, hero.width)
    picture.paste(hero, (round(x - hero.width / 2), round(base - tall)), hero)
    return picture


def _shadowed(picture: Image.Image, x: float, y: float, wide: int) -> Image.Image:
    for reach, drop, blur, strength in ((0.46, 0.07, 0.02, 0.75), (0.56, 0.12, 0.09, 0.4)):
        mask = Image.new("L", picture.size, 0)
        shift = wide * blur * 1.2
        box = (x - reach * wide + shift, y - drop * wide, x + reach * wide + shift, y + drop * wide)
        ImageDraw.Draw(mask).ellipse(box, fill=round(255 * strength))
        mask = mask.filter(ImageFilter.GaussianBlur(wide * blur))
        dark = Image.blend(picture, Image.new("RGB", picture.size, (8, 8, 12)), 0.9)
        picture = Image.composite(dark, picture, mask)
    return picture


def main() -> None:
    """Write one sheet: a row per palette, a column per class, cut to the canvas."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--class", dest="aspects", action="append")
    parser.add_argument("--palette", dest="palettes", action="append")
    parser.add_argument("--hero", type=Path, action="append", default=[])
    parser.add_argument("--height", type=int, default=560)
    parser.add_argument("--uncut", action="store_true")
    asked = parser.parse_args()
    recipe = yaml.safe_load((asked.folder / "set.yaml").read_text())
    heroes = [_trimmed(path) for path in asked.hero]
    rows = []
    for number, name in enumerate(asked.palettes or PALETTES):
        cells = [_cell(asked, recipe, aspect, PALETTES[name], heroes[number % len(heroes)] if heroes else None)
                 for aspect in asked.aspects or recipe["classes"]]
        rows.append(_joined(cells, across=True))
    _joined(rows, across=False).save(asked.out)


def _cell(asked: argparse.Namespace, recipe: dict, aspect: str, palette: dict, hero: Image.Image | None) -> Image.Image:
    facts = recipe["classes"][aspect]
    picture = tinted(asked.folder, recipe, aspect, palette)
    picture = with_hero(picture, facts, hero) if hero else picture
    x, y, width, height = facts["canvas"]
    picture = picture if asked.uncut else picture.crop((x, y, x + width, y + height))
    tall = min(asked.height, round(1400 * picture.height / picture.width))
    return picture.resize((round(picture.width * tall / picture.height), tall), Image.LANCZOS)


def _trimmed(path: Path) -> Image.Image:
    picture = Image.open(path).convert("RGBA")
    return picture.crop(picture.getchannel("A").point(lambda value: 255 * (value > 40)).getbbox())


def _joined(cells: list[Image.Image], *, across: bool) -> Image.Image:
    gap = 10
    length = sum((cell.width if across else cell.height) + gap for cell in cells) - gap
    depth = max(cell.height if across else cell.width for cell in cells)
    sheet = Image.new("RGB", (length, depth) if across else (depth, length), "white")
    at = 0
    for cell in cells:
        sheet.paste(cell, (at, 0) if across else (0, at))
        at += (cell.width if across else cell.height) + gap
    return sheet


if __name__ == "__main__":
    main()
