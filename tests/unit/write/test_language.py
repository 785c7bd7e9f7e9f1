"""The language of texts: a neighbour's is noticed when there is enough of it, and no good text is ever suspected."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
import yaml

from affiche.values.locale import Locale
from affiche.write.language import foreign
from affiche.write.phrasebook import phrasebook
from affiche.write.valid import complaints
from affiche.write.voice import Voice

ROOT = Path(__file__).resolve().parents[3]
COPY = tomllib.loads((ROOT / "bench/copy.toml").read_text(encoding="utf-8"))
SPANISH = ("Despierta la tarde", "Agua con gas y un toque de yuzu, sin nada más.", "Encuéntrala en tu tienda")


def example_copy() -> list[tuple[str, str]]:
    """Every text of the example campaigns with its locale."""
    found = []
    for name in ("verde", "lumen"):
        brief = yaml.safe_load((ROOT / f"examples/{name}/brief.yaml").read_text(encoding="utf-8"))
        for part in (brief, *brief["products"]):
            found += [(tag, str(text)) for tag, words in (part.get("copy") or {}).items() for text in words.values()]
    return found


@pytest.mark.slow
def test_no_good_text_is_suspected_alone_or_with_others() -> None:
    own = {tag: list(row.values()) for tag, row in phrasebook().texts.items()}
    assert len(own) >= 60
    groups = [(tag, [text]) for tag, texts in own.items() for text in texts]
    groups += [(tag, texts[at : at + 3]) for tag, texts in own.items() for at in range(len(texts) - 2)]
    groups += list(own.items())
    groups += [(tag, [text]) for tag, text in example_copy()]
    for row in COPY.values():
        groups += [(tag, texts) for tag in row["locales"] for texts in ([row["words"][0]], row["words"][:2], row["words"])]
    wrong = [(tag, texts, found) for tag, texts in groups if (found := foreign(texts, Locale.parse(tag))) is not None]
    assert wrong == [] and len(groups) > 2500


#: Copy of the one in the place of the other. Not noticed on so little text: Danish for Norwegian, Czech for Slovak.
NEIGHBOURS = (
    "es-pt", "pt-es", "it-es", "es-it", "fr-es", "nl-de", "de-nl", "nb-da", "sv-da", "da-sv", "ru-uk", "uk-ru", "ru-bg", "en-de", "en-fr",
    "fi-et", "ro-it", "es-ca",
)  # fmt: skip


def test_the_copy_of_a_neighbour_is_noticed() -> None:
    found = {pair: foreign(COPY[pair[:2]]["words"], Locale.parse(pair[3:])) for pair in NEIGHBOURS}
    noticed = {pair for pair, one in found.items() if one is not None and one.language == {"nb": "no"}.get(pair[:2], pair[:2])}
    assert len(noticed) >= 17, sorted(set(NEIGHBOURS) - noticed)


@pytest.mark.parametrize("text", ["OK", "Verde", "Despierta", "Sale", "Yuzu & Co"])
def test_short_texts_are_not_judged(text: str) -> None:
    assert foreign([text], Locale.parse("pt-PT")) is None


def test_what_is_one_language_in_an_ad_and_what_nobody_knows_is_not_told_apart() -> None:
    croatian = ["Probudi svoje poslijepodne", "Pjenušava voda s daškom yuzua, i ništa više."]
    assert foreign(croatian, Locale.parse("sr-Latn-RS")) is None and foreign(croatian, Locale.parse("bs-BA")) is None
    assert foreign(croatian, Locale.parse("sl-SI")) is not None
    assert foreign(SPANISH, Locale.parse("qu-PE")) is None


def test_a_text_in_another_language_is_a_grave_complaint_that_names_both() -> None:
    voice = Voice(locale="pt-BR", brand="Verde", keep=("Verde",))

    def wrong(text: str, company: tuple[str, ...]) -> list[tuple[str, bool]]:
        return [(c.what, c.grave) for c in complaints(text, "x", source_locale="en-US", voice=voice, company=company)]

    told = wrong(SPANISH[0], SPANISH)
    assert len(told) == 1 and told[0][1] and told[0][0].startswith("it reads as Spanish, not as Portuguese (")
    assert wrong(SPANISH[0], ()) == [], "a headline alone says too little"
    assert wrong("Verde", ("Verde", *SPANISH)) == [], "a name among them is no fault"
    portuguese = ("Desperte a sua tarde", "Água com gás e um toque de yuzu, sem mais nada.", "Encontre na sua loja")
    assert all(wrong(text, portuguese) == [] for text in portuguese)
