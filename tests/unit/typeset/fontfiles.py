"""Font files made for tests: other flavours and rights, missing letters, a variable font of squares, and files that lie."""

from __future__ import annotations

import struct
from io import BytesIO

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables.TupleVariation import TupleVariation

import affiche_fonts

LETTERS = "ABCXYZabcxyzHIl"


def shipped(alias: str = "Manrope 700") -> bytes:
    return affiche_fonts.path(alias).read_bytes()


def altered(data: bytes, *, flavor: str | None = None, rights: int = 0, without: str = "") -> bytes:
    """The font in another flavour, with other rights (OS/2 fsType), or without some characters."""
    font = TTFont(BytesIO(data), recalcTimestamp=False)
    font["OS/2"].fsType = rights
    for table in font["cmap"].tables:
        for character in without:
            table.cmap.pop(ord(character), None)
    font.flavor = flavor
    out = BytesIO()
    font.save(out)
    return out.getvalue()


def squares(*, variable: bool = False, holds_itself: bool = False) -> bytes:
    """A TrueType font whose letters are bars 100 units wide; at wght 900 of its axis they are 500 wide."""
    names = [".notdef", *LETTERS]
    build = FontBuilder(1000, isTTF=True)
    build.setupGlyphOrder(names)
    build.setupCharacterMap({ord(letter): letter for letter in LETTERS} | {32: ".notdef"})
    build.setupGlyf({name: _bar() for name in names})
    build.setupHorizontalMetrics(dict.fromkeys(names, (600, 50)))
    build.setupHorizontalHeader(ascent=800, descent=-200)
    build.setupNameTable({"familyName": "Squares", "styleName": "Regular"})
    build.setupOS2(sTypoAscender=800, sTypoDescender=-200, usWeightClass=400)
    build.setupPost()
    if variable:
        build.setupFvar([("wght", 100, 400, 900, "Weight")], [])
        wide = [(0, 0), (0, 0), (400, 0), (400, 0), (0, 0), (0, 0), (0, 0), (0, 0)]
        build.setupGvar({name: [TupleVariation({"wght": (0, 1, 1)}, wide)] for name in names})
    if holds_itself:
        build.font["glyf"].glyphs |= {"A": _composite("B"), "B": _composite("A")}
        build.font["maxp"].recalc = lambda _: None
        build.font.recalcBBoxes = False
    out = BytesIO()
    build.save(out)
    return out.getvalue()


def _bar() -> object:
    pen = TTGlyphPen(None)
    pen.moveTo((50, 0))
    pen.lineTo((50, 700))
    pen.lineTo((150, 700))
    pen.lineTo((150, 0))
    pen.closePath()
    return pen.glyph()


def _composite(part: str) -> object:
    pen = TTGlyphPen({part: None})
    pen.addComponent(part, (1, 0, 0, 1, 0, 0))
    glyph = pen.glyph()
    glyph.xMin = glyph.yMin = 0
    glyph.xMax = glyph.yMax = 700
    return glyph


def bomb() -> bytes:
    """A WOFF2 of a few kB that unpacks to 200 MB."""
    import brotli

    stream = brotli.compress(bytes(200_000_000), quality=5)
    head = struct.pack(">4sLLHHLLHHLLLLL", b"wOF2", 0x00010000, 48 + 2 + len(stream), 1, 0, 1000, len(stream), 1, 0, 0, 0, 0, 0, 0)
    return head + bytes([0, 100]) + stream
