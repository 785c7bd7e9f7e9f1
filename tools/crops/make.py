"""Paints the crop test set with our own painter: `python -m crops.make`. Labels are known by construction.

A picture is a ground (drawn, or a studio set in some palette), props, and the subject: a packshot of the examples or a
drawn person. The pictures are stored, so that scores do not move with the painter.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from affiche.adapters.paint import SetFiles, SkiaPainter
from affiche.compose.shipped_sets import shipped_sets, view_files
from affiche.values.color import Color
from affiche.values.frame import Frame, PictureItem, SetItem, Shadow
from affiche.values.geometry import Rect, Size
from crops.grounds import GROUNDS
from crops.props import PROPS, person

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "tests" / "data" / "crops"
PACKSHOTS = (
    "lumen/assets/cream",
    "lumen/assets/serum",
    "verde/assets/elder",
    "verde/assets/orange",
    "verde/assets/yuzu",
)
#: Where people put the subject: centre of its box, fractions. About as in the photographs that briefs came with:
#: more than half near the middle, most others on a third, few at the edge.
PLACES = ((0.5, 0.55), (0.46, 0.55), (0.54, 0.58), (0.33, 0.58), (0.67, 0.58), (0.5, 0.5), (0.7, 0.55), (0.3, 0.5), (0.42, 0.6),
          (0.6, 0.55), (0.5, 0.62), (0.84, 0.6), (0.15, 0.6), (0.5, 0.48), (0.65, 0.4), (0.5, 0.7))  # fmt: skip
SIZES = (Size(width=320, height=320), Size(width=320, height=213), Size(width=256, height=320), Size(width=320, height=180),
         Size(width=213, height=320), Size(width=320, height=320))  # fmt: skip
#: Height of the subject, share of the picture.
HEIGHTS = (0.62, 0.5, 0.72, 0.4, 0.56, 0.3, 0.8)
PALETTES = (
    "#D9C7AE #B98B6A #7C5A45",
    "#C9D8CF #6F9A86 #2F5D4E",
    "#F2C9B8 #E0795B #8C2F2B",
    "#B8C4D8 #5A6FA0 #20305A",
    "#EDE8DF #C8BFB0 #8D8476",
)
SCENES_ON_SETS = 12


@dataclass
class Shelf:
    """Pictures by name, for the painter."""

    pictures: dict = field(default_factory=dict)

    def load(self, name):
        return self.pictures[name]

    def load_vector(self, name, size):
        return self.pictures[name]


@dataclass(frozen=True)
class Scene:
    name: str
    size: Size
    base: tuple
    subject: Rect
    focal: tuple[float, float]
    told: str


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    shelf = Shelf({name: _asset(name) for name in PACKSHOTS})
    painter = SkiaPainter(draw_line=None, load_set=_set_files)
    scenes = [*_on_grounds(shelf), *_on_sets(shelf), *_people(shelf)]
    rows = [
        "# Made by `python -m crops.make`: boxes of the subject and the point to keep, fractions of the picture."
    ]
    for scene in scenes:
        frame = Frame(size=scene.size, base=scene.base, overlay=(), slots={}, safe=Rect(0, 0, 1, 1))
        pixels = painter.base(frame, shelf)
        _save(pixels, OUT / f"{scene.name}.jpg")
        box = scene.subject.intersection(Rect(0, 0, scene.size.width, scene.size.height))
        fractions = [
            box.x / scene.size.width,
            box.y / scene.size.height,
            box.width / scene.size.width,
            box.height / scene.size.height,
        ]
        rows += ["", "[[picture]]", f'file = "{scene.name}.jpg"', f'what = "{scene.told}"',
                 f"subject = {[round(v, 3) for v in fractions]}", f"focal = {[round(v, 3) for v in scene.focal]}"]  # fmt: skip
    (OUT / "labels.toml").write_text("\n".join(rows) + "\n")


def _on_grounds(shelf):
    """Eight grounds, four pictures each; every second picture has props, every fourth a second product."""
    for number in range(32):
        rng = np.random.default_rng(100 + number)
        ground = list(GROUNDS)[number % len(GROUNDS)]
        size, place, tall = (
            SIZES[number % len(SIZES)],
            PLACES[number % len(PLACES)],
            HEIGHTS[(number * 3) % len(HEIGHTS)],
        )
        if size.ratio > 1.5:
            tall = max(tall, 0.55)
        name = f"{ground}-{number:02d}"
        shelf.pictures[name] = _opaque(GROUNDS[ground](rng, size.width, size.height))
        whole = Rect(0, 0, size.width, size.height)
        packshot = PACKSHOTS[(number + number // len(GROUNDS)) % len(PACKSHOTS)]
        put = _put(shelf, packshot, size, place, tall)
        items = [PictureItem(picture=name, rect=whole, source=whole, slot="picture")]
        subject, told = put, "one product"
        if number % 2:
            items += list(_props(shelf, rng, name, size, put))
            told += ", props"
        if number % 4 == 3:
            second = _put(
                shelf,
                PACKSHOTS[(number + 2) % len(PACKSHOTS)],
                size,
                (place[0] + (0.16 if place[0] < 0.5 else -0.16), place[1]),
                tall * 0.92,
            )
            second = Rect(second.x, put.bottom - second.height, second.width, second.height)
            items += _standing(
                shelf, PACKSHOTS[(number + 2) % len(PACKSHOTS)], second, flat=ground == "planks"
            )
            subject, told = put.union(second), told + ", two products"
        items += _standing(shelf, packshot, put, flat=ground == "planks")
        yield Scene(name, size, tuple(items), subject, _middle(subject, size), told)


def _on_sets(shelf):
    """Products standing in studio sets, the camera panned so that they are off centre as often as people put them there."""
    ids = [i for i in ("arch", "window", "sweep") if i in shipped_sets()]
    for number in range(SCENES_ON_SETS):
        rng = np.random.default_rng(300 + number)
        set_id, wide = ids[number % len(ids)], number % 4 == 3
        kind = "wide" if wide else "square"
        view = shipped_sets()[set_id].views[kind]
        size = SIZES[3] if wide else SIZES[0]
        zoom = rng.uniform(0.72, 0.95)
        at_x = PLACES[(number * 5 + 3) % len(PLACES)][0]
        width = min(view.canvas.width, view.canvas.height * size.ratio) * zoom
        height = width / size.ratio
        x = min(max(view.canvas.x, view.hero_x - at_x * width), view.canvas.right - width)
        y = min(max(view.canvas.y, view.hero_y - 0.8 * height), view.canvas.bottom - height)
        scale = size.width / width
        palette = tuple(Color.parse(c) for c in PALETTES[number % len(PALETTES)].split())
        count = len(shipped_sets()[set_id].materials)
        whole = Rect(0, 0, size.width, size.height)
        item = SetItem(
            set=set_id,
            aspect_class=kind,
            digest=view.digest,
            palette=(palette * 3)[:count],
            rect=whole,
            source=Rect(x, y, width, height),
        )
        packshot = PACKSHOTS[(number * 2) % len(PACKSHOTS)]
        tall = view.hero_height * scale * rng.uniform(0.6, 0.95)
        put = _stood(shelf, packshot, (view.hero_x - x) * scale, (view.hero_y - y) * scale, tall)
        yield Scene(
            f"{set_id}-{number:02d}",
            size,
            (item, *_standing(shelf, packshot, put)),
            put,
            _middle(put, size),
            "one product on a set",
        )


def _people(shelf):
    """Head and shoulders, alone or with a product in front; the face is the point to keep."""
    for number in range(8):
        rng = np.random.default_rng(500 + number)
        size, place = (
            SIZES[(number * 2 + 1) % len(SIZES)],
            ((0.5, 0.3), (0.3, 0.35), (0.7, 0.3), (0.36, 0.4))[number % 4],
        )
        ground = ("wash", "tiles", "street", "bokeh")[(number // 2) % 4]
        name = f"person-{number:02d}"
        shelf.pictures[name] = _opaque(
            cv2.GaussianBlur(GROUNDS[ground](rng, size.width, size.height), (0, 0), 2.0)
        )
        side = round(size.height * (1.0, 0.8, 0.9, 0.7)[number % 4])
        shelf.pictures[name + "-body"] = person(rng, side)
        whole = Rect(0, 0, size.width, size.height)
        body = Rect(place[0] * size.width - side / 2, size.height - side, side, side)
        items = [PictureItem(picture=name, rect=whole, source=whole, slot="picture"),
                 PictureItem(picture=name + "-body", rect=body, source=Rect(0, 0, side, side), slot="picture")]  # fmt: skip
        told = "a person"
        if number % 2:
            packshot = PACKSHOTS[number % len(PACKSHOTS)]
            other = 0.75 if place[0] < 0.5 else 0.25
            put = _put(shelf, packshot, size, (other, 0.75), 0.42)
            items += _standing(shelf, packshot, put)
            told += ", a product aside"
        face = Rect(body.x + 0.27 * side, body.y + 0.11 * side, 0.46 * side, 0.56 * side)
        focal = ((body.x + 0.5 * side) / size.width, (body.y + 0.44 * side) / size.height)
        yield Scene(name, size, tuple(items), face, focal, told)


def _props(shelf, rng, name, size, put):
    for k in range(int(rng.integers(2, 5))):
        side = int(size.height * rng.uniform(0.1, 0.24))
        shelf.pictures[f"{name}-prop{k}"] = PROPS[int(rng.integers(len(PROPS)))](rng, side * 2)
        x = rng.uniform(0, size.width - side)
        y = min(put.bottom - side * rng.uniform(0.4, 1.0), size.height - side * 0.8)
        yield PictureItem(
            picture=f"{name}-prop{k}",
            rect=Rect(x, y, side, side),
            source=Rect(0, 0, side * 2, side * 2),
            slot="picture",
        )


def _standing(shelf, packshot, put, *, flat=False):
    source = _whole(shelf, packshot)
    dark = Color.parse("#0A0806")
    item = PictureItem(picture=packshot, rect=put, source=source, slot="product")
    if flat:
        return [item]
    cast = Shadow(kind="cast", picture=packshot, rect=put, source=source, ground_y=put.bottom, color=dark.with_alpha(0.32),
                  softness=put.height * 0.05, angle_deg=40, length=0.34)  # fmt: skip
    contact = Shadow(
        kind="contact",
        picture=packshot,
        rect=put,
        source=source,
        ground_y=put.bottom,
        color=dark.with_alpha(0.6),
        softness=put.height * 0.012,
    )
    return [cast, contact, item]


def _put(shelf, packshot, size, place, tall):
    """The packshot `tall` of the picture high, its middle at `place`."""
    height = tall * size.height
    width = height * _whole(shelf, packshot).width / _whole(shelf, packshot).height
    if width > 0.45 * size.width:
        width, height = 0.45 * size.width, height * 0.45 * size.width / width
    return Rect(
        place[0] * size.width - width / 2,
        min(place[1] * size.height - height / 2, 0.97 * size.height - height),
        width,
        height,
    )


def _stood(shelf, packshot, x, y, tall):
    width = tall * _whole(shelf, packshot).width / _whole(shelf, packshot).height
    return Rect(x - width / 2, y - tall, width, tall)


def _middle(rect, size):
    return rect.center_x / size.width, rect.center_y / size.height


def _whole(shelf, name):
    height, width = shelf.pictures[name].shape[:2]
    return Rect(0, 0, width, height)


def _opaque(rgb):
    out = np.full((*rgb.shape[:2], 4), 255, np.uint8)
    out[..., :3] = np.clip(rgb, 0, 255).astype(np.uint8)
    return out


def _asset(name):
    image = Image.open(ROOT / "examples" / f"{name}.png").convert("RGBA")
    image = image.crop(image.getchannel("A").getbbox())
    image.thumbnail((600, 600), Image.Resampling.LANCZOS)
    return np.ascontiguousarray(np.asarray(image))


def _set_files(item):
    view, light, masks = view_files(item.set, item.aspect_class)
    return SetFiles(digest=item.digest, light=light, masks=masks, scale=view.scale)


def _save(pixels, path):
    for quality in (82, 74, 66, 58, 50):
        out = io.BytesIO()
        Image.fromarray(pixels[..., :3]).save(out, "JPEG", quality=quality, optimize=True)
        if out.tell() <= 15_000:
            break
    path.write_bytes(out.getvalue())


if __name__ == "__main__":
    main()
