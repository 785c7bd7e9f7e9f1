"""The corpus of real briefs, read in place: how many read with no edit, and whether their meaning survives."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest

from affiche.brief.model import Brief
from affiche.brief.normal import to_yaml
from affiche.brief.read import read_brief

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "briefs"
#: Not eligible: no product in the file at all.
WITHOUT_PRODUCTS = {"campora-complete.json", "ThEndPoint_assets--campaign-complete.json", "campaign_20250908_112439.json"}
REQUIRED_SHARE = 0.98

if not CORPUS.is_dir():
    warnings.warn(f"THE BRIEF CORPUS IS ABSENT ({CORPUS}): the importer's score is NOT measured", stacklevel=1)
pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the brief corpus is absent: importer score not measured")

#: end of file name -> (product names, start of the message, locales, colours, pictures named)
MEANING: dict[str, tuple[list[str], str, list[str], list[str], list[str]]] = {
    "ecohome_campaign.json": (["SolarCharge Power Bank", "BambooWare Kitchen Set"], "Live green, live better", ["en-IE", "de-DE", "fr-FR", "es-ES", "it-IT", "nl-NL", "pl-PL"], [], []),
    "hydralife_campaign.json": (["HydraBoost Water", "VitaSpark Energy"], "Stay refreshed all summer", ["en-GB"], [], []),
    "luxebeauty_campaign.json": (["GlowSerum Pro", "LuxeLash Mascara"], "Radiate confidence", ["en-US", "en-CA", "fr-CA"], [], ["GlowSerum Pro", "LuxeLash Mascara"]),
    "ahmed-musallam__creative-automation-pipeline__campaign.yaml": (["Eco-Friendly Energy Drink Can", "Eco-Friendly Orange Soda Can"], "Summer launch for", ["es-MX"], [], ["inputs/energy-drink-can.png", "inputs/orange-soda-can.png"]),
    "config--campaign_brief.yaml": ([], "", [], [], []),
    "ankiw__creative-automation-java__campaign_brief.yaml": (["Eco Glow Moisturizer", "Spark Energy Drink"], "Shop now and save 20%!", ["en-US", "en-GB", "de-DE"], ["#2EC4B6", "#FFFFFF", "#FF9F1C"], []),
    "brief.sample.json": (["Running Socks", "Tennis Shoes"], "Train stronger", ["en-US"], ["#0057B8", "#00A3E0"], []),
    "campaign_brief_1.json": (["Organic Green Tea", "Herbal Sleep Blend"], "Discover natural wellness", ["en-US", "es-MX", "fr-CA"], [], []),
    "campaign_brief_2.json": (["Wireless Charging Pad", "Bluetooth Speaker", "Smart Watch Band"], "Elevate your tech", ["en-GB", "fr-FR", "de-DE", "it-IT"], [], []),
    "campaign_brief_3.json": (["Artisan Coffee Set", "Luxury Candle Collection"], "Give the gift", ["en", "es", "fr", "de", "ja"], [], []),
    "summer_refresh_2025.yaml": (["AquaVita Sparkling Water", "SunGuard SPF 50 Lotion", "EmberGlow Coastal Candle"], "Refresh your summer, naturally.", ["en-US", "es-US", "es-419", "pt-BR"], [], []),
    "example-ja.yaml": (["Solar Flask 1L", "Dawn Brew Tea"], "Level Up Your Morning", ["ja-JP"], ["#FF5733", "#1A1A1A", "#F5F5F0"], ["assets/products/solar-flask/lifestyle-01.jpg", "assets/products/dawn-brew/packaging.jpg"]),
    "brief-reference.yaml": (["Tidewell Sparkling Yuzu", "Tidewell Cold Brew Tonic"], "Summer, freshly poured.", ["en-US", "es-MX", "fr-CA"], [], ["sparkling-yuzu/hero.jpg"]),
    "sample_campaign.json": (["Wireless Headphones", "Smart Water Bottle", "Portable Charger"], "Summer Sale", ["en-US", "en-CA", "fr-CA"], ["#FF6B35", "#004E89"], ["sample_product.png"]),
    "campaign_20250909_004346.json": (["Coca-Cola Classic Can"], "Taste the Feeling", ["es-419"], ["#667EEA", "#FFFFFF", "#FFD700"], []),
    "fashion_campaign.yaml": (["Designer Handbag", "Premium Watch"], "Elevate your style", ["en-GB"], ["#2C3E50", "#ECF0F1", "#E74C3C"], []),
    "ScenarioCreativeAutomation__campaign_brief.json": (["Wireless Ergonomic Mouse", "Mechanical Keyboard"], "Elevate Your Workspace", ["en-GB", "de-DE", "fr-FR"], [], []),
    "example_brief.json": (["Superman at Tokyo Tower", "Superman in Shibuya Crossing"], "ヒーローが日本に来る！", ["ja-JP"], [], []),
    "04-french-fashion.json": (["Parfum Élégance", "Sac à Main Cuir", "Montre Luxe Parisienne", "Écharpe en Soie"], "Découvrez", ["fr-FR", "nl-BE", "fr-BE", "de-CH", "fr-CH", "it-CH", "en-CA", "fr-CA"], ["#002395", "#FFFFFF", "#ED2939"], []),
    "02-multi-product-apple.json": (["iPhone 15 Pro", "AirPods Pro"], "Gift the Magic", ["en-US", "en-GB", "de-DE", "fr-FR", "ja-JP"], ["#000000", "#FFFFFF", "#F5F5F7"], ["apple/iphone-15-pro/", "apple/airpods-pro/"]),
    "vitara-generate.yaml": (["Energize Daily Face Serum", "Revive Night Repair Cream"], "Science-backed.", ["en-US", "en-CA", "fr-CA"], ["#4A7C59", "#F5EFE6", "#2C3E35"], []),
    "__summer_refresh.yaml": (["Sparkling Lemon Water", "Citrus Craft Soda", "Peach Black Iced Tea"], "Refresh your summer with", ["en-US", "ja"], ["#F8FAFC", "#111827"], []),
    "example_brief_eu.json": (["Reserve Blend Coffee", "Lumière Skincare Set"], "Give the gift of experience", ["en-GB"], [], []),
    "nonnetlabs-svg__creative-automation-pipeline__brief.json": (["Citrus Soda", "Berry Soda"], "Taste the summer", ["en", "es-MX", "pt-BR", "fr-FR", "de-DE"], ["#1F5E2E"], []),
    "sample_advanced.json": (["Premium Wireless Headphones", "Sport Wireless Earbuds"], "Experience Pure Sound", ["en-US", "en-GB", "de-DE"], [], []),
    "campaign_brief_sample_input2.json": (["Hydrating Rose Lotion"], "Discover nature's beauty secret", ["fr-CA"], ["#2E7D32", "#FFFFFF"], []),
    "campaign_brief_patagonia.yaml": (["Patagonia Better Sweater", "Patagonia Baggies Shorts"], "Built to endure.", ["en-US", "es-ES", "fr-FR"], [], ["patagonia_better_sweater", "patagonia_baggies_shorts"]),
    "campaign_brief_enterprise.yaml": (["Enterprise Suite", "Data Analytics Platform", "Compliance Monitor"], "Enterprise-grade AI", ["en-GB", "de-DE", "fr-FR", "es-ES", "it-IT", "ar-SA"], ["#1E40AF", "#0F172A", "#FFFFFF"], []),
    "mcdonalds--campaign.yaml": (["Crispy Chicken Deluxe", "Double Quarter Pounder with Cheese", "OREO McFlurry"], "Taste the Golden Moments", ["de-DE", "en-US"], ["#FFC72C", "#DA291C", "#27251F", "#FFFFFF"], ["examples/mcdonalds/input/crispy-chicken-deluxe.png", "examples/mcdonalds/input/double-quarter-pounder.png", "examples/mcdonalds/input/mcflurry-oreo.png"]),
}  # fmt: skip
MEANING = {name: meaning for name, meaning in MEANING.items() if meaning[0]}


def test_at_least_98_percent_read_with_no_edit_and_keep_their_normal_form() -> None:
    files = [file for file in sorted(CORPUS.iterdir()) if file.name.split("__")[-1] not in WITHOUT_PRODUCTS]
    assert len(files) > 85
    failed = []
    for file in files:
        brief, problems = read_brief(file.read_bytes(), file=file.name)
        if brief is None or not brief.products or not brief.locales:
            failed.append((file.name, [p for p in problems if p.severity == "error"]))
        elif read_brief(to_yaml(brief).encode(), file="normal.yaml")[0] != brief:
            failed.append((file.name, ["its normal form is another brief"]))
    assert len(files) - len(failed) >= REQUIRED_SHARE * len(files), failed


@pytest.mark.parametrize("name", sorted(MEANING))
def test_meaning_survives(name: str) -> None:
    (file,) = [file for file in CORPUS.iterdir() if file.name.endswith(name)]
    brief, problems = read_brief(file.read_bytes(), file=file.name)
    assert brief is not None, problems
    products, message, locales, colors, pictures = MEANING[name]
    assert [product.name for product in brief.products] == products
    assert _message(brief).startswith(message)
    assert list(brief.locales) == locales
    assert list(brief.brand.colors) == colors
    assert [product.picture.path for product in brief.products if product.picture] == pictures


def _message(brief: Brief) -> str:
    return brief.message.words.get("headline", "")


@pytest.mark.parametrize("name", sorted(WITHOUT_PRODUCTS))
def test_briefs_without_products_say_so(name: str) -> None:
    for file in (file for file in CORPUS.iterdir() if file.name.split("__")[-1] == name):
        brief, problems = read_brief(file.read_bytes(), file=file.name)
        assert brief is None
        assert [p.code for p in problems if p.severity == "error"] == ["brief.no-products"]


def test_localized_copy_and_per_product_copy_survive() -> None:
    def read(end: str) -> Brief:
        (file,) = [file for file in CORPUS.iterdir() if file.name.endswith(end)]
        brief, _ = read_brief(file.read_bytes(), file=file.name)
        assert brief is not None
        return brief

    assert read("mcdonalds--campaign.yaml").copy["de-DE"]["headline"] == "Erlebe goldene Momente - Neue Herbst-Menüs!"
    assert read("mcdonalds--campaign.yaml").brand.forbidden_by["de-DE"][0] == "gesund"
    assert read("mcdonalds--campaign.yaml").products[1].names == {"de-DE": "Double Quarter Pounder mit Käse"}
    assert read("brief-reference.yaml").copy["es-MX"]["cta"] == "Encuéntralo cerca"
    assert read("brief-reference.yaml").products[0].picture.focal == (0.5, 0.45)  # type: ignore[union-attr]
    assert read("summer_refresh_2025.yaml").copy["pt"]["legal"].startswith("Consulte")
    assert read("sample_campaign.json").products[0].copy["en-US"] == {"headline": "Premium Sound, Zero Wires", "cta": "Shop Now"}
    assert read("shampoo_campaign.json").products[1].locales == ("es-419", "pt-BR")
    assert [v.id for v in read("campaign_brief_patagonia.yaml").variants] == ["a", "b"]
    assert read("vitara-generate.yaml").brand.forbidden == ("cure", "guaranteed", "miracle", "free")
