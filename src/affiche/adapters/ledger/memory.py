"""A ledger that forgets when the process ends: for tests, and for runs that must leave nothing behind."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from affiche.ports import Outcome
from affiche.values.digest import Digest


class MemoryLedger:
    """Same contract as the SQLite ledger, JSON borders included."""

    def __init__(self) -> None:
        self._outcomes: dict[Digest, tuple[str, str, str]] = {}
        self._made_from: dict[str, dict[str, str]] = {}

    def known(self, keys: Iterable[Digest]) -> dict[Digest, Mapping[str, Digest]]:
        return {key: json.loads(self._outcomes[key][1]) for key in keys if key in self._outcomes}

    def find(self, keys: Iterable[Digest]) -> dict[Digest, Outcome]:
        found = {}
        for key in keys:
            if key in self._outcomes:
                kind, blobs, data = self._outcomes[key]
                found[key] = Outcome(key=key, kind=kind, blobs=json.loads(blobs), data=json.loads(data))
        return found

    def record(self, outcomes: Sequence[Outcome], made_from: Mapping[str, Mapping[str, str]] | None = None) -> None:
        # All texts first: a value that JSON cannot hold must leave nothing behind.
        rows = {o.key: (o.kind, json.dumps(dict(o.blobs)), json.dumps(dict(o.data))) for o in outcomes}
        self._outcomes.update(rows)
        self._made_from.update({subject: dict(inputs) for subject, inputs in (made_from or {}).items()})

    def blobs(self) -> Iterator[Digest]:
        for _, blobs, _ in list(self._outcomes.values()):
            yield from json.loads(blobs).values()

    def last_made_from(self, subjects: Iterable[str]) -> dict[str, Mapping[str, str]]:
        return {s: dict(self._made_from[s]) for s in subjects if s in self._made_from}

    def close(self) -> None:
        """Nothing to give back."""
