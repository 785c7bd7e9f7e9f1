"""Figures: prices, marks and fractions are runs of their line; what is measured is what is drawn; digits follow the brand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from affiche.compose.typeset import FitSpec, TextStyle, figures, fit, line_ink, measure
from affiche.compose.typeset.shape import advance, ink_box

PRICE = TextStyle(family="Manrope", weight=800, figures="price")
PLAIN = TextStyle(family="Manrope", weight=800)
ONE = FitSpec(min_px=20, max_px=100, max_lines=1)


def cut(text, tag="de-DE", style=PRICE):
    """The runs of a one-line text as `text` (whole), `^text` (raised), `_text` (small on the baseline), `-text` (not drawn)."""
    measured = measure(text, style, tag)
    runs = figures.runs_of(measured.text, measured.fonts, measured.locale, measured.figures)
    signs = ["" if r.scale == 1 else "-" if r.scale == 0 else "^" if r.rise > 0 else "_" for r in runs]
    return [sign + run.text.replace("\u00a0", "~") for sign, run in zip(signs, runs, strict=True)]


@pytest.mark.parametrize(
    ("text", "tag", "expected"),
    [
        ("12,99 €", "de-DE", ["12,", "^99", "_~", "^€"]),
        ("$12.99", "en-US", ["^$", "12", "-.", "^99"]),
        ("£1,299.00", "en-GB", ["^£", "1,299.", "^00"]),
        ("R$ 19,90", "pt-BR", ["^R$", "_~", "19,", "^90"]),
        ("50% off", "en-US", ["50", "^%", "_ off"]),
        ("-50 %", "de-DE", ["−50", "_~", "^%"]),
        ("1,29 €/100 g", "de-DE", ["1,", "^29", "_~", "^€", "_/100~g"]),
        ("¥1,980", "ja-JP", ["^¥", "1,980"]),
        ("1299", "de-DE", []),
        ("Gratis", "de-DE", []),
        ("Buy one bottle of 0.75 l and get another one free", "en-GB", []),
    ],
)
def test_a_price_is_cut_into_its_parts(text, tag, expected):
    assert cut(text, tag) == expected


def test_a_registered_mark_is_small_and_hangs_at_the_height_of_capitals():
    assert cut("Verde® Soda", "en-US", PLAIN) == ["Verde", "^®", " Soda"]
    (_, mark, _) = figures.runs_of("H® H", ("Manrope 800",), "en-US", "plain")
    capital = ink_box("H", ("Manrope 800",), 200, 0.0, "en-US", "ltr")
    drawn = ink_box("®", ("Manrope 800",), 200 * mark.scale, 0.0, "en-US", "ltr")
    assert drawn[1] - mark.rise * 200 == pytest.approx(capital[1], abs=2.5)
    assert drawn[3] - drawn[1] < 0.6 * (capital[3] - capital[1])


def test_a_mark_by_itself_is_text():
    assert cut("® 2026", "en-US", PLAIN) == []


def test_a_fraction_with_its_slash_is_composed():
    assert cut("1⁄2 l", "de-DE", PLAIN) == ["^1", "⁄", "_2", "~l"]


def test_french_high_punctuation_has_half_a_space():
    assert cut("Goûtez ! Oui", "fr-FR", PLAIN) == ["Goûtez", "_~", "! Oui"]
    assert measure("Goûtez !", PLAIN, "fr-FR").text == measure("Goûtez\u202f!", PLAIN, "fr-FR").text


@pytest.mark.parametrize(("text", "tag"), [("12,99 €", "de-DE"), ("$12.99", "en-US"), ("خصم 50٪", "ar-SA"), ("₪ 19.90", "he-IL"), ("半额 ¥99.50", "zh-CN")])
def test_what_is_measured_is_what_is_drawn(text, tag):
    fitted = fit(measure(text, PRICE, tag), 420, 140, ONE)
    line = fitted.lines[0]
    assert fitted.fits
    assert "".join(run.text for run in line.runs) == line.text
    args = (line.text, fitted.fonts, fitted.size_px, fitted.tracking, tag, fitted.direction)
    assert advance(*args, runs=line.runs) == pytest.approx(line.width, abs=0.05)
    left, top, right, bottom = ink_box(*args, runs=line.runs)
    assert line.width - (right - left) < 0.2 * fitted.size_px
    assert -top <= fitted.ascent + 1
    assert bottom <= fitted.descent + 1
    ink = line_ink(fitted, line)
    assert (ink.x, ink.right) == (pytest.approx(left, abs=2.6), pytest.approx(right, abs=2.6))


def test_cents_save_room_and_stand_as_high_as_the_figures():
    small, large = (fit(measure("12.99", style, "en-GB"), 2000, 200, ONE) for style in (PRICE, PLAIN))
    assert small.size_px == large.size_px == 100
    assert small.width < 0.85 * large.width
    runs = small.lines[0].runs
    tops = [ink_box(run.text, small.fonts, 100 * run.scale, 0.0, "en-GB", "ltr")[1] - 100 * run.rise for run in runs]
    assert tops[0] == pytest.approx(tops[1], abs=1.5)


@pytest.mark.parametrize(
    ("text", "system", "expected"),
    [
        ("50%", "arab", "٥٠٪"), ("1,299.50", "arab", "١٬٢٩٩٫٥٠"), ("٤٩٫٩٩", "latn", "49.99"), ("24/7", "deva", "२४/७"),
        ("www.b2.com B12 5G", "arab", "www.b2.com B12 5G"), ("12:30", "thai", "๑๒:๓๐"), ("3 for 2", "arabext", "۳ for ۲"),
    ],
)  # fmt: skip
def test_numbers_in_other_digits(text, system, expected):
    assert figures.in_digits(text, system) == expected


def test_the_digits_of_a_style_are_drawn():
    style = TextStyle(family="Manrope", weight=700, numerals="arab")
    assert measure("خصم 50%", style, "ar-EG").text == "خصم ٥٠٪"


@given(st.text(st.sampled_from("0123456789.,% $€£abé®™⁄/-\u00a0٤٥"), max_size=24), st.sampled_from(["plain", "price", "burst"]))
def test_runs_joined_are_the_line(text, setting):
    runs = figures.runs_of(text, ("Manrope 700", "Noto Sans 700"), "en-US", setting)
    assert not runs or "".join(run.text for run in runs) == text
