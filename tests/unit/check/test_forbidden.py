"""A forbidden word in copy that is not translated is looked for in both languages, and told once."""

from __future__ import annotations

from affiche.check import example
from affiche.check.rules.words_forbidden import RULE, _check
from affiche.values.locale import Locale
from affiche.values.text import Text


def test_a_word_that_both_languages_forbid_is_told_once() -> None:
    words = {"cta": Text(value="Find a can", locale="en-US"), "headline": Text(value="Find it", locale="en-US")}
    subject = example.sample(words=words, locale=Locale.parse("ar-SA"), forbidden={"*": ("find",), "en": ("find", "can")})
    told = [(one.status, one.measured) for one in _check(subject, RULE.limits)]
    assert told == [("fail", "find"), ("fail", "can"), ("fail", "find")]
