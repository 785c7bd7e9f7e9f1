"""What the service says of itself: metrics, and that alerts and dashboard ask for nothing that is not exported; logs."""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
import yaml
from prometheus_client.parser import text_string_to_metric_families

from affiche import wire
from affiche.registry.runs import note
from affiche.registry.scope import now
from affiche.registry.tables.work import runs
from affiche.registry.workers import Sign, say
from affiche.runs.golden import drawn
from affiche.serve.logs import set_up
from affiche.settings import Settings
from affiche.values.breaker import KEPT
from tests.flow.kit_service import BRIEF, TODAY, Service, service

_WORD = re.compile(r"affiche_[a-z_]+")
_LABEL = re.compile(r"(affiche_[a-z_]+)\{([^}]*)\}")


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with service(tmp_path_factory.mktemp("home")) as it:
        it.http.post("/v1/campaigns", content=BRIEF, headers={"content-type": "application/yaml"})
        it.http.get("/v1/runs/run_00000000000000000000000000")
        yield it


def exported(at: Service) -> dict[str, set[str]]:
    """Name of a sample -> its labels."""
    answer = at.http.get("/metrics")
    assert answer.status_code == 200
    found: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(answer.text):
        found.setdefault(family.name, set())
        for sample in family.samples:
            found.setdefault(sample.name, set()).update(sample.labels)
    return found


def test_requests_and_what_waits_are_counted(at: Service) -> None:
    text = at.http.get("/metrics").text
    assert 'affiche_requests_total{action="campaigns.create",status="202"} 1.0' in text
    assert 'affiche_requests_total{action="runs.get",status="404"} 1.0' in text
    assert 'affiche_runs{state="queued"} 1.0' in text
    assert "affiche_outbox_waiting 1.0" in text
    assert 'affiche_workers{state="idle"} 0.0' in text
    with at.registry.write() as c:
        say(c, Sign(id="w", host="h", pid=1, version="1", processes=1, lease_s=600, age_s=0.0, draining=False))
    assert 'affiche_workers{state="idle"} 1.0' in at.http.get("/metrics").text
    assert "affiche_registry_up 1.0" in text


def test_what_runs_did_lately_is_told(tmp_path: Path) -> None:
    with service(tmp_path) as at:
        made = [at.http.post("/v1/campaigns", content=BRIEF.replace("summer-yuzu", f"yuzu-{n}"), headers={"content-type": "application/yaml"}).json()["run"]["id"] for n in range(3)]
        moment = now()
        ended = {"state": "needs-review", "created_at": moment - timedelta(seconds=50), "started_at": moment - timedelta(seconds=40), "finished_at": moment}
        with at.registry.write() as c:
            for run, steps, more in ((made[0], {"ran": 3, "reused": 9}, {}), (made[1], {"ran": 1, "reused": 0}, {"finished_at": moment - timedelta(hours=1)})):
                c.execute(sa.update(runs).where(runs.c.id == run).values(**{**ended, **more}, totals={"steps": steps, "rules": {"logo.missing": {"warn": 2}}}, progress={"spend": {"openai": {"calls": 3, "failed": 1, "cost": "0.12", "currency": "USD"}}}, cost={"amount": "0.125", "currency": "USD"}))
            c.execute(sa.update(runs).where(runs.c.id == made[2]).values(state="failed"))
            row = dict(c.execute(sa.select(runs).where(runs.c.id == made[2])).mappings().one())
            note(c, row, "run.dead-letter", {"reason": "x"})
        with wire.journal(at.house.settings) as book:
            book.update(KEPT, lambda _: {
                "pictures openai": {"failures": 5, "until": time.time() + 60, "rest_s": 60.0},
                "words over": {"failures": 5, "until": time.time() - 60, "rest_s": 60.0},
            })
        text = at.http.get("/metrics").text
    for line in (
        'affiche_steps_lately{outcome="reused"} 9.0', 'affiche_steps_lately{outcome="ran"} 3.0', 'affiche_cost_lately{currency="USD"} 0.125',
        'affiche_run_seconds{phase="wait"} 10.0', 'affiche_run_seconds{phase="work"} 40.0', "affiche_runs_ended_lately 1.0", "affiche_dead_letters 1.0",
        'affiche_findings_lately{rule="logo.missing",status="warn"} 2.0', 'affiche_provider_calls_lately{outcome="failed",provider="openai"} 1.0',
        'affiche_provider_cost_lately{currency="USD",provider="openai"} 0.12', 'affiche_provider_resting{provider="pictures openai"} 1.0',
        "affiche_providers_resting 1.0",
    ):
        assert line in text, text


def test_alerts_and_dashboard_ask_only_for_what_is_exported(at: Service, checkout: Path) -> None:
    known = exported(at)
    alerts = yaml.safe_load((checkout / "ops" / "alerts.yaml").read_text())
    rules = [rule["expr"] for group in alerts["groups"] for rule in group["rules"]]
    panels = [target["expr"] for panel in json.loads((checkout / "ops" / "dashboard.json").read_text())["panels"] for target in panel["targets"]]
    assert len(rules) >= 5 and len(panels) >= 8
    for expression in (*rules, *panels):
        for name in _WORD.findall(expression):
            assert name in known, f"{expression} asks for {name}"
        for name, labels in _LABEL.findall(expression):
            asked = set(re.findall(r"(\w+)(?:=~|!=|=)", labels))
            assert asked <= known[name] or not known[name], f"{expression} asks {name} for {asked}"


@pytest.mark.slow
def test_ready_means_that_a_creative_can_be_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert drawn(Settings(home=tmp_path, jobs=1), TODAY) == "ok"
    assert drawn(Settings(home=tmp_path, jobs=1, render_memory_mb=1), TODAY) != "ok"


def test_logs_are_json_with_the_request_and_without_addresses(capsys: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    try:
        set_up()
        import structlog

        with structlog.contextvars.bound_contextvars(request_id="req_1"):
            logging.getLogger("other").warning("mail to ann@example.com")
    finally:
        root.handlers[:], root.level = before, level
    line = json.loads(capsys.readouterr().err.splitlines()[-1])
    assert (line["request_id"], line["event"], line["level"]) == ("req_1", "mail to (address)", "warning")
