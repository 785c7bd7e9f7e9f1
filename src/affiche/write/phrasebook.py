"""The phrasebook: reviewed button texts in many languages. Data: `data/phrasebook.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from affiche.values.locale import Locale

_EDGE = re.compile(r"^[\s\W_]+|[\s\W_]+$")
#: How languages exclaim, where it is not simply a mark at the end (French: a narrow no-break space before it).
_EXCLAIMED = {"es": "¡{}!", "fr": "{}\u202f!", "zh": "{}！", "ja": "{}！", "th": "{}", "hy": "{}"}
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrasebook:
    """`texts`: tag -> phrase id -> text. `ids`: any known wording, folded -> phrase id."""

    texts: Mapping[str, Mapping[str, str]]
    ids: Mapping[str, str]

    def lookup(self, text: str, locale: str) -> tuple[str, str] | None:
        """(the phrase in `locale`, tag it was found under) when `text` is a known phrase in any language; None otherwise.

        Capitals are kept: `SHOP NOW` stays in capitals where the script has them; a closing `!` or arrow is kept too.
        """
        phrase = self.ids.get(folded(text))
        if phrase is None:
            return None
        target = Locale.parse(locale)
        for tag in (f"{target.language}-{target.script}-{target.region}", *_chain(target)):
            found = self.texts.get(tag, {}).get(phrase)
            if found:
                return _dressed(found, text, target), tag
        return None


def folded(text: str) -> str:
    """Lower case, single spaces, nothing but letters at the ends."""
    return _SPACE.sub(" ", _EDGE.sub("", text.casefold().replace("'", "’")))


def _chain(target: Locale) -> tuple[str, ...]:
    own = (target.tag, f"{target.language}-{target.script}")
    latin_america = target.language == "es" and target.region not in ("", "ES", "GQ")
    return (*own, *(("es-419",) if latin_america else ()), target.language)


def _dressed(found: str, like: str, target: Locale) -> str:
    """In the source's capitals, and with its exclamation mark as the target language writes it."""
    letters = [c for c in like if c.isalpha()]
    shouted = len(letters) > 3 and all(c.isupper() for c in letters) and found.upper() != found.lower()
    # Georgian capitals (Mtavruli) are a matter of style of their own, and few fonts have them.
    text = found.upper() if shouted and target.script != "Geor" else found
    return (
        _EXCLAIMED.get(target.language, "{}!").format(text) if like.rstrip().endswith(("!", "！")) else text
    )


@cache
def phrasebook() -> Phrasebook:
    """The shipped phrasebook."""
    raw = files("affiche.write").joinpath("data", "phrasebook.toml").read_text("utf-8")
    data = tomllib.loads(raw)
    order: list[str] = data["order"]
    texts = {tag: dict(zip(order, row, strict=True)) for tag, row in data["texts"].items()}
    ids: dict[str, str] = {}
    for phrase, wordings in data["aliases"].items():
        ids |= {folded(wording): phrase for wording in wordings}
    for row in reversed(texts.values()):
        for phrase in reversed(order):
            ids[folded(row[phrase])] = phrase
    return Phrasebook(texts=texts, ids=ids)
