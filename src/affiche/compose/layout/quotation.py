"""Quotation marks by language: what a quotation is set in, as CLDR has it (main/*/delimiters, outer marks). Data and one verb."""

from __future__ import annotations

from affiche.values.locale import Locale

_LOW_HIGH, _LOW_CURLY, _GUILLEMETS, _SPACED = ("„", "“"), ("„", "”"), ("«", "»"), ("«\u202f", "\u202f»")
_RIGHT, _CORNERS, _CURLY = ("”", "”"), ("「", "」"), ("“", "”")
#: By locale, else by language; everything else uses “ ”.
_MARKS = {
    "de": _LOW_HIGH, "cs": _LOW_HIGH, "sk": _LOW_HIGH, "sl": _LOW_HIGH, "lt": _LOW_HIGH, "is": _LOW_HIGH, "bg": _LOW_HIGH,
    "et": _LOW_HIGH, "ka": _LOW_HIGH, "pl": _LOW_CURLY, "hu": _LOW_CURLY, "ro": _LOW_CURLY, "hr": _LOW_CURLY, "sr": _LOW_CURLY,
    "fr": _SPACED, "fr-CH": _GUILLEMETS, "de-CH": _GUILLEMETS, "it-CH": _GUILLEMETS, "es": _GUILLEMETS, "it": _GUILLEMETS,
    "ru": _GUILLEMETS, "uk": _GUILLEMETS, "be": _GUILLEMETS, "el": _GUILLEMETS, "no": _GUILLEMETS, "nb": _GUILLEMETS,
    "pt-PT": _GUILLEMETS, "ca": _GUILLEMETS, "hy": _GUILLEMETS, "az": _GUILLEMETS, "kk": _GUILLEMETS, "fa": _GUILLEMETS,
    "sv": _RIGHT, "fi": _RIGHT, "he": _RIGHT, "ja": _CORNERS, "zh-TW": _CORNERS, "zh-HK": _CORNERS, "yue": _CORNERS,
    "ar": ("”", "“"), "es-MX": _CURLY, "es-US": _CURLY, "es-AR": _CURLY,
}  # fmt: skip
_ANY = frozenset("\"'„“”‘’«»「」『』‹›")


def quoted(text: str, locale: Locale) -> str:
    """`text` between the quotation marks of its language, unless its author has already set some."""
    plain = text.strip()
    if not plain or plain[0] in _ANY or plain[-1] in _ANY:
        return plain
    before, after = _MARKS.get(locale.tag) or _MARKS.get(locale.language, _CURLY)
    return f"{before}{plain}{after}"
