"""Faces: loading by alias, which code points they cover, their metrics, and the brand's own fonts.

The one place that gives font bytes to the engine. Every face is registered under its alias alone, because
weight metadata inside files is wrong often enough; there is no fallback but the chain a caller spells out, so
an answer never depends on the machine. skia is imported on first use: building nothing must not pay for it.
Next: itemize.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import affiche_fonts
from affiche.compose.typeset.table import Table
from affiche.errors import AssetError

if TYPE_CHECKING:
    import skia

#: Scripts whose letters join or stack, so that space between letters would tear words apart.
NO_TRACKING = frozenset({"Arab", "Aran", "Deva", "Beng", "Taml", "Telu", "Gujr", "Guru", "Knda", "Mlym", "Sinh", "Orya",
                         "Khmr", "Mymr", "Thai", "Laoo", "Thaa", "Tibt"})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandFace:
    """A face the brand brought: `data` is TTF or OTF bytes, already validated; `scripts` what it covers well
    enough."""

    alias: str
    family: str
    weight: int
    scripts: tuple[str, ...]
    feel: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Metrics:
    """Vertical metrics of a face in em, distances from the baseline, all positive."""

    ascent: float
    descent: float
    cap_height: float
    x_height: float


class _Engine:
    """skia's collection with the faces registered so far; grows, never changes what an alias means."""

    def __init__(self) -> None:
        import skia

        self.skia: Any = skia
        self.manager = skia.FontMgr.New_Custom_Empty()
        self.provider = skia.textlayout.TypefaceFontProvider()
        self.collection = skia.textlayout.FontCollection()
        self.collection.setDefaultFontManager(self.provider)
        self.unicode = skia.Unicodes.ICU.Make()
        self.faces: dict[str, skia.Typeface] = {}


_brand: dict[str, BrandFace] = {}


@cache
def engine() -> Any:
    """The text engine of this process. One per process: faces stay parsed between creatives."""
    return _Engine()


def typeface(alias: str) -> Any:
    """The parsed face of an alias, registered with the engine. KeyError when nobody knows the alias."""
    host = engine()
    face = host.faces.get(alias)
    if face is None:
        face = _parse(host, alias)
        host.provider.registerTypeface(face, alias)
        host.faces[alias] = face
    return face


def source(alias: str) -> tuple[bytes | Path, int]:
    """The bytes (of a brand's face) or the file of an alias, and the number of the face in it. KeyError when nobody knows it."""
    brand = _brand.get(alias)
    return (brand.data, 0) if brand else (affiche_fonts.path(alias), affiche_fonts.faces()[alias].index)


def _parse(host: Any, alias: str) -> Any:
    found, index = source(alias)
    if isinstance(found, bytes):
        face = host.manager.makeFromData(host.skia.Data.MakeWithCopy(found), index)
    else:
        face = host.manager.makeFromFile(str(found), index)
    if face is None:
        raise AssetError(f"the font {alias!r} cannot be drawn with")
    return face


def covers(alias: str, code_point: int) -> bool:
    """Whether the face has a glyph of its own for the code point."""
    return _coverage(alias)[code_point]


def covers_all(alias: str, characters: Iterable[str]) -> bool:
    """Whether the face has a glyph of its own for each of the characters."""
    return all(map(_coverage(alias).__getitem__, map(ord, characters)))


@cache
def _coverage(alias: str) -> Table[int, bool]:
    glyph = typeface(alias).unicharToGlyph
    return Table(lambda code_point: bool(glyph(code_point)))


@cache
def scripts_of(alias: str) -> frozenset[str]:
    """Scripts a face was designed for (shipped) or covers (brand)."""
    brand = _brand.get(alias)
    return frozenset(brand.scripts if brand else affiche_fonts.faces()[alias].scripts)


def feel_of(alias: str) -> str:
    """sans, serif, condensed, symbols or emoji."""
    brand = _brand.get(alias)
    face = affiche_fonts.faces().get(alias)
    return brand.feel if brand else face.feel if face else "sans"


@cache
def metrics(alias: str) -> Metrics:
    """Vertical metrics of the face as its designer set them. Cap and x-height are measured when the file has
    none."""
    font = _plain_font(alias)
    found = font.getMetrics()
    cap = found.fCapHeight or _top(font, "H") or 700.0
    small = found.fXHeight or _top(font, "x") or 500.0
    above, below = -found.fAscent / 1000, found.fDescent / 1000
    return Metrics(ascent=above, descent=below, cap_height=cap / 1000, x_height=small / 1000)


