"""Faces: loading by alias, which code points they cover, their metrics, and the brand's own fonts.

The one place that gives font bytes to the engine. Every face is registered under its alias alone, because
weight metadata inside files is wrong often enough; there is no fallback but the chain a caller spells out, so
an answer never depends on the machine. skia is imported on first use: building nothing must not pay for it.
Next: itemize.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import affiche_fonts

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


def _parse(host: Any, alias: str) -> Any:
    brand = _brand.get(alias)
    if brand is not None:
        face = host.manager.makeFromData(host.skia.Data.MakeWithCopy(brand.data), 0)
    else:
        face = host.manager.makeFromFile(str(affiche_fonts.path(alias)), affiche_fonts.faces()[alias].index)
    if face is None:
        raise ValueError(f"the font {alias!r} cannot be read: it must be TrueType or OpenType, not WOFF or WOFF2")
    return face


@lru_cache(maxsize=65536)
def covers(alias: str, code_point: int) -> bool:
    """Whether the face has a glyph of its own for the code point."""
    return bool(typeface(alias).unicharToGlyph(code_point))


@cache
def scripts_of(alias: str) -> frozenset[str]:
    """Scripts a face was designed for (shipped) or covers (brand)."""
    brand = _brand.get(alias)
    return frozenset(brand.scripts if brand else affiche_fonts.faces()[alias].scripts)


def feel_of(alias: str) -> str:
    """sans, serif, condensed, symbols or emoji; what a brand brings counts as sans."""
    face = affiche_fonts.faces().get(alias)
    return face.feel if face else "sans"


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
    """Alias chain for a script, brand families included (see `affiche_fonts.chain`)."""
    own = [f for f in _brand.values() if f.family == family]
    if not own:
        return affiche_fonts.chain(family, weight, script)
    best = min(own, key=lambda f: (abs(f.weight - weight), -f.weight))
    rest = affiche_fonts.chain("", weight, script)
    if script in best.scripts:
        return (best.alias, *rest)
    count = len(affiche_fonts.continuation("sans", script))
    return (*rest[:count], best.alias, *rest[count:])


def add_brand_family(name: str, faces: dict[int, bytes]) -> str:
    """Make a brand's fonts usable; returns the family name to ask for, unique to these bytes.

    `faces` maps weight to TTF or OTF bytes. Calling again with the same bytes changes nothing, and two brands
    with different fonts of one name never meet. ValueError when a file cannot be read.
    """
    mark = sha256(b"".join(sha256(data).digest() for _, data in sorted(faces.items()))).hexdigest()[:8]
    family = f"{name}@{mark}"
    for weight, data in faces.items():
        alias = f"{family} {weight}"
        if alias not in _brand:
            _brand[alias] = BrandFace(alias=alias, family=family, weight=weight, scripts=(), data=data)
            _brand[alias] = BrandFace(alias=alias, family=family, weight=weight, scripts=_covered(alias), data=data)
            scripts_of.cache_clear()
    return family


#: Letters a face must have before a script counts as covered: the basic alphabet of its main languages.
_PROBES = {
    "Latn": "ABCXYZabcxyz", "Cyrl": "АБВЭЮЯабвэюя", "Grek": "ΑΒΓΧΨΩαβγχψωάέή", "Arab": "ابتثجحقكلمنهوي",
    "Hebr": "אבגדקרשת", "Deva": "अआकखगयरलव", "Thai": "กขคงจอฮ", "Hang": "가나다한글", "Hira": "あいうかさた",
    "Kana": "アイウカサタ", "Hani": "中日人大小年", "Beng": "অআকখগ", "Taml": "அஆகஙச", "Geor": "აბგდე", "Armn": "ԱԲԳաբգ",
}  # fmt: skip


def _covered(alias: str) -> tuple[str, ...]:
    return tuple(s for s, letters in _PROBES.items() if all(covers(alias, ord(c)) for c in letters))
