"""Sentences: what rules, briefs and providers say in English, in the language of the page. Pure.

They speak English with names, numbers and quoted copy in it, and the API, manifests and exports keep it so. Each sentence is
known here by its words (`words/findings.toml` and its neighbours), with a hole for each thing that differs. What is not known
stays as it is, marked as English. `tests/unit/portal/test_sentences.py` holds the tables against the code that speaks.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from markupsafe import Markup, escape

from affiche.portal.words import direction

_FILES = ("findings.toml", "problems.toml", "reasons.toml", "notes.toml")
#: Letters that a sentence has of its own before it is looked for anywhere, and before what it holds need not be known itself.
_ENOUGH, _LITTLE = 9, 5
#: Longest text that is looked at.
_LONGEST = 1200
#: Holes that hold names of parts, or lists of them; and those that hold what is a sentence or several of its own.
_NAMES = frozenset({"role", "roles", "other", "what", "field"})
_SAID = frozenset({"why", "told", "reason", "hint", "then", "else"})
_HOLE = re.compile(r"\{(\w+)\}")
#: Holes that hold one word, as ids and addresses are.
_WORD = frozenset({"offer", "provider", "who", "host", "url"})
_SHORT, _LONG = r"\S+?", ".+?"
#: What many families say: it is looked for whatever a text is about; and what is hardly more than the sentence in it.
_ANY, _LAST = "any", "last"
#: Between sentences, and between names.
_BETWEEN: Mapping[str, tuple[str, str]] = {"ar": ("؛ ", "، "), "ja": ("", "、")}
_APART = ("; ", ", ")
#: Letters that run from right to left: such a name is isolated in every language.
_LEFTWARDS = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
#: What is written as code, and the unit behind a name or number that is isolated.
_CODE, _UNIT = re.compile("`[^`]+`"), re.compile("\u2069( ?(?:px|kB|MB|%))(?!\\w)")
#: How deep sentences stand in sentences.
_DEEP = 3


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence with its holes, and how each language says it."""

    english: str
    pattern: re.Pattern[str]
    said: Mapping[str, str]

    @property
    def holes(self) -> Sequence[str]:
        return _HOLE.findall(self.english)


@dataclass(frozen=True, slots=True)
class Catalog:
    """Every sentence: those without holes by their words, the others by what they are about, those with most words first.

    `holed` are those that say enough to be known wherever they stand.
    """

    plain: Mapping[str, Sentence]
    about: Mapping[str, Sequence[Sentence]]
    holed: Sequence[Sentence]


@cache
def catalog() -> Catalog:
    """The tables."""
    plain: dict[str, Sentence] = {}
    about: defaultdict[str, list[Sentence]] = defaultdict(list)
    for group, sentence in rows():
        if sentence.holes:
            about[group].append(sentence)
        else:
            plain[sentence.english] = sentence
    groups = {group: sorted(found, key=_words) for group, found in about.items()}
    sure = (one for found in about.values() for one in found if -_words(one)[0] >= _ENOUGH)
    return Catalog(plain, groups, sorted(sure, key=_words))


def rows() -> Sequence[tuple[str, Sentence]]:
    """(what it is about, sentence), in the order of the files."""
    found = []
    for name in _FILES:
        table = tomllib.loads(files("affiche.portal").joinpath("words", name).read_text("utf-8"))
        for group, sentences in table.items():
            for row in sentences:
                said = {tag: _CODE.sub(_apart_code, text) if direction(tag) == "rtl" else text for tag, text in row.items()}
                found.append((group, Sentence(row["en"], _pattern(row["en"]), said)))
    return found


def _pattern(english: str) -> re.Pattern[str]:
    """What matches a sentence; a hole that stands twice holds the same twice."""
    seen: set[str] = set()

    def hole(match: re.Match[str]) -> str:
        name = match[1]
        if name in seen:
            return f"(?P={name})"
        seen.add(name)
        return f"(?P<{name}>{_SHORT if name in _WORD else _LONG})"

    parts = _HOLE.split(english)
    text = "".join(re.escape(part) if n % 2 == 0 else "{" + part + "}" for n, part in enumerate(parts))
    return re.compile(_HOLE.sub(hole, text), re.DOTALL)


def _words(sentence: Sentence) -> tuple[int, int]:
    """Most words of its own first: what says more of a text is surer."""
    own = _HOLE.sub("", sentence.english)
    return -sum(letter.isalpha() for letter in own), -len(own)


@lru_cache(maxsize=16384)
def known(text: str, language: str, about: str = "") -> str | None:
    """`text` in `language`; None when it is not known. `about`: the rule or code it belongs to, tried first."""
    return _known(text, language, about, 0)


