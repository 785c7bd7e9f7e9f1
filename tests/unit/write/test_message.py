"""Values in copy: as ICU fills them, as CLDR writes them."""

from __future__ import annotations

import pytest
from icu4py.messageformat import MessageFormat

from affiche.write.message import MessageError, filled, parse, signature

CASES = "{n, plural, =0 {none} zero {z #} one {# o} two {t #} few {# f} many {# m} other {# x}} it's {s, select, a {A} other {O '{n}'}}"


@pytest.mark.parametrize("tag", ["en", "de", "fr", "ar", "pl", "ru", "ja", "hi", "cy", "lt", "sl"])
@pytest.mark.parametrize("n", ["0", "1", "2", "3", "5", "11", "21", "100", "1.5", "1000"])
def test_choices_are_icus_own(tag: str, n: str) -> None:
    number = float(n) if "." in n else int(n)
    for choice in ("a", "b"):
        assert filled(CASES, {"n": n, "s": choice}, tag) == MessageFormat(CASES, tag).format({"n": number, "s": choice})


@pytest.mark.parametrize("tag", ["en", "de", "fr", "hi", "sv"])
def test_ordinals_are_icus_own(tag: str) -> None:
    text = "{n, selectordinal, one {#st} two {#nd} few {#rd} many {#M} other {#th}}"
    for n in (1, 2, 3, 4, 8, 11, 21, 22):
        assert filled(text, {"n": str(n)}, tag) == MessageFormat(text, tag).format({"n": n})


@pytest.mark.parametrize(
    ("text", "tag", "expected"),
    [
        ("{p}", "de-DE", "12,99\xa0€"), ("{p, number, currency}", "en-US", "€12.99"), ("{p}", "ja-JP", "€12.99"),
        ("{d, number, percent}", "de-DE", "20\xa0%"), ("{d, number, percent}", "tr-TR", "%20"),
        ("{n, number, integer}", "de-CH", "1’234"), ("{n}", "en-IN", "1,234.5"), ("{n}", "fr-FR", "1\u202f234,5"),
        ("{e}", "de-AT", "24. Dezember 2026"), ("{e, date, short}", "en-US", "12/24/26"), ("{e, date, full}", "ja-JP", "2026年12月24日木曜日"),
        ("{l}", "de-DE", "Rot, Grün und 1,50\xa0€"), ("{l, list, or}", "en-US", "Rot, Grün, or €1.50"),
        ("it''s {l} 'quoted'", "en-GB", "it's Rot, Grün and €1.50 'quoted'"), ("'{n}'", "en", "{n}"),
    ],
)  # fmt: skip
def test_values_are_written_as_the_locale_writes_them(text: str, tag: str, expected: str) -> None:
    values = {"p": "12.99 EUR", "d": "0.2", "n": "1234.5", "e": "2026-12-24", "l": ("Rot", "Grün", "1.50 EUR")}
    assert filled(text, values, tag) == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "a name is missing"), ("{}", "a name is missing"), ("a } b", "closing brace"), ("{x", "comma"), ("{x, plural, one {a}}", "no `other`"),
        ("{x, time}", "not understood"), ("{x, number, ::currency/EUR}", "a style is missing"), ("{x, plural, other {a}", "a case"),
        ("{x, plural, other a}", "no text in braces"), ("{x, date, long", "not closed"), ("{x, choice, a}", "not understood"),
        ("{a, plural, other {" * 7 + "}}" * 7, "too deep"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_in_words(text: str, said: str) -> None:
    with pytest.raises(MessageError, match=said):
        parse(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [("{y}", "no value"), ("{t, number}", "not a number"), ("{t, number, currency}", "not an amount"), ("{t, date}", "not a day")],
)
def test_values_that_do_not_fit_are_refused(text: str, said: str) -> None:
    with pytest.raises(MessageError, match=said):
        filled(text, {"t": "soon"}, "en")


def test_a_signature_is_what_a_translation_must_keep() -> None:
    assert signature("{b} {n, plural, one {# {a, number}} other {#}}") == ("a:number", "b", "n:plural")
    assert signature("{n, plural, one {x {b} # {a, number}} few {y} other {z}}") == signature("{b} {n, plural, one {# {a, number}} other {#}}")
