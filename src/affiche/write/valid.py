"""Valid:

what a text from a model must hold before anybody sets it. Pure. Answers are complaints in words, for the model and for
people. *Grave* complaints (nothing there, placeholders or numbers changed, a name translated, a forbidden word, another
script or language, the source untouched) make a text unusable: rather the flagged source than a wrong price. The others
(length, a glossary term) leave it usable and flagged. Nothing here judges whether the words are good.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from affiche.values.locale import Locale
from affiche.values.wording import contains, folded
from affiche.write.language import foreign, nearer
from affiche.write.message import MessageError, signature
from affiche.write.voice import Voice

_NUMBER = re.compile(r"\d+(?:[.,\u066b\u066c\u00a0\u202f]\d+)*")
_BRACES = re.compile(r"\{[^{}]*\}")
_MARKS = '"“”„«»'
#: Scripts that Japanese and Korean and Chinese are written in, by the tag's script.
_SCRIPTS: dict[str, tuple[str, ...]] = {
    "Latn": ("LATIN",), "Cyrl": ("CYRILLIC",), "Grek": ("GREEK",), "Arab": ("ARABIC",), "Hebr": ("HEBREW",),
    "Armn": ("ARMENIAN",), "Geor": ("GEORGIAN",), "Ethi": ("ETHIOPIC",), "Deva": ("DEVANAGARI",),
    "Beng": ("BENGALI",), "Taml": ("TAMIL",), "Telu": ("TELUGU",), "Gujr": ("GUJARATI",), "Guru": ("GURMUKHI",),
    "Knda": ("KANNADA",), "Mlym": ("MALAYALAM",), "Sinh": ("SINHALA",), "Orya": ("ORIYA",), "Thai": ("THAI",),
    "Laoo": ("LAO",), "Khmr": ("KHMER",), "Mymr": ("MYANMAR",), "Jpan": ("HIRAGANA", "KATAKANA", "CJK"),
    "Kore": ("HANGUL",), "Hans": ("CJK",), "Hant": ("CJK",),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """One thing that is wrong with a text, in words."""

    what: str
    grave: bool


def measured(text: str) -> int:
    """Characters as people count them: marks that combine with a letter do not count."""
    return sum(
        1
        for c in unicodedata.normalize("NFC", text)
        if not unicodedata.combining(c) and unicodedata.category(c) != "Cf"
    )


def complaints(
    text: object, source: str, *, source_locale: str, voice: Voice, max_characters: int = 0, company: Sequence[str] = ()
) -> tuple[Complaint, ...]:
    """Everything that is wrong with `text`, made from `source`, in the locale of `voice`.

    `company`: the texts that came with it (itself among them), by which its language is told more surely.
    """
    if not isinstance(text, str) or not text.strip():
        return (Complaint(what="there is no text", grave=True),)
    told = (*_grave(text, source, source_locale, voice), *_in_another_language(text, company or (text,), voice))
    grave = [Complaint(what=what, grave=True) for what in told]
    return (
        *grave,
        *(Complaint(what=what, grave=False) for what in _mild(text, source, source_locale, voice, max_characters)),
    )


def _grave(text: str, source: str, source_locale: str, voice: Voice) -> Iterator[str]:
    if any(unicodedata.category(c) == "Cc" for c in text.replace("\n", "")) or text.count("\n") > source.count("\n"):
        yield "it has control characters or more lines than the source"
    yield from _placeholders(text, source)
    lost = [word for word in voice.keep if _stands(word, source) and not _stands(word, text)]
    yield from (f"“{word}” must stay exactly as it is" for word in lost)
    locale = Locale.parse(voice.locale)
    yield from (f"“{word}” is forbidden" for word in voice.forbidden if contains(text, word, locale))
    if not _in_script(text, locale, voice.keep):
        yield f"it is not written in the script of {voice.locale}"
    if _untouched(text, source, source_locale, locale, voice.keep):
        yield f"it is still in {source_locale}"


def _in_another_language(text: str, company: Sequence[str], voice: Voice) -> Iterator[str]:
    locale = Locale.parse(voice.locale)
    found = foreign([_without(one, voice.keep) for one in company], locale)
    if found is not None and nearer(_without(text, voice.keep), found, locale):
        yield found.told(locale)


def _mild(text: str, source: str, source_locale: str, voice: Voice, max_characters: int) -> Iterator[str]:
    length = measured(text)
    if max_characters and length > max_characters:
        yield f"it has {length} characters; at most {max_characters} fit"
    there, here = Locale.parse(source_locale), Locale.parse(voice.locale)
    for term, wanted in voice.glossary.items():
        if contains(source, term, there) and folded(wanted, here.language) not in folded(text, here.language):
            yield f"“{term}” must be called “{wanted}”"
    if text.strip()[0] in _MARKS and source.strip()[0] not in _MARKS:
        yield "it stands in quotation marks"


def _placeholders(text: str, source: str) -> Iterator[str]:
    try:
        wanted = signature(source)
    except MessageError:
        wanted = None
    try:
        given = signature(text)
    except MessageError as error:
        given = None
        if wanted is not None:
            yield f"its placeholders cannot be read: {error}"
    if wanted is not None and given is not None and wanted != given:
        yield f"its placeholders are {', '.join(given) or 'none'}; they must be {', '.join(wanted) or 'none'}"
    missing = _numbers(source) - _numbers(text)
    new = _numbers(text) - _numbers(source)
    if missing or new:
        told = [f"{', '.join(sorted(missing))} missing"] if missing else []
        said = "; ".join([*told, *([f"{', '.join(sorted(new))} new"] if new else [])])
        yield f"its numbers differ from the source ({said})"


def _numbers(text: str) -> set[str]:
    """The numbers in a text as plain digits, however a language writes and groups them; small ones may become words."""
    found = _NUMBER.findall(_BRACES.sub(" ", text))
    digits = ("".join(str(unicodedata.digit(c)) for c in number if c.isdigit()) for number in found)
    return {number for number in digits if len(number) > 1}


def _stands(word: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}", text) is not None


def _in_script(text: str, locale: Locale, keep: tuple[str, ...]) -> bool:
    """Whether at least half of the letters are of the locale's script; names that are kept do not count."""
    names = _SCRIPTS.get(locale.script)
    letters = [c for c in _without(text, keep) if c.isalpha()]
    if names is None or not letters:
        return True
    own = sum(unicodedata.name(c, "").startswith(names) for c in letters)
    return 2 * own >= len(letters)


def _untouched(text: str, source: str, source_locale: str, locale: Locale, keep: tuple[str, ...]) -> bool:
    """Whether it is the source again, in another language than its own; a single word may be the same in both."""
    if Locale.parse(source_locale).language == locale.language:
        return False
    same = _letters(text, locale) == _letters(source, locale)
    return same and len(_without(source, keep).split()) > 1


def _letters(text: str, locale: Locale) -> str:
    return "".join(c for c in folded(text, locale.language) if c.isalnum())


def _without(text: str, keep: tuple[str, ...]) -> str:
    for word in keep:
        text = text.replace(word, " ")
    return _BRACES.sub(" ", text)
