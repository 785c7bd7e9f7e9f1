"""Row: a text cut into segments with their widths, all on one line; what a line of some of them measures is a subtraction.

Widths in em. Made by measure.py, once per text and way of breaking. Next: balance.py divides it into lines.
"""

from __future__ import annotations

from itertools import accumulate
from math import inf

from affiche.compose.typeset.breaks import Segment


class Row:
    """Segments as prefix sums. The longest segment and all of them on one line are `longest` and `total` wide; `hyphens` is
    what each adds to a line that it ends."""

    __slots__ = ("hard", "hyphens", "longest", "narrowest", "segments", "starts", "total", "widths")

    def __init__(self, segments: tuple[Segment, ...], widths: list[float], spaces: list[float], hyphen: float) -> None:
        self.segments = segments
        self.widths = widths
        self.hyphens = [hyphen if s.hyphen else 0.0 for s in segments]
        self.starts = [0.0, *accumulate([w + s for w, s in zip(widths, spaces, strict=True)])]
        self.longest, self.total = max(widths), sum(widths) + sum(spaces[:-1])
        self.hard = [s.hard for s in segments]
        #: For each number of lines less one and each segment that may end them: how wide the widest line is at least. The first
        #: line does not go on behind a segment that ends its line whatever the width; further lines are added when asked for.
        until = self.hard.index(True) if True in self.hard else len(segments)
        self.narrowest = [[inf if last > until else self.width(0, last) for last in range(len(segments))]]

    def width(self, first: int, last: int) -> float:
        """Width of the line from segment `first` to `last` inclusive."""
        return self.starts[last] - self.starts[first] + self.widths[last] + self.hyphens[last]

    def text(self, first: int, last: int) -> str:
        """The line as drawn: inner spaces kept, a soft hyphen at the end made visible."""
        inner = "".join([s.text + s.space for s in self.segments[first:last]])
        return inner + self.segments[last].text + ("-" if self.segments[last].hyphen else "")
