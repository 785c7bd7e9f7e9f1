"""Place: where a packshot stands on a backdrop, whatever its shape. Asked by the plan, which loads nothing that draws."""

from __future__ import annotations

from affiche.values.geometry import Rect

#: Height of the product and where its foot stands, in fractions of the backdrop; it is never wider than `WIDE`.
HIGH, WIDE, FOOT = 0.44, 0.56, 0.9
#: What of it must be free: the middle of the largest product that may stand there.
PLACE = Rect(0.5 - WIDE * 0.35, FOOT - HIGH * 0.9, WIDE * 0.7, HIGH * 0.8)
