"""From a brief to a folder and back again: what is made, reused, repaired, and what breaks alone."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from affiche import wire
from affiche.adapters.ledger import MemoryLedger
from affiche.adapters.pool import ProcessPool
from affiche.compose.compose import compose
from affiche.compose.request import ComposeRequest
from affiche.errors import PaintError, StorageError
from affiche.ports import Outcome
from affiche.produce import Built
from affiche.render import draw
from affiche.render.jobs import DrawJob, Drawn
from affiche.values.frame import Frame
from tests.flow.kit_build import BRIEF, Workshop, tree, write_campaign, write_can, write_logo

COPY = BRIEF["copy"]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workshop, Path, Built]:
    """The campaign built once; tests copy it before they change anything."""
    folder = tmp_path_factory.mktemp("built")
    shop = Workshop(folder / "home", folder / "out")
    brief = write_campaign(folder / "campaign")
    return shop, brief, shop.build(brief)


@pytest.fixture
def shop(built: tuple[Workshop, Path, Built], tmp_path: Path) -> tuple[Workshop, Path]:
    """A copy of the built campaign, its home and its output."""
    import shutil

    source = built[0].home.parent
    for name in ("home", "out", "campaign"):
        shutil.copytree(source / name, tmp_path / name)
    return Workshop(tmp_path / "home", tmp_path / "out"), tmp_path / "campaign" / "brief.yaml"


def locales(run: Built, *, reused: bool) -> set[str]:
    return {c.locale for c in run.run.creatives if c.reused is reused}


def test_every_creative_is_a_file_of_its_placement(built: tuple[Workshop, Path, Built]) -> None:
    shop, _, done = built
    assert len(done.run.creatives) == 12
    assert {c.status for c in done.run.creatives} <= {"passed", "flagged", "failed"}, [
        f.message for c in done.run.creatives if c.status == "error" for f in c.findings
    ]
    for creative in done.run.creatives:
        (file,) = creative.files
        with Image.open(shop.out / "summer" / file.path) as image:
            assert f"size.{image.width}x{image.height}" == creative.placement
    assert shop.counts == {"ran imagine": 2, "ran compose": 12, "ran check": 12}


def test_the_manifest_names_keys_inputs_origins_and_findings(built: tuple[Workshop, Path, Built]) -> None:
    shop = built[0]
    manifest = json.loads((shop.out / "summer" / "manifest.json").read_text())
    row = next(c for c in manifest["creatives"] if (c["product"], c["locale"]) == ("yuzu", "de-DE"))
    assert row["words"]["headline"] == "Weck den Nachmittag"
    assert row["origins"]["headline"] == "given" and row["origins"]["picture"] == "given"
    assert {"headline", "picture", "logo", "template", "placement", "toolchain", "rules"} <= row["inputs"].keys()
    assert len(row["keys"]["compose"]) == len(row["keys"]["check"]) == 64
    assert row["findings"]


def test_an_unchanged_brief_runs_nothing_and_writes_nothing(shop: tuple[Workshop, Path]) -> None:
    workshop, brief = shop
    before = {p: p.stat().st_mtime_ns for p in workshop.out.rglob("*")}
    done = workshop.build(brief)
    assert workshop.counts == {"reused imagine": 2, "reused compose": 12, "reused check": 12}
    assert done.report.unchanged and all(c.reused for c in done.run.creatives)
    assert {p: p.stat().st_mtime_ns for p in workshop.out.rglob("*")} == before


def test_the_plan_predicts_the_build(shop: tuple[Workshop, Path]) -> None:
    workshop, brief = shop
    changes: list[dict[str, object]] = [
        {"copy": {**COPY, "de-DE": {"headline": "Wach auf"}}},
        {"placements": ["300x250", "160x600"]},
        {"markets": [{"locales": ["en-US", "fr-FR"]}]},
        {"products": [{"id": "yuzu", "name": "Yuzu"}]},
        {},
    ]
    for change in changes:
        write_campaign(brief.parent, **change)
        told = workshop.quote(brief)
        workshop.build(brief)
        ran = {kind: workshop.counts[f"ran {kind}"] for kind in told.steps}
        assert ran == {kind: count.to_run for kind, count in told.steps.items()}
        assert {k: workshop.counts[f"reused {k}"] for k in told.steps} == {k: c.reused for k, c in told.steps.items()}


def test_planning_changes_nothing(tmp_path: Path) -> None:
    workshop = Workshop(tmp_path / "home", tmp_path / "out")
    brief = write_campaign(tmp_path / "campaign")
    told = workshop.quote(brief)
    assert told.total.to_run == 26
    assert sorted(p.name for p in tmp_path.iterdir()) == ["campaign"]


def test_a_german_headline_makes_the_german_creatives_again(shop: tuple[Workshop, Path]) -> None:
    workshop, brief = shop
    before = tree(workshop.out)
    write_campaign(brief.parent, copy={**COPY, "de-DE": {"headline": "Wach auf", "cta": "Zum Händler"}})
    assert [(r.what, r.locales) for r in workshop.quote(brief).reasons] == [("body and headline changed", ("de-DE",))]
    done = workshop.build(brief)
    assert locales(done, reused=False) == {"de-DE"}
    assert workshop.counts["ran compose"] == 4
    same = {path for path, sha in tree(workshop.out).items() if before.get(path) == sha}
    assert {p for p in before if p.endswith(".jpg") and "de-DE" not in p} <= same


def test_a_logo_makes_everything_again(shop: tuple[Workshop, Path]) -> None:
    workshop, brief = shop
    write_logo(brief.parent / "logo.png", "Q")
    done = workshop.build(brief)
    assert not any(c.reused for c in done.run.creatives)
    assert (workshop.counts["ran imagine"], workshop.counts["reused imagine"]) == (1, 1)


def test_another_picture_makes_its_product_again(shop: tuple[Workshop, Path]) -> None:
    workshop, brief = shop
    write_can(brief.parent / "yuzu.png", (200, 40, 40))
    done = workshop.build(brief)
    assert {c.product for c in done.run.creatives if not c.reused} == {"yuzu"}


def test_new_rules_check_what_is_there_without_encoding_it_again(
    shop: tuple[Workshop, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    workshop, brief = shop
    plan = workshop.plan(brief)
    monkeypatch.setattr(
        workshop, "plan", lambda *a: replace(plan, creatives=tuple(_stricter(c) for c in plan.creatives)), raising=False
    )
    before = tree(workshop.out)
    done = workshop.build(brief)
    assert (workshop.counts["ran check"], workshop.counts["ran compose"]) == (12, 0)
    assert all(c.findings for c in done.run.creatives)
    assert {p: s for p, s in tree(workshop.out).items() if p.endswith(".jpg")} == {
        p: s for p, s in before.items() if p.endswith(".jpg")
    }


def _stricter(creative: object) -> object:
    from copy import copy

    from affiche.values.digest import digest

    other = copy(creative)
    other.check_key = digest("other rules", creative.check_key)  # type: ignore[attr-defined]
    return other


def test_altered_and_deleted_outputs_are_put_back(shop: tuple[Workshop, Path]) -> None:
    workshop, brief = shop
    before = tree(workshop.out)
    first, second, *_ = sorted(workshop.out.rglob("*.jpg"))
    stat = first.stat()
    data = bytearray(first.read_bytes())
    data[-10] ^= 1
    first.write_bytes(data)  # same size
    os.utime(first, ns=(stat.st_atime_ns, stat.st_mtime_ns + 1))
    second.unlink()
    done = workshop.build(brief)
    assert workshop.ran() == 0
    assert len(done.report.repaired) == 2
    assert tree(workshop.out) == before


def test_lost_and_damaged_blobs_are_made_again(shop: tuple[Workshop, Path]) -> None:
    workshop, brief = shop
    before = tree(workshop.out)
    one, two, *_ = sorted(workshop.out.rglob("*.jpg"))
    lost, damaged = (wire.digest_bytes(path.read_bytes()) for path in (one, two))
    workshop.blobs.path(lost).unlink()
    workshop.blobs.path(damaged).write_bytes(b"not any more")
    one.unlink()
    two.unlink()
    workshop.build(brief)
    assert tree(workshop.out) == before
    assert workshop.blobs.get(lost) and workshop.blobs.get(damaged)


def test_many_damaged_blobs_are_made_again_in_one_build(shop: tuple[Workshop, Path]) -> None:
    workshop, brief = shop
    before = tree(workshop.out)
    outputs = sorted(workshop.out.rglob("*.jpg"))
    assert len(outputs) > 3
    for path in outputs:
        workshop.blobs.path(wire.digest_bytes(path.read_bytes())).write_bytes(b"not any more")
        path.unlink()
    workshop.build(brief)
    assert tree(workshop.out) == before


def test_what_the_brief_no_longer_names_is_removed_and_other_files_stay(shop: tuple[Workshop, Path]) -> None:
    workshop, brief = shop
    mine = workshop.out / "summer" / "elder" / "notes.txt"
    mine.write_text("mine")
    write_campaign(brief.parent, products=[BRIEF["products"][0]])  # type: ignore[index]
    workshop.build(brief)
    assert [p.name for p in (workshop.out / "summer" / "elder").rglob("*") if p.is_file()] == ["notes.txt"]
    assert list((workshop.out / "summer" / "yuzu").rglob("*.jpg"))


def test_a_part_of_a_campaign_leaves_the_rest_where_it_is(shop: tuple[Workshop, Path]) -> None:
    workshop, brief = shop
    write_campaign(brief.parent, message={**BRIEF["message"], "headline": "Good morning"})  # type: ignore[dict-item]
    before = tree(workshop.out)
    done = workshop.build(brief, {"locale": frozenset({"en-US"}), "placement": frozenset({"size.320x50"})})
    assert {(c.locale, c.placement) for c in done.run.creatives} == {("en-US", "size.320x50")}
    after = tree(workshop.out)
    differing = {p for p in before if p.endswith(".jpg") and after.get(p) != before[p]}
    assert len(differing) == 2 and all("en-US_size.320x50" in p for p in differing)


def test_a_creative_alone_equals_the_one_in_a_sheet(built: tuple[Workshop, Path, Built], tmp_path: Path) -> None:
    shop, brief, done = built
    together = {c.identity: c.files[0].sha256 for c in done.run.creatives}
    for locale, product, placement in (("ar-SA", "yuzu", "size.300x250"), ("de-DE", "elder", "size.320x50")):
        alone = Workshop(tmp_path / f"home-{locale}", tmp_path / f"out-{locale}")
        wire._renderer.cache_clear()
        chosen = {"locale": frozenset({locale}), "product": frozenset({product}), "placement": frozenset({placement})}
        (creative,) = alone.build(brief, chosen).run.creatives
        assert creative.files[0].sha256 == together[creative.identity]


def test_two_campaigns_share_work(shop: tuple[Workshop, Path], tmp_path: Path) -> None:
    workshop, _ = shop
    other = write_campaign(tmp_path / "other", campaign="winter")
    done = workshop.build(other)
    assert workshop.ran() == 0
    assert done.run.campaign == "winter" and len(list((workshop.out / "winter").rglob("*.jpg"))) == 12
    write_campaign(tmp_path / "other", campaign="winter", copy={**COPY, "de-DE": {"headline": "Wach auf"}})  # type: ignore[dict-item]
    assert [r.what for r in workshop.quote(other).reasons] == ["body and cta and headline changed"]


# -- what breaks alone ------------------------------------------------------------------------------------------------------


def test_a_broken_picture_fails_its_product_and_the_rest_is_delivered(tmp_path: Path) -> None:
    workshop = Workshop(tmp_path / "home", tmp_path / "out")
    brief = write_campaign(tmp_path / "campaign")
    whole = (brief.parent / "yuzu.png").read_bytes()
    (brief.parent / "yuzu.png").write_bytes(whole[: len(whole) // 2])
    done = workshop.build(brief)
    status = {(c.product, c.status == "error") for c in done.run.creatives}
    assert status == {("yuzu", True), ("elder", False)}
    (finding,) = next(c for c in done.run.creatives if c.product == "yuzu").findings
    assert (finding.rule, finding.status) == ("build", "error") and "yuzu.png" in finding.message
    assert workshop.counts["failed imagine"] == 1 and workshop.counts["failed compose"] == 6
    assert len(list(workshop.out.rglob("*.jpg"))) == 6
    # Mended, only what was missing is made.
    (brief.parent / "yuzu.png").write_bytes(whole)
    done = workshop.build(brief)
    assert not any(c.status == "error" for c in done.run.creatives)
    assert workshop.counts["ran compose"] == 6


def test_a_creative_that_cannot_be_laid_out_takes_no_other_of_its_sheet_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of a sheet are laid out before the first is drawn; each keeps its own fault, an expected and an unknown one."""
    faults = {"ar-SA": PaintError("No room for a word."), "de-DE": ValueError("a slip of ours")}
    calls: list[str] = []

    def laid_out(request: ComposeRequest) -> Frame:
        calls.append("layout")
        if fault := faults.get(str(request.locale)):
            raise fault
        return compose(request)

    monkeypatch.setattr(draw, "compose", laid_out)
    encode = draw.encode_within
    monkeypatch.setattr(draw, "encode_within", lambda *args: calls.append("drawn") or encode(*args))
    workshop = Workshop(tmp_path / "home", tmp_path / "out")
    done = workshop.build(write_campaign(tmp_path / "campaign"))
    said = {c.locale: {f.message for f in c.findings} for c in done.run.creatives if c.status == "error"}
    assert said == {"ar-SA": {"No room for a word."}, "de-DE": {"ValueError: a slip of ours"}}
    assert {c.locale for c in done.run.creatives if c.status != "error"} == {c.locale for c in done.run.creatives} - set(faults)
    assert calls == ["layout", "layout", "layout", "drawn"] * 4


