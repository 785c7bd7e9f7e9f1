"""The catalog of providers: what is shipped is sound, what is wrong is refused with its place, what is retired is not offered."""

from __future__ import annotations

import tomllib
from datetime import date
from importlib.resources import files

import pytest

from affiche.errors import ModelRetired
from affiche.imagine.catalog.read import (
    CatalogError,
    read_catalog,
    refuse_retired,
    refuse_strangers,
    shipped_catalog,
    simulated_catalog,
)

ROW = """
as_of = 2026-11-21
[[provider]]
id = "house"
name = "House"
base = "https://house.example/"
[[offer]]
provider = "house"
model = "m1"
operations = ["generate", "edit"]
can = { multiple = 8, references = { source = 1 }, mask = true }
price = { base = { standard = 0.1 }, source = "the price list", as_of = 2026-11-01 }
sunset = 2026-12-01
replaced_by = "m1"
"""


@pytest.mark.parametrize("catalog", [shipped_catalog(), simulated_catalog()], ids=["shipped", "simulated"])
def test_what_is_shipped_is_sound(catalog) -> None:
    refuse_strangers(catalog, file="shipped")
    assert {offer.provider for offer in catalog.offers} == {provider.id for provider in catalog.providers}
    for offer in catalog.offers:
        assert set(offer.can.qualities) <= set(offer.price.base), offer.id
        assert offer.price.source and offer.price.as_of is not None and offer.licence, offer.id


def test_every_provider_of_the_issue_is_there() -> None:
    wanted = "openai azure-openai stability bedrock gemini firefly bfl fal replicate huggingface recraft ideogram comfyui diffusers"
    assert set(wanted.split()) <= {provider.id for provider in shipped_catalog().providers}


def test_no_paid_offer_is_estimated_as_free() -> None:
    """An unknown price is an assumption above zero: a budget must not believe that a provider is free."""
    for offer in shipped_catalog().offers:
        if offer.provider not in ("comfyui", "diffusers"):
            price = offer.price
            assert all(price.base[q] + price.per_megapixel.get(q, 0) > 0 for q in offer.can.qualities), offer.id


def test_a_source_belongs_to_working_on_a_picture() -> None:
    generate, edit = read_catalog(ROW, file="x").offers
    assert "source" not in generate.can.references and not generate.can.mask
    assert edit.can.references == {"source": 1} and edit.can.mask


def test_a_model_is_offered_until_the_day_before_its_end() -> None:
    catalog = read_catalog(ROW, file="x")
    assert len(catalog.live(date(2026, 11, 30))) == 2
    assert catalog.live(date(2026, 12, 1)) == ()
    refuse_retired(catalog.offers[0], date(2026, 11, 30))
    with pytest.raises(ModelRetired, match="shut down on 2026-12-01"):
        refuse_retired(catalog.offers[0], date(2026, 12, 1))


def test_an_end_is_announced_sixty_days_before() -> None:
    catalog = read_catalog(ROW, file="x")
    assert catalog.notices(date(2026, 9, 1), ["house"]) == ()
    assert catalog.notices(date(2026, 10, 15), ["house"]) == ("house/m1 will be shut down on 2026-12-01; use m1",)
    assert "was shut down" in catalog.notices(date(2026, 12, 1), ["house"])[0]
    assert catalog.notices(date(2026, 12, 1), ["other"]) == ()


def test_models_that_ended_before_november_2026_are_not_offered() -> None:
    live = {offer.model for offer in shipped_catalog().live(date(2026, 11, 25))}
    assert not {"gpt-image-1", "gemini-3.1-flash-image", "dall-e-3"} & live
    assert {"gpt-image-2.6-flare", "gemini-nano-banana-2.1"} <= live


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("multiple = 8", "multipel = 8", r"offer\.0\.can\.multipel \(house/m1\)"),
        ("base = { standard = 0.1 }", "base = { high = 0.1 }", "no price for standard"),
        ("as_of = 2026-11-01", "verified = true", r"price\.as_of"),
        ('base = "https://house.example/"', 'base = "http://house.example/"', "https"),
        ("multiple = 8", 'sizes = ["1x1"], ratios = ["1:1"]', "not both"),
        ('operations = ["generate", "edit"]', 'operations = ["generate", "generate"]', "twice"),
        ("sunset = 2026-12-01", "", "without a date"),
        ("[[offer]]", "[[offer", "no TOML"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(old: str, new: str, said: str) -> None:
    with pytest.raises(CatalogError, match=said):
        read_catalog(ROW.replace(old, new, 1), file="x")


def test_strangers_are_refused() -> None:
    for old, new in (('provider = "house"', 'provider = "hose"'), ('replaced_by = "m1"', 'replaced_by = "m2"')):
        with pytest.raises(CatalogError, match="not in the catalog"):
            refuse_strangers(read_catalog(ROW.replace(old, new), file="x"), file="x")


def test_rows_of_an_operator_win() -> None:
    own = read_catalog(ROW.replace("0.1 }", "0.3 }"), file="own")
    joined = read_catalog(ROW, file="x").with_others(own)
    assert [offer.price.base["standard"] for offer in joined.offers] == [0.3, 0.3]
    assert len(joined.providers) == 1


def test_adapters_and_catalog_name_each_other() -> None:
    from affiche.adapters.imagers.table import ADAPTERS

    named = {provider.adapter for catalog in (shipped_catalog(), simulated_catalog()) for provider in catalog.providers}
    assert named | {"generic"} == {*ADAPTERS, "simulated"}, "simulated ones are opened with their server (imagers.py)"
    text = (files("affiche.imagine.catalog") / "data" / "providers.toml").read_text()
    assert tomllib.loads(text)["as_of"] == date(2026, 11, 21)
