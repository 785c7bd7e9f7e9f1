"""Joints: at which of the places where a long word may be divided a reader would divide it.

Spelling allows a break after every syllable; a compound reads well only when it is divided where its words meet
(`Lebensmittel-verträglichkeit`, not `Lebensmittelver-träglichkeit`). No dictionary says where that is, but endings, prefixes
and the letters that join words rule out most of the other places. Tables by language; pure text. Next: breaks.py.
"""

from __future__ import annotations

from collections.abc import Sequence

#: Beginnings that are no words of their own: a line must not end behind them.
_PREFIXES = {
    "de": ("ver", "be", "ge", "ent", "er", "zer", "emp", "miss", "un", "vor", "ein", "aus", "auf", "an", "ab", "zu"),
    "nl": ("ver", "be", "ge", "ont", "her", "er"), "sv": ("för", "be", "ge", "an", "ut", "in"),
    "da": ("for", "be", "ge", "an", "ud", "ind"), "nb": ("for", "be", "ge", "an", "ut", "inn"),
}  # fmt: skip
#: Endings that are no words of their own: a line must not start with them. Those of the second kind only when they are a
#: whole syllable, for words begin like them too.
_SUFFIXES = {
    "de": ("keit", "heit", "schaft", "lich", "ung", "dig", "tion", "sion", "tät"),
    "nl": ("heid", "heden", "lijk", "schap", "baar"),
    "sv": ("het", "skap", "lig"), "da": ("hed", "skab", "lig"), "nb": ("het", "skap", "lig"),
}  # fmt: skip
_SYLLABLES = {
    "de": ("tung", "rung", "lung", "nung", "dung", "bung", "gung", "isch", "chen", "lein", "bar", "sam", "haft", "los", "nis",
           "tum", "ter", "ten", "ler", "ner", "ker", "sche", "schen", "scher", "ren", "len", "nen", "den", "gen", "ben"),
    "nl": ("ing", "ten", "tie", "loos", "den", "gen"), "sv": ("ning", "bar", "else", "tion", "are"),
    "da": ("ning", "bar", "else", "tion", "ere"), "nb": ("ning", "bar", "else", "sjon", "ere"),
}  # fmt: skip
#: Letters that join the words of a compound: dividing behind them is right more often than not.
_LINKS = {"de": ("ungs", "heits", "keits", "schafts", "tions", "täts", "lings", "tums", "ens"), "sv": ("s",),
          "da": ("s",), "nb": ("s",)}  # fmt: skip
_NONE = ("\0",)
#: A word hardly ever starts with a syllable of fewer letters.
_LEAST = 3


def joints(word: str, syllables: Sequence[int], language: str) -> tuple[int, ...]:
    """Those of the places between `syllables` (numbers of letters before them) that look like the joint of a compound.

    When letters that join words are among them only those; when nothing looks like a joint all of them.
    """
    low = word.lower()
    edges = [0, *syllables, len(low)]
    likely, linked = [], []
    for before, at, after in zip(edges, edges[1:], edges[2:], strict=False):
        if low.startswith(_SUFFIXES.get(language, _NONE), at) or low[before:at] in _PREFIXES.get(language, _NONE):
            continue
        if low[:at].endswith(_LINKS.get(language, _NONE)):
            linked.append(at)
        if after - at >= _LEAST and low[at:after] not in _SYLLABLES.get(language, _NONE):
            likely.append(at)
    return tuple(linked or likely or syllables)
