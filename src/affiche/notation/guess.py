"""What an unknown word was probably meant to be."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`did you mean ...?`, or nothing when nothing is close."""
    lowered = {name.lower(): name for name in known}
    close = difflib.get_close_matches(word.lower()[:80], list(lowered), n=1, cutoff=0.6)
    return f"did you mean {lowered[close[0]]!r}?" if close else ""
