"""Fit: never out of the box, never smaller in a larger box, never silent; lines read well."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from affiche.compose.typeset import FitSpec, TextStyle, fit, ink_bounds, line_ink, locales, measure, optics
from affiche.compose.typeset.shape import advance, ink_box

HEAD = TextStyle(family="Bricolage Grotesque", weight=800, tracking=-0.015)
BODY = TextStyle(family="Manrope", weight=400, use="text")
SAMPLES = [(info.tag, info.sample) for info in locales()]
#: Type above 24 px is drawn unhinted: an edge may only touch the pixel it lies in.
HINTING_PX = 1.0
#: Side bearings of single letters may be negative by this much: a matter of type design, not of fitting.
HANG_EM = 0.05


def sizes(**changes):
    return FitSpec(**{"min_px": 20, "max_px": 96, "max_lines": 4, **changes})


boxes = st.tuples(st.integers(60, 1200), st.integers(30, 800))
texts = st.sampled_from(SAMPLES)


@given(texts, boxes, st.booleans(), st.integers(1, 5))
def test_what_fits_is_inside_its_box_as_drawn(sample, box, balance, max_lines):
    tag, text = sample
    fitted = fit(measure(text, HEAD if balance else BODY, tag), *box, sizes(balance=balance, max_lines=max_lines))
    if not fitted.fits:
        assert fitted.reason
        assert fitted.reached_px < 20
        return
    assert 20 <= fitted.size_px <= 96
    assert len(fitted.lines) <= max_lines
    assert fitted.height <= box[1] + 0.01
    for line in fitted.lines:
        drawn = advance(line.text, fitted.fonts, fitted.size_px, fitted.tracking, fitted.locale, fitted.direction, runs=line.runs)
        assert drawn <= box[0] + 0.05
        assert drawn == pytest.approx(line.width, abs=0.05)
        assert -0.01 <= line.x <= box[0] - line.width + 0.02


@given(texts, boxes, st.tuples(st.integers(0, 300), st.integers(0, 300)), st.booleans())
def test_a_larger_box_never_gives_smaller_type(sample, box, more, balance):
    tag, text = sample
    measured = measure(text, HEAD if balance else BODY, tag)
    small = fit(measured, *box, sizes(balance=balance))
    large = fit(measured, box[0] + more[0], box[1] + more[1], sizes(balance=balance))
    assert large.fits or not small.fits
    if small.fits:
        assert large.size_px >= small.size_px
    else:
        assert large.fits or large.reached_px >= small.reached_px


@given(texts, boxes, st.booleans())
def test_no_word_is_lost(sample, box, balance):
    tag, text = sample
    measured = measure(text, HEAD if balance else BODY, tag)
    fitted = fit(measured, *box, sizes(balance=balance))
    kept = "".join(line.text for line in fitted.lines)
    bare = str.maketrans("", "", " -\u00a0\u00ad\n")
    assert kept.translate(bare) == measured.text.translate(bare)


@settings(max_examples=30)
@given(texts, boxes)
def test_same_question_same_answer_whatever_was_asked_before(sample, box):
    tag, text = sample
    first = fit(measure(text, HEAD, tag), *box, sizes())
    measure.cache_clear()
    fit(measure(text, HEAD, tag), 111, 777, sizes(max_lines=5))
    assert fit(measure(text, HEAD, tag), *box, sizes()) == first


@pytest.mark.parametrize(("tag", "text"), SAMPLES, ids=[tag for tag, _ in SAMPLES])
def test_ink_stays_in_the_block_in_every_script(tag, text):
    fitted = fit(measure(text, HEAD, tag), 420, 400, sizes())
    assert fitted.fits
    for line in fitted.lines:
        left, top, right, bottom = ink_box(line.text, fitted.fonts, fitted.size_px, fitted.tracking, tag, fitted.direction, runs=line.runs)
        overhang = HANG_EM * fitted.size_px + HINTING_PX
        assert line.x + left >= -overhang
        assert line.x + right <= 420 + overhang
        assert -top <= fitted.ascent + HINTING_PX
        assert bottom <= fitted.descent + HINTING_PX


def test_overflow_names_the_size_reached_and_the_size_allowed():
    fitted = fit(measure("Wake up the afternoon", HEAD, "de-DE"), 200, 60, sizes(min_px=44))
    assert not fitted.fits
    assert fitted.reason == f"needs {fitted.reached_px:g} px, min 44"
    again = fit(measure("Wake up the afternoon", HEAD, "de-DE"), 200, 60, sizes(min_px=fitted.reached_px))
    assert again.fits
    assert again.size_px == fitted.reached_px


def test_headline_has_balanced_lines_without_widow():
    fitted = fit(measure("Wake up the afternoon with sparkling yuzu", HEAD, "en-US"), 600, 400, sizes(max_px=120))
    assert [line.text for line in fitted.lines] == ["Wake up the", "afternoon with", "sparkling yuzu"]


def test_japanese_phrases_are_kept_until_the_minimum_forces_otherwise():
    text = "午後を、目覚めさせよう。"
    roomy = fit(measure(text, HEAD, "ja-JP"), 600, 300, sizes(max_lines=2))
    assert [line.text for line in roomy.lines] == ["午後を、", "目覚めさせよう。"]
    tight = fit(measure(text, HEAD, "ja-JP"), 150, 300, sizes(min_px=30, max_lines=4))
    assert (tight.fits, tight.remedy, tight.size_px) == (True, "loose", 30)


def test_a_soft_hyphen_shows_only_where_a_line_ends():
    text = "Lebensmittel\u00adverträglichkeit"
    broken = fit(measure(text, HEAD, "de-DE"), 330, 300, sizes())
    assert [line.text for line in broken.lines] == ["Lebensmittel-", "verträglichkeit"]
    whole = fit(measure(text, HEAD, "de-DE"), 900, 60, sizes(max_lines=1))
    assert [line.text for line in whole.lines] == ["Lebensmittelverträglichkeit"]


def test_forced_line_ends_are_kept():
    fitted = fit(measure("Cold.\nSharp. Yours.", HEAD, "en-US"), 900, 400, sizes())
    assert [line.text for line in fitted.lines] == ["Cold.", "Sharp. Yours."]


def test_running_text_fills_lines_and_lifts_a_widow():
    text = "Sparkling yuzu with nothing added, made for the afternoon and nothing else at all now"
    fitted = fit(measure(text, BODY, "en-US"), 420, 300, sizes(max_px=24, balance=False))
    assert fitted.size_px == 24
    assert fitted.lines[-1].width > 0.25 * 420
    assert all(line.width > 0.6 * 420 for line in fitted.lines[:-1])


def test_empty_text_is_an_empty_block():
    fitted = fit(measure("", HEAD, "en-US"), 100, 100, sizes())
    assert (fitted.fits, fitted.lines, fitted.height) == (True, (), 0.0)


@pytest.mark.parametrize(("align", "tag", "left"), [("start", "en-US", True), ("end", "en-US", False), ("start", "he-IL", False), ("end", "he-IL", True)])
def test_start_is_right_in_right_to_left_locales(align, tag, left):
    text = "Cold" if tag == "en-US" else "קיץ"
    line = fit(measure(text, HEAD, tag), 800, 200, sizes(align=align, max_lines=1)).lines[0]
    assert line.x == pytest.approx(0.0 if left else 800 - line.width)


def test_centred_cjk_lines_are_centred_by_their_ink():
    measured = measure("目覚めさせよう。", HEAD, "ja-JP")
    fitted = fit(measured, 900, 200, sizes(max_px=60, max_lines=1, align="center"))
    line = fitted.lines[0]
    ink = line_ink(fitted, line)
    assert line.x + ink.x + ink.width / 2 == pytest.approx(450, abs=0.06 * 60)


def test_tracking_is_not_applied_where_letters_join():
    style = TextStyle(family="Manrope", weight=700, tracking=0.2)
    assert measure("قهوة", style, "ar-SA").tracking == 0.0
    assert measure("Coffee", style, "en-US").tracking == 0.2


def test_leading_follows_the_script_and_the_style():
    plain = TextStyle(family="Manrope", weight=700)
    airy = TextStyle(family="Manrope", weight=700, leading=1.26)
    assert measure("Cold", airy, "en-US").leading == pytest.approx(1.26)
    for tag, text in (("en-US", "Cold"), ("ja-JP", "午後"), ("th-TH", "เย็น")):
        assert measure(text, airy, tag).leading >= measure(text, plain, tag).leading
    assert measure("موسم گرما یہاں", plain, "ur-PK").leading > 1.8


def test_widths_are_linear_in_the_size():
    for tag, text in SAMPLES:
        measured = measure(text, HEAD, tag)
        wide = [advance(measured.text, measured.fonts, s, measured.tracking, tag, measured.direction) / s for s in (16, 61.5, 512)]
        assert max(wide) - min(wide) < 0.004, tag


def test_optical_answers_match_the_pixels():
    fitted = fit(measure("HENI", TextStyle(family="Manrope", weight=700), "en-US"), 900, 300, sizes(max_lines=1))
    eye, box = optics(fitted), ink_bounds(fitted)
    assert box.y == pytest.approx(eye.face_top, abs=fitted.size_px / 50)
    assert box.bottom == pytest.approx(eye.last_baseline, abs=fitted.size_px / 50)
    assert line_ink(fitted, fitted.lines[0]).height == pytest.approx(eye.face_height, abs=fitted.size_px / 40)


def test_right_to_left_lines_are_drawn_from_right_to_left():
    # A closing full stop stands at the left end of a Hebrew line, a leading Latin name at its right end.
    with_stop = measure("קיץ.", HEAD, "he-IL")
    left, _, right, _ = ink_box(".", with_stop.fonts, 60, 0.0, "he-IL", "rtl")
    whole = ink_box("קיץ.", with_stop.fonts, 60, 0.0, "he-IL", "rtl")
    letters = ink_box("קיץ", with_stop.fonts, 60, 0.0, "he-IL", "rtl")
    assert whole[2] - whole[0] > letters[2] - letters[0]
    assert abs((whole[2] - (advance("קיץ.", with_stop.fonts, 60, 0.0, "he-IL", "rtl"))) - (letters[2] - advance("קיץ", with_stop.fonts, 60, 0.0, "he-IL", "rtl"))) < 1.5
    assert abs(whole[0] - left) < 1.5
    assert right > left
