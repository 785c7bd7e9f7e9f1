"""Marks: quotation marks, apostrophes and the spaces around French punctuation, as each language sets them.

Copy comes from keyboards: straight quotes and apostrophes, spaces forgotten. Typewriter marks become the language's own only
where they are a clear pair; marks that were typed on purpose stay. Pure text. Next: breaks.py.
"""

from __future__ import annotations

import re

NBSP = "\u00a0"

#: Primary quotation marks (CLDR `delimiters`, and what agencies set where CLDR has the older form); by tag, then language.
_QUOTES = {
    "en": "“”", "es": "“”", "pt": "“”", "it": "“”", "nl": "“”", "tr": "“”", "id": "“”", "ms": "“”", "vi": "“”", "fil": "“”",
    "ca": "“”", "lv": "“”", "af": "“”", "sw": "“”", "cy": "“”", "ga": "“”", "de": "„“", "cs": "„“", "sk": "„“", "sl": "„“",
    "bg": "„“", "lt": "„“", "is": "„“", "et": "„“", "sr": "„“", "mk": "„“", "hr": "„“", "pl": "„”", "ro": "„”", "hu": "„”",
    "sv": "””", "fi": "””", "da": "””", "nb": "«»", "nn": "«»", "no": "«»", "fr": "«»", "ru": "«»", "uk": "«»", "be": "«»",
    "el": "«»", "hy": "«»", "kk": "«»", "az": "«»", "sq": "«»", "de-CH": "«»", "de-LI": "«»", "it-CH": "«»",
}  # fmt: skip
_PAIR = re.compile(r"""(?<![^\s(\[{—–-])"(?=\S)([^"\n]*?)(?<=\S)"(?![^\s)\]},.;:!?…—–-])""")
_APOSTROPHE = re.compile(r"(?<=[^\W\d_])'(?=[^\W\d_])")
#: Languages that write an apostrophe between letters.
_APOSTROPHES = frozenset({"en", "fr", "it", "ca", "nl", "de", "uk", "tr", "ga", "pt", "es", "sq", "af", "cy"})

_SPACED = re.compile(r" +(?=[?!:;»])")
_AFTER = re.compile(r"(?<=«) +")
#: High punctuation typed without its space: behind a word, not in a time, a web address or a smiley.
_TIGHT = re.compile(r"(?<=[^\W_])(?=[?!;]+(?:[\s»)\"”]|$))|(?<=[^\W\d_])(?=:(?:\s|$))")
_TIGHT_GUILLEMETS = re.compile(r"(?<=«)(?=\S)|(?<=[^\s\u00a0])(?=»)")


def quoted(text: str, language: str, region: str = "") -> str:
    """Straight quotation marks in clear pairs, and apostrophes between letters, as the language writes them."""
    if '"' not in text and "'" not in text:
        return text
    pair = _QUOTES.get(f"{language}-{region}") or _QUOTES.get(language)
    if pair:
        text = _PAIR.sub(lambda match: f"{pair[0]}{match.group(1)}{pair[1]}", text)
    return _APOSTROPHE.sub("’", text) if language in _APOSTROPHES else text


def french(text: str, region: str = "") -> str:
    """No-break spaces before ? ! : ; and inside guillemets, also where they were forgotten.

    In Canada nothing is added before ? ! ; where the copy has none (Banque de dépannage linguistique).
    """
    text = _AFTER.sub(NBSP, _SPACED.sub(NBSP, text))
    text = _TIGHT_GUILLEMETS.sub(NBSP, text)
    return text if region == "CA" else _TIGHT.sub(NBSP, text)
