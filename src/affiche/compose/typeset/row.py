"""Row: a text cut into segments with their widths, all on one line; what a line of some of them measures is a subtraction.

Widths in em. Made by measure.py, once per text and way of breaking. Next: balance.py divides it into lines.
"""

from __future__ import annotations

from itertools import accumulate

from affiche.compose.typeset.breaks import Segment


class Row:
    """Segments as prefix sums. `hyphen` is the width of the hyphen that a line may end with; the longest segment and all
    of them on one line are `longest` and `total` wide."""

    __slots__ = ("hard", "hyphen", "longest", "segments", "starts", "total", "until", "widths")

    def __init__(self, segments: tuple[Segment, ...], widths: list[float], spaces: list[float], hyphen: float) -> None:
        self.segments = segments
        self.widths = widths
        self.hyphen = hyphen
        self.starts = [0.0, *accumulate([w + s for w, s in zip(widths, spaces, strict=True)])]
        self.longest, self.total = max(widths), sum(widths) + sum(spaces[:-1])
        self.hard = [s.hard for s in segments]
        #: The first segment that ends its line whatever the width; no line may go on behind it.
        self.until = self.hard.index(True) if True in self.hard else len(segments)

    def width(self, first: int, last: int) -> float:
        """Width of the line from segment `first` to `last` inclusive."""
        ink = self.starts[last] - self.starts[first] + self.widths[last]
        return ink + self.hyphen if self.segments[last].hyphen else ink

    def text(self, first: int, last: int) -> str:
        """The line as drawn: inner spaces kept, a soft hyphen at the end made visible."""
        inner = "".join([s.text + s.space for s in self.segments[first:last]])
        return inner + self.segments[last].text + ("-" if self.segments[last].hyphen else "")
