"""Rows about whole commands, each a fresh process with an empty or a filled AFFICHE_HOME: plan, build, build again."""

from __future__ import annotations

import atexit
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from functools import cache
from pathlib import Path
from typing import Any

import psutil

from bench import material
from bench.measure import ROUNDS, Row, cpu_s

#: The command of this very environment.
AFFICHE = (sys.executable, "-c", "from affiche.cli.main import main; main()")
#: A creative without failed findings leaves with 0, one with findings that fail with 3: both were built.
BUILT = (0, 3)


@cache
def _root() -> Path:
    """Where rows keep their folders. Removed when the bench ends and not before: for up to six minutes after thousands of
    files were removed ext4 takes ten times as long to make a new one, which was 14 % of a build.
    """
    folder = tempfile.TemporaryDirectory(prefix="affiche-bench-")
    atexit.register(folder.cleanup)
    return Path(folder.name)


def place() -> Path:
    """A new folder for one row."""
    return Path(tempfile.mkdtemp(dir=_root()))


#: CPU ms for a new file of 20 kB on a file system at rest: 0.04 to 0.07. What was removed before the bench can make it 0.5.
_AT_REST_MS, _PATIENCE_S, _PAUSE_S = 0.11, 420.0, 20.0


def rested_file_system() -> float:
    """Waits until a new file costs what it usually does, and at most as long as what was removed can be in the way (see `_root`).

    Returns what it costs, ms.
    """
    end = time.monotonic() + _PATIENCE_S
    while (cost := _new_file_ms()) > _AT_REST_MS and time.monotonic() < end:
        print(f"a new file costs {cost:.2f} ms: waiting for the file system", file=sys.stderr, flush=True)
        time.sleep(_PAUSE_S)
    return cost


def _new_file_ms(count: int = 400, folders: int = 40) -> float:
    """CPU ms for one of `count` files in new folders, as blobs and outputs are. They stay until the bench ends."""
    places = [Path(tempfile.mkdtemp(dir=_root())) for _ in range(folders)]
    before = cpu_s()
    for number in range(count):
        (places[number % folders] / str(number)).write_bytes(bytes(20_000))
    return (cpu_s() - before) * 1000 / count


def run(folder: Path, *args: str) -> tuple[dict[str, Any], float]:
    """The JSON that `affiche ARGS --json` prints, and its CPU seconds, children included. Raises when it breaks."""
    environment = _environment(folder)
    before = cpu_s()
    done = subprocess.run([*AFFICHE, *args, "--json"], capture_output=True, text=True,
                          env=environment, check=False)  # fmt: skip
    # Before the answer is parsed: 7 MB for 1,000 creatives, 0.1 s of ours that was counted as the command's.
    spent = cpu_s() - before
    if done.returncode not in BUILT:
        raise RuntimeError(f"affiche {' '.join(args)} left with {done.returncode}: {done.stderr[-2000:] or done.stdout[-2000:]}")
    return json.loads(done.stdout), spent


