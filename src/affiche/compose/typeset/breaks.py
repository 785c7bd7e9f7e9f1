"""Breaks: where a text may turn to a new line, and how good each place is.

ICU finds the places (dictionaries for Thai, Lao, Khmer and Burmese; phrases for Japanese and Korean; whole
words for Chinese); tables here hold what typographers of a language add: spaces that must not break, words
that must not hang at a line's end. Pure text, no fonts. Next: measure.py.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from icu4py.breakers import LineBreaker, WordBreaker

from affiche.compose.typeset import marks
from affiche.compose.typeset.hyphenate import Hyphenator, hyphenator
from affiche.compose.typeset.joints import joints
from affiche.values.quick import quick

NBSP = "\u00a0"
#: Hardly any face has it: it is set as an ordinary no-break space of half the width (figures.py).
NARROW = "\u202f"
SOFT_HYPHEN = "\u00ad"

#: Modes, from the finest typography to the last resort before a text counts as not fitting.
PHRASE, LOOSE, HYPHENATED = "phrase", "loose", "hyphenated"

#: One-letter words that must not end a line, by language (Polish "zwisy", Czech and Slovak prepositions, and
#: kin).
_ONE_LETTER = {"pl": "aiouwz", "cs": "kosuvzai", "sk": "kosuvzai", "ru": "вкосуиая", "uk": "вузіоайє", "be": "вузіаоя",
               "bg": "всиа", "hr": "aiouksz", "sl": "aiokshvz", "sr": "аиоуксз"}  # fmt: skip
#: Short words that read badly at the end of a line (articles, prepositions): avoided, not forbidden.
_CLINGING = {
    "en": "a an the of to in on at by for and or is our your my no",
    "de": "der die das den dem des ein eine einen einem einer im in am an zu zum zur mit von und für ist",
    "fr": "le la les un une des du de d à au aux en et ou par pour sur ton ta tes votre vos",
    "es": "el la los las un una de del en a al y o con por para su tu",
    "it": "il lo la i gli le un una di del della da in con per e o al alla il tuo",
    "pt": "o a os as um uma de do da em no na e ou com por para ao seu sua",
    "nl": "de het een van in op te en of met voor is je",
    "sv": "en ett den det i på av och för med är", "da": "en et den det i på af og for med er",
    "nb": "en et den det i på av og for med er", "pl": "do na od po za we ze dla nie",
    "el": "ο η το οι τα του της των σε με και για στο στη από", "ro": "un o de la în cu pe și din",
    "hu": "a az egy és", "ca": "el la els les un una de del en a i amb per",
}  # fmt: skip
_CLINGING_SETS = {lang: frozenset(words.split()) for lang, words in _CLINGING.items()}
_UNITS = "%|‰|€|£|¥|₽|₴|₺|zł|Kč|kr|Ft|lei|лв|руб|грн|kg|g|ml|cl|dl|l|cm|mm|km|m|km/h|kWh|h|min|°C|GB|MB|MP"
_NUMBER_UNIT = re.compile(rf"(?<=\d) (?=(?:{_UNITS})(?:\W|$))")
_NUMBER_GROUP = re.compile(r"(?<=\d) (?=\d{3}(?:\D|$))")
_CURRENCY_NUMBER = re.compile(r"(?<=[€£¥₹₩₪₫฿$]) (?=\d)")
#: A dash (or the hyphen that many type for one) hangs on the word before it: " — " breaks after, not before.
_DASH = re.compile(r"(?<=\S) (?=[-–—] )")
_SPACES = re.compile(r"[^\S\n\u00a0\u202f\u2009\u3000]+")
_GREEK_TONOS = "\u0301"


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """Text up to a place where a line may end. `text` has no trailing space; `space` is what vanishes at a
    line end.

    `penalty` says how bad ending a line here is (0 = neutral, negative = welcome); `hyphen`: a hyphen shows
    when it ends a line; `hard`: the line ends here in any case.
    """

    text: str
    space: str = ""
    penalty: float = 0.0
    hyphen: bool = False
    hard: bool = False


@lru_cache(maxsize=4096)
def prepare(text: str, language: str, script: str, case: str, region: str = "") -> str:
    """The text as it is set: NFC, tidy spaces, the language's quotation marks, case applied by its rules,
    no-break spaces where due."""
    tidy = _SPACES.sub(" ", unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n"))
    tidy = "\n".join(line.strip(" ") for line in tidy.strip().split("\n")).replace(NARROW, NBSP)
    tidy = marks.quoted(tidy, language, region)
    if case == "upper":
        tidy = upper(tidy, language, script)
    if language == "fr":
        tidy = marks.french(tidy, region)
    for pattern in (_NUMBER_UNIT, _NUMBER_GROUP, _CURRENCY_NUMBER, _DASH):
        tidy = pattern.sub(NBSP, tidy)
    letters = _ONE_LETTER.get(language)
    return _glue_one_letter(tidy, letters) if letters else tidy


def _glue_one_letter(text: str, letters: str) -> str:
    pattern = re.compile(rf"(?<!\w)([{letters}{letters.upper()}]) (?=\S)")
    return pattern.sub(rf"\1{NBSP}", text)


def upper(text: str, language: str, script: str) -> str:
    """Upper case by language: dotted I in Turkish and Azeri, no accents on Greek capitals, Georgian left
    alone."""
    if script == "Geor":
        return text
    if language in ("tr", "az"):
        return text.replace("i", "İ").upper()
    if language == "el":
        bare = unicodedata.normalize("NFD", text).replace(_GREEK_TONOS, "")
        return unicodedata.normalize("NFC", bare).upper()
    return text.upper()


@lru_cache(maxsize=8192)
def segments(text: str, locale: str, mode: str = PHRASE) -> tuple[Segment, ...]:
    """Cut prepared text at every allowed line end. `locale` is a tag; `mode` PHRASE, LOOSE or HYPHENATED."""
    language = re.split("[-_]", locale, maxsplit=1)[0]
    if mode == HYPHENATED:
        text = _hyphenate(text, language, locale, _LONG_WORD, edge=4)
    elif language in _COMPOUNDING and _COMPOUND.search(text):
        text = _hyphenate(text, language, locale, _COMPOUND, edge=6)
    tag = locale
    if language in ("ja", "ko") and mode == PHRASE:
        tag = f"{language}-u-lw-phrase"
    ends = _line_ends(text, tag)
    if mode == PHRASE:
        ends = [end for end in ends if not _inside_short_compound(text, end)]
    if language in ("zh", "yue") and mode == PHRASE:
        ends = _whole_words(text, tag, ends)
    starts = [0, *ends[:-1]]
    clinging = _CLINGING_SETS.get(language, frozenset())
    return tuple(_segment(text[a:b], clinging, last=b == len(text)) for a, b in zip(starts, ends, strict=True))


def _line_ends(text: str, tag: str) -> list[int]:
    ends = [end for _, end in _icu(LineBreaker, text, tag)]
    tokens = [match.span() for match in _ATOMIC.finditer(text)] if any(c in text for c in ".@#/") else []
    if tokens:
        inside = {e for e in ends for start, end in tokens if start < e < end and not text[e - 1].isspace()}
        ends = [e for e in ends if e not in inside]
    return ends or [len(text)]


#: ICU may break web addresses, handles and prices at slashes and hyphens; an ad never does.
_ATOMIC = re.compile(
    r"(?:https?://|www\.)\S+|[@#]\w+|\S+@\S+\.\w+"
    r"|\b[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|io|co|de|fr|it|es|jp|uk|eu|app)\b\S*"
)


#: Compounds with a hyphen up to this many characters stay on one line (feel-good, e-mail, T-shirt) while there is a choice.
_SHORT_COMPOUND = 14
_HYPHENED = re.compile(r"\w+(?:[-\u2010]\w+)+")


def _inside_short_compound(text: str, at: int) -> bool:
    if at >= len(text) or text[at - 1] not in "-\u2010":
        return False
    return any(m.start() < at < m.end() and len(m.group()) <= _SHORT_COMPOUND for m in _HYPHENED.finditer(text))


def _whole_words(text: str, tag: str, ends: list[int]) -> list[int]:
    words = {end for _, end in _icu(WordBreaker, text, tag)}
    return [e for e in ends if e in words or e == len(text)]


#: Characters that ICU counts as two.
_DOUBLE = re.compile("[\U00010000-\U0010ffff]")


def _icu(breaker: type, text: str, tag: str) -> list[tuple[int, int]]:
    """ICU segments as (start, end) of code points; ICU itself counts UTF-16 units."""
    pairs = [(int(a), int(b)) for a, b in breaker(text, tag).segments() if b > a]
    if _DOUBLE.search(text) is None:
        return pairs
    index: dict[int, int] = {0: 0}
    units = 0
    for at, character in enumerate(text):
        units += 2 if ord(character) > 0xFFFF else 1
        index[units] = at + 1
    return [(index[a], index[b]) for a, b in pairs if a in index and b in index]


def _segment(piece: str, clinging: frozenset[str], *, last: bool) -> Segment:
    hard = piece.endswith("\n")
    body = piece.rstrip(" \n\u2009\u3000")
    space = piece[len(body) :].rstrip("\n")
    hyphen = body.endswith(SOFT_HYPHEN)
    body = body.removesuffix(SOFT_HYPHEN)
    penalty = 0.6 if hyphen else _penalty(body, clinging)
    return Segment(text=body, space=space, penalty=penalty, hyphen=hyphen and not last, hard=hard)


_STOPS, _PAUSES = frozenset(".!?…。！？।؟۔።"), frozenset(",;:—–、，；：،؛")


def _penalty(body: str, clinging: frozenset[str]) -> float:
    end = body.rstrip("\"'”’»)」』）") [-1:]
    if end in _STOPS:
        return -0.16
    if end in _PAUSES:
        return -0.09
    if body.endswith("-"):
        return 0.15
    return 0.14 if body.lower().split(NBSP)[-1] in clinging else 0.0


#: Languages that write compounds as one word; theirs may be divided even in headlines once they are this long.
_COMPOUNDING = frozenset({"de", "nl", "sv", "da", "nb", "nn", "no", "fi", "hu", "et", "is"})
_COMPOUND = re.compile(r"[^\W\d_]{21,}")
#: Words shorter than this are never divided, not even as the last resort.
_LONG_WORD = re.compile(r"[^\W\d_]{11,}")


def _hyphenate(text: str, language: str, locale: str, words: re.Pattern[str], edge: int) -> str:
    """Put soft hyphens, `edge` letters from the ends or more, into matching words of languages with a dictionary.

    Text with soft hyphens of its own is left alone: its author knows better.
    """
    dictionary = hyphenator(locale.replace("-", "_"), language)
    if dictionary is None or SOFT_HYPHEN in text:
        return text
    only = language if words is _COMPOUND else ""
    return words.sub(lambda match: _divided(match.group(), dictionary, edge, only), text)


def _divided(word: str, dictionary: Hyphenator, edge: int, compounds_of: str) -> str:
    """`compounds_of` a language: divided at the joints of the compound only; empty: wherever spelling allows."""
    places = dictionary.positions(word)
    wanted = joints(word, places, compounds_of) if compounds_of else places
    cuts = [at for at in wanted if edge <= at <= len(word) - edge]
    return SOFT_HYPHEN.join(word[a:b] for a, b in zip([0, *cuts], [*cuts, len(word)], strict=True))
