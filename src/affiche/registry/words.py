"""Words for the index: the same on both databases, and for every script, because we split texts ourselves.

Case, accents, Arabic vowel signs and compatibility forms do not matter. Scripts written without spaces (Chinese, Japanese, Thai,
Lao, Khmer, Burmese) are cut into overlapping pairs, so that any two neighbouring characters can be found.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

#: Most words of one entry, longest word.
WORDS_MAX, WORD_MAX = 3000, 60
#: Accents of Latin, Greek and Cyrillic; vowel signs and the stretching stroke of Arabic.
_IGNORED = re.compile("[\u0300-\u036f\u064b-\u0652\u0670\u0640]")
_UNSPACED = re.compile("([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+)")


def words_of(*texts: str) -> list[str]:
    """The words of texts, each once, in order of appearance."""
    found = dict.fromkeys(word for text in texts for word in _split(text))
    return list(found)[:WORDS_MAX]


def _split(text: str) -> Iterator[str]:
    plain = _IGNORED.sub("", unicodedata.normalize("NFKD", text).casefold())
    plain = unicodedata.normalize("NFC", plain)
    spaced = "".join(c if unicodedata.category(c)[0] in "LNM" else " " for c in plain)
    for run in spaced.split():
        for number, part in enumerate(_UNSPACED.split(run)):
            if number % 2 == 0:
                if part:
                    yield part[:WORD_MAX]
            elif len(part) == 1:
                yield part
            else:
                yield from (part[at : at + 2] for at in range(len(part) - 1))