@lru_cache(maxsize=16384)
def glyph_extent(alias: str, code_point: int) -> tuple[float, float]:
    """(above, below) the baseline of the glyph's ink, in em, both positive outwards; (0, 0) for blank
    glyphs."""
    font = _plain_font(alias)
    bounds = font.getBounds([font.unicharToGlyph(code_point)])[0]
    return (-bounds.top() / 1000, bounds.bottom() / 1000) if not bounds.isEmpty() else (0.0, 0.0)


def outline(alias: str, glyph: int) -> tuple[float, float, float, float]:
    """(left, top, right, bottom) of a glyph's outline from its origin, in em, y down; zeros for blank glyphs."""
    bounds = _plain_font(alias).getBounds([glyph])[0]
    return bounds.left() / 1000, bounds.top() / 1000, bounds.right() / 1000, bounds.bottom() / 1000


@cache
def _plain_font(alias: str) -> Any:
    skia = engine().skia
    font = skia.Font(typeface(alias), 1000)
    font.setHinting(skia.FontHinting.kNone)
    font.setLinearMetrics(True)
    return font


def _top(font: Any, character: str) -> float:
    bounds = font.getBounds([font.unicharToGlyph(ord(character))])[0]
    return float(-bounds.top())


def chain(family: str, weight: int, script: str) -> tuple[str, ...]:
    """Alias chain for a script, brand families included (see `affiche_fonts.chain`).

    What a brand's face lacks comes from shipped faces of the same feel and the nearest weight.
    """
    own = [f for f in _brand.values() if f.family == family]
    if not own:
        return affiche_fonts.chain(family, weight, script)
    best = min(own, key=lambda f: (abs(f.weight - weight), -f.weight))
    rest = affiche_fonts.chain_of(best.feel, best.weight, script)
    if script in best.scripts:
        return (best.alias, *rest)
    count = len(affiche_fonts.continuation(best.feel, script))
    return (*rest[:count], best.alias, *rest[count:])


def is_brand(alias: str) -> bool:
    """Whether the face was brought by a brand."""
    return alias in _brand


def add_face(face: BrandFace) -> None:
    """Make a brand's face usable under its alias, which must be unique to its bytes. Nothing is parsed yet."""
    if face.alias not in _brand:
        _brand[face.alias] = face
        scripts_of.cache_clear()


def family_name(name: str, digests: Iterable[str]) -> str:
    """The family to ask for: `name` made unique to the files of its faces, so that two brands' fonts never meet."""
    return f"{name}@{sha256(' '.join(sorted(digests)).encode()).hexdigest()[:8]}"


def add_brand_family(name: str, faces: dict[int, bytes]) -> str:
    """Make trusted font files (weight -> TTF or OTF bytes) usable; returns the family name to ask for.

    Calling again with the same bytes changes nothing. AssetError when a file cannot be drawn. Files of unknown origin go
    through ingest.py first.
    """
    family = family_name(name, (sha256(data).hexdigest() for data in faces.values()))
    for weight, data in faces.items():
        scripts = scripts_in(data)
        add_face(BrandFace(alias=f"{family} {weight}", family=family, weight=weight, scripts=scripts, feel="sans", data=data))
    return family


#: Letters a face must have before a script counts as covered: the basic alphabet of its main languages.
_PROBES = {
    "Latn": "ABCXYZabcxyz", "Cyrl": "АБВЭЮЯабвэюя", "Grek": "ΑΒΓΧΨΩαβγχψωάέή", "Arab": "ابتثجحقكلمنهوي",
    "Hebr": "אבגדקרשת", "Deva": "अआकखगयरलव", "Thai": "กขคงจอฮ", "Hang": "가나다한글", "Hira": "あいうかさた",
    "Kana": "アイウカサタ", "Hani": "中日人大小年", "Beng": "অআকখগ", "Taml": "அஆகஙச", "Geor": "აბგდე", "Armn": "ԱԲԳաբգ",
}  # fmt: skip


def scripts_in(data: bytes) -> tuple[str, ...]:
    """The scripts whose basic alphabet a font file has. AssetError when the engine cannot draw with it."""
    host = engine()
    face = host.manager.makeFromData(host.skia.Data.MakeWithCopy(data), 0)
    if face is None:
        raise AssetError("cannot be drawn with: it must be TrueType or OpenType, not WOFF or WOFF2")
    glyph = face.unicharToGlyph
    found = tuple(s for s, letters in _PROBES.items() if all(glyph(ord(c)) for c in letters))
    bounds = host.skia.Font(face, 100).getBounds([glyph(ord(c)) for s in found[:1] for c in _PROBES[s]])
    if not found or all(box.isEmpty() for box in bounds):
        raise AssetError("has the basic alphabet of no script that is known here")
    return found
