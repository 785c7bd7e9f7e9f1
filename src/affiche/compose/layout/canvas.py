"""The canvas of one layout: the request with the few numbers that every step needs. A value, made once per creative."""

from __future__ import annotations

from dataclasses import dataclass

from affiche.compose.request import ComposeRequest
from affiche.compose.template.model import Length, Place
from affiche.values.geometry import Insets, Rect
from affiche.values.quick import quick


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Canvas:
    """`u` is 1 % of the shorter side (px); `content` the canvas less margins and safe area, in left-to-right coordinates.

    `numerals` are the digits that the brand chose for the locale (empty = as the copy has them).
    """

    request: ComposeRequest
    u: float
    full: Rect
    content: Rect
    rtl: bool
    numerals: str

    def rect(self, place: Place, parent: Rect) -> Rect:
        """The rectangle of `place`, px."""
        reference = {"parent": parent, "canvas": self.full, "content": self.content}[place.within]
        return Rect(
            reference.x + self.px(place.x, reference.width),
            reference.y + self.px(place.y, reference.height),
            self.px(place.width, reference.width),
            self.px(place.height, reference.height),
        )

    def px(self, length: Length, parent: float) -> float:
        return length.px(u=self.u, parent=parent)


def canvas_of(request: ComposeRequest, margin: Length) -> Canvas:
    """The canvas of `request` with `margin` around its content; the safe area counts where it is larger."""
    size = request.size
    u = min(size.width, size.height) / 100
    edge = margin.px(u=u, parent=min(size.width, size.height))
    rtl = request.locale.direction == "rtl"
    safe = request.safe.mirrored() if rtl else request.safe
    full = Rect(0, 0, size.width, size.height)
    insets = Insets(
        left=max(edge, safe.left), top=max(edge, safe.top), right=max(edge, safe.right), bottom=max(edge, safe.bottom)
    )
    numerals = request.brand.numerals_in(request.locale.tag)
    return Canvas(request=request, u=u, full=full, content=full.inset(insets), rtl=rtl, numerals=numerals)
