"""Briefs and brand files at rest: sealed with a ring, as they are without one, sealed later and anew, and used all the same."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from affiche.adapters.seal import add_key, open_ring
from affiche.cli.main import run as command
from affiche.registry.tables.flow import remembered, webhooks
from affiche.registry.tables.material import brand_revisions
from affiche.registry.tables.work import campaign_revisions
from affiche.runs.folder import material_of
from tests.flow.kit_service import BRIEF, Service, service

BRAND = "brand: 1\nname: Verdant Tonic\ncolors: {primary: '#0B3D2E'}\n"
YAML = {"content-type": "application/yaml"}


@pytest.fixture
def ring(tmp_path: Path) -> Path:
    add_key(tmp_path / "ring.toml")
    return tmp_path / "ring.toml"


def filled(at: Service, n: int = 0) -> tuple[str, str]:
    """A brand and a campaign of it; their ids."""
    brand = at.http.post(f"/v1/brands?slug=verdant-{n}", content=BRAND, headers=YAML)
    assert brand.status_code == 201, brand.text
    brief = BRIEF.replace("summer-yuzu", f"sealed-{n}")
    made = at.http.post(f"/v1/campaigns?run=false&brand={brand.json()['id']}", content=brief, headers=YAML)
    assert made.status_code == 201, made.text
    return brand.json()["id"], made.json()["campaign"]["id"]


def read(at: Service, brand: str, campaign: str, brief: str) -> None:
    """Everybody who reads them finds what was given."""
    assert at.http.get(f"/v1/brands/{brand}/revisions/1").json()["document"] == BRAND
    assert at.http.get(f"/v1/campaigns/{campaign}/revisions/1").json()["brief"] == brief
    material = material_of(at.registry, campaign=campaign, revision=1, brand=brand)
    assert (material.brief.decode(), material.brand.decode()) == (brief, BRAND)
    planned = at.http.post("/v1/plans", json={"campaign": campaign})
    assert planned.status_code == 200, planned.text


def stored(at: Service) -> dict[str, tuple[bytes, str]]:
    with at.registry.read() as c:
        briefs = c.execute(sa.select(campaign_revisions)).all()
        files = c.execute(sa.select(brand_revisions)).all()
    return {r.campaign: (r.brief, r.sealed) for r in briefs} | {r.brand: (r.document, r.sealed) for r in files}


@pytest.mark.logs
def test_with_a_ring_documents_are_sealed_and_used_as_before(tmp_path: Path, ring: Path, caplog: pytest.LogCaptureFixture) -> None:
    with service(tmp_path / "home", key_ring=ring, work=True) as at:
        brand, campaign = filled(at)
        rows = stored(at)
        assert {key for _, key in rows.values()} == {open_ring(ring).current}
        assert b"Verdant" not in rows[brand][0] and b"headline" not in rows[campaign][0]
        read(at, brand, campaign, BRIEF.replace("summer-yuzu", "sealed-0"))
        run = at.http.post("/v1/runs", json={"campaign": campaign}).json()["run"]["id"]
        assert at.wait(run)["state"] == "needs-review"
        revised = at.http.put(f"/v1/brands/{brand}/file", content=BRAND.replace("Tonic", "Water"), headers=YAML)
        assert revised.status_code == 200, revised.text
        with at.registry.write() as c:  # a sealed value of another row does not open
            c.execute(sa.update(brand_revisions).where(brand_revisions.c.number == 2).values(document=rows[brand][0]))
        assert at.http.get(f"/v1/brands/{brand}/revisions/2").status_code >= 500
    with service(tmp_path / "home") as at:
        answer = at.http.get(f"/v1/campaigns/{campaign}/revisions/1")
        assert answer.status_code >= 500 and "Wake" not in answer.text
    loud = [r.getMessage() for r in caplog.records if r.levelname in ("WARNING", "ERROR") and r.name.startswith("affiche")]
    assert len(loud) == 2 and "altered" in loud[0] and "no key ring is set" in loud[1]


def test_without_a_ring_they_stay_as_they_are(tmp_path: Path) -> None:
    with service(tmp_path) as at:
        brand, campaign = filled(at)
        assert stored(at)[brand] == (BRAND.encode(), "") and stored(at)[campaign][1] == ""
        read(at, brand, campaign, BRIEF.replace("summer-yuzu", "sealed-0"))


def test_old_rows_are_sealed_later_and_everything_anew_under_a_new_key(
    tmp_path: Path, ring: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "home"
    with service(home) as at:
        before = filled(at, 0)
    with service(home, key_ring=ring) as at:
        after = filled(at, 1)
        read(at, *before, BRIEF.replace("summer-yuzu", "sealed-0"))
        hook = {"channel": "webhook", "target": "https://hooks.example.com/x"}
        assert at.http.post("/v1/webhooks", json=hook, headers={"Idempotency-Key": "one"}).status_code == 201
    first = open_ring(ring).current
    monkeypatch.setenv("AFFICHE_HOME", str(home))
    monkeypatch.setenv("AFFICHE_KEY_RING", str(ring))
    assert command(["reseal", "--new-key"]) == 0
    second = open_ring(ring).current
    assert second != first
    capsys.readouterr()
    assert command(["reseal"]) == 0
    assert dict(line.split()[::-1] for line in capsys.readouterr().out.splitlines()) == {
        "campaign_revisions": "2", "brand_revisions": "2", "webhooks": "1", "remembered": "1",
    }  # fmt: skip
    text = ring.read_text()
    ring.write_text("\n".join(line for line in text.splitlines() if not line.startswith(f"{first} =")) + "\n")
    with service(home, key_ring=ring) as at:  # the old key is gone, and nothing needs it
        assert {key for _, key in stored(at).values()} == {second}
        for n, ids in enumerate((before, after)):
            read(at, *ids, BRIEF.replace("summer-yuzu", f"sealed-{n}"))
        again = at.http.post("/v1/webhooks", json=hook, headers={"Idempotency-Key": "one"})
        assert again.status_code == 201 and again.headers["idempotent-replayed"] == "true"
        with at.registry.read() as c:
            row = c.execute(sa.select(webhooks)).one()
            assert at.house.sealer.open(row.secret, about=f"webhooks/{row.id}/secret")
            assert len(c.execute(sa.select(remembered)).all()) == 1
    assert command(["reseal"]) == 0
    assert {line.split()[0] for line in capsys.readouterr().out.splitlines()} == {"0"}
