"""Itemize: cut a text into runs that each take their glyphs from one list of faces, and choose those faces.

Decides the primary script, which script neutral characters belong to, what is an emoji, which face carries a
script for *all* of its letters in the text (a headline with one letter from another face looks broken), and
what nobody covers. Works on code points and the coverage of fonts.py; draws nothing. Next: measure.py.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from affiche.compose.typeset import fonts
from affiche.compose.typeset.table import Table
from affiche.compose.typeset.unicode_ranges import EMOJI, EMOJI_PRESENTATION, SCRIPTS
from affiche.values.quick import quick

EMOJI_ALIAS = "Noto Color Emoji 400"
#: Scripts one face usually has together; a spare of one may still be needed for another, or for rare signs.
_SHARED = frozenset({"Latn", "Cyrl", "Grek"})
_CJK = frozenset({"Hani", "Hira", "Kana", "Hang", "Bopo"})
#: What the script of a locale is called among the scripts of characters.
_PRIMARY = {"Jpan": "Hani", "Hans": "Hani", "Hant": "Hani", "Kore": "Hang", "Aran": "Arab"}
#: Punctuation both Latin and CJK fonts have; beside ideographs it must be full width, so it comes from the
#: CJK face.
_CJK_AMBIGUOUS = frozenset("‘’“”…—―·‥‧※")
_JOINERS = frozenset("\u200c\u200d\ufe0e\ufe0f")
#: Never drawn by themselves, so never missing: bidi and joining controls, selectors, soft hyphen, word
#: joiner.
_INVISIBLE = frozenset("\u00ad\u034f\u061c\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u2060\ufeff\ufe0e\ufe0f\n\t") | {
    chr(c) for c in (*range(0x202A, 0x202F), *range(0x2066, 0x206A), *range(0xE0020, 0xE0080))
}
_SKIN = range(0x1F3FB, 0x1F400)
_FLAG = range(0x1F1E6, 0x1F200)
_TAGS = range(0xE0020, 0xE0080)
#: What starts an emoji by itself or makes one of the character before: most texts hold none, and need no closer look.
_MAYBE_EMOJI = re.compile("[\u231a-\u2fff\ufe0f\U0001f000-\U0010ffff]")
_LATIN = re.compile("[A-Za-z]")

_SCRIPT_STARTS = [start for start, _, _ in SCRIPTS]
_EMOJI_STARTS = [start for start, _ in EMOJI]
_PRESENTATION_STARTS = [start for start, _ in EMOJI_PRESENTATION]


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A stretch of text and the aliases its glyphs are looked up in, first match wins."""

    text: str
    fonts: tuple[str, ...]
    emoji: bool = False


def script_of(character: str) -> str:
    """ISO 15924 code of a character, `` for common, inherited and unsupported ones."""
    return _SCRIPT_OF[character]


def scripts_in(text: str) -> set[str]:
    """The scripts of a text's characters, common ones left out."""
    if text.isascii():
        return {"Latn"} if _LATIN.search(text) else set()
    return set(map(_SCRIPT_OF.__getitem__, set(text))) - {""}


def _looked_up(character: str) -> str:
    cp = ord(character)
    at = bisect_right(_SCRIPT_STARTS, cp) - 1
    return SCRIPTS[at][2] if at >= 0 and cp <= SCRIPTS[at][1] else ""


_SCRIPT_OF: Table[str, str] = Table(_looked_up)


def primary_script(text: str, locale_script: str) -> str:
    """The script that leads a text: that of its locale when present in it, else the most frequent, else the
    locale's."""
    home = _PRIMARY.get(locale_script, locale_script)
    if home in map(_SCRIPT_OF.__getitem__, text):
        return home
    present = scripts_in(text)
    if not present or (home == "Hani" and present & _CJK):
        return home
    return Counter(script for script in map(script_of, text) if script).most_common(1)[0][0]


@lru_cache(maxsize=2048)
def choose_fonts(text: str, family: str, weight: int, locale_script: str) -> tuple[str, ...]:
    """The alias chain for a text: faces that carry its scripts completely, then what remains as a safety
    net."""
    primary = primary_script(text, locale_script)
    lead = locale_script if _PRIMARY.get(locale_script, locale_script) == primary else primary
    chosen = list(_complete(fonts.chain(family, weight, lead), text, primary))
    for script in sorted(scripts_in(text) - {primary}):
        extra = _complete(fonts.chain(family, weight, script), text, script)
        chosen += [alias for alias in extra if script in fonts.scripts_of(alias)]
    return tuple(dict.fromkeys(chosen))


