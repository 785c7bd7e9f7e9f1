"""Hyphenate: where a word of a language may be divided, by the pattern dictionaries that pyphen ships.

Theory of operation. Liang's patterns ("Word Hy-phen-a-tion by Com-put-er", 1983): letters with digits between them; the
highest digit at a place wins, odd means that the word may be divided there. A German dictionary has 66,000 of them, and
parsing all to divide one word takes 0.4 s in every process. Here a dictionary is a map from letters to the pattern
as written; only patterns that occur in a word are parsed. Same answers as pyphen (compared by test). Next: breaks.py.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

_HEX = re.compile(rb"\^\^([0-9a-f]{2})")
_PAIRS = re.compile(r"(\d?)(\D?)")
_DIGITS = b"0123456789"


class Hyphenator:
    """The patterns of one dictionary file."""

    def __init__(self, data: bytes) -> None:
        name, _, body = data.partition(b"\n")
        encoding = {"microsoft-cp1251": "cp1251"}.get(name.decode("ascii").strip().lower(), name.decode("ascii").strip())
        body = _HEX.sub(lambda found: chr(int(found.group(1), 16)).encode(encoding), body)
        # Digits are single bytes in every encoding in use: they go before decoding, which is twenty times as fast as after.
        keys, lines = (_lines(part.decode(encoding)) for part in (body.translate(None, _DIGITS), body))
        self._patterns = dict(zip(keys, lines, strict=True))
        if b"/" in body:
            # `letters/change,index,cut` changes the spelling at the break; the place alone counts here.
            self._patterns |= {k.partition("/")[0]: v.partition("/")[0] for k, v in self._patterns.items() if "=" in k}

    def positions(self, word: str) -> tuple[int, ...]:
        """Number of letters before each place where `word` may be divided, ascending."""
        dotted = f".{word.lower()}."
        levels = [0] * (len(dotted) + 1)
        for start in range(len(dotted) - 1):
            for end in range(start + 1, len(dotted) + 1):
                pattern = self._patterns.get(dotted[start:end])
                if pattern is not None:
                    for at, (digit, _) in enumerate(_PAIRS.findall(pattern), start):
                        if digit and int(digit) > levels[at]:
                            levels[at] = int(digit)
        return tuple(at - 1 for at, level in enumerate(levels) if level % 2)


def _lines(text: str) -> list[str]:
    # A hundred thousand lines: where none has a blank at its ends, none is stripped.
    text = text.replace("\r", "").replace("\t", " ")
    lines = text.split("\n")
    return [line.strip() for line in lines] if " \n" in text or "\n " in text else lines


@lru_cache(maxsize=32)
def hyphenator(tag: str, language: str) -> Hyphenator | None:
    """The patterns of a locale (`de_CH`), else of its language, else None."""
    import pyphen  # type: ignore[import-untyped]

    name = pyphen.language_fallback(tag) or pyphen.language_fallback(language)
    return _read(Path(str(pyphen.LANGUAGES[name]))) if name else None


@lru_cache(maxsize=32)
def _read(path: Path) -> Hyphenator:
    return Hyphenator(path.read_bytes())
