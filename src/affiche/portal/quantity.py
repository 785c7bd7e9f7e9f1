"""Quantities as the language of a page writes them: counts, shares, seconds, money, days. Pure."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from math import floor
from typing import Literal

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_currency, format_decimal, format_percent
from babel.units import format_unit

#: `""`: a count. `%`: 0..100.
Unit = Literal["", "%", "s", "USD"]
#: What there is no number for.
NONE = "–"


@lru_cache(maxsize=8192)
def quantity(value: float | None, unit: Unit, language: str) -> str:
    """`18,234`, `57%`, `4.2 sec`, `$0.043`: no more digits than say something. A dash for None."""
    if value is None:
        return NONE
    match unit:
        case "%":
            return str(format_percent(_told(value) / 100, format=_percent(language, value), locale=language))
        case "s":
            return str(format_unit(round(value, _digits(value)), "second", length="short", locale=language))
        case "USD":
            said = format_currency(value, unit, format=_money(language, value), locale=language, currency_digits=False)
            return str(said).replace("US$", "US$\u200e")  # where one reads from the right the sign stays behind its letters
        case _:
            return str(format_decimal(round(value), locale=language))


@lru_cache(maxsize=8192)
def bare(value: float, unit: Unit, language: str) -> str:
    """As `quantity`, without what is said of seconds and money elsewhere: it must stand above a narrow bar."""
    if unit == "USD":
        return str(format_decimal(value, format="#,##0.00" if value >= 1 or value == 0 else "0.00##", locale=language))
    if unit == "s":
        return str(format_decimal(round(value, _digits(value)), locale=language))
    return quantity(value, unit, language)


def _digits(value: float) -> int:
    """Tenths where a whole number would say little."""
    return 0 if value >= 10 or value == int(value) else 1


#: From here on a share is told to the tenth and never as more than it is: targets lie there, and what is nearly all is not all.
_HIGH = 90


def _told(percent: float) -> float:
    return floor(percent * 10 + 1e-9) / 10 if _HIGH < percent < 100 else round(percent, _digits(percent))


def _tenths(percent: float) -> int:
    return 1 if _HIGH < percent < 100 else _digits(percent)


def _percent(language: str, value: float) -> str:
    pattern = str(Locale.parse(language).percent_formats[None].pattern)
    return pattern.replace("#,##0", "#,##0.#") if _tenths(value) else pattern


def _money(language: str, value: float) -> str:
    """Cents; below a dollar down to hundredths of a cent, for that is what an ad may cost."""
    pattern = str(Locale.parse(language).currency_formats["standard"].pattern)
    return pattern if value >= 1 or value == 0 else pattern.replace("0.00", "0.00##")


@lru_cache(maxsize=2048)
def short_day(day: date, language: str) -> str:
    """`Nov 20`."""
    return str(format_skeleton("MMMd", day, locale=language))


@lru_cache(maxsize=2048)
def whole_day(day: date, language: str) -> str:
    """`Friday, November 20, 2026`."""
    return str(format_date(day, "full", locale=language))


@lru_cache(maxsize=2048)
def plain_day(day: date, language: str) -> str:
    """`November 20, 2026`."""
    return str(format_date(day, "long", locale=language))
