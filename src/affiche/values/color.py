"""Colours: 8-bit sRGB with alpha, and the measures that rules and art direction need (contrast, distance)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from affiche.values.quick import quick

_HEX = re.compile(r"#?([0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})")


@quick
@dataclass(frozen=True, slots=True)
class Color:
    """An sRGB colour; components 0..255, alpha 255 = opaque, not premultiplied."""

    r: int
    g: int
    b: int
    a: int = 255

    @classmethod
    def parse(cls, text: str) -> Color:
        """`#rgb`, `#rgba`, `#rrggbb` or `#rrggbbaa` (the `#` may be missing). ValueError otherwise."""
        match = _HEX.fullmatch(text.strip())
        if match is None:
            raise ValueError(f"{text!r} is not a hex colour like #0F5C4E")
        digits = match.group(1)
        if len(digits) <= 4:
            digits = "".join(d * 2 for d in digits)
        return cls(*(int(digits[i : i + 2], 16) for i in range(0, len(digits), 2)))

    @property
    def hex(self) -> str:
        """`#RRGGBB`, with alpha only when it is not opaque."""
        return f"#{self.r:02X}{self.g:02X}{self.b:02X}" + ("" if self.a == 255 else f"{self.a:02X}")

    @property
    def argb(self) -> int:
        """0xAARRGGBB."""
        return (self.a << 24) | (self.r << 16) | (self.g << 8) | self.b

    def with_alpha(self, alpha: float) -> Color:
        """The same colour with opacity `alpha` in 0..1."""
        return Color(self.r, self.g, self.b, round(255 * max(0.0, min(1.0, alpha))))

    @property
    def luminance(self) -> float:
        """WCAG 2.2 relative luminance 0..1, alpha ignored."""
        return _luminance(self.r, self.g, self.b)

    def mixed(self, other: Color, amount: float) -> Color:
        """`amount` (0..1) of `other` mixed in, in OKLab, so that mixtures stay clean."""
        a, b = self.oklab, other.oklab
        return from_oklab(*(x + (y - x) * amount for x, y in zip(a, b, strict=True)))

    @property
    def oklab(self) -> tuple[float, float, float]:
        """OKLab L 0..1, a, b (Ottosson 2020)."""
        return _oklab(self.r, self.g, self.b)


@lru_cache(maxsize=4096)
def _oklab(red: int, green: int, blue: int) -> tuple[float, float, float]:
    r, g, b = to_linear(red), to_linear(green), to_linear(blue)
    l = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3)  # noqa: E741
    m = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3)
    s = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)
    return (
        0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
        1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
        0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s,
    )


@lru_cache(maxsize=4096)
def _luminance(r: int, g: int, b: int) -> float:
    return 0.2126 * to_linear(r) + 0.7152 * to_linear(g) + 0.0722 * to_linear(b)


def to_linear(component: float) -> float:
    """An sRGB component 0..255 as linear light 0..1 (IEC 61966-2-1)."""
    c = component / 255
    return c / 12.92 if c <= 0.04045 else float(((c + 0.055) / 1.055) ** 2.4)


def from_linear(value: float) -> int:
    """Linear light 0..1 as an sRGB component 0..255."""
    v = max(0.0, min(1.0, value))
    c = v * 12.92 if v <= 0.0031308 else 1.055 * v ** (1 / 2.4) - 0.055
    return round(c * 255)


def from_oklab(lightness: float, a: float, b: float) -> Color:
    """The nearest sRGB colour (components clipped)."""
    l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3  # noqa: E741
    m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    s = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return Color(
        from_linear(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
        from_linear(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
        from_linear(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s),
    )


def contrast(one: Color | float, other: Color | float) -> float:
    """WCAG 2.2 contrast ratio 1..21 of two colours (or relative luminances)."""
    a = one.luminance if isinstance(one, Color) else one
    b = other.luminance if isinstance(other, Color) else other
    return (max(a, b) + 0.05) / (min(a, b) + 0.05)


def distance(one: Color, other: Color) -> float:
    """Euclidean OKLab distance x 100: about 2 is just noticeable, 10 is another colour."""
    return 100 * float(sum((x - y) ** 2 for x, y in zip(one.oklab, other.oklab, strict=True)) ** 0.5)
