"""Amounts: written with a currency code they follow the locale, worded by somebody they stay."""

from __future__ import annotations

from decimal import Decimal

import pytest

from affiche.values.money import Money
from affiche.write.amounts import localized, money_of


@pytest.mark.parametrize(
    ("text", "tag", "expected"),
    [
        ("12.99 USD", "en-US", "$12.99"), ("12.99 USD", "de-DE", "12,99~$"), ("1299 EUR", "fr-FR", "1_299~€"), ("EUR 1,299.50", "de-DE", "1.299,50~€"),
        ("1980 JPY", "ja-JP", "￥1,980"), ("19.90 CHF", "de-CH", "CHF~19.90"), ("49.90 PLN", "pl-PL", "49,90~zł"), ("99 SEK", "sv-SE", "99~kr"),
        ("12.99 USD", "en-SA", "$12.99"), ("5.00 EUR", "xx-YY", "5.00 EUR"),
    ],
)  # fmt: skip
def test_an_amount_is_written_as_its_locale_writes_it(text, tag, expected):
    assert localized(text, tag).replace("\u00a0", "~").replace("\u202f", "_") == expected


@pytest.mark.parametrize("text", ["$12.99", "ab 12,99 €", "12.99", "12 XXQ", "USD", "3 for 2", "12.99 usd", "12,99 EUR"])
def test_other_words_of_a_price_stay(text):
    assert localized(text, "de-DE") == text


def test_the_amount_is_exact():
    assert money_of("1,299.10 EUR") == Money(amount=Decimal("1299.10"), currency="EUR")
    assert money_of("12.99") is None
