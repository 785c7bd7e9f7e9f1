"""The fields of the brand kit's page and its file: what is typed is in the file, and nothing else of it moves."""

import pytest
from starlette.datastructures import FormData

from affiche.brand.read import read_brand
from affiche.portal.kit import edited, edits, shown

FILE = """\
# The kit
brand: 1
name: Verde
colors:
  primary: "#0F5C4E"  # deep
  accent: "#F27B50"
type: {display: {family: Bricolage Grotesque, weight: 700}, text: Manrope}
logo: logo.svg
voice: {tone: [fresh, dry], formality: {de: informal}}
words:
  # lawyers asked for these
  forbidden:
    "*": [miracle]
    de: [Wunder, heilt]
  keep: [Verde]
  glossary: {can: {de: Dose, fr: canette}}
"""


def form(**changed):
    """The form as the page shows it, with some fields changed."""
    told = shown(FILE)
    fields = {"name": told["name"], "tone": told["tone"], "never": told["never"], "keep": told["keep"], "radius": told["radius"], "grade": told["grade"]}
    fields |= {f"colors.{role}": value for role, value in told["colors"].items()}
    for use in ("display", "text"):
        fields |= {f"type.{use}.{key}": told["type"][use].get(key, "none" if key == "case" else "") for key in ("family", "weight", "tracking", "case")}
    fields |= {f"logo.{key}": told["logo"].get(key, "") for key in ("file", "on_dark", "clear_space", "min_width")}
    for name, columns in (("forbidden", ("tag", "words")), ("required", ("tag", "words")), ("formality", ("tag", "how")), ("glossary", ("term", "tag", "word"))):
        for number, row in enumerate(told[name]):
            fields |= {f"{name}.{number}.{column}": value for column, value in zip(columns, row, strict=True)}
    return FormData({**fields, **{key.replace("__", "."): value for key, value in changed.items()}})


def test_a_form_that_was_not_touched_changes_nothing():
    assert edits(FILE, form()) == {}
    assert edited(FILE, form()) == FILE


@pytest.mark.parametrize(
    ("changed", "before", "after"),
    [
        ({"colors__primary": "#112233"}, '"#0F5C4E"  # deep', '"#112233"  # deep'),
        ({"colors__accent": ""}, '  accent: "#F27B50"\n', ""),
        ({"type__display__weight": "800"}, "weight: 700", "weight: 800"),
        ({"type__text__weight": "500"}, "text: Manrope", "text: {family: Manrope, weight: 500}"),
        ({"logo__clear_space": "0.75"}, "logo: logo.svg", "logo: {file: logo.svg, clear_space: 0.75}"),
        ({"tone": "fresh,  warm"}, "[fresh, dry]", "[fresh, warm]"),
        ({"forbidden__1__words": "Wunder"}, "[Wunder, heilt]", "[Wunder]"),
        ({"forbidden__2__tag": "fr", "forbidden__2__words": "miracle"}, "de: [Wunder, heilt]\n", "de: [Wunder, heilt]\n    fr: [miracle]\n"),
        ({"formality__0__how": "formal"}, "de: informal", "de: formal"),
        ({"glossary__1__word": ""}, "{de: Dose, fr: canette}", "{de: Dose}"),
    ],
)
def test_one_field_changes_one_place(changed, before, after):
    assert before in FILE
    made = edited(FILE, form(**changed))
    assert made == FILE.replace(before, after)
    assert read_brand(made.encode(), file="brand")[0] is not None


def test_a_logo_that_is_taken_away_takes_its_rules_along():
    made = edited(FILE.replace("logo: logo.svg", "logo: {file: logo.svg, clear_space: 1}"), form(logo__file="", logo__clear_space="1"))
    assert "logo" not in made


def test_what_the_form_does_not_show_stays():
    assert edits(FILE, FormData({"name": "Verde"})) == {}
    assert shown("- nothing\n")["name"] == ""