def _draw_or_die(home: str, jobs: Sequence[DrawJob]) -> list[Drawn]:
    """Draws, but Yuzu in Arabic on the banner kills the process, as a bad codec would."""
    ids = [job.creative.id for job in jobs]
    if any((id.product, id.locale, id.placement) == ("yuzu", "ar-SA", "size.320x50") for id in ids):
        os._exit(139)
    return wire.draw_batch(home, jobs)


@pytest.mark.slow
def test_a_crash_costs_one_creative(tmp_path: Path) -> None:
    workshop = Workshop(tmp_path / "home", tmp_path / "out", draw=_draw_or_die)
    brief = write_campaign(tmp_path / "campaign")
    pool = ProcessPool(jobs=2)
    try:
        done = workshop.build(brief, pool=pool)
    finally:
        pool.close()
    failed = [c for c in done.run.creatives if c.status == "error"]
    assert [c.identity for c in failed] == [("yuzu", "ar-SA", "size.320x50", "a")]
    assert "crashed" in failed[0].findings[0].message
    assert len(list(workshop.out.rglob("*.jpg"))) == 11


class _FullLedger(MemoryLedger):
    """A ledger on a disk that takes two commits and is full then."""

    def __init__(self) -> None:
        super().__init__()
        self.left = 2

    def record(self, outcomes: Sequence[Outcome], made_from: object = None) -> None:
        if self.left == 0:
            raise StorageError("the disk is full")
        self.left -= 1
        super().record(outcomes, made_from)  # type: ignore[arg-type]


