"""JSON of objects that hold a list of mostly the same few objects, as creatives hold findings: each of those is written once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


class Repeats:
    """Writes objects as `json.dumps` does with the same `sort_keys` and `separators`, other scripts left readable.

    `repeated` names the list; its items are known by their identity, so they must live as long as this does.
    """

    def __init__(self, repeated: str, *, sort_keys: bool = False, separators: tuple[str, str] = (", ", ": ")) -> None:
        self._repeated = repeated
        self._sorted, self._separators = sort_keys, separators
        self._told: dict[int, str] = {}

    def text(self, item: Any) -> str:
        """`item` as JSON; anything but an object with that list is written as it is."""
        if not isinstance(item, Mapping) or not isinstance(item.get(self._repeated), list):
            return self._dumps(item)
        names = sorted(item) if self._sorted else list(item)
        at = names.index(self._repeated)
        before, after = ({name: item[name] for name in part} for part in (names[:at], names[at + 1 :]))
        for one in item[self._repeated]:
            if id(one) not in self._told:
                self._told[id(one)] = self._dumps(one)
        comma, colon = self._separators
        same = f"{self._dumps(self._repeated)}{colon}[{comma.join([self._told[id(one)] for one in item[self._repeated]])}]"
        parts = (self._dumps(before)[1:-1], same, self._dumps(after)[1:-1])
        return "{" + comma.join(part for part in parts if part) + "}"

    def _dumps(self, value: Any) -> str:
        return json.dumps(value, ensure_ascii=False, sort_keys=self._sorted, separators=self._separators)
