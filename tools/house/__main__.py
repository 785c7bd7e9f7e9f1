"""`python -m house`: every complaint, one per line; exit code 1 when one counts."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from house import borders, names, shape, words
from house.complaint import ROOT, SOURCE, Complaint, modules


def complaints() -> Iterator[Complaint]:
    """Everything the house has to say about the checkout."""
    for folder in (SOURCE, ROOT / "src" / "affiche_fonts", ROOT / "tools" / "house", ROOT / "bench"):
        for module in modules(folder):
            yield from shape.check(module)
            if folder == SOURCE:
                yield from borders.check(module)
    for part in ("bench", "tools", "tests"):
        for module in modules(ROOT / part):
            yield from names.check(module)
    yield from words.check()


def main() -> int:
    """Prints the complaints, hard ones last. Returns the exit code."""
    found = sorted(complaints(), key=lambda c: (not c.soft, c.path, c.line))
    for complaint in found:
        print(complaint)
    hard = [c for c in found if not c.soft]
    print(f"house: {len(hard)} to mend, {len(found) - len(hard)} notes")
    return 1 if hard else 0


if __name__ == "__main__":
    sys.exit(main())
