"""What ships can be set: every phrase and every locale in every family without tofu, continued at a weight that matches."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from math import log
from pathlib import Path

import pytest

import affiche_fonts
from affiche.brief.read import read_brief
from affiche.compose.typeset import FitSpec, TextStyle, fit, locales, measure

#: Families that headlines are set in, each at every weight that it ships.
DISPLAY = sorted({face.family for face in affiche_fonts.faces().values() if "Latn" in face.scripts and not face.family.startswith("Noto")})
FACES = [(family, face.weight) for family in DISPLAY for face in affiche_fonts.families()[family]]
#: A continuing face may look this much blacker or lighter: the stems' ratio. One family in two weights differs by 1.3 to 1.6.
MATCH = 1.34


def texts(node: object, tag: str = "en-US") -> list[tuple[str, str]]:
    """(locale, text) of every string in a table, below keys that are locale tags."""
    if isinstance(node, str):
        return [(tag, node)]
    if isinstance(node, list):
        return [pair for item in node for pair in texts(item, tag)]
    if isinstance(node, dict):
        return [pair for key, item in node.items() for pair in texts(item, key if _is_tag(key) else tag)]
    return []


def _is_tag(key: str) -> bool:
    known = {info.tag for info in locales()}
    return key in known or key in {tag.partition("-")[0] for tag in known}


def phrases() -> list[tuple[str, str]]:
    return texts(tomllib.loads(files("affiche.write").joinpath("data/phrasebook.toml").read_text("utf-8")))


def example_copy(checkout: Path) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for file in sorted((checkout / "examples").glob("*/brief.yaml")):
        brief, problems = read_brief(file.read_bytes(), file=file.name)
        assert brief is not None, problems
        shelves = [brief.copy, *(product.copy for product in brief.products)]
        found += [(tag, text) for shelf in shelves for tag, words in shelf.items() for text in words.values()]
    return found


def missing(pairs: list[tuple[str, str]], family: str, weight: int) -> list[tuple[str, str, tuple[str, ...]]]:
    style = TextStyle(family=family, weight=weight)
    measured = ((tag, text, measure(text, style, tag).missing) for tag, text in pairs)
    return [row for row in measured if row[2]]


@pytest.mark.parametrize("family", DISPLAY)
def test_no_tofu_in_any_sample_or_phrase(family):
    weight = affiche_fonts.families()[family][-1].weight
    shipped = phrases()
    assert len(shipped) > 200
    assert missing([*((info.tag, info.sample) for info in locales()), *shipped], family, weight) == []


def test_no_tofu_in_the_copy_of_the_examples(checkout):
    pairs = example_copy(checkout)
    assert len({tag for tag, _ in pairs}) > 8
    assert missing(pairs, "Bricolage Grotesque", 700) == []


@pytest.mark.parametrize("info", locales(), ids=lambda info: info.tag)
def test_every_locale_fits_a_square_ad(info):
    measured = measure(info.sample, TextStyle(family="Bricolage Grotesque", weight=800), info.tag)
    fitted = fit(measured, 900, 420, FitSpec(min_px=44, max_px=120, max_lines=4))
    assert fitted.fits, fitted.reason
    assert measured.direction == info.direction


@pytest.mark.parametrize(("family", "weight"), FACES)
def test_what_continues_a_family_is_as_black(family, weight):
    asked = affiche_fonts.nearest(family, weight)
    for script in ("Arab", "Hebr", "Deva", "Thai", "Cyrl", "Grek"):
        first = affiche_fonts.faces()[affiche_fonts.chain(family, weight, script)[0]]
        choices = affiche_fonts.families()[first.family]
        if first.family == family or not asked.stem or not first.stem or "serif" in (asked.feel, first.feel):
            nearest = min(abs(face.weight - weight) for face in choices)
            assert first.family == family or abs(first.weight - weight) <= max(100, nearest), script
            continue
        stems = [face.stem for face in choices]
        reachable = min(stems) <= asked.stem * MATCH and max(stems) * MATCH >= asked.stem
        assert not reachable or abs(log(first.stem / asked.stem)) <= log(MATCH), (script, first.alias)
