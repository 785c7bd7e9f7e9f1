"""The operator's file about providers: what it changes, what it refuses."""

from __future__ import annotations

from datetime import date

import pytest

from affiche.errors import UsageError
from affiche.imagers import Market, market
from affiche.imagine.catalog.own import with_own
from affiche.imagine.catalog.read import CatalogError, shipped_catalog
from affiche.settings import Settings, load


def test_a_contract_price_replaces_the_list_price() -> None:
    catalog, _ = with_own(shipped_catalog(), "[firefly]\nprice = 0.08\ncurrency = 'EUR'", file="p.toml")
    prices = [offer.price for offer in catalog.offers if offer.provider == "firefly"]
    assert prices and all(p.base == {"standard": 0.08} and p.currency == "EUR" and p.verified for p in prices)
    assert len(catalog.offers) == len(shipped_catalog().offers)


def test_options_are_no_longer_needed_once_they_are_set() -> None:
    catalog, own = with_own(shipped_catalog(), "[bedrock]\nregion = 'eu-west-1'\n[comfyui]\nworkflow = 'w.json'", file="p.toml")
    assert catalog.provider("bedrock").needs == () and own["bedrock"].options == {"region": "eu-west-1"}
    assert catalog.provider("comfyui").needs == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[opnai]\ntimeout_s = 5", "no provider 'opnai'"), ("[openai]\nkey = 'sk-123'", "openai.key"),
        ("[openai]\ntimeout = 5", "openai.timeout"), ("[openai]\nbase_url = 'ftp://x'", "base_url"), ("[openai", "no TOML"),
        ("[g]\nadapter = 'generic'\n[[g.offer]]\nmodel = 'm'", "g.offer.0.operations"), ("openai = 3", "openai"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_place(text: str, said: str) -> None:
    with pytest.raises(CatalogError, match=said):
        with_own(shipped_catalog(), text, file="p.toml")


def test_who_is_ready(tmp_path, monkeypatch) -> None:
    for provider in shipped_catalog().providers:
        for name in provider.secrets.values():
            monkeypatch.delenv(name, raising=False)
    (tmp_path / "p.toml").write_text("[comfyui]\nworkflow = 'w.json'\n[azure-openai]\nbase_url = 'https://a.example/'\n")
    settings = Settings(home=tmp_path, provider_file=tmp_path / "p.toml")
    assert market(settings).ready == ("comfyui",)
    monkeypatch.setenv("AZURE_OPENAI_API_KEY", "k")
    monkeypatch.setenv("BFL_API_KEY", "k")
    assert market(settings).ready == ("azure-openai", "bfl", "comfyui")
    assert market(Settings(home=tmp_path)).ready == ("bfl",)
    firefly = market(settings).catalog.provider("firefly")
    assert market(settings).missing(firefly) == ("FIREFLY_CLIENT_ID", "FIREFLY_CLIENT_SECRET")


def test_a_build_that_buys_says_which_models_end(tmp_path, monkeypatch) -> None:
    from affiche.dealers import notices

    for provider in shipped_catalog().providers:
        for name in provider.secrets.values():
            monkeypatch.delenv(name, raising=False)
    settings = Settings(home=tmp_path)
    assert notices(settings, date(2026, 11, 25)) == ()
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    said = notices(settings, date(2026, 11, 25))
    assert [text.split(" ")[0] for text in said] == ["openai/gpt-image-1.5", "openai/gpt-image-1"]
    assert notices(Settings(home=tmp_path, providers=("bfl",)), date(2026, 11, 25)) == ()


def test_those_that_only_draw_are_always_ready(tmp_path) -> None:
    there: Market = market(Settings(home=tmp_path), simulated=True)
    assert there.ready == ("simulated-swift", "simulated-steady", "simulated-grand")
    assert there.catalog.notices(date(2026, 11, 25), there.ready) == ()


def test_a_file_that_is_not_there_is_a_usage_error(tmp_path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        market(Settings(home=tmp_path, provider_file=tmp_path / "none.toml"))
    assert load({"AFFICHE_PROVIDER_FILE": str(tmp_path / "x.toml"), "HOME": "/"}, tmp_path).provider_file == tmp_path / "x.toml"