def plain(text: str, language: str, about: str = "") -> str:
    """`text` in `language` as far as it is known, else as it is."""
    return text if language == "en" or not text else known(text, language, about) or text


def value(text: str, language: str, about: str = "") -> str:
    """What was measured or is wanted: said like `plain`, and isolated when it is no words but a number, a name or copy."""
    said = known(text, language, about) if text and language != "en" else None
    return said if said is not None else _apart(text, language)


def shown(text: str, language: str, about: str = "") -> Markup:
    """The same for a page: code as code, and what is not known marked as English, so that it reads right in any direction."""
    said = known(text, language, about) if text and language != "en" else text
    if said is not None:
        return _marked(said)
    return Markup('<span lang="en" dir="ltr">{}</span>').format(_marked(text))


def _marked(text: str) -> Markup:
    return Markup(_CODE.sub(lambda code: f"<code>{code[0][1:-1]}</code>", str(escape(text))))  # noqa: S704 - escaped before


def _known(text: str, language: str, about: str, depth: int) -> str | None:
    tables = catalog()
    if found := tables.plain.get(text):
        return found.said[language]
    if len(text) > _LONGEST:
        return None
    said, sure = _matched(text, (*_near(about), *tables.about.get(_ANY, ()), *tables.holed), language, about, depth)
    if said is None or not sure:
        said = _parts(text, language, about, depth) or said
    return said or _matched(text, tables.about.get(_LAST, ()), language, about, depth)[0]


def _matched(text: str, sentences: Iterable[Sentence], language: str, about: str, depth: int) -> tuple[str | None, bool]:
    """`text` by the first of `sentences` that it can be, and whether that is sure: no name in it holds several sentences."""
    last: str | None = None
    for sentence in sentences:
        match = sentence.pattern.fullmatch(text)
        if match and (-_words(sentence)[0] >= _LITTLE or _holds(match.groupdict(), language, about, depth)):
            said = _filled(sentence, match.groupdict(), language, about, depth)
            if not any(_APART[0] in value for name, value in match.groupdict().items() if name not in _SAID):
                return said, True
            last = last or said
    return last, False


def _holds(values: Mapping[str, str], language: str, about: str, depth: int) -> bool:
    """Whether the sentences in a sentence that says little of its own are known, if there are any."""
    return depth < _DEEP and all(_known(value, language, about, depth + 1) for name, value in values.items() if name in _SAID)


def _near(about: str) -> Sequence[Sentence]:
    """The sentences of a rule (`text.size`), or of the rule or family that a code begins with (`file.syntax` -> `file`)."""
    groups, name = catalog().about, about
    while name and name not in groups:
        name = name.rpartition(".")[0]
    return groups.get(name, ())


def _parts(text: str, language: str, about: str, depth: int) -> str | None:
    """Several sentences one after another, when each of them is known."""
    parts = text.split(_APART[0])
    if len(parts) == 1 or depth > _DEEP:
        return None
    said = [_known(part, language, about, depth + 1) for part in parts]
    return _BETWEEN.get(language, _APART)[0].join(one for one in said if one) if all(said) else None


def _filled(sentence: Sentence, values: Mapping[str, str], language: str, about: str, depth: int) -> str:
    filled = {name: _value(name, value, language, about, depth) for name, value in values.items()}
    return _UNIT.sub("\\1\u2069", _HOLE.sub(lambda hole: filled.get(hole[1], hole[0]), sentence.said[language]))


def _value(name: str, value: str, language: str, about: str, depth: int) -> str:
    if name in _NAMES:
        listed = [_named(part, language) for part in value.split(", ")]
        return _BETWEEN.get(language, _APART)[1].join(listed)
    said = _known(value, language, about, depth + 1) if name in _SAID and depth < _DEEP else None
    return said if said is not None else _apart(value, language)


def _named(name: str, language: str) -> str:
    if found := catalog().plain.get(name):
        return found.said[language]
    for sentence in catalog().about.get("name", ()):
        if match := sentence.pattern.fullmatch(name):
            return _filled(sentence, match.groupdict(), language, "", 0)
    return _apart(name, language)


def _apart_code(code: re.Match[str]) -> str:
    return f"\u2068{code[0]}\u2069"


def _apart(value: str, language: str) -> str:
    """A name, number or quotation, isolated where it may run the other way than the sentence around it."""
    if direction(language) == "rtl" or _LEFTWARDS.search(value):
        return f"\u2068{value}\u2069"
    return value
