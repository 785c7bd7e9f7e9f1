"""The catalog of writers: every price has a source and a date, every provider an adapter."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from affiche.adapters.writers.table import PROVIDERS
from affiche.errors import UsageError
from affiche.values.writing import Written
from affiche.write.catalog import models, providers, writer_named


def test_every_provider_has_an_adapter_and_every_model_a_dated_price() -> None:
    assert set(providers()) == set(PROVIDERS)
    assert {row.provider for row in models()} == set(providers()) - {"compatible"}
    for row in models():
        assert row.priced and row.source and isinstance(row.as_of, date), row.id
        assert row.sunset is None or row.replaced_by, row.id
    assert len({row.id for row in models()}) == len(models())


def test_costs_follow_from_what_was_counted() -> None:
    model = writer_named("anthropic:claude-sonnet-5-5")
    written = Written(answer={}, model="m", input_tokens=1_000_000, output_tokens=100_000)
    assert model.cost(written).amount == Decimal("3.000000")
    assert writer_named("deepl").cost(Written(answer={}, model="m", characters=1000)).amount == Decimal("0.025000")
    assert writer_named("deepl").only_translates


@pytest.mark.parametrize("name", ["gpt-6-luna", "nobody:x", "openai", "openai:"])
def test_names_that_mean_no_writer_are_refused_with_a_hint(name: str) -> None:
    with pytest.raises(UsageError) as caught:
        writer_named(name)
    assert caught.value.hint


def test_a_new_model_of_a_known_provider_has_no_price() -> None:
    assert not writer_named("openai:gpt-99").priced
