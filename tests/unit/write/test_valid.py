"""What a text from a model must hold: each flaw is found, and good copy passes."""

from __future__ import annotations

import pytest

from affiche.write.valid import complaints, measured
from affiche.write.voice import Voice


def wrong(text: object, source: str, locale: str = "de-DE", most: int = 0, **voice: object) -> list[tuple[str, bool]]:
    made = Voice(locale=locale, brand="Verde", **voice)  # type: ignore[arg-type]
    return [(c.what, c.grave) for c in complaints(text, source, source_locale="en-US", voice=made, max_characters=most)]


@pytest.mark.parametrize(
    ("text", "source", "locale"),
    [
        ("Weck den Nachmittag", "Wake up the afternoon", "de-DE"), ("午後を、目覚めさせよう。", "Wake up the afternoon", "ja-JP"),
        ("أيقظ ظهيرتك", "Wake up the afternoon", "ar-SA"), ("Nur {p, number, currency}", "Only {p, number, currency}", "de-DE"),
        ("۱۲۰ میلی‌لیتر", "120 ml only", "fa-IR"), ("2.500 Geschäfte", "2,500 stores", "de-DE"), ("Verde", "Verde", "de-DE"),
        ("OK", "OK", "fr-FR"), ("Verde 午後", "Verde afternoon", "ja-JP"),
        ("{n, plural, one {# Dose} other {# Dosen}}", "{n, plural, one {# can} other {# cans}}", "de-DE"),
    ],
)  # fmt: skip
def test_good_copy_passes(text: str, source: str, locale: str) -> None:
    assert wrong(text, source, locale, keep=("Verde",)) == []


@pytest.mark.parametrize(
    ("text", "source", "said"),
    [
        (None, "Wake up", "no text"), ("  ", "Wake up", "no text"), (["x"], "Wake up", "no text"),
        ("a\nb", "Wake up", "more lines"), ("Nur 1,99 €", "Only {p}", "placeholders are none"), ("Nur {q}", "Only {p}", "they must be p"),
        ("Nur {p", "Only {p}", "cannot be read"), ("Bis zu 30 % sparen", "Save up to 20 %", "20 missing; 30 new"),
        ("Grün für alle", "Verde for all", "“Verde” must stay"), ("Ein Wunder für alle", "Something for all", "“Wunder” is forbidden"),
        ("Wake up the afternoon!", "Wake up the afternoon", "still in en-US"), ("Проснись днём", "Wake up the afternoon", "script of de-DE"),
    ],
)  # fmt: skip
def test_grave_flaws_are_found(text: object, source: str, said: str) -> None:
    found = wrong(text, source, keep=("Verde",), forbidden=("Wunder",))
    assert [grave for what, grave in found if said in what] == [True], found


@pytest.mark.parametrize(
    ("text", "source", "said"),
    [
        ("Weck den langen Nachmittag auf", "Wake up", "it has 30 characters; at most 12 fit"),
        ("Eine Büchse für alle", "A can for all", "“can” must be called “Dose”"), ("„Weck ihn auf“", "Wake up", "quotation marks"),
    ],
)  # fmt: skip
def test_mild_flaws_are_found(text: str, source: str, said: str) -> None:
    found = wrong(text, source, most=12 if "langen" in text else 0, glossary={"can": "Dose"})
    assert [(what, grave) for what, grave in found if said in what] == [(said if said.startswith("it has") else found[0][0], False)]


def test_characters_are_counted_as_people_count_them() -> None:
    assert measured("Zürich") == measured("Zu\u0308rich") == 6
    assert measured("می‌شود") == 5 and measured("के") == 2
