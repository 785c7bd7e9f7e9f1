"""Runs in an environment of its own, which has translate-toolkit and not Affiche: opens a document, translates it, saves it.

    python toolkit.py DOCUMENT TARGET '{"unit": {"piece of the source": "piece of the target"}, "other unit": "plain text"}'

Pieces are translated around the inline elements; plain text replaces everything. Prints what the toolkit saw, as JSON.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from translate.storage.xliff2 import Xliff2File  # type: ignore[import-not-found]


def translated(element: Any, pieces: dict[str, str]) -> None:
    """Replaces the text inside an element, its inline elements stay."""
    element.sub = [pieces.get(part, part) if isinstance(part, str) else part for part in element.sub]
    for part in element.sub:
        if not isinstance(part, str):
            translated(part, pieces)


source, target, wanted = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
store = Xliff2File.parsefile(source)
seen = {}
for unit in store.units:
    name = unit.getid().partition("::")[0]
    seen[name] = {"source": str(unit.source), "target": str(unit.target or "")}
    new = wanted.get(name)
    if isinstance(new, str):
        unit.target = new
    elif new is not None:
        rich = unit.rich_source
        for element in rich:
            translated(element, new)
        unit.rich_target = rich
    if new is not None:
        unit.marktranslated()
store.savefile(target)
print(json.dumps({"seen": seen, "languages": [store.sourcelanguage, store.targetlanguage]}))
