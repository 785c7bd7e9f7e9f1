"""The `when:` language: total over facts, strict when it is read."""

import pickle

import pytest

from affiche.compose.template.when import parse

FACTS = {"width": 728.0, "height": 90.0, "picture": "cutout", "language": "ar", "has.body": 1.0, "len.headline": 24.0}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("height <= 90", True),
        ("height < 90", False),
        ("picture == cutout and width >= 240", True),
        ("picture == photo or len.headline > 20", True),
        ("not (language in [ar, he])", False),
        ("language in ['fa', 'ar']", True),
        ("has.body", True),
        ("has.legal", False),
        ("not has.legal and not has.cta", True),
        ("picture == photo or picture == cutout and height > 100", False),
        ("picture > 3", False),
        ("picture != 3", True),
    ],
)
def test_condition_holds(text: str, expected: bool) -> None:
    assert parse(text).holds(FACTS) is expected


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("colour == red", "unknown fact 'colour'"),
        ("width >", "missing value"),
        ("(width > 3", "missing ')'"),
        ("language in [ar", "missing ']'"),
        ("width > 3 height", "unexpected 'height'"),
        ("", "ends too early"),
        ("width ~ 3", "cannot read"),
    ],
)
def test_broken_condition_says_why(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says.replace("(", r"\(").replace(")", r"\)").replace("[", r"\[").replace("]", r"\]")):
        parse(text)


def test_condition_travels_to_another_process_by_its_text() -> None:
    again = pickle.loads(pickle.dumps(parse("height < 60")))
    assert again == parse("height < 60")
    assert not again.holds(FACTS)


def test_a_condition_may_ask_for_the_market() -> None:
    condition = parse("market in [DACH, CH] and not has.price")
    assert condition.holds({"market": "DACH"}) and not condition.holds({"market": "US"})
    assert "market" in condition.names
