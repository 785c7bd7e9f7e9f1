"""Hands of the engine in a worker: each task goes to a render process, as ids; after a crash once more, carefully. A process that
was killed from outside is no crash: the task is simply done again."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, replace
from typing import Any

from affiche.engine.verbs import Fork, Order
from affiche.errors import Conflict, NotFound, RenderCrash, Superseded
from affiche.ports import Slots
from affiche.registry import runs
from affiche.registry.open import Registry
from affiche.work import perform
from affiche.work.board import Board
from affiche.work.perform import Place

#: No task takes longer, s: a process that does hangs.
_LONGEST_S = 900.0
#: How often a task's process may be killed from outside before the task is done carefully, and before it counts as a try.
_CAREFUL, _KILLS = 3, 20

log = logging.getLogger("affiche.work")


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderHands:
    """Tasks done in `slots`, told on `board`."""

    slots: Slots
    place: Place
    registry: Registry
    board: Board

    def holding(self, order: Order, stage: str, part: str = "") -> AbstractContextManager[None]:
        return self.board.holding(order.run, stage, part)

    def stage(self, order: Order, stage: str) -> Fork | None:
        """Done by the process that knows the campaign's pictures, if it is free."""
        done: Fork | None = self._given(order.run, perform.stage, order, stage)
        return done

    def part(self, order: Order, stage: str, part: str) -> None:  # noqa: ARG002 - the engine's signature
        self._given(order.run, perform.part, order, int(part))

    def waits(self, order: Order, reason: str) -> None:
        with suppress(Exception), self.registry.write() as connection:  # the registry may be what is away
            run = runs.get(connection, order.run)
            runs.note(connection, run, "run.waiting", {"reason": reason[:1000], "state": run["state"]})

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
        place, kills = self.place, 0
        while True:
            try:
                return self.slots.run(affinity, _LONGEST_S, work, place, *ids)
            except RenderCrash as crash:
                if self.slots.closed:
                    raise Superseded from None  # the worker ends: others continue
                kills += crash.killed
                if place.careful and (not crash.killed or kills > _KILLS):
                    raise
                log.warning("%s (%s): %s again", crash.public, "from outside" if crash.killed else "by itself", affinity)
                place = replace(place, careful=not crash.killed or kills > _CAREFUL)
