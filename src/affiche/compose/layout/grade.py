"""Which grade a brand's photographs get: temperature and contrast read off its palette. Drawn by `adapters/paint/grade.py`."""

from __future__ import annotations

from affiche.brand.model import Brand
from affiche.values.frame import Grade

#: How much each role says about the temperature of the brand; ink and paper are near neutral and follow from the others.
_WEIGHTS = {"primary": 0.35, "secondary": 0.2, "accent": 0.15, "surface": 0.2, "surface-2": 0.1}
#: Daylight's axis in the a-b plane of OKLab, from blue to amber.
_WARM = (0.32, 0.95)
#: OKLab distance along the axis that counts as fully warm or cool.
_FULL = 0.08
#: Lightness between ink and surface of a soft and of a crisp palette.
_SOFT, _CRISP = 0.55, 0.8


def grade_of(brand: Brand) -> Grade | None:
    """None for a brand that leaves its photographs as they are."""
    if brand.grade != "soft":
        return None
    labs = {role: brand.colors[role].oklab for role in (*_WEIGHTS, "ink")}
    along = sum(weight * (labs[role][1] * _WARM[0] + labs[role][2] * _WARM[1]) for role, weight in _WEIGHTS.items())
    span = abs(labs["surface"][0] - labs["ink"][0])
    contrast = (span - (_SOFT + _CRISP) / 2) / ((_CRISP - _SOFT) / 2)
    return Grade(warmth=_limited(along / _FULL), contrast=_limited(contrast))


def _limited(value: float) -> float:
    return round(max(-1.0, min(1.0, value)), 3)
