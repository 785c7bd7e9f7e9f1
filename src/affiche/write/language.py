"""Language: whether texts of a model are in the language that was asked for. Pure; deterministic.

Letters that follow each other tell languages apart (py3langid 0.4, BSD; Lui and Baldwin 2012, "langid.py"), the more surely the
longer a text is. So texts that came together are judged together, and what is short is not judged at all. Only languages that
the phrasebook serves are told apart; those that even people take for each other in an ad are one (`_ONE`). Without the library
(extra `models`) nothing is judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from affiche.values.locale import Locale
from affiche.write.phrasebook import phrasebook

#: Letters from which a verdict is given; how probable the other language must be at least, and how many times more probable
#: than the one that was asked for. Tried on the phrasebook (no text of 1,311 is suspected, nor three together) and on the copy of
#: the bench in the place of a neighbour's.
_LIMITS = ((40, 0.6, 15.0), (20, 0.8, 30.0))
_ONE = (frozenset({"hr", "sr", "bs"}), frozenset({"id", "ms"}), frozenset({"no", "nn"}))
#: ISO 639 as tags have it -> as the library has it.
_CALLED = {"nb": "no", "fil": "tl"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreign:
    """Texts seem to be in `language` (a code of the library), with probability `sure`, 0..1."""

    language: str
    sure: float

    def told(self, locale: Locale) -> str:
        """What is wrong, in words."""
        return f"it reads as {_name(self.language)}, not as {_name(locale.language)} ({self.sure:.0%} sure)"


def foreign(texts: Iterable[str], locale: Locale) -> Foreign | None:
    """In which other language texts are that came together; None when that is not sure enough, or `locale` is not known."""
    own, text = _CALLED.get(locale.language, locale.language), ". ".join(texts)
    letters = sum(c.isalpha() for c in text)
    limits = next(((sure, times) for least, sure, times in _LIMITS if letters >= least), None)
    chances = _chances(text) if limits else {}
    if limits is None or own not in chances:
        return None
    best = max(chances, key=lambda code: chances[code])
    sure, mine = (sum(chance for code, chance in chances.items() if _same(code, one)) for one in (best, own))
    if _same(best, own) or sure < limits[0] or sure < limits[1] * mine:
        return None
    return Foreign(language=best, sure=sure)


def nearer(text: str, found: Foreign, locale: Locale) -> bool:
    """Whether `text`, one of those that were judged together, has a part in the verdict: a name among them may have none."""
    chances = _chances(text)
    return chances.get(found.language, 0.0) > 2 * chances.get(_CALLED.get(locale.language, locale.language), 0.0)


def _same(one: str, other: str) -> bool:
    return one == other or any(one in group and other in group for group in _ONE)


def _chances(text: str) -> Mapping[str, float]:
    """Language -> probability; empty without the library."""
    reader = _reader()
    return {code: float(chance) for code, chance in reader.rank(text)} if reader is not None else {}


@cache
def _reader() -> Any:
    """The library's reader for the languages of the phrasebook, None when it is not installed. Takes half a second."""
    try:
        from py3langid.langid import MODEL_FILE, LanguageIdentifier
    except ImportError:
        return None
    reader = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    known: Sequence[str] = reader.nb_classes
    wanted = {tag.partition("-")[0] for tag in phrasebook().texts}
    reader.set_languages(sorted({_CALLED.get(code, code) for code in wanted} & set(known)))
    return reader


def _name(code: str) -> str:
    from babel import Locale as Cldr

    return Cldr.parse(code).get_display_name("en") or code
