"""docs/providers.md names every provider, variable and option, and what it shows can be read."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from affiche.adapters.imagers.description import read_description
from affiche.imagine.catalog.own import with_own
from affiche.imagine.catalog.read import shipped_catalog
from affiche.imagine.catalog.schema import OwnRow

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "providers.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```toml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def test_every_provider_with_its_variables_is_named() -> None:
    for provider in shipped_catalog().providers:
        assert f"| `{provider.id}` |" in PAGE
        assert not [name for name in provider.secrets.values() if f"`{name}`" not in PAGE]
        assert not [name for name in provider.needs if name not in PAGE]


def test_every_key_of_the_provider_file_is_named() -> None:
    assert not [name for name in OwnRow.model_fields if not re.search(rf"\b{name}\b", PAGE)]


@pytest.mark.parametrize("text", [block for block in BLOCKS if block.startswith("[request]")])
def test_the_description_that_is_shown_can_be_read(text: str) -> None:
    assert read_description(text, file="providers.md").job_path == "v1/jobs/{job}"


@pytest.mark.parametrize("text", [block for block in BLOCKS if not block.startswith("[request]")])
def test_the_provider_files_that_are_shown_can_be_read(text: str) -> None:
    catalog, own = with_own(shipped_catalog(), text, file="providers.md")
    assert set(own) == set(tomllib.loads(text))
    if "gateway" in own:
        assert [offer.id for offer in catalog.offers if offer.provider == "gateway"] == ["gateway/house-1/generate"]


def test_three_blocks_are_shown() -> None:
    assert len(BLOCKS) == 3
