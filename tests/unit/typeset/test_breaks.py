"""Breaks: the rules of each language about where a line may end."""

from __future__ import annotations

import pytest

from affiche.compose.typeset import breaks


def cut(text, locale, mode=breaks.PHRASE):
    language = locale.split("-")[0]
    prepared = breaks.prepare(text, language, "Latn", "none")
    return [(s.text + ("-" if s.hyphen else "")).replace("\u00a0", "~") for s in breaks.segments(prepared, locale, mode)]


@pytest.mark.parametrize(
    ("locale", "text", "expected"),
    [
        ("fr-FR", "Goûtez « le » yuzu !", ["Goûtez", "«~le~»", "yuzu~!"]),
        ("fr-CA", "Déjà : oui ?", ["Déjà~:", "oui~?"]),
        ("pl-PL", "taniej w sklepie i u nas", ["taniej", "w~sklepie", "i~u~nas"]),
        ("cs-CZ", "k odběru v Praze", ["k~odběru", "v~Praze"]),
        ("ru-RU", "чай с мятой и лаймом", ["чай", "с~мятой", "и~лаймом"]),
        ("de-DE", "spart 50 % ab 5 kg", ["spart", "50~%", "ab", "5~kg"]),
        ("en-US", "ours — only now", ["ours~—", "only", "now"]),
        ("en-US", "see https://a.example/b-c/d now", ["see", "https://a.example/b-c/d", "now"]),
        ("ja-JP", "午後を、目覚めさせよう。", ["午後を、", "目覚めさせよう。"]),
        ("ko-KR", "전 품목 할인", ["전", "품목", "할인"]),
        ("zh-CN", "优惠从这里开始", ["优惠", "从", "这里", "开始"]),
        ("th-TH", "ลดราคาทุกอย่าง", ["ลด", "ราคา", "ทุก", "อย่าง"]),
        ("km-KH", "រដូវក្តៅចាប់ផ្តើម", ["រដូវ", "ក្តៅ", "ចាប់ផ្តើម"]),
        ("en-US", "extra\u00adordinary", ["extra-", "ordinary"]),
        ("en-US", "a 👨‍👩‍👧 b", ["a", "👨‍👩‍👧", "b"]),
    ],
)
def test_segments(locale, text, expected):
    assert cut(text, locale) == expected


def test_only_very_long_compounds_are_divided_in_headlines():
    assert cut("Wochenendangebote", "de-DE") == ["Wochenendangebote"]
    divided = cut("Lebensmittelverträglichkeitsprüfung", "de-DE")
    assert len(divided) > 1
    assert "".join(p.removesuffix("-") for p in divided) == "Lebensmittelverträglichkeitsprüfung"
    assert all(len(p) >= 6 for p in (divided[0], divided[-1]))


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [("tr", "istanbul ışık", "İSTANBUL IŞIK"), ("el", "Άνοιξη προϊόν", "ΑΝΟΙΞΗ ΠΡΟΪΟΝ"), ("de", "Straße", "STRASSE"), ("en", "istanbul", "ISTANBUL")],
)
def test_upper_case_follows_the_language(language, text, expected):
    assert breaks.upper(text, language, "Grek" if language == "el" else "Latn") == expected


def test_georgian_has_no_upper_case_in_ads():
    assert breaks.upper("ზაფხული", "ka", "Geor") == "ზაფხული"


def test_short_compounds_stay_whole_while_there_is_a_choice():
    assert cut("bright, feel-good flavor", "en-US") == ["bright,", "feel-good", "flavor"]
    assert "feel-" in cut("bright, feel-good flavor", "en-US", breaks.LOOSE)
    assert cut("das Hochgeschwindigkeits-Netz", "de-DE")[1] == "Hochgeschwindigkeits-"
