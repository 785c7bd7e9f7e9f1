"""The gallery in a real browser, from disk: it runs under its own policy, shows everything, and hostile names stay names."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from affiche.adapters.blobs import MemoryBlobs
from affiche.publish.publish import publish
from tests.unit.publish.campaigns import LOW, creative, run_of

pytestmark = pytest.mark.browser
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--virtual-time-budget=4000", "--enable-logging=stderr",
)  # fmt: skip
BAD = '<script>document.title="hacked"</script><img src=x onerror="document.title=1">'


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    blobs = MemoryBlobs()
    made = [creative(blobs, locale=loc, placement=p, findings=(LOW,)) for loc in ("en-US", "ar-SA") for p in ("square", "story")]
    bad = creative(blobs, product="bad", product_name=BAD, headline=BAD)
    return publish(run_of(*made, bad, name=BAD), blobs, tmp_path_factory.mktemp("out")).gallery


def dom(gallery: Path, tmp_path: Path, address: str = "") -> tuple[str, str]:
    """The document after the script ran, and what the browser logged."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    assert browser, "this tier needs chromium (apt-get install chromium)"
    command = [browser, *FLAGS, f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", gallery.as_uri() + address]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    return done.stdout, "\n".join(line for line in done.stderr.splitlines() if "CONSOLE" in line)


def cards(document: str) -> int:
    return document.count('<article class="card')


def test_every_creative_is_shown_and_the_policy_is_not_offended(gallery: Path, tmp_path: Path) -> None:
    document, log = dom(gallery, tmp_path)
    assert cards(document) == 5
    assert "data:image/jpeg" in document
    assert log == ""


def test_hostile_names_are_only_names(gallery: Path, tmp_path: Path) -> None:
    document, _ = dom(gallery, tmp_path)
    assert re.search(r"<title>(.*?)</title>", document, re.DOTALL)[1].startswith("&lt;script&gt;")
    assert "<img src=x" not in document


def test_filters_come_from_the_address(gallery: Path, tmp_path: Path) -> None:
    assert cards(dom(gallery, tmp_path, "#status=flagged&locale=ar-SA")[0]) == 2
    assert cards(dom(gallery, tmp_path, "#q=nothing+like+this")[0]) == 0
    assert cards(dom(gallery, tmp_path, "#q=arabic+story")[0]) == 1


def test_findings_are_drawn_where_they_are(gallery: Path, tmp_path: Path) -> None:
    document, log = dom(gallery, tmp_path, "#open=yuzu/ar-SA/square/a")
    box = re.search(r'<button class="box warn"[^>]*style="([^"]+)"', document)[1]
    assert [round(float(v), 1) for v in re.findall(r"([\d.]+)%", box)] == [9.3, 11.1, 37.0, 7.4]
    assert "measured 3.9:1, limit 4.5:1" in document
    assert log == ""


@pytest.mark.parametrize("mode", ["beside", "slider", "difference"])
def test_two_creatives_are_compared(gallery: Path, tmp_path: Path, mode: str) -> None:
    document, log = dom(gallery, tmp_path, f"#mode={mode}&compare=yuzu/ar-SA/square/a&compare=yuzu/en-US/square/a")
    assert f'id="pair" data-mode="{mode}"' in document
    assert re.search(r'<dialog class="compare"[^>]* open', document)
    assert log == ""
