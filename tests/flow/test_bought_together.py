"""Builds that wish the very same picture at the same moment, in threads of one process and in two processes: one bill."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from affiche import wire
from affiche.adapters.journal.owner import at_work, living, new_owner
from affiche.cli.campaign import campaign_of, plan_from, today
from affiche.outfit import shared_ledger
from affiche.procure import Bought, procured
from affiche.settings import load
from tests.flow.test_bought import bills, states

ROOT = Path(__file__).resolve().parents[2]
BRIEF = """
affiche: 1
campaign: NAME
brand: {name: Verde, colors: ["#0F5C4E", "#F6C667"]}
message: {locale: en-US, headline: Wake up}
markets: [{region: US, locales: [en-US]}]
products: [{id: bar, name: Garden bar, description: plants on a roof, picture: {imagine: true}}]
placements: [instagram-square]
budget: {max: "1.00", currency: USD}
"""


def procure(brief: Path) -> list[Bought]:
    """The pictures of a brief as a worker of the service gets them, with a ledger that others write to."""
    settings = load()
    campaign = campaign_of(brief)
    planned = plan_from(campaign, settings, {})
    trade = wire.shop(campaign, settings, today(), lambda refused: plan_from(campaign, settings, {}, refused))
    ledger = shared_ledger(settings)
    try:
        return list(procured(planned, trade, ledger=ledger, blobs=wire.blobs(settings)))
    finally:
        ledger.close()


@pytest.fixture
def briefs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Two campaigns with one wish; a provider that is slow and bills every call."""
    monkeypatch.chdir(tmp_path)
    settings = {"HOME": tmp_path / "home", "PROVIDERS": "simulated", "PROVIDER_ORDER": "simulated-swift", "SIMULATED_LATENCY_S": "2"}
    for name, value in settings.items():
        monkeypatch.setenv(f"AFFICHE_{name}", str(value))
    paths = [tmp_path / f"{name}.yaml" for name in ("spring", "summer")]
    for path in paths:
        path.write_text(BRIEF.replace("NAME", path.stem))
    return paths


def test_threads_of_one_process_buy_one_picture(briefs: list[Path], tmp_path: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        both = [bought for ends in pool.map(procure, briefs) for bought in ends]
    assert Counter(bought.shared for bought in both) == {False: 1, True: 1}
    assert all(bought.failure is None and bought.data["provider"] == "simulated-swift" for bought in both)
    assert any("by another build at the same time" in bought.told() for bought in both)
    assert len(bills(tmp_path / "home", "simulated-swift")) == 1 and states(tmp_path / "home") == ["done"]


def test_two_processes_buy_one_picture(briefs: list[Path], tmp_path: Path) -> None:
    script = "import sys; from pathlib import Path; from tests.flow.test_bought_together import procure\nfor b in procure(Path(sys.argv[1])): print(b.told())"
    env = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT / 'tools'}:{ROOT}"}
    children = [
        subprocess.Popen([sys.executable, "-c", script, str(brief)], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for brief in briefs
    ]
    ends = [child.communicate(timeout=90) for child in children]
    assert [child.returncode for child in children] == [0, 0], ends
    assert sum("by another build at the same time" in out for out, _ in ends) <= 1
    assert all("simulated-swift" in out or out == "" for out, _ in ends), ends
    assert len(bills(tmp_path / "home", "simulated-swift")) == 1 and states(tmp_path / "home") == ["done"]


def test_a_build_of_this_process_lives_as_long_as_it_is_at_work() -> None:
    one, other = new_owner(), new_owner()
    assert one != other and not living(one, 0.0)
    with at_work(one):
        assert living(one, 0.0) and not living(other, 0.0)
    assert not living(one, 0.0)
