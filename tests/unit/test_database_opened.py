"""Several that open a new file of SQLite in the same moment: all of them get it."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from affiche.adapters.journal.sqlite import SqliteJournal
from affiche.adapters.ledger.sqlite import SqliteLedger
from affiche.engine.tables import EngineDatabase
from affiche.registry.open import open_registry

_AT_ONCE, _TIMES = 6, 15
_KINDS = {
    "journal": lambda folder: SqliteJournal(folder).close(),
    "ledger": lambda folder: SqliteLedger(folder, write=True, lock=False).close(),
    "registry": lambda folder: open_registry("", folder).engine.connect().close(),
    "engine": lambda folder: EngineDatabase(f"sqlite:///{folder}/engine.sqlite").close(),
}


@pytest.mark.parametrize("opened", _KINDS.values(), ids=_KINDS)
def test_a_new_file_is_opened_by_many_at_once(opened: Any, tmp_path: Path) -> None:
    start = threading.Barrier(_AT_ONCE)

    def one(number: int) -> None:
        start.wait()
        opened(tmp_path / str(number))

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for number in range(_TIMES):
            list(pool.map(one, [number] * _AT_ONCE))
