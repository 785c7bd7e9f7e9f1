"""Walks the tour: `./run tour` writes docs/tour.md and the pictures beside it."""

from __future__ import annotations

import io
import sys
import tempfile
from contextlib import AbstractContextManager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser

from tests.browser.kit_portal import Portal, browser, portal, visit
from tour.house import House, furnished
from tour.stops import STOPS, Stop

ROOT = Path(__file__).resolve().parents[2]
#: Width of a picture px, by what it was taken on; colours in it.
_WIDE, _NARROW, _COLORS = 1080, 390, 160
_HEAD = """\
# A tour of the portal

Taken by `./run tour` from a real server with the two example campaigns; [the portal](portal.md) says what each page can do.
"""


def main(out: Path) -> None:
    """All stops: one picture each, and the page that shows them."""
    folder = out / "tour"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="affiche-tour-") as home, _served(home) as at, browser() as chrome:
        house = furnished(at, ROOT / "examples")
        for stop in STOPS:
            data = _picture(chrome, at.url, house, stop)
            (folder / f"{stop.name}.png").write_bytes(data)
            sys.stdout.write(f"{stop.name:<10} {len(data) / 1000:6.0f} kB\n")
    parts = [f"## {stop.title}\n\n{stop.text}\n\n![{stop.title}](tour/{stop.name}.png)\n" for stop in STOPS]
    (out / "tour.md").write_text("\n".join([_HEAD, *parts]), encoding="utf-8")


def _served(home: str) -> AbstractContextManager[Portal]:
    """A server of this machine whose providers draw for play money."""
    return portal(Path(home) / "home", more={"AFFICHE_PROVIDERS": "simulated", "AFFICHE_SPEND_MONTH": "50"})


def _picture(chrome: Browser, url: str, house: House, stop: Stop) -> bytes:
    with visit(chrome, url, language=stop.language, theme=stop.theme, phone=stop.phone) as seen:
        seen.page.set_viewport_size({"width": 390 if stop.phone else 1280, "height": stop.height})
        seen.go(stop.path(house))
        page = seen.go(stop.path(house))  # a second time: faces that come late are left out of a first look
        stop.then(page)
        shot = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
        if seen.errors:
            raise SystemExit(f"{stop.name}: {seen.errors}")
    width = _NARROW if stop.phone else _WIDE
    small = shot.resize((width, round(shot.height * width / shot.width)), Image.Resampling.LANCZOS)
    written = io.BytesIO()
    small.quantize(_COLORS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(written, "PNG", optimize=True)
    return written.getvalue()


if __name__ == "__main__":
    if any(argument.startswith("-") for argument in sys.argv[1:]) or len(sys.argv) > 2:
        sys.exit("usage: ./run tour [FOLDER]   (docs when none is given)")
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs")
