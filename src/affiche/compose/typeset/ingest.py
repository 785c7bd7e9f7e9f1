"""Ingest: a font file of unknown origin -> faces that are safe to draw with, or an AssetError that says what is wrong.

Pure: bytes in, bytes out. The file is checked before it is parsed (kind, sizes, directory, how large it unpacks to), its
embedding rights are respected, it is parsed and written anew by fontTools with the tables that drawing needs and no others
(no bytecode, no bitmaps, no SVG), variable fonts are pinned to a weight, and the text engine must be able to draw the
result. It still runs in a render process only: what no check foresaw must not take the parent down. Next: fonts.py.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Literal

from affiche.compose.typeset import fonts
from affiche.errors import AssetError

#: A CJK face has 15 to 25 MB; nothing that is one font is larger.
MAX_BYTES, MAX_UNPACKED = 32_000_000, 64_000_000
_MAX_TABLES = 64
#: Glyphs made of glyphs made of glyphs: real fonts stay below five levels, loops never end.
_MAX_NESTING = 8
_KINDS = {b"\0\1\0\0": "sfnt", b"OTTO": "sfnt", b"true": "sfnt", b"wOFF": "woff", b"wOF2": "woff2"}
_NEEDED = ("cmap", "head", "hhea", "hmtx", "maxp", "OS/2")
_OUTLINES = ("glyf", "CFF ", "CFF2")
_KEPT = frozenset({
    *_NEEDED, *_OUTLINES, "loca", "name", "post", "GDEF", "GSUB", "GPOS", "kern", "BASE", "vhea", "vmtx", "VORG", "COLR",
    "CPAL", "fvar", "gvar", "avar", "cvar", "HVAR", "VVAR", "MVAR", "STAT",
})  # fmt: skip
#: OS/2 fsType (OpenType 1.9, "Embedding permissions"): the bits that say no, and the more permissive ones.
_RESTRICTED, _PREVIEW, _EDITABLE, _BITMAPS_ONLY = 0x0002, 0x0004, 0x0008, 0x0200

Embedding = Literal["installable", "editable", "preview"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingested:
    """A face that may be drawn with: `data` is TTF or OTF, `name` the family in the file, `scripts` what it covers well.

    `feel` is sans or serif, by its own classification: what continues it should feel the same.
    """

    name: str
    weight: int
    scripts: tuple[str, ...]
    feel: str
    embedding: Embedding
    glyphs: int
    data: bytes


def ingest(data: bytes, *, weight: int = 0, wanted: Sequence[int] = ()) -> tuple[Ingested, ...]:
    """The faces of a TTF, OTF, WOFF or WOFF2 file: one, of a variable font one per weight.

    `weight` is what the brand calls the face (0 = what the file says; of a variable font the `wanted` weights as far as its
    axis goes). Raises AssetError; whatever else a parser may raise is turned into one.
    """
    _look_at(data)
    try:
        return tuple(_faces(data, weight, wanted))
    except AssetError:
        raise
    except MemoryError as error:
        raise AssetError("unpacks to more than there is memory for") from error
    except Exception as error:  # parsers of hostile files raise whatever they like
        raise AssetError(f"is damaged ({type(error).__name__}: {str(error)[:120]})", hint="Export it again.") from error


# -- before anything is parsed ---------------------------------------------------------------------------------------------


def _look_at(data: bytes) -> None:
    """The checks that need no parser. Raises AssetError."""
    if len(data) > MAX_BYTES:
        raise AssetError(f"has {len(data) / 1e6:.0f} MB, at most {MAX_BYTES / 1e6:.0f} are read")
    if data[:4] == b"ttcf":
        raise AssetError("is a collection of several fonts", hint="Export one font per file.")
    kind = _KINDS.get(data[:4])
    if kind is None:
        raise AssetError("is no font", hint="TTF, OTF, WOFF2 and WOFF are read.")
    try:
        unpacked = {"sfnt": _sfnt_bytes, "woff": _woff_bytes, "woff2": _woff2_bytes}[kind](data)
    except Exception as error:  # struct.error, zlib.error, brotli.error: all say that the file is not what it claims
        raise AssetError("is cut off or damaged", hint="Export it again.") from error
    if unpacked > MAX_UNPACKED:
        raise AssetError(f"unpacks to more than {MAX_UNPACKED / 1e6:.0f} MB")


def _sfnt_bytes(data: bytes) -> int:
    (count,) = struct.unpack_from(">H", data, 4)
    for at in range(_counted(count)):
        _, _, offset, length = struct.unpack_from(">4sLLL", data, 12 + 16 * at)
        if offset + length > len(data):
            raise struct.error
    return len(data)


def _woff_bytes(data: bytes) -> int:
    """What the tables of a WOFF unpack to, found by unpacking at most that much."""
    (count,) = struct.unpack_from(">H", data, 12)
    total: int = 0
    for at in range(_counted(count)):
        offset, packed, unpacked = map(int, struct.unpack_from(">LLL", data, 48 + 20 * at))
        if offset + packed > len(data) or packed > unpacked:
            raise struct.error
        total += unpacked
        if total > MAX_UNPACKED:
            return total
        if packed < unpacked and len(zlib.decompressobj().decompress(data[offset : offset + packed], unpacked + 1)) != unpacked:
            raise struct.error
    return total


def _woff2_bytes(data: bytes) -> int:
    """What a WOFF2 unpacks to. It may say anything: its stream is unpacked piece by piece until it ends or is too large."""
    import brotli

    (count,) = struct.unpack_from(">H", data, 12)
    _counted(count)
    (packed,) = struct.unpack_from(">L", data, 20)
    start = _woff2_stream(data, count)
    stream, total, piece = brotli.Decompressor(), 0, data[start : start + packed]
    while total <= MAX_UNPACKED and not stream.is_finished():
        got = stream.process(piece, output_buffer_limit=1 << 20)
        piece = b""
        total += len(got)
        if not got and stream.can_accept_more_data() and not stream.is_finished():
            raise struct.error
    return total


def _woff2_stream(data: bytes, count: int) -> int:
    """Where the compressed stream of a WOFF2 starts: behind the header and a directory of entries of varying length."""
    at = 48
    for _ in range(count):
        flags = data[at] if at < len(data) else 0
        at += 5 if flags & 0x3F == 0x3F else 1
        known = flags & 0x3F
        transformed = (flags >> 6 != 3) if known in (10, 11) else (flags >> 6 != 0)
        for _ in range(2 if transformed else 1):
            at = _past_base128(data, at)
    return at


def _past_base128(data: bytes, at: int) -> int:
    for length in range(1, 6):
        if at + length > len(data):
            raise struct.error
        if data[at + length - 1] < 0x80:
            return at + length
    raise struct.error


def _counted(tables: int) -> int:
    if not 0 < tables <= _MAX_TABLES:
        raise struct.error
    return tables


# -- parsing ---------------------------------------------------------------------------------------------------------------


def _faces(data: bytes, weight: int, wanted: Sequence[int]) -> Iterator[Ingested]:
    font = _opened(data)
    if "fvar" not in font:
        yield _face(font, weight or _own_weight(font))
        return
    axis = next((a for a in font["fvar"].axes if a.axisTag == "wght"), None)
    asked = (weight,) if weight else tuple(wanted) or (400, 700)
    for value in sorted({_held(w, axis) if axis else _own_weight(font) for w in asked}):
        yield _face(_pinned(_opened(data), value), value)


def _held(weight: int, axis: Any) -> int:
    return round(min(max(weight, float(axis.minValue)), float(axis.maxValue)))


def _opened(data: bytes) -> Any:
    """The font with the tables that are kept, all of them parsed. Raises AssetError for fonts that may not be used."""
    from fontTools.ttLib import TTFont

    font = TTFont(BytesIO(data), lazy=False, recalcTimestamp=False, recalcBBoxes=False)
    lacking = [tag.strip() for tag in _NEEDED if tag not in font]
    if lacking or not any(tag in font for tag in _OUTLINES):
        raise AssetError(f"lacks {', '.join(lacking) or 'outlines'}: it is no font that can be drawn")
    tags = list(font.keys())
    for tag in (tag for tag in tags if tag not in _KEPT and tag != "GlyphOrder"):
        del font[tag]
    _embedding(font)
    for tag in list(font.keys()):
        font[tag]  # parses it
    if not 16 <= font["head"].unitsPerEm <= 16384:
        raise AssetError(f"has {font['head'].unitsPerEm} units per em; 16 to 16384 are possible")
    if "glyf" in font:
        _unroll(font["glyf"])
    return font


def _embedding(font: Any) -> Embedding:
    """What its maker allows. Of several permissions the most generous counts, as the specification says for old fonts."""
    rights = font["OS/2"].fsType
    if rights & _BITMAPS_ONLY:
        raise AssetError("may be embedded as bitmaps only (OS/2 fsType)", hint="Ask its maker for a licence for ads.")
    if rights & _EDITABLE:
        return "editable"
    if rights & _PREVIEW:
        return "preview"
    if rights & _RESTRICTED:
        hint = "Ask its maker for a licence that allows embedding, and for the file that comes with it."
        raise AssetError("must not be embedded: its maker restricts it (OS/2 fsType 2)", hint=hint)
    return "installable"


def _unroll(glyphs: Any) -> None:
    """Every glyph parsed; none may hold itself, however deep. Bytecode goes."""
    depth: dict[str, int] = {}
    names = list(glyphs.keys())
    for name in names:
        glyph = glyphs[name]
        glyph.expand(glyphs)
        if hasattr(glyph, "program"):
            glyph.removeHinting()
    for name in names:
        _nesting(glyphs, name, depth, ())


def _nesting(glyphs: Any, name: str, depth: dict[str, int], path: tuple[str, ...]) -> int:
    if name in path or len(path) > _MAX_NESTING:
        raise AssetError(f"has a glyph that holds itself ({name[:40]})")
    if name not in depth:
        parts = glyphs[name].getComponentNames(glyphs) if glyphs[name].isComposite() else ()
        depth[name] = 1 + max((_nesting(glyphs, part, depth, (*path, name)) for part in parts), default=0)
    return depth[name]


def _pinned(font: Any, weight: int) -> Any:
    """A variable font at a weight; its other axes stand where its designer set them."""
    from fontTools.varLib.instancer import instantiateVariableFont

    axes = {a.axisTag: a.defaultValue for a in font["fvar"].axes}
    if "wght" in axes:
        axes["wght"] = weight
    return instantiateVariableFont(font, axes, inplace=True)


def _own_weight(font: Any) -> int:
    """The weight that the file claims, 400 when it claims nonsense."""
    claimed = int(font["OS/2"].usWeightClass)
    return claimed if 100 <= claimed <= 950 else 400


# -- the result ------------------------------------------------------------------------------------------------------------


def _face(font: Any, weight: int) -> Ingested:
    font.flavor = None
    out = BytesIO()
    font.save(out)
    data = out.getvalue()
    return Ingested(
        name=str(font["name"].getBestFamilyName() or "") if "name" in font else "",
        weight=weight,
        scripts=fonts.scripts_in(data),
        feel=_feel(font["OS/2"]),
        embedding=_embedding(font),
        glyphs=font["maxp"].numGlyphs,
        data=data,
    )


def _feel(os2: Any) -> str:
    """Serif or sans, by IBM family class or PANOSE; sans when neither says."""
    family = os2.sFamilyClass >> 8
    if family in (1, 2, 3, 4, 5, 7):
        return "serif"
    panose = getattr(os2, "panose", None)
    if family == 8 or panose is None or panose.bFamilyType != 2:
        return "sans"
    return "serif" if 2 <= panose.bSerifStyle <= 10 else "sans"
