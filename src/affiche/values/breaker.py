"""Breaker: when somebody is left alone because he fails, and tried again. Shared by those who make pictures and those who write.

Time is an argument. What is known of a breaker survives the process as plain data (`Breakers`), so that the next build does not
begin by asking who was down a minute ago.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

#: Under this name the journal keeps what is known of breakers.
KEPT = "breakers"
#: Failures in a row that open a breaker, and for how long: doubled with every failed try after that, up to the longest.
BREAKS_AFTER = 4
FIRST_REST_S, LONGEST_REST_S = 20.0, 600.0


@dataclass(slots=True, kw_only=True)
class Breaker:
    """Closed: calls pass. Open: none do until `until`. Half open: one may try; it closes or opens the breaker again."""

    failures: int = 0
    until: float = 0.0
    rest_s: float = FIRST_REST_S
    trying: bool = False
    changed: Callable[[Breaker], None] = field(default=lambda _: None, repr=False, compare=False)

    def state(self, now: float) -> Literal["closed", "open", "half-open"]:
        if not self.until:
            return "closed"
        return "open" if now < self.until or self.trying else "half-open"

    def passes(self, now: float) -> bool:
        """Whether a call may go out; takes the one try of a half-open breaker."""
        if self.state(now) == "half-open":
            self.trying = True
            return True
        return not self.until

    def succeeded(self) -> None:
        before = (self.failures, self.until)
        self.failures, self.until, self.rest_s, self.trying = 0, 0.0, FIRST_REST_S, False
        if before != (0, 0.0):
            self.changed(self)

    def failed(self, now: float) -> None:
        self.failures += 1
        if self.trying:
            self.rest_s = min(LONGEST_REST_S, self.rest_s * 2)
        if self.trying or self.failures >= BREAKS_AFTER:
            self.until = now + self.rest_s
        self.trying = False
        self.changed(self)

    def rest(self, now: float, seconds: float) -> None:
        """He said how long to stay away."""
        self.until = max(self.until, now + seconds)
        self.trying = False
        self.changed(self)

    def untried(self) -> None:
        """The one try of a half-open breaker was not made after all: another may."""
        self.trying = False


Change = Callable[[Mapping[str, Any]], Mapping[str, Any]]


@dataclass(slots=True, kw_only=True)
class Breakers:
    """Breakers by name (`pictures openai`, `words openai:gpt`), kept where `load` and `update` say; without them in memory only.

    `clock` is the time that breakers are asked with, `wall` seconds since 1970, in which they are kept.
    """

    clock: Callable[[], float]
    wall: Callable[[], float]
    load: Callable[[], Mapping[str, Any]] = dict
    update: Callable[[Change], None] = lambda _: None
    _known: dict[str, Breaker] = field(default_factory=dict)

    def of(self, name: str) -> Breaker:
        """The breaker of that name, as it was left."""
        if name not in self._known:
            data = self.load().get(name)
            breaker = self._read(data) if isinstance(data, Mapping) else Breaker()
            breaker.changed = lambda changed: self._keep(name, changed)
            self._known[name] = breaker
        return self._known[name]

    def _keep(self, name: str, breaker: Breaker) -> None:
        until = self.wall() + breaker.until - self.clock() if breaker.until else 0.0
        row = {"failures": breaker.failures, "until": until, "rest_s": breaker.rest_s, "at": self.wall()}
        self.update(lambda data: {**data, name: row})

    def _read(self, data: Mapping[str, Any]) -> Breaker:
        if not data["until"] and self.wall() - data["at"] > LONGEST_REST_S:
            return Breaker()  # single failures of long ago are no row
        until = self.clock() + data["until"] - self.wall() if data["until"] else 0.0
        return Breaker(failures=data["failures"], until=until, rest_s=data["rest_s"])


def resting(data: Mapping[str, Any], now: float) -> dict[str, str]:
    """Of what `Breakers` kept: who is left alone, and what is said of it. `now`: seconds since 1970."""
    told = {}
    for name, row in data.items():
        left = row["until"] - now
        why = f"failed {row['failures']} times in a row" if row["failures"] else "asked for a pause"
        if row["until"]:
            told[name] = f"left alone for {left:.0f} s: {why}" if left > 0 else f"tried again with the next call: {why}"
    return told