def _complete(chain: tuple[str, ...], text: str, script: str) -> tuple[str, ...]:
    """Keep the first face designed for the script that has all its letters; drop those before it and its
    spares.

    A spare of the same script would only lend digits that do not match; those come from the asked family
    instead. A brand's own face is kept even when it lacks a letter: the brand chose it, and `borrowed` tells.
    """
    letters = [c for c in set(text) if _SCRIPT_OF[c] == script]
    whole = (a for a in _designed(chain, script) if fonts.is_brand(a) or fonts.covers_all(a, letters))
    first = next(whole, None)
    return _led_by(chain, script, first) if first else chain


@lru_cache(maxsize=1024)
def _designed(chain: tuple[str, ...], script: str) -> tuple[str, ...]:
    """The faces of the chain that were designed for the script."""
    kin = {script, "Aran"} if script == "Arab" else {script}
    return tuple(a for a in chain if kin & fonts.scripts_of(a))


@lru_cache(maxsize=1024)
def _led_by(chain: tuple[str, ...], script: str, first: str) -> tuple[str, ...]:
    """The chain without the faces of the script before `first`, and without its spares."""
    own = _designed(chain, script)
    spare = {a for a in own if script not in _SHARED and fonts.scripts_of(a) <= {script, "Arab", "Aran"}}
    dropped = ({*own[: own.index(first)]} | spare) - {first}
    return tuple(a for a in chain if a not in dropped)


def missing(text: str, chain: tuple[str, ...]) -> tuple[str, ...]:
    """Characters no face of the chain covers, in order of first appearance. Empty means tofu is
    impossible."""
    covered = _covered_by(chain)
    if all(map(covered.__getitem__, set(text) - _INVISIBLE)):
        return ()
    return tuple(c for c in dict.fromkeys(text) if c not in _INVISIBLE and not covered[c])


@lru_cache(maxsize=1024)
def _covered_by(chain: tuple[str, ...]) -> Table[str, bool]:
    """Whether any face of the chain has a character."""
    return Table(lambda character: any(fonts.covers(alias, ord(character)) for alias in chain))


