"""Words are found whole, in any case, spelling and script."""

from __future__ import annotations

import pytest

from affiche.check.rules.copy_limits import length
from affiche.placement.model import CopyLimit
from affiche.values.locale import Locale
from affiche.values.wording import contains, words_for


@pytest.mark.parametrize(
    ("text", "word", "locale", "found"),
    [
        ("The BEST soda", "best", "en", True),
        ("The bestest soda", "best", "en", False),
        ("a cure-all", "cure", "en", True),
        ("secure", "cure", "en", False),
        ("eco‑friendly", "eco friendly", "en", True),
        ("eco\u00adfriendly miracle", "ecofriendly", "en", True),
        ("mi\u200bracle", "miracle", "en", True),
        ("ｍｉｒａｃｌｅ", "miracle", "en", True),
        ("don’t stop", "don't", "en", True),
        ("100% sure", "100%", "en", True),
        ("Größe", "GRÖSSE", "de", True),
        ("KLİMA VAR", "klima", "tr", True),
        ("ISPARTA", "ısparta", "tr", True),
        ("ISPARTA", "isparta", "tr", False),
        ("HIT", "hit", "en", True),
        ("最佳选择", "最佳", "zh-CN", True),
        ("毎日が最高だ", "最高", "ja", True),
        ("최고의 선택", "최고", "ko", True),
        ("ดีที่สุดในโลก", "ที่สุด", "th", True),
        ("أفضـــل مشروب", "أفضل", "ar", True),
        ("والأفضل", "أفضل", "ar", False),
        ("सबसे अच्छा", "सबसे", "hi", True),
        ("सबसेअच्छा", "सबसे", "hi", False),
        ("anything", "", "en", False),
    ],
)
def test_contains(text: str, word: str, locale: str, found: bool) -> None:
    assert contains(text, word, Locale.parse(locale)) is found


def test_words_of_language_locale_and_all_count() -> None:
    tables = ({"*": ("a",), "en": ("b",), "en-GB": ("c",), "de": ("d",)}, {"en_US": ("e", "a")})
    assert words_for(tables, Locale.parse("en-US")) == ("a", "b", "e")
    assert words_for(tables, Locale.parse("en-GB")) == ("a", "b", "c")
    assert words_for(({"zh-Hant": ("x",)},), Locale.parse("zh-TW")) == ("x",)


def test_links_cost_what_the_platform_says() -> None:
    assert length("see https://example.com/a/very/long/path now", CopyLimit(link_length=23)) == 4 + 23 + 4
    assert length("cafe\u0301", CopyLimit()) == 4
