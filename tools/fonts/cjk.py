"""The character set and the cmap of the CJK subset.

National standards are read from Python's own codecs, so the list needs no data file. Kana, Bopomofo,
full-width forms and CJK punctuation come on top. Rare Han (personal names, HKSCS extras) is left out on
purpose: it would double the file.
"""

from __future__ import annotations

from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable

CODECS = ("shift_jis", "gb2312", "big5", "euc_kr")
EXTRA = ((0x20, 0x7E), (0xA0, 0xFF), (0x2010, 0x2027), (0x2030, 0x2044), (0x2460, 0x2473), (0x3000, 0x30FF),
         (0x3105, 0x312F), (0x31F0, 0x31FF), (0x3200, 0x321E), (0x3220, 0x3243), (0x3280, 0x32B0), (0x3300, 0x33FF),
         (0xFE30, 0xFE4F), (0xFF01, 0xFFEE), (0x1100, 0x11FF), (0x3131, 0x318E))


def national_standards() -> set[int]:
    """Code points of JIS X 0208, GB 2312, Big5 and KS X 1001, plus kana, jamo and CJK punctuation."""
    found = {cp for cp in range(0x80, 0x10000) if not 0xD800 <= cp < 0xE000 and any(encodes(cp, c) for c in CODECS)}
    return found | {cp for first, last in EXTRA for cp in range(first, last + 1)}


def encodes(code_point: int, codec: str) -> bool:
    """Whether the character exists in the standard behind a codec."""
    try:
        chr(code_point).encode(codec)
    except UnicodeEncodeError:
        return False
    return True


def rebuild_cmap(font: TTFont) -> None:
    """Replace the cmap by two format-12 tables: format 4 overflows here, and filtering alone leaves an empty
    cmap."""
    mapping = font.getBestCmap()
    if not mapping:
        raise SystemExit("the subset has no character map: every glyph would be tofu")
    table = newTable("cmap")
    table.tableVersion = 0
    table.tables = []
    for platform, encoding in ((0, 4), (3, 10)):
        sub = CmapSubtable.newSubtable(12)
        sub.platformID, sub.platEncID, sub.format, sub.language = platform, encoding, 12, 0
        sub.reserved, sub.length, sub.nGroups = 0, 0, 0
        sub.cmap = dict(mapping)
        table.tables.append(sub)
    font["cmap"] = table
