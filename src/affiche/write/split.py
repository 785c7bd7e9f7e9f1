"""A headline that is a paragraph, parted: the first thought is set large, the rest as body text. The words stay the author's.
"""

from __future__ import annotations

import re
import unicodedata

#: Above this width a headline cannot be set well in any square; in columns, wide (CJK) characters count twice.
MAX_WIDTH = 90
_BOUNDARIES = (
    re.compile(r"(?<=[.!?…؟۔।])\s+|(?<=[。！？])\s*"),
    re.compile(r"\s+[-–—|•]\s+|\s*——\s*|(?<=[:;])\s+|(?<=[：；])"),
    re.compile(r"(?<=[,،、，])\s*"),
)
_MIN_HEAD = 8


def split_headline(text: str) -> tuple[str, str]:
    """(headline, rest); the rest is empty when the text is short or has no place to part it."""
    text = " ".join(text.split())
    if width(text) <= MAX_WIDTH:
        return text, ""
    for boundary in _BOUNDARIES:
        for match in boundary.finditer(text):
            head, rest = text[: match.start()].rstrip(" -–—|:;,،、，："), text[match.end() :].lstrip(" -–—|")
            if _MIN_HEAD <= width(head) <= MAX_WIDTH and rest:
                return head, rest[:1].upper() + rest[1:]
    return text, ""


def width(text: str) -> int:
    """Columns: wide characters count twice."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
