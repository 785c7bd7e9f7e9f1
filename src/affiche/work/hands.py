"""Hands of the engine in a worker: each task goes to a render process, as ids; after a crash once more, carefully."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from affiche.engine.verbs import Fork, Order
from affiche.errors import Conflict, NotFound, RenderCrash, Superseded
from affiche.ports import Slots
from affiche.registry import runs
from affiche.registry.open import Registry
from affiche.work import perform
from affiche.work.perform import Place

#: No task takes longer, s: a process that does hangs.
_LONGEST_S = 900.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderHands:
    """Tasks done in `slots`."""

    slots: Slots
    place: Place
    registry: Registry

    def stage(self, order: Order, stage: str) -> Fork | None:
        """Done by the process that knows the campaign's pictures, if it is free."""
        done: Fork | None = self._given(order.run, perform.stage, order, stage)
        return done

    def part(self, order: Order, stage: str, part: str) -> None:  # noqa: ARG002 - the engine's signature
        self._given(order.run, perform.part, order, int(part))

    def give_up(self, order: Order, reason: str, tries: int) -> None:
        with self.registry.write() as connection:
            try:
                run = runs.own(connection, order.run, self.place.worker)
                said = f"given up after {tries} tries: {reason}" if tries > 1 else reason
                runs.move(connection, order.run, "failed", fence=run["fence"], reason=said[:1000])
                runs.note(connection, run, "run.dead-letter", {"reason": reason[:1000], "tries": tries, "attempt": order.attempt})
            except (Conflict, NotFound):
                return  # it is over, or gone, already

    def _given(self, affinity: str, work: Callable[..., Any], *ids: Any) -> Any:
        try:
            return self.slots.run(affinity, _LONGEST_S, work, self.place, *ids)
        except RenderCrash:
            if self.slots.closed:
                raise Superseded from None  # the worker ends: others continue
            return self.slots.run(affinity, _LONGEST_S, work, replace(self.place, careful=True), *ids)
