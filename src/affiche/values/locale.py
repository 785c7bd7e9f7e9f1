"""BCP 47 locale tags as far as Affiche needs them: language, script, region, direction, fallback chain.

Names, groups and which locales belong to a country are data of `market/`; this module holds only what layout, typesetting
and copy must know about a tag.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Direction = Literal["ltr", "rtl"]

_TAG = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|[0-9]{3}))?")
_RTL_SCRIPTS = frozenset({"Arab", "Hebr", "Thaa", "Syrc", "Nkoo", "Adlm"})

#: Likely script of a language (CLDR likelySubtags, the languages that we ship fonts for; Latn when absent).
_SCRIPTS = {
    "ar": "Arab", "fa": "Arab", "ur": "Arab", "ps": "Arab", "ug": "Arab", "ckb": "Arab", "sd": "Arab",
    "he": "Hebr", "yi": "Hebr", "el": "Grek", "hy": "Armn", "ka": "Geor", "am": "Ethi", "ti": "Ethi",
    "ru": "Cyrl", "uk": "Cyrl", "bg": "Cyrl", "sr": "Cyrl", "mk": "Cyrl", "be": "Cyrl", "kk": "Cyrl", "ky": "Cyrl",
    "mn": "Cyrl", "tg": "Cyrl",
    "hi": "Deva", "mr": "Deva", "ne": "Deva", "sa": "Deva", "bn": "Beng", "as": "Beng", "ta": "Taml", "te": "Telu",
    "gu": "Gujr", "pa": "Guru", "kn": "Knda", "ml": "Mlym", "si": "Sinh", "or": "Orya",
    "th": "Thai", "lo": "Laoo", "km": "Khmr", "my": "Mymr", "ja": "Jpan", "ko": "Kore", "zh": "Hans",
}  # fmt: skip
_HANT_REGIONS = frozenset({"TW", "HK", "MO"})


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Locale:
    """A locale: `language` (ISO 639), `script` (ISO 15924, always known), `region` (ISO 3166 or empty)."""

    language: str
    script: str
    region: str = ""
    #: Whether the script was written in the tag (`zh-Hant-TW`) and must be kept when it is printed.
    explicit_script: bool = False

    @classmethod
    def parse(cls, tag: str) -> Locale:
        """`en-US`, `en_us`, `zh-Hant`, `sr-Latn-RS`. ValueError when it is not of that form."""
        return _parsed(tag)

    @property
    def tag(self) -> str:
        """The canonical tag: `en-US`, `zh-Hant-TW`."""
        parts = [self.language]
        if self.explicit_script:
            parts.append(self.script)
        if self.region:
            parts.append(self.region)
        return "-".join(parts)

    @property
    def direction(self) -> Direction:
        return "rtl" if self.script in _RTL_SCRIPTS else "ltr"

    @property
    def fallbacks(self) -> tuple[str, ...]:
        """Tags from most to least specific: `zh-TW` -> (`zh-TW`, `zh-Hant`, `zh`)."""
        return _fallbacks(self)

    def __str__(self) -> str:
        return self.tag


@lru_cache(maxsize=4096)
def _parsed(tag: str) -> Locale:
    match = _TAG.fullmatch(tag.strip())
    if match is None:
        raise ValueError(f"{tag!r} is not a locale tag like en-US")
    language, script, region = (g or "" for g in match.groups())
    language, region = language.lower(), region.upper()
    known = script.title() or _likely_script(language, region)
    return Locale(language=language, script=known, region=region, explicit_script=bool(script))


@lru_cache(maxsize=4096)
def _fallbacks(locale: Locale) -> tuple[str, ...]:
    chain = [locale.tag]
    if locale.language == "zh":
        chain.append(f"zh-{locale.script}")
    chain.append(locale.language)
    return tuple(dict.fromkeys(chain))


def _likely_script(language: str, region: str) -> str:
    if language == "zh" and region in _HANT_REGIONS:
        return "Hant"
    if language == "pa" and region == "PK":
        return "Arab"
    return _SCRIPTS.get(language, "Latn")
