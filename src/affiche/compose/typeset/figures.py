"""Figures: prices, percentages, marks and fractions as small typographic objects, and digits by choice.

The engine binds no font features, so raised cents, ® and fractions are composed from runs of another size and height. What a
line is cut into follows from its text, its faces and a setting alone, so measuring and drawing always agree. `in_digits`
writes numbers in the digits a brand chose for a locale. Pure text and font metrics. Next: shape.py draws runs.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Literal

from affiche.compose.typeset import fonts
from affiche.values.frame import TextRun

#: `price`: cents and signs small and raised; `burst`: the few words beside a number small too.
Setting = Literal["plain", "price", "burst"]

#: Sizes as parts of the line's, by eye on price cards: cents must read as cents, signs must not shout.
_CENTS, _SIGN, _PERCENT, _WORDS, _UNIT, _PART = 0.56, 0.54, 0.58, 0.46, 0.4, 0.6
#: ® and the letters of ™ are this high, as parts of the capitals beside them; what its designer drew about so is left.
_MARK_HEIGHT, _LETTER_MARK_HEIGHT, _CLOSE_ENOUGH = 0.52, 0.4, 0.85
_HUNG_SPACE = 0.6
#: Two dots and a stroke look thin when they are made as small as two rings.
_ARABIC_PERCENT = 0.8
#: With more letters than this a text is a sentence with a number in it, no burst.
_BURST_LETTERS = 12

_SPECIAL = re.compile(r"[®℠™⁄\u00a0]")
#: Spaces that are narrower than a word's: within numbers, and before the high punctuation of French.
_THIN_GROUP = re.compile(r"(?<=\d)\u00a0(?=\d{3}(?!\d))")
_THIN_FRENCH = re.compile(r"\u00a0(?=[!?;])")
_THIN = 0.55
_MARK = re.compile(r"(?<=[^\W\d_])[®℠™]|(?<=\d)[®℠™]")
_FRACTION = re.compile(r"(\d{1,3})(⁄)(\d{1,3})")
_CENTS_OF = re.compile(r"\d([.,٫])(\d{2})(?![\d.,٫]|\s?(?:%|(?:l|ml|cl|dl|kg|g|m|cm|km|h)\b))")
_PERCENTS = re.compile(r"(?<=\d)[\s\u00a0\u202f]?([%٪％‰])|(?<![\w%])([%٪])(?=\d)")
#: A currency sign with the letters that belong to it (R$, US$).
_CURRENCY = re.compile(r"[A-Z]{0,3}[$€£¥₹₽₺₴₩₪₫฿₦₱₡₲₵₸₼₾₭៛৳]")
_UNIT_PRICE = re.compile(r"(?<=\S)\s?/\s?(?:\d|[^\W\d_]).*$")
_HYPHEN_MINUS = re.compile(r"(?<![\w.,])[-–](?=\d)")
_LETTERS = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f\u0600-\u06ff\u0900-\u0dff\u0e00-\u0eff.’'])*")
#: Where raised cents stand without the point: the price is read as in a shop there.
_POINTLESS = frozenset({"en-US", "es-US", "en-PR"})

Span = tuple[int, int, float, float]
_WHOLE = (1.0, 0.0)


def minus(text: str) -> str:
    """A hyphen before a number as the minus sign it stands for: as wide as a figure's dash, not a word's."""
    return _HYPHEN_MINUS.sub("−", text)


def setting_of(text: str, asked: Setting) -> Setting:
    """The setting for a whole text: a price with a word or two is a burst, so that all its lines agree."""
    if asked == "plain" or not any(c.isdigit() for c in text):
        return "plain"
    letters = sum(c.isalpha() for c in text)
    return "burst" if asked == "burst" or 0 < letters <= _BURST_LETTERS else "price"


@lru_cache(maxsize=16384)
def runs_of(line: str, chain: tuple[str, ...], locale: str, setting: Setting) -> tuple[TextRun, ...]:
    """The runs of a line, joined they are the line; empty when the whole line is one plain run."""
    if setting == "plain" and (line.isascii() or not _SPECIAL.search(line)):
        return ()
    spans = [*_marks(line, chain), *_fractions(line, chain), *_thin_spaces(line, locale)]
    if setting != "plain":
        spans += _prices(line, chain, locale, setting)
    owner = _owners(line, spans)
    if setting != "plain":
        _close_up(line, owner)
    return _cut(line, owner)


def _owners(line: str, spans: list[Span]) -> list[tuple[float, float]]:
    """(scale, rise) of each character; where spans overlap, the first that was named holds."""
    owner: list[tuple[float, float]] = [_WHOLE] * len(line)
    for start, end, scale, rise in reversed(spans):
        owner[start:end] = [(scale, rise)] * (end - start)
    return owner


def _close_up(line: str, owner: list[tuple[float, float]]) -> None:
    """A space beside something small is as small; beside something that hangs smaller still, for it already stands apart."""
    for at, character in enumerate(line):
        if character.isspace():
            beside = [owner[near] for near in (at - 1, at + 1) if 0 <= near < len(line)]
            scale, rise = min((place for place in beside if place[0] > 0), default=_WHOLE)
            owner[at] = (round(scale * (_HUNG_SPACE if rise else 1.0), 3), 0.0)


def _cut(line: str, owner: list[tuple[float, float]]) -> tuple[TextRun, ...]:
    if all(place == _WHOLE for place in owner):
        return ()
    edges = [0, *(at for at in range(1, len(line)) if owner[at] != owner[at - 1]), len(line)]
    return tuple(
        TextRun(text=line[a:b], scale=owner[a][0], rise=owner[a][1]) for a, b in zip(edges, edges[1:], strict=False)
    )


# -- marks and fractions ---------------------------------------------------------------------------------------------------


def _marks(line: str, chain: tuple[str, ...]) -> list[Span]:
    """® ™ ℠ behind a word: hung from the height of the capitals, unless the face draws them there itself."""
    cap = fonts.metrics(chain[0]).cap_height
    found: list[Span] = []
    for match in _MARK.finditer(line):
        above, below = _extent(match.group(), chain)
        if above + below <= 0:
            continue
        part = _MARK_HEIGHT if match.group() == "®" else _LETTER_MARK_HEIGHT
        scale = round(max(0.4, part * cap / (above + below)), 3)
        if scale > _CLOSE_ENOUGH:
            continue
        found.append((match.start(), match.end(), scale, round(cap - scale * above, 4)))
    return found


def _fractions(line: str, chain: tuple[str, ...]) -> list[Span]:
    """Digits around a fraction slash: the upper ones hung from the figures' height, the lower ones on the baseline."""
    found: list[Span] = []
    for match in _FRACTION.finditer(line):
        found += [(*match.span(1), _PART, _hung(match.group(1)[0], _PART, chain)), (*match.span(3), _PART, 0.0)]
    return found


