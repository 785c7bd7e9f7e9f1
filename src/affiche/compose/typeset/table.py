"""Table: answers by key, found when first asked for; what is asked once for every letter of every text costs a look-up then.

`map(table.__getitem__, keys)` answers for many keys without a call of Python code for each. Next: fonts.py, itemize.py.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

_Key = TypeVar("_Key")
_Answer = TypeVar("_Answer")

#: Answers that are kept; the letters of all languages in use are far fewer.
_MOST = 16384


class Table(dict[_Key, _Answer]):
    """The answers of `find`. When there are too many, all are forgotten: sharing them changes no result."""

    def __init__(self, find: Callable[[_Key], _Answer]) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, key: _Key) -> _Answer:
        if len(self) >= _MOST:
            self.clear()
        found = self[key] = self._find(key)
        return found
