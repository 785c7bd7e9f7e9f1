"""Every covered locale in every template and aspect class, on frames: no tofu, no overflow, no collision, nothing outside.

The usual run takes each locale through some of the pairs; `./run soak` takes all through all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import pytest

from affiche.compose.compose import compose
from affiche.compose.proof.examine import wrong
from affiche.compose.template.shipped import shipped_ids, shipped_template
from affiche.compose.typeset.locales import locales
from affiche.values.frame import Frame
from affiche.values.locale import Locale
from affiche.write.phrasebook import phrasebook
from tests.unit.compose.requests import CAN, JAR, PHOTO, request

SIZES = ((160, 600), (1080, 1920), (1080, 1350), (1080, 1080), (1200, 628), (728, 90))
PAIRS = tuple(product(shipped_ids(), SIZES))
LOCALES = locales()
#: Locales per pair in the usual run; steps through the list so that each locale meets many templates and every class.
_SOME = 5

#: Characters of a banner's headline.
_BANNER = 32


def laid_out(template: str, size: tuple[int, int], number: int) -> Frame:
    """The locale's own sample as headline and body, its phrasebook's button, its numbers."""
    info = LOCALES[number % len(LOCALES)]
    words: dict[str, str] = dict.fromkeys(("headline", "body", "quote", "legal"), info.sample)
    if size[0] > 4 * size[1]:
        words["headline"] = short(info.sample)
    words |= dict.fromkeys(("step1", "step2", "step3", "date", "offer", "author", "name", "subhead"), button(info.tag, "buy now"))
    words |= {"cta": button(info.tag, "shop now"), "price": "12,50", "old_price": "15,90"}
    words |= {"label1": button(info.tag, "before"), "label2": button(info.tag, "after")}
    shown = shipped_template(template).pictures
    picture = CAN if "cutout" in shown else PHOTO if "photo" in shown else None
    asked = request(template, size, info.tag, picture=picture, **words)
    companions = (JAR,) if shipped_template(template).lineup else ()
    return compose(replace(asked, wordmark="Verde", before=JAR, companions=companions))


def short(sample: str) -> str:
    """The first words of a sample, as many as a banner's headline has."""
    words = sample.split()
    kept = next((n for n in range(len(words), 0, -1) if len(" ".join(words[:n])) <= _BANNER), 1)
    return " ".join(words[:kept])


def button(tag: str, english: str) -> str:
    """The phrase where the phrasebook has it; else a word of the sample."""
    found = phrasebook().lookup(english, tag)
    sample = next(info.sample for info in LOCALES if info.tag == tag)
    return found[0] if found else sample.split()[0][:12]


def told(frame: Frame) -> Iterator[str]:
    for kind, slot, message, _ in wrong(frame):
        yield f"{kind} {slot}: {message}"


@pytest.mark.parametrize(("template", "size"), PAIRS, ids=lambda v: v if isinstance(v, str) else f"{v[0]}x{v[1]}")
def test_some_locales_in_every_template_and_class(template: str, size: tuple[int, int]) -> None:
    first = PAIRS.index((template, size)) * _SOME
    for number in range(first, first + _SOME):
        assert not list(told(laid_out(template, size, number))), LOCALES[number % len(LOCALES)].tag


@pytest.mark.soak
@pytest.mark.parametrize(("template", "size"), PAIRS, ids=lambda v: v if isinstance(v, str) else f"{v[0]}x{v[1]}")
def test_every_locale_in_every_template_and_class(template: str, size: tuple[int, int]) -> None:
    found = {info.tag: list(told(laid_out(template, size, number))) for number, info in enumerate(LOCALES)}
    assert not {tag: faults for tag, faults in found.items() if faults}


def test_every_locale_is_taken_through_some_template() -> None:
    assert len({number % len(LOCALES) for number in range(len(PAIRS) * _SOME)}) == len(LOCALES) >= 60
    assert {Locale.parse(info.tag).tag for info in LOCALES}
