"""Pictures of the brand's style: shown to those who take them, as many as they take; the others are asked without."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from affiche.imagine.able import Policy, able
from affiche.imagine.catalog.read import CatalogError, read_catalog, shipped_catalog
from affiche.imagine.route import obtain
from affiche.imagine.shown import shown_to, styles_in
from affiche.values.digest import digest
from affiche.values.imagery import Reference
from tests.unit.imagine.market import FREE, TODAY, Stall, always, desk, offer, order, picture, request

STYLES = tuple(Reference(data=bytes([n]), media_type="image/jpeg", role="style") for n in range(3))
SOURCE = Reference(data=b"s", media_type="image/png", role="source")
PLANNED = request(style=tuple(digest("style", n) for n in range(3)))
SENT = request(references=(SOURCE, *STYLES))


@pytest.mark.parametrize(("takes", "shown"), [(0, 0), (1, 1), (2, 2), (7, 3)])
def test_as_many_go_along_as_an_offer_takes(takes: int, shown: int) -> None:
    can = replace(FREE, references={"style": takes} if takes else {})
    sent = shown_to(SENT, can)
    assert (styles_in(sent), sent.references[0]) == (shown, SOURCE)
    assert [r.data for r in sent.references[1:]] == [style.data for style in STYLES[:shown]], "the first ones"
    assert ("style of the brand" in sent.prompt) == bool(shown)
    assert shown_to(PLANNED, can).prompt == sent.prompt, "what is planned is what is sent"


def test_a_prompt_that_would_become_too_long_goes_without() -> None:
    short = replace(FREE, references={"style": 3}, max_prompt=len(SENT.prompt) + 20)
    assert styles_in(shown_to(SENT, short)) == 0
    assert shown_to(SENT, short).prompt == SENT.prompt
    assert styles_in(shown_to(SENT, replace(short, needs=("style",)))) == 3, "one that only copies a style is shown it anyway"


def test_a_model_that_only_copies_a_style_is_not_asked_without_one() -> None:
    copier = offer("copier", 0.01, can=replace(FREE, references={"style": 1}, needs=("style",)))
    fit, why_not = able(request(), [copier], Policy(), TODAY)
    assert fit == ()
    assert why_not == {"copier/m/generate": "it needs a picture as style"}
    assert able(PLANNED, [copier], Policy(), TODAY)[0], "planned with the pictures' digests"
    assert able(request(references=STYLES), [copier], Policy(), TODAY)[0], "sent with the pictures"


def test_the_catalog_says_who_needs_a_picture() -> None:
    needing = {(o.provider, role) for o in shipped_catalog().offers for role in o.can.needs}
    assert needing == {("stability", "style"), ("stability", "structure"), ("bedrock", "style"), ("bedrock", "structure")}
    row = '[[offer]]\nprovider="p"\nmodel="m"\noperations=["generate"]\ncan={multiple=8, needs=["style"]}\n'
    price = 'price={base={standard=0.1}, source="own", as_of=2026-11-01, verified=true}\n'
    with pytest.raises(CatalogError, match="not among its references"):
        read_catalog(f"as_of=2026-11-01\n{row}{price}", file="own.toml")


@pytest.mark.parametrize(("takes", "shown"), [({"style": 2}, 2), ({}, 0)])
def test_the_router_shows_a_provider_what_it_takes_and_tells(takes: dict, shown: int) -> None:
    one = offer("one", 0.01, can=replace(FREE, references=takes))
    stall = Stall(provider="one", does=always(picture()))
    found = asyncio.run(obtain(request(references=STYLES), order(), desk(stall, offers=(one,))))
    assert styles_in(stall.asked[0][0]) == shown
    told = [line for line in found.told if "style pictures" in line]
    assert told == (["one/m/generate is shown 2 of the brand's style pictures"] if shown else [])
