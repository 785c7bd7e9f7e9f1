"""A run becomes a folder: whole files only, nothing of others touched, mended when altered, unchanged when nothing changed."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from affiche.adapters.blobs import MemoryBlobs
from affiche.errors import CapabilityError, StorageError
from affiche.publish import manifest, packages, tree
from affiche.publish.model import PublishedRun
from affiche.publish.publish import PublishReport, publish
from tests.unit.publish.campaigns import LOW, UNSAFE, creative, run_of, small_run


def snapshot(folder: Path) -> dict[str, tuple[str, int]]:
    """Every file with its digest and time, by path."""
    found = [p for p in folder.rglob("*") if p.is_file()]
    return {str(p.relative_to(folder)): (hashlib.sha256(p.read_bytes()).hexdigest(), p.stat().st_mtime_ns) for p in found}


def contents(folder: Path) -> dict[str, str]:
    """Every file but the manifest (which holds times) with its digest."""
    return {path: sha for path, (sha, _) in snapshot(folder).items() if path != manifest.NAME}


@pytest.fixture
def blobs() -> MemoryBlobs:
    return MemoryBlobs()


@pytest.fixture
def run(blobs: MemoryBlobs) -> PublishedRun:
    return small_run(blobs)


@pytest.fixture
def first(run: PublishedRun, blobs: MemoryBlobs, tmp_path: Path) -> PublishReport:
    return publish(run, blobs, tmp_path)


def paths_of(run: PublishedRun) -> list[str]:
    return [f.path for c in run.creatives for f in c.files]


def test_the_folder_holds_what_the_run_says(first: PublishReport, run: PublishedRun) -> None:
    expected = {*paths_of(run), "manifest.json", "gallery.html", "contact-sheet.png", "findings.csv", "proof-iab.zip", "proof-instagram.zip"}
    assert set(snapshot(first.folder)) == expected
    for file in (f for c in run.creatives for f in c.files):
        assert hashlib.sha256((first.folder / file.path).read_bytes()).hexdigest() == file.sha256
    assert sorted(first.written) == sorted(paths_of(run))


def test_the_manifest_names_every_file_with_its_bytes(first: PublishReport, run: PublishedRun) -> None:
    known = manifest.read(first.folder)
    there = contents(first.folder)
    assert {path: stamp.sha256 for path, stamp in known.stamps.items()} == there
    assert sorted(known.creatives(), key=lambda c: c.identity) == sorted(run.creatives, key=lambda c: c.identity)
    assert json.loads(first.manifest.read_text())["counts"] == {"passed": 4, "flagged": 1, "failed": 1, "error": 0}


def test_an_unchanged_run_writes_nothing(first: PublishReport, run: PublishedRun, blobs: MemoryBlobs, tmp_path: Path) -> None:
    before = snapshot(first.folder)
    again = replace(run, seconds=99.0, steps={"ran": 0, "reused": 6}, creatives=tuple(replace(c, reused=True) for c in run.creatives))
    assert publish(again, blobs, tmp_path).unchanged
    assert snapshot(first.folder) == before


def test_altered_and_deleted_files_are_mended(first: PublishReport, run: PublishedRun, blobs: MemoryBlobs, tmp_path: Path) -> None:
    before = contents(first.folder)
    altered, deleted, *_ = paths_of(run)
    (first.folder / altered).write_bytes(b"scribbled over")
    (first.folder / deleted).unlink()
    first.gallery.unlink()
    (first.folder / "proof-iab.zip").write_bytes(b"")
    report = publish(run, blobs, tmp_path)
    assert sorted(report.repaired) == sorted([altered, deleted])
    assert report.written == ()
    assert contents(first.folder) == before
    assert publish(run, blobs, tmp_path).unchanged


def test_altering_an_output_leaves_the_blob_alone(first: PublishReport, run: PublishedRun, blobs: MemoryBlobs) -> None:
    (first.folder / paths_of(run)[0]).write_bytes(b"scribbled over")
    assert hashlib.sha256(blobs.get(run.creatives[0].files[0].blob)).hexdigest() == run.creatives[0].files[0].sha256


def test_a_touched_file_is_recognised_and_not_rewritten(first: PublishReport, run: PublishedRun, blobs: MemoryBlobs, tmp_path: Path) -> None:
    path = first.folder / paths_of(run)[0]
    inode = path.stat().st_ino
    os.utime(path, ns=(1, 1))
    report = publish(run, blobs, tmp_path)
    assert (report.written, report.repaired) == ((), ())
    assert path.stat().st_ino == inode


def test_a_new_headline_changes_its_files_only(first: PublishReport, run: PublishedRun, blobs: MemoryBlobs, tmp_path: Path) -> None:
    before = snapshot(first.folder)
    german = creative(blobs, locale="de-DE", seed="new", headline="Wach auf", findings=(LOW,))
    rest = tuple(german if c.identity == german.identity else c for c in run.creatives)
    report = publish(replace(run, creatives=rest), blobs, tmp_path)
    after = snapshot(first.folder)
    assert report.written == (german.files[0].path,)
    assert report.repaired == ()
    assert {p for p in after if after[p] != before[p]} == {german.files[0].path, "manifest.json", "gallery.html", "contact-sheet.png", "proof-instagram.zip"}


def test_what_is_no_longer_named_goes_and_empty_folders_with_it(first: PublishReport, run: PublishedRun, blobs: MemoryBlobs, tmp_path: Path) -> None:
    report = publish(replace(run, creatives=run.creatives[:2]), blobs, tmp_path)
    gone = {*paths_of(run)[2:], "proof-iab.zip"}
    assert set(report.removed) == gone
    assert not (first.folder / "yuzu/9x16").exists()
    assert set(manifest.read(first.folder).stamps) == set(contents(first.folder))


def test_files_of_others_are_never_touched(run: PublishedRun, blobs: MemoryBlobs, tmp_path: Path) -> None:
    note, in_the_way = tmp_path / "summer/yuzu/9x16/note.txt", tmp_path / "summer" / paths_of(run)[0]
    for path in (note, in_the_way, tmp_path / "summer/gallery.html"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"mine: {path.name}")
    report = publish(run, blobs, tmp_path)
    assert sorted(report.aside) == sorted([in_the_way.name.join([f"{Path(paths_of(run)[0]).parent}/", ""]).replace(".jpg", " (kept 1).jpg"), "gallery (kept 1).html"])
    assert all((report.folder / p).read_text().startswith("mine: ") for p in report.aside)
    publish(run_of(), blobs, tmp_path)
    assert note.read_text() == "mine: note.txt"
    assert all((report.folder / p).exists() for p in report.aside)


def test_an_edited_file_that_is_no_longer_named_is_left(first: PublishReport, run: PublishedRun, blobs: MemoryBlobs, tmp_path: Path) -> None:
    edited = first.folder / paths_of(run)[5]
    edited.write_bytes(b"retouched by hand")
    report = publish(replace(run, creatives=run.creatives[:2]), blobs, tmp_path)
    assert report.left == (paths_of(run)[5],)
    assert edited.read_bytes() == b"retouched by hand"


def test_a_partial_run_keeps_the_rest(first: PublishReport, run: PublishedRun, blobs: MemoryBlobs, tmp_path: Path) -> None:
    german = creative(blobs, locale="de-DE", seed="new")
    report = publish(run_of(german, partial=True), blobs, tmp_path)
    assert report.removed == ()
    kept = {c.identity: c for c in manifest.read(first.folder).creatives()}
    assert len(kept) == 6
    assert kept[german.identity].files == german.files
    assert kept[run.creatives[0].identity] == run.creatives[0]


@pytest.mark.parametrize("manifest_lost", [False, True])
def test_a_crash_at_any_step_leaves_whole_files_and_the_next_run_finishes(
    run: PublishedRun, blobs: MemoryBlobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, manifest_lost: bool
) -> None:
    """Every rename and every removal is a place to die; the run before is another campaign state, so all kinds occur."""
    old = replace(run, creatives=(*run.creatives[:3], creative(blobs, product="elder")))
    want = contents(publish(run, blobs, tmp_path / "clean").folder)
    whole = set(want.values()) | set(contents(publish(old, blobs, tmp_path / "old").folder).values())
    real_replace, real_unlink = os.replace, os.unlink
    for step in range(200):
        out = tmp_path / f"crash{step}"
        folder = publish(old, blobs, out).folder
        left = step

        def dying(real):
            def act(*args, **kwargs):
                nonlocal left
                if left == 0:
                    raise KeyboardInterrupt
                left -= 1
                return real(*args, **kwargs)

            return act

        with monkeypatch.context() as patch:
            patch.setattr(os, "replace", dying(real_replace))
            patch.setattr(os, "unlink", dying(real_unlink))
            try:
                publish(run, blobs, out)
            except KeyboardInterrupt:
                died = True
            else:
                died = False
        visible = {p: sha for p, sha in contents(folder).items() if not p.startswith(".affiche/")}
        assert set(visible.values()) <= whole, f"a half-written file after step {step}"
        if manifest_lost:
            (folder / manifest.NAME).unlink()
        publish(run, blobs, out)
        after = contents(folder)
        if not manifest_lost:
            assert after == want, f"not finished after dying at step {step}"
        assert want.items() <= after.items()
        assert set(manifest.read(folder).stamps) == set(want)
        assert publish(run, blobs, out).unchanged
        if not died:
            assert step > 10
            return
    pytest.fail("the run never came to its end")


def test_the_gallery_of_a_crashed_first_run_is_not_taken_for_somebody_elses(run: PublishedRun, blobs: MemoryBlobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(manifest, "render", lambda *a, **k: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            publish(run, blobs, tmp_path)
    report = publish(run, blobs, tmp_path)
    assert report.aside == ()
    assert report.written == ()
    assert not (report.folder / tree.STAGING).exists()


def test_a_link_out_of_the_folder_is_not_written_through(run: PublishedRun, blobs: MemoryBlobs, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "out/summer").mkdir(parents=True)
    (tmp_path / "out/summer/yuzu").symlink_to(elsewhere)
    with pytest.raises(StorageError, match="leads out"):
        publish(run, blobs, tmp_path / "out")
    assert list(elsewhere.rglob("*.jpg")) == []


def test_a_manifest_that_names_files_outside_is_not_believed(first: PublishReport, run: PublishedRun, blobs: MemoryBlobs, tmp_path: Path) -> None:
    precious = tmp_path / "precious.txt"
    precious.write_text("mine")
    data = json.loads(first.manifest.read_text())
    sha = hashlib.sha256(b"mine").hexdigest()
    data["files"].append({"path": "../precious.txt", "sha256": sha, "bytes": 4, "mtime_ns": precious.stat().st_mtime_ns})
    first.manifest.write_text(json.dumps(data))
    assert manifest.read(first.folder) is manifest.NOTHING
    publish(replace(run, creatives=run.creatives[:1]), blobs, tmp_path)
    assert precious.read_text() == "mine"


@pytest.mark.parametrize(("text", "message"), [('{"name": "webapp"}', "not made by Affiche"), ("[]", "not made by Affiche"), ('{"affiche": 99}', "newer")])
def test_somebody_elses_manifest_stops_the_run(run: PublishedRun, blobs: MemoryBlobs, tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "summer").mkdir()
    (tmp_path / "summer/manifest.json").write_text(text)
    with pytest.raises(StorageError, match=message):
        publish(run, blobs, tmp_path)
    assert (tmp_path / "summer/manifest.json").read_text() == text


def test_a_missing_blob_is_named(run: PublishedRun, tmp_path: Path) -> None:
    with pytest.raises(StorageError):
        publish(run, MemoryBlobs(), tmp_path)


def test_hostile_names_stay_inside(blobs: MemoryBlobs, tmp_path: Path) -> None:
    bad = [creative(blobs, product=p) for p in ("../../x", "..", "con", "🧃", "a/b", "x" * 300, "<script>")]
    report = publish(run_of(*bad, campaign="../../boom"), blobs, tmp_path / "out")
    assert report.folder.parent == tmp_path / "out"
    assert {p.relative_to(tmp_path).parts[0] for p in tmp_path.rglob("*")} == {"out"}
    assert len(set(manifest.read(report.folder).stamps)) == 7 + 4


def test_packages_hold_nothing_that_failed_and_are_equal_when_their_content_is(first: PublishReport, run: PublishedRun, blobs: MemoryBlobs, tmp_path: Path) -> None:
    other = publish(replace(run, seconds=5.0, creatives=run.creatives[::-1]), blobs, tmp_path / "other")
    for name in ("proof-instagram.zip", "proof-iab.zip"):
        assert (first.folder / name).read_bytes() == (other.folder / name).read_bytes()
    with zipfile.ZipFile(first.folder / "proof-instagram.zip") as archive:
        assert archive.testzip() is None
        assert {i.compress_type for i in archive.infolist()} == {zipfile.ZIP_STORED}
        good = [f.path for c in run.creatives for f in c.files if c.channel == "Instagram" and UNSAFE not in c.findings]
        assert set(archive.namelist()) == {"README.txt", "manifest.json", *good}
        assert "not approved" in archive.read("README.txt").decode()
        assert [c["status"] for c in json.loads(archive.read("manifest.json"))["creatives"]] == ["flagged", "passed", "passed"]


def test_a_file_leads_back_to_its_creative(first: PublishReport, run: PublishedRun) -> None:
    found = manifest.find(first.folder / run.creatives[1].files[0].path)
    assert found is not None
    assert found[1]["keys"] == dict(run.creatives[1].keys)
    assert found[1]["locale"] == "de-DE"
    assert manifest.find(first.gallery) is None
    assert manifest.find(first.folder.parent / "elsewhere.jpg") is None


def test_delivery_needs_approvals(run: PublishedRun) -> None:
    with pytest.raises(CapabilityError, match="need approvals"):
        packages.deliver(run.creatives)
