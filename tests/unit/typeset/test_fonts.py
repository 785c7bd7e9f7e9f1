"""The shipped fonts: bytes are what the catalog says, every covered locale has its glyphs, chains lead with the right face."""

from __future__ import annotations

from hashlib import sha256

import pytest

import affiche_fonts
from affiche.compose.typeset import FitSpec, TextStyle, fit, fonts, itemize, locales, measure
from affiche.errors import AssetError

FAMILIES = [("Bricolage Grotesque", 800), ("Manrope", 500), ("Inter", 700), ("Fraunces", 600), ("Cormorant Garamond", 600),
            ("Anton", 800), ("Oswald", 600), ("Barlow Condensed", 700)]


def test_files_are_what_the_catalog_says():
    for alias, face in affiche_fonts.faces().items():
        data = affiche_fonts.path(alias).read_bytes()
        assert (sha256(data).hexdigest(), len(data)) == (face.sha256, face.bytes), alias
        assert len(data) < 12_000_000, alias


def test_every_face_has_its_licence_and_can_be_parsed():
    for alias, face in affiche_fonts.faces().items():
        licence = affiche_fonts.path(alias).parent.parent / "licences" / face.licence
        text = licence.read_text("utf-8")
        assert "opyright" in text.splitlines()[0] or "©" in text.splitlines()[0], alias
        assert "SIL OPEN FONT LICENSE Version 1.1" in text, alias
        assert fonts.typeface(alias).countGlyphs() > 0, alias


def test_at_least_sixty_locales_are_covered():
    tags = [info.tag for info in locales()]
    assert len(tags) >= 60
    assert len(tags) == len(set(tags))


@pytest.mark.parametrize("info", locales(), ids=lambda info: info.tag)
def test_no_tofu_in_any_locale_and_family(info):
    for family, weight in FAMILIES:
        for case in ("none", "upper"):
            measured = measure(info.sample, TextStyle(family=family, weight=weight, case=case), info.tag)
            assert measured.missing == (), (family, case)


@pytest.mark.parametrize("info", locales(), ids=lambda info: info.tag)
def test_one_face_carries_all_letters_of_the_leading_script(info):
    measured = measure(info.sample, TextStyle(family="Bricolage Grotesque", weight=800), info.tag)
    home = {"Aran": "Arab"}.get(measured.script, measured.script)
    letters = [c for c in measured.text if itemize.script_of(c) == home]
    assert letters
    assert all(fonts.covers(measured.fonts[0], ord(c)) for c in letters)


def test_latin_brand_names_keep_the_brand_face_inside_other_scripts():
    measured = measure("منتج جديد من AquaPure™ الآن", TextStyle(family="Fraunces", weight=600), "ar-SA")
    runs = itemize.runs(measured.text, measured.fonts, "Arab")
    assert [r.fonts[0] for r in runs if "AquaPure" in r.text] == ["Fraunces 600"]
    assert runs[0].fonts[0] == "Noto Naskh Arabic 700"


def test_a_text_is_not_half_in_another_face_when_one_letter_is_missing():
    # Bricolage Grotesque has no schwa: the whole Azerbaijani text moves on.
    assert measure("Hər şeyə endirim", TextStyle(family="Bricolage Grotesque", weight=800), "az-AZ").fonts[0] == "Manrope 800"


def test_urdu_is_nastaliq_and_persian_is_not():
    style = TextStyle(family="Manrope", weight=700)
    assert measure("موسم گرما", style, "ur-PK").fonts[0] == "Noto Nastaliq Urdu 700"
    assert measure("تابستان", style, "fa-IR").fonts[0].startswith("Cairo")


def test_faces_that_continue_each_other_look_equally_black():
    # Prompt Bold is far blacker than Manrope Bold.
    assert affiche_fonts.chain("Manrope", 700, "Thai")[0] == "Prompt 500"
    assert affiche_fonts.chain("Manrope", 500, "Jpan")[0] == "Noto Sans CJK 400"


def test_unknown_character_is_reported_not_drawn_as_a_box():
    measured = measure("Hello \U00013000", TextStyle(family="Manrope"), "en-US")
    fitted = fit(measured, 500, 100, FitSpec(min_px=10, max_px=40, max_lines=1))
    assert (fitted.fits, fitted.missing) == (False, ("\U00013000",))
    assert fitted.reason == "no glyph for U+13000"


def test_brand_fonts_are_used_and_complemented():
    data = affiche_fonts.path("Anton 800").read_bytes()
    family = fonts.add_brand_family("House Sans", {700: data})
    assert family == fonts.add_brand_family("House Sans", {700: data})
    latin = measure("Hello", TextStyle(family=family, weight=700), "en-US")
    assert latin.fonts[0] == f"{family} 700"
    thai = measure("สวัสดี Hello", TextStyle(family=family, weight=700), "th-TH")
    assert thai.missing == ()
    assert thai.fonts[0].startswith("Prompt")
    assert any(r.fonts[0] == f"{family} 700" for r in itemize.runs(thai.text, thai.fonts, "Thai"))


def test_a_font_that_cannot_be_read_is_refused():
    with pytest.raises(AssetError, match="TrueType or OpenType"):
        fonts.add_brand_family("Broken", {400: b"wOF2 is not read"})
