"""A pool without processes: work is done where it is asked for. For tests, and where processes cannot be spawned."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence

from affiche.ports import Done, Item, Result


class InlinePool:
    """Runs batch after batch in this process; what breaks is raised."""

    def run(
        self, work: Callable[[Sequence[Item]], Result], batches: Iterable[Sequence[Item]],
        kin: Callable[[Sequence[Item]], Hashable] | None = None,  # noqa: ARG002 - there is one process
    ) -> Iterator[Done[Item, Result]]:  # fmt: skip
        for batch in batches:
            yield Done(batch=batch, result=work(batch))

    def close(self) -> None:
        """Nothing to give back."""
