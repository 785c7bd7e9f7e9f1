"""Rewriting a text in place: what was meant is there, and everything else stayed as its author wrote it."""

import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from affiche.notation.rewrite import rewritten

TEXT = """\
# Our brand
brand: 1
name: Verde   # the name
colors:
  primary: "#0F5C4E"  # deep
  accent: '#F27B50'
  # keep the ink
  ink: "#0B2E27"
type:
  display: {family: Bricolage Grotesque, weight: 700}
voice:
  tone: [fresh, dry]
  never:
    - shouting   # never ever
    - puns
words: {forbidden: {"*": [miracle]}}
empty:
# the end
"""


def read(text):
    return yaml.load(text, Loader=yaml.BaseLoader)


@pytest.mark.parametrize(
    ("path", "value", "before", "after"),
    [
        (("colors", "primary"), "#112233", 'primary: "#0F5C4E"  # deep', 'primary: "#112233"  # deep'),
        (("colors", "paper"), "#FFFFFF", 'ink: "#0B2E27"\n', 'ink: "#0B2E27"\n  paper: "#FFFFFF"\n'),
        (("colors", "accent"), None, "  accent: '#F27B50'\n", ""),
        (("name",), "Verde: fresh", "name: Verde   # the name", 'name: "Verde: fresh"   # the name'),
        (("type", "display", "weight"), "800", "weight: 700}", "weight: 800}"),
        (("type", "display", "weight"), None, ", weight: 700}", "}"),
        (("type", "text"), {"family": "Manrope"}, "weight: 700}\n", "weight: 700}\n  text: {family: Manrope}\n"),
        (("voice", "tone"), ["dry", "on"], "[fresh, dry]", '[dry, "on"]'),
        (("words", "forbidden", "de"), ["Wunder"], '"*": [miracle]}', '"*": [miracle], de: [Wunder]}'),
        (("logo", "clear_space"), "0.5", "empty:\n", "empty:\nlogo: {clear_space: 0.5}\n"),
        (("empty",), "full", "empty:\n", "empty: full\n"),
    ],
)
def test_one_value_changes_and_nothing_else(path, value, before, after):
    assert before in TEXT
    assert rewritten(TEXT, {path: value}) == TEXT.replace(before, after)


@pytest.mark.parametrize(
    ("value", "after"),
    [
        (["shouting", "puns", "on"], '    - shouting   # never ever\n    - puns\n    - "on"\nwords:'),
        (["puns"], "    - puns\nwords:"),
        (["shouting", "lies"], "    - shouting   # never ever\n    - lies\nwords:"),
    ],
)
def test_words_come_and_go_in_a_list_in_lines_and_the_others_keep_their_comments(value, after):
    made = rewritten(TEXT, {("voice", "never"): value})
    assert f"  never:\n{after}" in made and "# keep the ink" in made


def test_a_list_in_lines_that_is_another_one_becomes_one_line_and_its_neighbours_stay():
    made = rewritten(TEXT, {("voice", "never"): ["puns", "shouting"]})
    assert "  never: [puns, shouting]\nwords:" in made and "# keep the ink" in made


def test_json_stays_json():
    text = json.dumps({"brand": 1, "name": "Verde", "colors": {"primary": "#0F5C4E"}}, indent=2)
    made = json.loads(rewritten(text, {("name",): "Söhne", ("colors", "primary"): "#111111"}))
    assert made == {"brand": 1, "name": "Söhne", "colors": {"primary": "#111111"}}


def test_what_cannot_be_changed_in_place_is_written_anew():
    text = "brand: 1\nbase: &base {primary: '#111111'}\ncolors: *base\n"
    assert read(rewritten(text, {("colors", "primary"): "#222222"}))["colors"] == {"primary": "#222222"}
    with pytest.raises(ValueError, match="fields"):
        rewritten("- a\n- b\n", {("name",): "x"})


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=12)
VALUES = st.none() | WORDS | st.lists(WORDS, max_size=3) | st.dictionaries(st.sampled_from("abc"), WORDS, max_size=2)
PATHS = st.lists(st.sampled_from(["colors", "primary", "voice", "never", "words", "forbidden", "name", "new", "type"]), min_size=1, max_size=3)


@given(st.lists(st.tuples(PATHS.map(tuple), VALUES), max_size=4))
def test_whatever_is_changed_reads_as_it_was_meant(changes):
    text, meant = TEXT, read(TEXT)
    for path, value in changes:
        text = rewritten(text, {path: value})
        at = meant
        for key in path[:-1]:
            if value is None and not isinstance(at.get(key), dict):
                break
            if not isinstance(at.get(key), dict):
                at[key] = {}
            at = at[key]
        else:
            if value is None:
                at.pop(path[-1], None)
            else:
                at[path[-1]] = value
    assert read(text) == meant
    assert text.startswith("# Our brand") or text == yaml.safe_dump(yaml.safe_load(text), allow_unicode=True, sort_keys=False, width=120)
