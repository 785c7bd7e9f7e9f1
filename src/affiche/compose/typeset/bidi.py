"""Bidi: which characters of a right-to-left line run from right to left; the rules of UAX #9 (revision 48, 2023) that lines need.

A line is one isolate of level 1 without controls of its own: what runs leftward has level 1, numbers and foreign words have
level 2. Lines that hold more than that (controls, brackets beside Latin letters) are None here, and the engine tells.
Next: glyphs.py.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

#: A letter for each bidirectional class that may stand in a line; joiners go with what they follow, as marks do.
_KINDS = {"L": "L", "R": "R", "AL": "A", "EN": "E", "AN": "N", "ES": "S", "ET": "T", "CS": "C", "NSM": "M", "BN": "M", "WS": "W",
          "ON": "O"}  # fmt: skip


def _all(kind: str) -> Callable[[re.Match[str]], str]:
    return lambda found: kind * len(found.group())


#: What each rule finds, and what becomes of it. Marks count as what they follow (W1), numbers after Arabic letters as Arabic
#: (W2), signs inside and beside numbers as numbers (W4, W5), numbers after Latin letters as letters (W7), and what lies
#: between Latin letters as Latin (N1); anything else runs leftward (N2).
_RULES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (re.compile("^M+"), _all("R")),
    (re.compile("(.)M+"), lambda found: found.group(1) * len(found.group())),
    (re.compile("A[^LR]*"), lambda found: found.group().replace("E", "N")),
    (re.compile("(?<=E)[SC](?=E)"), _all("E")),
    (re.compile("(?<=N)C(?=N)"), _all("N")),
    (re.compile("T+(?=E)|(?<=E)T+"), _all("E")),
    (re.compile("L[^RA]*"), lambda found: found.group().replace("E", "L")),
    (re.compile("(?<=L)[SCTWO]+(?=L)"), _all("L")),
)


@lru_cache(maxsize=4096)
def leftward(text: str) -> tuple[bool, ...] | None:
    """For each character of a right-to-left line whether it runs from right to left; None when only the engine can tell."""
    kinds = "".join(_KINDS.get(unicodedata.bidirectional(character), "?") for character in text)
    if "?" in kinds or ("L" in kinds and any(unicodedata.category(character) in ("Ps", "Pe") for character in text)):
        return None
    for rule, becomes in _RULES:
        kinds = rule.sub(becomes, kinds)
    return tuple(kind not in "LEN" for kind in kinds)