def _thin_spaces(line: str, locale: str) -> list[Span]:
    places = [match.span() for match in _THIN_GROUP.finditer(line)]
    if locale.startswith("fr"):
        places += [match.span() for match in _THIN_FRENCH.finditer(line)]
    return [(*place, _THIN, 0.0) for place in places]


# -- prices ----------------------------------------------------------------------------------------------------------------


def _prices(line: str, chain: tuple[str, ...], locale: str, setting: Setting) -> list[Span]:
    digit = next((c for c in line if c.isdigit()), "0")
    unit = _UNIT_PRICE.search(line)
    found: list[Span] = [(*unit.span(), _UNIT, 0.0)] if unit and any(c.isdigit() for c in line[: unit.start()]) else []
    for match in _CENTS_OF.finditer(line):
        found.append((*match.span(2), _CENTS, _hung(digit, _CENTS, chain)))
        if locale in _POINTLESS and match.group(1) == ".":
            found.append((*match.span(1), 0.0, 0.0))
    for match in _PERCENTS.finditer(line):
        start, end = match.span(1 if match.group(1) else 2)
        scale = _ARABIC_PERCENT if line[start] == "٪" else _PERCENT
        found.append((start, end, scale, _hung(digit, scale, chain)))
    found += [(*match.span(), _SIGN, _hung(digit, _SIGN, chain)) for match in _CURRENCY.finditer(line)]
    if setting == "burst":
        found += [(*match.span(), _WORDS, 0.0) for match in _LETTERS.finditer(line)]
    return found


def _hung(digit: str, scale: float, chain: tuple[str, ...]) -> float:
    """The rise (em of the line) at which something of `scale` hangs from the top of the line's figures."""
    top, _ = _extent(digit, chain)
    return round((1 - scale) * top, 4)


def _extent(character: str, chain: tuple[str, ...]) -> tuple[float, float]:
    alias = next((a for a in chain if fonts.covers(a, ord(character))), None)
    return fonts.glyph_extent(alias, ord(character)) if alias else (0.0, 0.0)


# -- digits ----------------------------------------------------------------------------------------------------------------

#: CLDR numbering system -> its zero.
ZEROS = {"latn": 0x30, "arab": 0x660, "arabext": 0x6F0, "deva": 0x966, "beng": 0x9E6, "thai": 0xE50, "laoo": 0xED0,
         "mymr": 0x1040, "khmr": 0x17E0}  # fmt: skip
#: A number by itself: not part of a name, a web address or a handle.
_NUMBER = re.compile(r"(?<![A-Za-z\d_@#./-])[+\-−]?\d(?:[\d.,٫٬/:]*\d)?[\u00a0 ]?[%٪]?(?![A-Za-z\d_@/-]|\.[A-Za-z])")
_ARABIC_SIGNS = str.maketrans({"%": "٪"})
_LATIN_SIGNS = str.maketrans({"٪": "%", "٫": ".", "٬": ","})


@lru_cache(maxsize=8192)
def in_digits(text: str, system: str) -> str:
    """The text with its numbers in the digits of a CLDR numbering system (`latn`, `arab`, ...). KeyError for an unknown one."""
    zero = ZEROS[system]
    if not any(c.isdigit() for c in text):
        return text
    return _NUMBER.sub(lambda match: _rewritten(match.group(), zero, system), text)


def _rewritten(number: str, zero: int, system: str) -> str:
    digits = "".join(chr(zero + unicodedata.digit(c)) if c.isdecimal() else c for c in number)
    if system not in ("arab", "arabext"):
        return digits.translate(_LATIN_SIGNS)
    digits = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "٬", digits)
    return re.sub(r"(?<=\d)\.(?=\d{1,2}(?!\d))", "٫", digits).translate(_ARABIC_SIGNS)
