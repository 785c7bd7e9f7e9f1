"""`affiche providers` and its test, against a double in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from affiche.cli.main import run
from affiche.imagine.catalog.read import shipped_catalog
from tests.doubles.double import Double

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def double(tmp_path: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "tests.doubles", "bfl", "--bills", str(tmp_path / "bills")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.terminate()


@pytest.fixture(autouse=True)
def _no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for provider in shipped_catalog().providers:
        for name in provider.secrets.values():
            monkeypatch.delenv(name, raising=False)


def told(capsys, *arguments: str):
    code = run([*arguments, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_every_provider_is_listed_with_what_it_needs(capsys, monkeypatch) -> None:
    code, rows = told(capsys, "providers")
    by_id = {row["id"]: row for row in rows}
    assert code == 0 and by_id["studio"]["key"] == "not needed"
    assert by_id["openai"]["key"] == "missing: OPENAI_API_KEY" and by_id["openai"]["needs"] == ["OPENAI_API_KEY"]
    assert by_id["openai"]["sunset"] and by_id["bfl"]["price"]["verified"] is True
    assert {offer["model"] for offer in by_id["gemini"]["offers"]} == {"gemini-nano-banana-2.1", "gemini-2.5-flash-image"}
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test-0123456789")
    _, rows = told(capsys, "providers")
    row = next(row for row in rows if row["id"] == "openai")
    assert row["key"] == "set" and row["health"] == "not asked" and "sk-test" not in json.dumps(rows)


def test_ends_of_models_are_said_for_providers_that_are_set_up(capsys, monkeypatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test-0123456789")
    assert run(["providers"]) == 0
    assert "gpt-image-1 was shut down on 2026-10-23" in capsys.readouterr().err


def test_a_provider_is_asked_whether_it_works(double: str, tmp_path, capsys, monkeypatch) -> None:
    (tmp_path / "p.toml").write_text(f'[bfl]\nbase_url = "{double}/"\n')
    monkeypatch.setenv("AFFICHE_PROVIDER_FILE", str(tmp_path / "p.toml"))
    assert told(capsys, "providers", "test", "bfl") == (2, [{"id": "bfl", "health": "not set up: BFL_API_KEY", "ok": False}])
    monkeypatch.setenv("BFL_API_KEY", "wrong-key-0123456789")
    code, rows = told(capsys, "providers", "test")
    assert code == 2 and "403" in rows[0]["health"] and "wrong-key" not in rows[0]["health"]
    monkeypatch.setenv("BFL_API_KEY", Double.key)
    assert told(capsys, "providers", "test") == (0, [{"id": "bfl", "health": "ok", "ok": True}])
    assert not (tmp_path / "bills").exists()


def test_a_private_address_is_reached_only_when_the_operator_gave_it(double: str, tmp_path, capsys, monkeypatch) -> None:
    """The host that the operator named may be private; a result that leads to another private one is refused."""
    import asyncio

    from affiche.errors import ProviderError
    from affiche.imagers import market, open_imager
    from affiche.settings import load
    from tests.contract.kit_imagers import plain

    monkeypatch.setenv("BFL_API_KEY", Double.key)
    (tmp_path / "p.toml").write_text(f'[bfl]\nbase_url = "{double.replace("127.0.0.1", "localhost")}/"\n')
    monkeypatch.setenv("AFFICHE_PROVIDER_FILE", str(tmp_path / "p.toml"))
    there = market(load())
    offer = next(offer for offer in there.catalog.offers if offer.provider == "bfl")

    async def story() -> None:
        imager = open_imager(there.catalog.provider("bfl"), there, load())

        async def nothing(job: str) -> None:
            pass

        with pytest.raises(ProviderError, match="may not be reached"):
            await imager.make(plain(offer), offer, on_job=nothing)
        await imager.close()

    asyncio.run(story())


def test_an_unknown_provider_is_named(capsys) -> None:
    assert run(["providers", "test", "dall-e"]) == 2
    assert "there are openai" in capsys.readouterr().err
