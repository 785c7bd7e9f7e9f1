"""What the gallery shows: templates drawn with the example brand and its packshots, proof sheets, built campaigns."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from affiche import wire
from affiche.brand.read import read_brand
from affiche.cli.main import run
from affiche.compose.compose import compose
from affiche.compose.direct.bind import roles_shown
from affiche.compose.proof.stress import copy
from affiche.compose.request import ComposeRequest
from affiche.compose.shipped_sets import shipped_sets
from affiche.compose.template.shipped import shipped_template
from affiche.imagine.prepare import Prepared, prepare
from affiche.ports import PictureInfo, Pixels
from affiche.values.digest import Digest
from affiche.values.geometry import Insets, Size
from affiche.values.locale import Locale
from affiche.values.text import Text
from gallery.page import Shown

#: Width, height and the width at which people see it, css px.
SIZES = ((1080, 1080, 360), (1080, 1350, 360), (1080, 1920, 360), (1200, 628, 500), (300, 250, 0), (160, 600, 0), (300, 600, 0),
         (970, 250, 0), (728, 90, 0), (320, 50, 0))  # fmt: skip
#: The stress copy of these cases, one row each, and a row of the shortest copy there is.
CASES = ("pseudo", "german", "arabic", "thai", "japanese", "emoji", "one-word")
_STORY = Insets(left=0.06, top=0.14, right=0.06, bottom=0.2)


class Studio:
    """The example brand with its packshots, ready to draw with."""

    def __init__(self, examples: Path) -> None:
        brand, problems = read_brand((examples / "verde" / "brand.yaml").read_bytes(), file="brand.yaml")
        if brand is None:
            raise SystemExit(f"the example brand is broken: {problems}")
        self.brand = brand
        assets = examples / "verde" / "assets"
        made = [_prepared(assets / f"{name}.png") for name in ("yuzu", "elder", "orange")]
        self.cans = [one.info for one in made]
        self.logos = [_prepared(assets / name, logo=True) for name in ("logo.svg", "logo-light.svg")]
        self.photo, pixels = _scene()
        shown = {one.info.digest: one.pixels for one in (*made, *self.logos)}
        self.pictures = _Loaded({**shown, self.photo.digest: pixels})
        self.painter = wire.proof_painter()

    def rows(self, name: str, folder: Path, root: Path) -> list[list[Shown]]:
        """A template drawn: copy down, sizes across. Files go to `folder`, paths are relative to `root`."""
        folder.mkdir(parents=True, exist_ok=True)
        return [[self._drawn(name, case, size, folder, root) for size in SIZES] for case in CASES]

    def _drawn(self, name: str, case: str, size: tuple[int, int, int], folder: Path, root: Path) -> Shown:
        frame = compose(self._request(name, case, size))
        pixels = self.painter.overlay(frame, self.painter.base(frame, self.pictures), self.pictures)
        path = folder / f"{case}-{frame.size}.png"
        _write(path, pixels)
        return f"{name}, {case}, {frame.size}", path.relative_to(root).as_posix()

    def _request(self, name: str, case: str, size: tuple[int, int, int]) -> ComposeRequest:
        template, told = shipped_template(name), copy()[case]
        locale, canvas = Locale.parse(told["locale"]), Size(width=size[0], height=size[1])
        picture = self.cans[0] if "cutout" in template.pictures else self.photo
        picture_or_none = None if name in ("type", "countdown", "lockup") else picture
        cut_out = picture_or_none is not None and picture.kind == "cutout"
        studio = shipped_sets().get("bench" if template.lineup else "arch") if cut_out else None
        request = ComposeRequest(
            size=canvas, safe=_STORY.of(canvas) if size[1] == 1920 else Insets(), locale=locale, brand=self.brand,
            words={role: Text(value=text, locale=locale.tag) for role, text in told.items() if role != "locale"},
            template=template, picture=picture_or_none, set=studio, shown_width=size[2], placement="gallery",
            logo=self.logos[0].info, logo_on_dark=self.logos[1].info,
        )  # fmt: skip
        if "label1" in roles_shown(template, "square"):
            request = replace(request, before=self.cans[2] if request.set else self.photo)
        return replace(request, companions=tuple(self.cans[1:])) if template.lineup else request


def proof_sheet(name: str, out: Path) -> str:
    """The proof sheet of a template; its path relative to `out`."""
    path = out / f"proof-{name}.png"
    path.write_bytes(wire.proof_sheet(shipped_template(name)))
    return path.name


def campaigns(examples: Path, out: Path) -> list[Shown]:
    """Both example campaigns, built; their own galleries relative to `out`."""
    for brief in sorted(examples.glob("*/brief.yaml")):
        run(["build", str(brief), "--out", str(out)])
    found = sorted(out.glob("*/gallery.html"))
    return [(path.parent.name, path.relative_to(out).as_posix()) for path in found]


class _Loaded:
    """Prepared pixels by digest."""

    def __init__(self, pixels: dict[Digest, Pixels]) -> None:
        self._pixels = pixels

    def load(self, picture: Digest) -> Pixels:
        return self._pixels[picture]

    def load_vector(self, picture: Digest, size: Size) -> Pixels:
        return self._pixels[picture]


def _prepared(path: Path, *, logo: bool = False) -> Prepared:
    return prepare(path.read_bytes(), codec=wire.file_codec(), role="logo" if logo else "picture")


def _scene() -> tuple[PictureInfo, Pixels]:
    """A stand-in photograph for templates that show nothing else: dunes, calm above."""
    y, x = np.mgrid[0:1200, 0:1600].astype(np.float32)
    sky = np.stack([232 - 40 * y / 1200, 196 - 30 * y / 1200, 168 - 20 * y / 1200], axis=-1)
    for number, height in enumerate((0.62, 0.74, 0.86)):
        dune = y / 1200 > height + 0.05 * np.sin(x / 1600 * (4 + number) + number * 1.7)
        sky[dune] = np.array([176, 118, 84], np.float32) * (1 - 0.22 * number)
    rgba = np.dstack([sky, np.full_like(x, 255)]).astype(np.uint8)
    data = bytes(cv2.imencode(".png", cv2.cvtColor(rgba, cv2.COLOR_RGBA2BGRA))[1])
    made = prepare(data, codec=wire.file_codec())
    return made.info, made.pixels


def _write(path: Path, pixels: Pixels) -> None:
    bgr = cv2.cvtColor(np.ascontiguousarray(pixels[..., :3]), cv2.COLOR_RGB2BGR)
    cv2.imwrite(str(path), bgr, [cv2.IMWRITE_PNG_COMPRESSION, 3])
