"""A small real campaign on disk and a workshop to build it in: real layout, painting, codecs and rules, tiny placements."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np
import yaml
from PIL import Image, ImageDraw

from affiche import wire
from affiche.adapters.blobs import LocalBlobs
from affiche.adapters.ledger import SqliteLedger
from affiche.adapters.pool import InlinePool
from affiche.inputs import load_campaign
from affiche.plan.expand import expand, only
from affiche.plan.model import Plan
from affiche.plan.quote import Quote
from affiche.ports import Ledger, Pool
from affiche.produce import Built, build, quote
from affiche.render.jobs import DrawJob, Drawn
from affiche.settings import Settings
from affiche.steps import Crew, Event, StepDone, StepFailed, StepReused

TODAY = date(2026, 5, 4)
BRIEF = {
    "affiche": 1,
    "campaign": "summer",
    "brand": "brand.yaml",
    "message": {"locale": "en-US", "headline": "Wake up the afternoon", "body": "Nothing added.", "cta": "Find a can"},
    "markets": [{"locales": ["en-US", "de-DE", "ar-SA"]}],
    "products": [
        {"id": "yuzu", "name": "Yuzu", "picture": "yuzu.png"},
        {"id": "elder", "name": "Elder"},
    ],
    "placements": ["300x250", "320x50"],
    "copy": {
        "de-DE": {"headline": "Weck den Nachmittag", "body": "Ohne Zusätze.", "cta": "Zum Händler"},
        "ar-SA": {"headline": "أيقظ ما بعد الظهيرة", "body": "لا شيء مضاف.", "cta": "ابحث عن علبة"},
    },
}
BRAND = {
    "brand": 1,
    "name": "Verde",
    "colors": {"primary": "#0F5C4E", "secondary": "#F6C667", "accent": "#F27B50"},
    "logo": {"file": "logo.png"},
}


def write_campaign(folder: Path, **changes: object) -> Path:
    """The campaign in `folder`, top-level keys of the brief replaced by `changes`; returns the brief file."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "brief.yaml").write_text(yaml.safe_dump({**BRIEF, **changes}, allow_unicode=True))
    (folder / "brand.yaml").write_text(yaml.safe_dump(BRAND))
    if not (folder / "yuzu.png").exists():
        write_can(folder / "yuzu.png", (246, 198, 103))
        write_logo(folder / "logo.png", "V")
    return folder / "brief.yaml"


def write_can(path: Path, color: tuple[int, int, int]) -> None:
    """A cut-out can, 120 x 300 px, with a shine that makes it more than one flat colour."""
    image = Image.new("RGBA", (160, 340))
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((20, 20, 140, 320), 18, (*color, 255))
    draw.rectangle((40, 20, 56, 320), (255, 255, 255, 255))
    draw.rectangle((20, 140, 140, 220), (15, 92, 78, 255))
    image.save(path)


def write_logo(path: Path, letter: str) -> None:
    """A logo: a dark ring on transparency, with a bar whose place depends on the letter."""
    image = Image.new("RGBA", (240, 120))
    draw = ImageDraw.Draw(image)
    draw.ellipse((4, 4, 116, 116), outline=(15, 92, 78, 255), width=18)
    draw.rectangle((130, 10 + ord(letter) % 60, 230, 50 + ord(letter) % 60), (15, 92, 78, 255))
    image.save(path)


@dataclass
class Workshop:
    """A home and an output folder; builds in this process unless a pool is given."""

    home: Path
    out: Path
    counts: Counter[str] = field(default_factory=Counter)
    draw: Callable[[str, Sequence[DrawJob]], list[Drawn]] = wire.draw_batch

    @property
    def settings(self) -> Settings:
        return Settings(home=self.home, out=self.out, jobs=2)

    @property
    def blobs(self) -> LocalBlobs:
        return wire.blobs(self.settings)

    def plan(self, brief: Path, chosen: Mapping[str, frozenset[str]] | None = None) -> Plan:
        campaign, problems = load_campaign(brief)
        assert campaign is not None, [p.message for p in problems]
        return only(expand(wire.materials(campaign, self.settings, TODAY)), chosen or {})

    def quote(self, brief: Path, chosen: Mapping[str, frozenset[str]] | None = None) -> Quote:
        with wire.ledger(self.settings, write=False) as ledger:
            return quote(self.plan(brief, chosen), ledger, self.blobs, jobs=2)

    def build(
        self, brief: Path, chosen: Mapping[str, frozenset[str]] | None = None, *, pool: Pool | None = None,
        ledger: Ledger | None = None,
    ) -> Built:  # fmt: skip
        """Builds and counts what ran, failed and was reused, by kind."""
        opened = ledger or SqliteLedger(self.home, write=True)
        home = str(self.home)
        crew = Crew(pool=pool or InlinePool(), prepare=partial(wire.prepare_batch, home), draw=partial(self.draw, home), jobs=2)
        self.counts = Counter()
        try:
            for event in build(self.plan(brief, chosen), crew, ledger=opened, blobs=self.blobs, out_dir=self.out, today=TODAY):
                if isinstance(event, Built):
                    return event
                self._count(event)
        finally:
            if ledger is None:
                opened.close()
        raise AssertionError("no end")

    def _count(self, event: Event) -> None:
        names = {StepDone: "ran", StepFailed: "failed", StepReused: "reused"}
        if type(event) in names:
            self.counts[f"{names[type(event)]} {event.kind}"] += 1  # type: ignore[union-attr]

    def ran(self) -> int:
        """Steps that ran in the last build, failed ones included."""
        return sum(count for name, count in self.counts.items() if not name.startswith("reused"))


def tree(out: Path) -> dict[str, str]:
    """Path -> sha256 of every file under `out` that does not tell of the circumstances of a run."""
    files = [p for p in sorted(out.rglob("*")) if p.is_file() and p.name != "manifest.json"]
    return {str(p.relative_to(out)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def pixels(path: Path) -> np.ndarray:
    return np.asarray(Image.open(path).convert("RGB"))
