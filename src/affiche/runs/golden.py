"""Whether this machine can make a creative at all: a tiny campaign built from end to end, in a home of its own."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

from affiche import wire
from affiche.errors import AfficheError
from affiche.produce import Built, build
from affiche.runs.planned import planned
from affiche.settings import Settings

#: How long an answer holds, s: a build takes some seconds, and what breaks a machine (a full disk, a lost library) is rare.
_HOLDS_S = 600
#: One product without a picture, two scripts, one small banner.
_BRIEF = """\
affiche: 1
campaign: golden
brand: {name: Golden}
message: {locale: en-US, headline: Ready}
copy: {ar-SA: {headline: جاهز}}
markets: [{region: US, locales: [en-US]}, {region: SA, locales: [ar-SA]}]
products: [{id: one, name: One}]
ratios: ["320x50"]
"""


def drawn(settings: Settings, today: date) -> str:
    """`ok`, or what is wrong. Takes seconds and a render process."""
    with tempfile.TemporaryDirectory(prefix="affiche-golden-") as place:
        folder, own = Path(place), replace(settings, home=Path(place) / "home", database_url="", blob_store="", writer="")
        (folder / "brief.yaml").write_text(_BRIEF, encoding="utf-8")
        try:
            plan = planned(folder / "brief.yaml", own, brand_file="", chosen={}, today=today)
            with wire.ledger(own, write=True) as ledger, wire.crew(own, 1) as crew:
                events = build(plan, crew, ledger=ledger, blobs=wire.blobs(own), out_dir=folder / "out", today=today)
                built = next(event for event in events if isinstance(event, Built))
        except AfficheError as error:
            return error.public
        broken = [f.message for c in built.run.creatives for f in c.findings if f.status == "error"]
        empty = [c for c in built.run.creatives if not c.files]
        return broken[0] if broken else f"{len(empty)} creatives have no file" if empty else "ok"


class Golden:
    """Remembers the answer for a while; whoever asks first waits for it."""

    def __init__(self, settings: Settings, today: Callable[[], date]) -> None:
        self._settings, self._today = settings, today
        self._lock = threading.Lock()
        self._answer, self._until = "", 0.0

    def state(self) -> str:
        """`ok`, or what is wrong."""
        with self._lock:
            if time.monotonic() >= self._until:
                self._answer = drawn(self._settings, self._today())
                self._until = time.monotonic() + (_HOLDS_S if self._answer == "ok" else 10)
            return self._answer
