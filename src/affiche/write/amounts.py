"""Amounts: prices as a market writes them. Pure; CLDR data comes with babel and is loaded when a price asks for it.

`12.99 USD` is the one way to write an amount that means the same everywhere: number with a point, ISO 4217 code. What is
written so is formatted for each locale (`12,99 $` in de-DE); anything else was worded by somebody and stays as it is.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from affiche.values.locale import Locale
from affiche.values.money import Money

if TYPE_CHECKING:
    from babel import Locale as Cldr

_NUMBER = r"(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d{1,3})?|\d{1,12}(?:\.\d{1,3})?)"
_AMOUNT = re.compile(rf"{_NUMBER}\s?(?P<code>[A-Z]{{3}})|(?P<first>[A-Z]{{3}})\s?{_NUMBER.replace('number', 'second')}")

def money_of(text: str) -> Money | None:
    """The amount that a text is, when it is nothing but an amount with its currency code."""
    match = _AMOUNT.fullmatch(text.strip())
    if match is None:
        return None
    number, code = match["number"] or match["second"], match["code"] or match["first"]
    return Money(amount=Decimal(number.replace(",", "")), currency=code)


@lru_cache(maxsize=4096)
def localized(text: str, tag: str) -> str:
    """`text` as customers of a locale write it when it is an amount (`money_of`), else as it is.

    Whole amounts stay whole (`12 EUR` -> `12 €`), others get the decimals of their currency.
    """
    money = money_of(text)
    if money is None:
        return text
    from babel import UnknownLocaleError
    from babel.numbers import format_currency, is_currency

    if not is_currency(money.currency):
        return text
    try:
        cldr = cldr_locale(tag)
    except UnknownLocaleError:
        return text
    if "." in text:
        return str(format_currency(money.amount, money.currency, locale=cldr))
    whole = re.sub(r"0\.0+", "0", cldr.currency_formats["standard"].pattern)
    return str(format_currency(money.amount, money.currency, format=whole, locale=cldr, currency_digits=False))


@lru_cache(maxsize=512)
def cldr_locale(tag: str) -> Cldr:
    """The CLDR locale of a tag; its language where CLDR does not know it in that region. Raises UnknownLocaleError."""
    from babel import Locale as Cldr
    from babel import UnknownLocaleError

    where = Locale.parse(tag)
    try:
        return Cldr.parse(where.tag, sep="-")
    except UnknownLocaleError:
        return Cldr.parse(where.language)
