"""Canvas: whether a photograph is extended to a shape instead of being cropped, and what to ask for. Pure; no pixels.

A crop is good enough while it shows the share that the rule `picture.crop` asks for. An extension is out of the question where
more than `INVENTED_MOST` of the result would be invented.
"""

from __future__ import annotations

from dataclasses import dataclass

from affiche.values.geometry import Rect, Size
from affiche.values.imagery import Margins

#: Below this share of the photograph a crop is too tight (the limit `photo_share` of the rule `picture.crop`).
SHOWN_LEAST = 0.35
#: Above this share of the result too much would be invented: then the crop, or another template, is the lesser evil.
INVENTED_MOST = 0.72
#: What is asked for has about this many pixels, and sides that every provider takes.
_PIXELS, _STEP = 1_500_000, 64
#: Of what is added above and below, the larger part goes above: words are set there.
_ABOVE = 0.62


@dataclass(frozen=True, slots=True, kw_only=True)
class Canvas:
    """What is sent: the photograph scaled to `source`, and the `margins` to add; together `size`."""

    source: Size
    margins: Margins

    @property
    def size(self) -> Size:
        margins = self.margins
        width = self.source.width + margins.left + margins.right
        return Size(width=width, height=self.source.height + margins.top + margins.bottom)

    @property
    def place(self) -> Rect:
        """Where the photograph lies, fractions of the whole."""
        size, margins = self.size, self.margins
        return Rect(
            margins.left / size.width, margins.top / size.height, self.source.width / size.width, self.source.height / size.height
        )


def shown(photo: Size, shape: Size) -> float:
    """The share of `photo` that the largest crop of `shape` shows, 0..1."""
    return min(photo.ratio / shape.ratio, shape.ratio / photo.ratio)


def canvas_for(photo: Size, shape: Size) -> Canvas | None:
    """What to ask for so that `photo` gets `shape` whole; None when a crop is good enough or too much would be invented."""
    share = shown(photo, shape)
    if share >= SHOWN_LEAST or 1 - share > INVENTED_MOST:
        return None
    width = max(_STEP, round((_PIXELS * shape.ratio) ** 0.5 / _STEP) * _STEP)
    height = max(_STEP, round(width / shape.ratio / _STEP) * _STEP)
    scale = min(width / photo.width, height / photo.height)
    source = Size(width=min(width, round(photo.width * scale)), height=min(height, round(photo.height * scale)))
    across, down = width - source.width, height - source.height
    left, top = across // 2, round(down * _ABOVE)
    return Canvas(source=source, margins=Margins(left=left, top=top, right=across - left, bottom=down - top))
