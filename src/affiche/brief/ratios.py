"""Ratios and pixel sizes as people write them: `1:1`, `1x1`, `9x16`, `1200 × 628`, `square`, `1.91:1`."""

from __future__ import annotations

import re

_PAIR = re.compile(
    r"(\d{1,5}(?:\.\d{1,3})?)\s*(?:[:/x×X*]|\bby\b|-|_)\s*(\d{1,5}(?:\.\d{1,3})?)\s*(?:px|pixels)?"
)
_WORDS = {
    "square": "1:1", "portrait": "4:5", "vertical": "9:16", "story": "9:16", "stories": "9:16", "reel": "9:16", "reels": "9:16",
    "landscape": "16:9", "horizontal": "16:9", "widescreen": "16:9", "wide": "16:9", "feed": "1:1", "banner": "2:1",
    "quadrat": "1:1", "hochformat": "9:16", "querformat": "16:9", "carre": "1:1", "paysage": "16:9", "cuadrado": "1:1",
}  # fmt: skip
#: Above this number a pair is a size in pixels, not a ratio.
_LARGEST_RATIO_PART = 100


def plain_ratio(text: str) -> str | None:
    """`9:16`, or `1200x628` for a size in pixels, or None when the text is neither."""
    cleaned = text.strip().lower()
    match = _PAIR.fullmatch(cleaned) or _PAIR.search(cleaned)
    if match is None:
        return _WORDS.get(re.sub(r"[^a-z]", "", cleaned))
    width, height = match.group(1), match.group(2)
    if float(width) <= 0 or float(height) <= 0:
        return None
    if (float(width) > _LARGEST_RATIO_PART and float(height) > _LARGEST_RATIO_PART) or max(
        float(width), float(height)
    ) > 400:
        return f"{round(float(width))}x{round(float(height))}"
    return f"{float(width):g}:{float(height):g}"
