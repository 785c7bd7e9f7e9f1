"""Rows against sharp, satori with resvg, and headless Chromium, on the same words, bases and boxes in the same run.

They are given what they cannot find out: painted bases, boxes, faces, the size of each text; sharp also the lines. What they leave
out (fit search, dictionary breaks, button, byte-equal reuse) is their gain; their start is not counted. Node packages are installed
at fixed versions into the user's cache on first use. What cannot be installed or started is a row that says so.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import escape
from pathlib import Path
from typing import Any

import cv2
import psutil

import affiche_fonts
from affiche.compose.compose import compose
from affiche.values.frame import Frame, TextItem
from bench import material
from bench.measure import ROUNDS, Row, cpu_s
from bench.studio import QUALITY, Studio

NODE = Path(__file__).parent / "node"
#: Locales of each size; their scripts are such that every one of the others can draw them.
LOCALES = 8
#: Chromium's answer to `--disable-gpu` alone still starts a process for it.
CHROMIUM_FLAGS = ("--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--font-render-hinting=none")

Jobs = dict[str, Any]


class Missing(Exception):
    """Something that a row needs is not here and cannot be installed; says what."""


def sharp(rounds: int = ROUNDS) -> Row:
    """libvips from Node: lines as SVG over the base, JPEG."""
    return _row("against-sharp", "the same against sharp (lines and sizes given)", rounds, lambda folder: _node("sharp", folder))


def satori(rounds: int = ROUNDS) -> Row:
    """satori lays out and resvg draws, sharp composes and encodes."""
    return _row("against-satori", "the same against satori + resvg (sizes given)", rounds, lambda folder: _node("satori", folder))


def chromium(rounds: int = ROUNDS) -> Row:
    """A page for each creative, its screenshot as JPEG; one browser for all."""
    return _row("against-chromium", "the same against headless Chromium (sizes given)", rounds, _browser)


#: Makes a function that draws all jobs and returns CPU ms for each creative.
Rival = Callable[[Path], Any]


def _row(name: str, what: str, rounds: int, rival: Rival) -> Row:
    studio = Studio(material.packshot(0), template="stage")
    with tempfile.TemporaryDirectory(prefix="affiche-bench-") as place:
        folder = Path(place)
        jobs = {edition: _jobs(studio, edition, folder) for edition in range(rounds + 1)}
        count = len(jobs[0]["jobs"])
        spent: list[float] = []
        try:
            with _started(rival, folder) as draw:
                draw(jobs[0])
                ours = _alternated(studio, lambda edition: spent.append(draw(jobs[edition])), count, rounds)
        except Missing as missing:
            return Row(name=name, what=what, unit="ms", budget=1.0, budget_is="ratio", note=f"not measured: {missing}")
    theirs = sorted(spent)[len(spent) // 2]
    ratio = sorted(value / other for value, other in zip(ours, spent, strict=True))[len(ours) // 2]
    return Row(
        name=name, what=what, unit="ms", value=sorted(ours)[len(ours) // 2], floor=theirs, ratio=ratio, budget=1.0,
        budget_is="ratio", ok=ratio <= 1.0, note=f"{count} creatives; the other without fit search, button and its own start",
    )  # fmt: skip


def _alternated(studio: Studio, other: Callable[[int], None], count: int, rounds: int) -> list[float]:
    """Our CPU ms for each creative, round by round, in turn with the other; one round of ours does not count."""
    ours: list[float] = []
    for edition in range(rounds + 1):
        before = cpu_s()
        studio.make_all(studio.requests(material.STILLS, edition, locales=LOCALES))
        if edition:
            ours.append((cpu_s() - before) * 1000 / count)
            other(edition)
    return ours


@contextmanager
def _started(rival: Rival, folder: Path) -> Iterator[Callable[[Jobs], float]]:
    made = rival(folder)
    try:
        yield made
    finally:
        getattr(made, "close", lambda: None)()


# -- what they draw ------------------------------------------------------------------------------------------------------


def _jobs(studio: Studio, edition: int, folder: Path) -> Jobs:
    bases: dict[str, str] = {}
    faces: dict[str, str] = {}
    jobs = []
    for _, request in studio.requests(material.STILLS, edition, locales=LOCALES):
        frame = compose(request)
        name = f"{frame.size}-{request.locale.direction}"
        bases.setdefault(name, str(_base(studio, frame, folder / f"{name}.png")))
        faces |= {item.fonts[0]: str(affiche_fonts.path(item.fonts[0])) for item in frame.texts}
        jobs.append({"base": name, "width": frame.size.width, "height": frame.size.height, "slots": _slots(frame)})
    return {"bases": bases, "faces": [{"name": name, "file": file} for name, file in faces.items()], "jobs": jobs}


def _base(studio: Studio, frame: Frame, path: Path) -> Path:
    if not path.exists():
        blank = Frame(size=frame.size, base=frame.base, overlay=(), slots={}, safe=frame.safe)
        with studio.sheet_of(frame).painted(blank, studio) as painted:
            cv2.imwrite(str(path), cv2.cvtColor(painted.pixels, cv2.COLOR_RGBA2BGR))
    return path


def _slots(frame: Frame) -> list[dict[str, Any]]:
    rows = []
    for slot in dict.fromkeys(item.slot for item in frame.texts):
        lines: list[TextItem] = [item for item in frame.texts if item.slot == slot]
        box, first = lines[0].box, lines[0]
        for line in lines[1:]:
            box = box.union(line.box)
        face = affiche_fonts.faces()[first.fonts[0]]
        rows.append({
            "x": box.x, "y": box.y, "width": box.width, "height": box.height, "size": first.size, "color": first.color.hex,
            "face": first.fonts[0], "family": face.family, "weight": face.weight,
            "text": " ".join(line.text for line in lines),
            "lines": [{"x": line.x, "baseline": line.baseline, "text": line.text} for line in lines],
        })  # fmt: skip
    return rows


# -- Node ----------------------------------------------------------------------------------------------------------------


def _node(kind: str, folder: Path) -> Callable[[Jobs], float]:
    home = _installed()
    fonts = folder / "fonts.conf"
    fonts.write_text(f"<fontconfig><dir>{affiche_fonts.path('Manrope 500').parent}</dir><cachedir>{folder}/fc</cachedir></fontconfig>")
    environment = {**os.environ, "FONTCONFIG_FILE": str(fonts)}

    def draw(jobs: Jobs) -> float:
        path = folder / "jobs.json"
        path.write_text(json.dumps(jobs), encoding="utf-8")
        command = ["node", str(home / "draw.mjs"), kind, str(path)]
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
        if done.returncode:
            raise Missing(f"{kind} broke: {(done.stderr.strip().splitlines() or ['?'])[-1][:120]}")
        return float(json.loads(done.stdout)["ms"])

    return draw


def _installed() -> Path:
    """The folder with the packages at the versions of package.json, installed on first use."""
    if not (shutil.which("node") and shutil.which("npm")):
        raise Missing("node and npm are not here")
    wanted = (NODE / "package.json").read_bytes()
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    home = cache / "affiche-bench" / f"node-{hashlib.sha256(wanted).hexdigest()[:12]}"
    home.mkdir(parents=True, exist_ok=True)
    shutil.copy(NODE / "draw.mjs", home)
    if not (home / "ready").exists():
        (home / "package.json").write_bytes(wanted)
        done = subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=home, capture_output=True,
                              text=True, check=False)  # fmt: skip
        if done.returncode:
            raise Missing(f"npm could not install: {(done.stderr.strip().splitlines() or ['?'])[0][:120]}")
        (home / "ready").touch()
    return home


# -- browser -------------------------------------------------------------------------------------------------------------


class _Browser:
    """One headless Chromium; draws jobs and counts the CPU of all its processes and of this one."""

    def __init__(self, executable: str, folder: Path) -> None:
        from playwright.sync_api import sync_playwright

        self._folder = folder
        self._play = sync_playwright().start()
        self._browser = self._play.chromium.launch(executable_path=executable, args=list(CHROMIUM_FLAGS))
        self._page = self._browser.new_page()

    def __call__(self, jobs: Jobs) -> float:
        pages = [(job, _page(job, jobs)) for job in jobs["jobs"]]
        before = _tree_s()
        for job, html in pages:
            self._page.set_viewport_size({"width": job["width"], "height": job["height"]})
            self._page.set_content(html)
            self._page.evaluate("document.fonts.ready.then(() => 1)")
            self._page.screenshot(type="jpeg", quality=QUALITY)
        return (_tree_s() - before) * 1000 / len(pages)

    def close(self) -> None:
        self._browser.close()
        self._play.stop()


def _browser(folder: Path) -> _Browser:
    executable = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if executable is None:
        raise Missing("Chromium is not here (on Debian: apt-get install chromium)")
    return _Browser(executable, folder)


def _tree_s() -> float:
    """CPU seconds of this process and of all below it, running ones included."""
    running = 0.0
    for child in psutil.Process().children(recursive=True):
        try:
            times = child.cpu_times()
            running += times.user + times.system
        except psutil.Error:
            continue
    return cpu_s() + running


def _page(job: dict[str, Any], jobs: Jobs) -> str:
    used = {slot["face"] for slot in job["slots"]}
    faces = "".join(
        f"@font-face{{font-family:'{face['name']}';src:url(data:font/ttf;base64,{_data(face['file'])})}}"
        for face in jobs["faces"] if face["name"] in used
    )  # fmt: skip
    texts = "".join(
        f"<div style=\"position:absolute;left:{s['x']}px;top:{s['y']}px;width:{s['width'] + 1}px;font:{s['size']}px/1.2 '{s['face']}';"
        f"color:{s['color']}\">{escape(s['text'])}</div>"
        for s in job["slots"]
    )
    picture = f"<img style='position:absolute;left:0;top:0' src='data:image/png;base64,{_data(jobs['bases'][job['base']])}'>"
    return f"<style>{faces}body{{margin:0}}</style>{picture}{texts}"


def _data(path: str) -> str:
    return base64.b64encode(Path(path).read_bytes()).decode()