def borrowed(text: str, chain: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """(character, alias it comes from) for what a brand's face lacks of a script that it otherwise has, signs included.

    Whole scripts, emoji and spaces are not borrowed: they are expected to come from elsewhere.
    """
    own = next((a for a in chain if fonts.is_brand(a)), None)
    if own is None:
        return ()
    home = {*fonts.scripts_of(own), ""}
    seen = [c for c in dict.fromkeys(text) if c not in _INVISIBLE and not c.isspace() and script_of(c) in home]
    lacking = [c for c in seen if not fonts.covers(own, ord(c)) and not _is_emoji(c)]
    found = ((c, next((a for a in chain if fonts.covers(a, ord(c))), "")) for c in lacking)
    return tuple((c, alias) for c, alias in found if alias)


def runs(text: str, chain: tuple[str, ...], locale_script: str) -> tuple[Run, ...]:
    """Cut a line into runs; joined they are the line again. Neighbours always differ in their faces."""
    if text.isascii() and "Latn" in fonts.scripts_of(chain[0]):
        return (Run(text=text, fonts=chain),) if text else ()
    primary = _leading(chain, locale_script)
    if text and all(map(_ordinary(chain[0], primary).__getitem__, set(text))):
        return (_run(text, _faces(primary, chain)),)
    owners = _owners(text, primary, digits=_digit_owner(primary, chain), emoji=EMOJI_ALIAS in chain)
    _keep_numbers_whole(text, owners, chain[0])
    faces = {owner: _faces(owner, chain) for owner in set(owners)}
    groups = groupby(zip(owners, text, strict=True), key=lambda pair: faces[pair[0]])
    return tuple(_run("".join(c for _, c in group), run) for run, group in groups)


@lru_cache(maxsize=1024)
def _leading(chain: tuple[str, ...], locale_script: str) -> str:
    """The script that neutral characters of a line go by: the locale's where the leading face has it."""
    home = _PRIMARY.get(locale_script, locale_script)
    return home if home in fonts.scripts_of(chain[0]) or locale_script == "Aran" else _first_script(chain[0], home)


@lru_cache(maxsize=1024)
def _ordinary(alias: str, primary: str) -> Table[str, bool]:
    """Which characters leave a line whole: neutral ones and those of the leading script, when the leading face has them.

    In CJK text neutral characters may be Latin's, and no character is ordinary.
    """
    return Table(
        lambda character: primary not in _CJK and script_of(character) in ("", primary)
        and _MAYBE_EMOJI.match(character) is None and fonts.covers(alias, ord(character))
    )  # fmt: skip


def _run(text: str, faces: tuple[str, ...]) -> Run:
    return Run(text=text, fonts=faces, emoji=faces == (EMOJI_ALIAS,))


def _first_script(alias: str, home: str) -> str:
    return next(iter(sorted(fonts.scripts_of(alias))), home)


@lru_cache(maxsize=1024)
def _faces(owner: str, chain: tuple[str, ...]) -> tuple[str, ...]:
    """The chain with the faces designed for `owner` first."""
    if owner == "Zsye":
        return (EMOJI_ALIAS,)
    kin = {"Arab": {"Arab", "Aran"}}.get(owner, {owner})
    plain = [a for a in chain if a != EMOJI_ALIAS]
    own = [a for a in plain if kin & fonts.scripts_of(a)]
    return tuple(dict.fromkeys([*own, *plain]))


def _digit_owner(primary: str, chain: tuple[str, ...]) -> str:
    """Whose face draws digits and ASCII signs in CJK text: the Latin one, unless serifs or a condensed face
    would clash."""
    latin = next((a for a in chain if "Latn" in fonts.scripts_of(a)), "")
    return "Latn" if fonts.feel_of(latin) == "sans" else primary


def _owners(text: str, primary: str, *, digits: str, emoji: bool) -> list[str]:
    """One script code per character; neutral characters are given to a neighbour or to the primary script."""
    mask = _emoji_mask(text) if emoji else [False] * len(text)
    owners = [("Zsye" if is_emoji else script_of(c)) for c, is_emoji in zip(text, mask, strict=True)]
    for at in range(len(text)):
        if not owners[at]:
            owners[at] = _neutral(text, owners, at, primary, digits)
    return owners


#: A number with its signs: drawn by one face or it looks broken.
_NUMBER = re.compile(r"[+\-–$€£¥₹₪]?[0-9][0-9.,:/]*(?:[\u00a0 ]?[%‰°$€£¥₹₪₽₺])?")


def _keep_numbers_whole(text: str, owners: list[str], alias: str) -> None:
    """Give a number to the Latin face where `alias`, the leading face, has not all its signs."""
    for match in _NUMBER.finditer(text):
        if not fonts.covers_all(alias, match.group()):
            for at in range(*match.span()):
                owners[at] = "Latn" if owners[at] != "Zsye" else owners[at]


def _neutral(text: str, owners: list[str], at: int, primary: str, digits: str) -> str:
    """Whose face draws a neutral character: marks and joiners go with their base, the rest by the primary
    script's habit."""
    character, before = text[at], owners[at - 1] if at else ""
    if before and (character in _JOINERS or unicodedata.category(character) in ("Mn", "Me")):
        return before
    if primary in _CJK:
        return _cjk_neutral(owners, at, character, primary, digits)
    category = unicodedata.category(character)
    if category in ("Ps", "Pe", "Pi", "Pf", "Zs") or not before or before in ("Zsye", primary):
        return primary
    after = next((script_of(c) for c in text[at + 1 : at + 2]), "")
    joined = category in ("Nd", "No", "So", "Pd", "Pc") or (after == before and not text[at - 1].isspace())
    return before if joined and not text[at - 1].isspace() else primary


def _cjk_neutral(owners: list[str], at: int, character: str, primary: str, digits: str) -> str:
    """In CJK text digits and ASCII follow the Latin face; wide and ambiguous punctuation is full width."""
    if unicodedata.east_asian_width(character) in "WF":
        return primary
    if character in _CJK_AMBIGUOUS:
        beside = {owners[at - 1] if at else "", owners[at + 1] if at + 1 < len(owners) else ""}
        return "Latn" if beside == {"Latn"} else primary
    beside_latin = at > 0 and owners[at - 1] == "Latn" and digits != "Latn"
    return "Latn" if beside_latin else digits


def has_emoji(text: str) -> bool:
    """Whether any character is drawn as colour emoji."""
    return not text.isascii() and any(_emoji_mask(text))


def _emoji_mask(text: str) -> list[bool]:
    """Which characters belong to an emoji sequence: presentation, VS16, keycaps, flags, skin tones, ZWJ
    joins, tags."""
    if _MAYBE_EMOJI.search(text) is None:
        return [False] * len(text)
    mask = [_starts_emoji(text, at) for at in range(len(text))]
    for at in range(1, len(text)):
        character, cp = text[at], ord(text[at])
        if mask[at - 1] and (character in "\ufe0f\u20e3" or cp in _SKIN or cp in _TAGS):
            mask[at] = True
        elif mask[at - 1] and character == "\u200d" and _is_emoji(text[at + 1 : at + 2]):
            mask[at] = mask[at + 1] = True
    return mask


def _starts_emoji(text: str, at: int) -> bool:
    cp, follows = ord(text[at]), text[at + 1 : at + 2]
    if cp in _FLAG:
        return True
    if follows == "\ufe0f":
        return _in(EMOJI, _EMOJI_STARTS, cp)
    return follows != "\ufe0e" and _in(EMOJI_PRESENTATION, _PRESENTATION_STARTS, cp)


def _is_emoji(character: str) -> bool:
    return bool(character) and _in(EMOJI, _EMOJI_STARTS, ord(character))


def _in(table: tuple[tuple[int, int], ...], starts: list[int], cp: int) -> bool:
    at = bisect_right(starts, cp) - 1
    return at >= 0 and cp <= table[at][1]
