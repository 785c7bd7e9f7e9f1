"""What layouts say of texts, and what templates say of themselves, in every language of the interface."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from affiche.compose.compose import compose
from affiche.compose.direct.choose import _KINDS, choose_template
from affiche.compose.proof.stress import cases
from affiche.compose.template.shipped import shipped_ids, shipped_template
from affiche.portal.pages.playground import _INSTEAD, _OWN
from affiche.portal.remedies import _SENTENCES, spoken
from affiche.portal.shape import role_name
from affiche.portal.views import KEYBOARD
from affiche.portal.words import _table, translator
from affiche.values.text import Text

LANGUAGES = ["de", "ar", "ja"]
LONG = "Freundschaftsbeziehungen und Kraftfahrzeughaftpflichtversicherungen für alle " * 6


def told() -> Iterator[str]:
    """Remedies of real layouts: the hard copy of three templates, and the same with far too much text."""
    for template in ("stage", "split", "steps"):
        for number, case in enumerate(cases(shipped_template(template))):
            if number % 4:
                continue
            frames = [compose(case.request)]
            if number % 8 == 0:
                words = {role: replace(text, value=LONG) for role, text in case.request.words.items()}
                short = {f"{role}_short": Text(value="Kurz", locale=text.locale) for role, text in case.request.words.items()}
                frames += [compose(replace(case.request, words=words)), compose(replace(case.request, words=words | short))]
            for frame in frames:
                # What is left out is told by its outcome.
                yield from (fit.remedy for fit in frame.fits if fit.remedy and fit.lines)


@pytest.mark.slow
def test_every_remedy_of_a_layout_is_known() -> None:
    remedies = set(told())
    marked = {remedy: spoken(remedy, lambda sentence, **_: f"<{sentence}>") for remedy in remedies}
    assert len(remedies) > 20
    unknown = {remedy: said for remedy, said in marked.items() if any(not part.startswith("<") for part in said.split("; ") if part)}
    assert not unknown
    found = {sentence for sentence in _SENTENCES if any(f"<{sentence}>" in said for said in marked.values())}
    assert len(found) >= 4, f"only {found} occur"


def test_numbers_and_names_are_kept_and_what_is_not_known_stays() -> None:
    t = translator("de")
    assert spoken("needs 12 px, min 14; about 8 of 42 characters too many", t) == "etwa 8 von 42 Zeichen zu viel"
    assert spoken("another layout: rectangle", t) == "ein anderer Aufbau: rectangle"
    assert spoken("something else; the shorter approved wording", t) == "something else; die kürzere freigegebene Fassung"
    assert spoken("does not fit at any size, min 14", t) == spoken("", t) == ""


def test_it_is_known_when_another_template_stood_in() -> None:
    every = {id: shipped_template(id) for id in shipped_ids()}
    drawn, why = choose_template(every["hero"], "cutout", {"headline"}, every)
    found = _INSTEAD.search(f"{why}; set arch: the usual one")
    assert drawn.id == "stage" and found and found["what"] == _KINDS["cutout"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_remedies_and_templates_are_told_in_every_language(language: str) -> None:
    templates = [shipped_template(id) for id in shipped_ids()]
    called = (role_name(role, str) for role in _OWN)
    wanted = {*_SENTENCES, *called, *_KINDS.values(), *(t.name for t in templates), *(t.description for t in templates)}
    assert wanted - _table(language).keys() == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_of_keys_is_told_in_every_language(language: str) -> None:
    wanted = {title for title, _ in KEYBOARD} | {what for _, keys in KEYBOARD for _, what in keys}
    assert wanted - _table(language).keys() == set()
