"""Brands: strict reading with places, missing roles derived, derived palettes legible whatever they start from."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from affiche.brand.derive import derive_brand
from affiche.brand.model import COLOR_ROLES
from affiche.brand.read import read_brand
from affiche.brand.schema import json_schema
from affiche.values.color import Color, contrast

GOOD = b"""brand: 1
name: Verde
colors: {primary: "#0F5C4E", accent: "#FF6B35"}
type: {display: {family: Fraunces, weight: 600}, text: Manrope}
logo: {file: logo.svg, clear_space: 0.75}
voice: {tone: fresh, never: [loud]}
words: {forbidden: {"*": [miracle], de: heilt}, required: {en-US: [Drink responsibly]}}
"""


@dataclass(frozen=True)
class Given:
    name: str = "X"
    colors: tuple[str, ...] = ()
    logo: str = ""
    forbidden: tuple[str, ...] = ()
    forbidden_by: dict[str, tuple[str, ...]] = field(default_factory=dict)
    fonts: tuple[str, ...] = ()
    tone: tuple[str, ...] = ()


def test_a_brand_is_read_and_completed() -> None:
    brand, problems = read_brand(GOOD, file="brand.yaml")
    assert brand is not None, problems
    assert tuple(brand.colors) == COLOR_ROLES
    assert brand.colors["accent"].hex == "#FF6B35"
    assert "colors.ink" in brand.derived
    assert "colors.primary" not in brand.derived
    assert (brand.display.family, brand.text.family) == ("Fraunces", "Manrope")
    assert brand.logo is not None
    assert brand.logo.clear_space == 0.75
    assert brand.forbidden == {"*": ("miracle",), "de": ("heilt",)}
    assert brand.tone == ("fresh",)


def test_all_problems_at_once_with_places() -> None:
    bad = b'brand: 1\nnam: x\ncolors: {primry: "#123", accent: neon, ink: #FFF\n}\ntype: {display: {weight: fat}}\n'
    brand, problems = read_brand(bad, file="b.yaml")
    assert brand is None
    found = {(p.where.line, p.where.column, p.code) for p in problems}
    assert {(1, 1, "brand.missing-key"), (2, 1, "brand.unknown-key"), (3, 10, "brand.unknown-key"), (3, 34, "brand.bad-color"), (5, 26, "brand.bad-value")} <= found
    assert any("quotes" in p.hint for p in problems)


def test_pale_ink_is_a_warning() -> None:
    brand, problems = read_brand(b'brand: 1\nname: X\ncolors: {ink: "#AAAAAA", paper: "#FFFFFF"}\n', file="b.yaml")
    assert brand is not None
    assert "brand.contrast" in {p.code for p in problems if p.severity == "warning"}


def test_other_files_are_not_ours() -> None:
    assert [p.code for p in read_brand(b"brand: {name: X}\n", file="b.yaml")[1]] == ["brand.not-ours"]


@given(st.lists(st.integers(0, 0xFFFFFF), max_size=8))
def test_a_derived_brand_is_legible(numbers: list[int]) -> None:
    colors = derive_brand(Given(colors=tuple(f"#{n:06X}" for n in numbers))).colors
    assert contrast(colors["ink"], colors["paper"]) >= 7
    assert contrast(colors["ink"], colors["surface"]) >= 7
    assert max(contrast(colors["accent"], colors["ink"]), contrast(colors["accent"], colors["paper"])) >= 4.5


def test_given_colours_lead_and_neon_never_covers_a_surface() -> None:
    brand = derive_brand(Given(colors=("#39FF14", "#FF00FF"), forbidden=("cure",), fonts=("Arial", "Playfair Display")))
    assert brand.colors["primary"].hex == "#39FF14"
    _, a, b = brand.colors["surface-2"].oklab
    assert (a * a + b * b) ** 0.5 < 0.06
    assert brand.forbidden == {"*": ("cure",)}
    assert brand.display.family == "Playfair Display"


def test_the_pictures_palette_stands_in() -> None:
    assert derive_brand(Given(), ("#8C3B1F", "#F6E9DA")).colors["primary"] == Color.parse("#8C3B1F")
    assert "colors" in derive_brand(Given(), ("#8C3B1F",)).derived


def test_the_schema_names_every_role() -> None:
    assert set(json_schema()["$defs"]["ColorsFile"]["properties"]) == set(COLOR_ROLES)