def _environment(folder: Path) -> dict[str, str]:
    """That of a user: results in `folder`, and Python keeps the modules that it compiled."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "AFFICHE_HOME": str(folder / "home")}


def plan(rounds: int = ROUNDS) -> Row:
    """Plan of 50 locales x 20 products x 10 placements, parsing included; linear when a quarter costs about a quarter."""
    folder = place()
    whole = material.write_campaign(folder / "whole", locales=50, products=20, placements=material.PLACEMENTS)
    quarter = material.write_campaign(folder / "quarter", locales=50, products=5, placements=material.PLACEMENTS)
    seconds, small = [], []
    for _ in range(rounds):
        answer, spent = run(folder, "plan", str(whole), "--no-fit")
        seconds.append(spent)
        small.append(run(folder, "plan", str(quarter), "--no-fit")[1])
    value, part = statistics.median(seconds), statistics.median(small)
    return Row(
        name="plan-10000", what="plan of 10,000 creatives, fresh process, parsing included", unit="s", value=value, budget=1.0,
        ok=value <= 1.0 and answer["creatives"] == 10_000, note=f"{answer['creatives']} creatives; a quarter of it takes {part:.2f} s",
    )  # fmt: skip


def plan_with_overflow(rounds: int = ROUNDS) -> Row:
    """The same with the overflow report of every text."""
    folder = place()
    whole = material.write_campaign(folder, locales=50, products=20, placements=material.PLACEMENTS)
    first, *seconds = [run(folder, "plan", str(whole))[1] for _ in range(rounds + 1)]
    value = statistics.median(seconds)
    return Row(
        name="plan-10000-overflow", what="the same with the overflow report", unit="s", value=value, budget=3.0, ok=value <= 3.0,
        note=f"{first:.2f} s when none of the 20 pictures was looked at before",
    )  # fmt: skip


def rebuild(rounds: int = ROUNDS) -> Row:
    """A second build of 1,000 creatives; then one output is altered and one deleted, and both must come back."""
    folder = place()
    brief = material.write_campaign(folder / "c", locales=50, products=4, placements=material.STILLS)
    out = folder / "out"
    first, _ = run(folder, "build", str(brief), "--out", str(out))
    seconds = []
    for _ in range(rounds):
        again, spent = run(folder, "build", str(brief), "--out", str(out))
        seconds.append(spent)
    mended = _mends(folder, brief, out, again)
    value = statistics.median(seconds)
    count = len(first["creatives"])
    ok = value < 1.0 and mended and count == 1000 and again["steps"]["ran"] == 0
    said = "both came back" if mended else "NOT BOTH CAME BACK"
    return Row(
        name="rebuild-1000", what="no-op rebuild of 1,000 creatives, fresh process", unit="s", value=value, budget=1.0, ok=ok,
        note=f"{again['steps']['ran']} steps ran; one altered and one deleted output: {said}",
    )  # fmt: skip


def _mends(folder: Path, brief: Path, out: Path, built: dict[str, Any]) -> bool:
    """Whether a build puts an altered and a deleted file back as they were."""
    paths = [_find(out, creative["files"][0]["path"]) for creative in built["creatives"][:2]]
    before = [path.read_bytes() for path in paths]
    paths[0].unlink()
    paths[0].write_bytes(before[0][:-7] + b"altered")
    paths[1].unlink()
    run(folder, "build", str(brief), "--out", str(out))
    return [path.read_bytes() if path.exists() else b"" for path in paths] == before


def _find(out: Path, name: str) -> Path:
    """An output by the path that the JSON names, relative to `out`, to the campaign folder or to nothing."""
    places = [out / name, *out.glob(f"*/{name}"), Path(name)]
    return next(path for path in places if path.is_file())


def whole_build(rounds: int = ROUNDS) -> Row:
    """The whole `build`; what 250 creatives more cost, so that the start of processes does not count; floor: plain encodes."""
    from bench.stills import plain_encodes_ms

    values, floors, ratios, totals = [], [], [], []
    new_file = rested_file_system()
    for edition in range(rounds):
        folder = place()
        one = material.write_campaign(folder / "one", locales=50, products=1, placements=material.STILLS, edition=edition)
        three = material.write_campaign(folder / "three", locales=50, products=3, placements=material.STILLS, edition=edition)
        few, small = run(folder, "build", str(one), "--out", str(folder / "out1"))
        os.rename(folder / "home", folder / "home1")
        many, large = run(folder, "build", str(three), "--out", str(folder / "out3"))
        _refuse_unmade(few, 250)
        _refuse_unmade(many, 750)
        floors.append(plain_encodes_ms())
        values.append((large - small) * 1000 / 500)
        ratios.append(values[-1] / floors[-1])
        totals.append(small * 1000 / 250)
    ratio = statistics.median(ratios)
    return Row(
        name="build-whole", what="the whole build: ledger, checks, manifest, thumbnails, gallery", unit="ms",
        value=statistics.median(values), floor=statistics.median(floors), ratio=ratio, budget=3.0, budget_is="ratio",
        ok=ratio <= 3.0,
        note=f"per further creative; with the start of all processes {statistics.median(totals):.1f} ms of 250; "
             f"a new file of 20 kB {new_file:.2f} ms",
    )  # fmt: skip


def _refuse_unmade(built: dict[str, Any], count: int) -> None:
    """A build that made less than was asked for is fast for the wrong reason."""
    made = sum(bool(creative["files"]) for creative in built["creatives"])
    if made != count or built["steps"]["reused"]:
        raise RuntimeError(f"{made} of {count} creatives were made, {built['steps']['reused']} steps reused")


def memory(_rounds: int = 1) -> Row:
    """The largest resident size of a render process over 2,000 creatives with pictures of 3840x2160."""
    folder = place()
    brief = material.write_campaign(folder / "c", locales=40, products=10, placements=material.STILLS)
    for number in range(10):
        (folder / "c" / f"can-{number}.png").unlink()
    photo = material.photograph(3840, 2160)
    for number in range(10):
        material.write_jpeg(folder / "c" / f"can-{number}.jpg", photo[:, :: 1 if number % 2 else -1])
    brief.write_text(brief.read_text(encoding="utf-8").replace(".png", ".jpg"), encoding="utf-8")
    samples = _sampled_build(folder, brief)
    peaks = [peak for _, peak in samples]
    half = samples[-1][0] / 2
    early = max(peak for at, peak in samples if at <= half)
    late = max(peak for at, peak in samples if at > half)
    value = max(peaks) / 1e6
    return Row(
        name="memory-2000", what="peak memory of a render process over 2,000 creatives, 3840x2160 sources", unit="MB", value=value,
        budget=350.0, ok=value < 350 and late < early * 1.15, note=f"first half {early / 1e6:.0f} MB, second half {late / 1e6:.0f} MB",
    )  # fmt: skip


def _sampled_build(folder: Path, brief: Path) -> list[tuple[float, int]]:
    """(seconds since start, resident bytes of the largest child) while a build runs."""
    environment = _environment(folder)
    command = [*AFFICHE, "build", str(brief), "--out", str(folder / "out"), "--json"]
    with (folder / "said").open("wb") as said, subprocess.Popen(command, env=environment, stdout=said, stderr=said) as process:
        watched, start, samples = psutil.Process(process.pid), time.monotonic(), []
        while process.poll() is None:
            sizes = [_resident(child) for child in watched.children(recursive=True)]
            samples.append((time.monotonic() - start, max(sizes, default=0)))
            time.sleep(0.05)
    if process.returncode not in BUILT:
        raise RuntimeError(f"the build left with {process.returncode}: {(folder / 'said').read_text()[-2000:]}")
    return samples


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0