def test_a_full_disk_stops_the_build_and_the_next_one_continues(tmp_path: Path) -> None:
    workshop = Workshop(tmp_path / "home", tmp_path / "out")
    brief = write_campaign(tmp_path / "campaign")
    ledger = _FullLedger()
    with pytest.raises(StorageError, match="full"):
        workshop.build(brief, ledger=ledger)
    assert not workshop.out.exists()
    ledger.left = 1000
    done = workshop.build(brief, ledger=ledger)
    assert workshop.counts["reused imagine"] == 2
    assert len(list(workshop.out.rglob("*.jpg"))) == len(done.run.creatives) == 12


def test_a_foreign_brief_takes_its_colours_from_its_picture(tmp_path: Path) -> None:
    brief = tmp_path / "campaign" / "foreign.json"
    brief.parent.mkdir()
    write_can(brief.parent / "can.png", (200, 40, 40))
    brief.write_text(json.dumps({"campaign_name": "Red", "message": "Wake up", "products": [{"name": "Can", "image": "can.png"}],
                                 "target_market": "Germany", "aspect_ratios": ["320x50"]}))  # fmt: skip
    workshop = Workshop(tmp_path / "home", tmp_path / "out")
    first, second = workshop.plan(brief), workshop.plan(brief)
    assert [c.keys for c in first.creatives] == [c.keys for c in second.creatives]
    hexes = {color.hex for color in first.part.brand.colors.values()}
    assert any(h.startswith(("#C8", "#0F5C")) for h in hexes), hexes
    # No ledger and no pixels: what was found out about the picture is all that a plan keeps.
    assert [path.name for path in workshop.home.iterdir()] == ["looks"]


@pytest.mark.parametrize("headline", ["Strahlen, ganz einfach.", "L’été à la plage — enfin !", "Music for every single room"])
def test_type_alone_stays_clear_of_its_own_ornament(headline: str, tmp_path: Path) -> None:
    brief = write_campaign(
        tmp_path / "campaign",
        message={"locale": "en-US", "headline": headline, "cta": "Find a can"},
        markets=[{"locales": ["en-US"]}],
        products=[{"id": "elder", "name": "Elder"}],
        placements=["640x360", "600x314", "600x400", "640x480"],
        copy={},
    )
    built = Workshop(tmp_path / "home", tmp_path / "out").build(brief)
    low = [f.message for c in built.run.creatives for f in c.findings if f.code == "text.contrast.low"]
    assert (len(built.run.creatives), low) == (4, [])
