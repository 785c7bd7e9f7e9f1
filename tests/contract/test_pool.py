"""The contract of the Pool port, kept by every adapter; below it what only processes can promise."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import pytest

from affiche.adapters.pool import InlinePool, ProcessPool
from affiche.adapters.pool.processes import CHANCES
from affiche.errors import StorageError
from affiche.ports import Pool

pytestmark = pytest.mark.slow


@pytest.fixture(params=["inline", "processes"])
def pool(request: pytest.FixtureRequest) -> Iterator[Pool]:
    made: Pool = InlinePool() if request.param == "inline" else ProcessPool(jobs=2)
    yield made
    made.close()


def doubled(batch: Sequence[int]) -> list[int]:
    return [2 * n for n in batch]


def refused(batch: Sequence[int]) -> list[int]:
    raise StorageError("the disk is full", hint="make room")


def deadly(batch: Sequence[int]) -> list[int]:
    if 7 in batch:
        os._exit(139)
    return doubled(batch)


def greedy(batch: Sequence[int]) -> list[int]:
    if 7 in batch:
        return [len(bytearray(900_000_000))]
    return doubled(batch)


def process_id(batch: Sequence[int]) -> list[int]:
    time.sleep(0.05)
    return [os.getpid()]


def test_every_batch_comes_back_with_its_result(pool: Pool) -> None:
    done = list(pool.run(doubled, [[n, n + 1] for n in range(0, 40, 2)]))
    assert sorted((list(d.batch), d.result) for d in done) == [([n, n + 1], [2 * n, 2 * n + 2]) for n in range(0, 40, 2)]


def test_no_batches_no_results(pool: Pool) -> None:
    assert list(pool.run(doubled, [])) == []


def test_storage_that_fails_stops_everything_with_its_hint(pool: Pool) -> None:
    with pytest.raises(StorageError, match="full") as stopped:
        list(pool.run(refused, [[1], [2], [3]]))
    assert stopped.value.hint == "make room"


# -- processes ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def processes() -> Iterator[ProcessPool]:
    made = ProcessPool(jobs=2, memory_bytes=600_000_000)
    yield made
    made.close()


@pytest.mark.parametrize("work", [deadly, greedy])
def test_what_breaks_is_found_and_everything_else_is_delivered(processes: ProcessPool, work: object) -> None:
    done = list(processes.run(work, [[1, 2, 3], [4, 5, 6, 7, 8], [9], [10, 11]]))  # type: ignore[arg-type]
    broken = [d for d in done if d.result is None]
    assert [list(d.batch) for d in broken] == [[7]]
    assert broken[0].crash
    delivered = sorted(n for d in done for n in d.result or ())
    assert delivered == [2 * n for n in range(1, 12) if n != 7]


def shaky(place: str, batch: Sequence[int]) -> list[int]:
    """Dies of a signal from outside four times over every batch, then works."""
    before = Path(place, "-".join(map(str, batch)))
    deaths = before.stat().st_size if before.exists() else 0
    if deaths < 4:
        with before.open("ab") as log:
            log.write(b"x")
        os.kill(os.getpid(), signal.SIGKILL)
    return doubled(batch)


def crashing(place: str, batch: Sequence[int]) -> list[int]:
    """Breaks over 7, and notes how often."""
    if 7 in batch:
        with Path(place, "-".join(map(str, batch))).open("ab") as log:
            log.write(b"x")
        os.kill(os.getpid(), signal.SIGABRT)
    return doubled(batch)


def test_processes_killed_from_outside_are_held_against_nobody(processes: ProcessPool, tmp_path: Path) -> None:
    done = list(processes.run(partial(shaky, str(tmp_path)), [[1, 2], [3], [4]]))
    assert sorted(list(d.batch) for d in done) == [[1, 2], [3], [4]]
    assert all(d.result == doubled(d.batch) for d in done)


def test_who_is_called_the_culprit_broke_its_process_alone_three_times(processes: ProcessPool, tmp_path: Path) -> None:
    done = list(processes.run(partial(crashing, str(tmp_path)), [[6, 7], [8]]))
    assert [list(d.batch) for d in done if d.result is None] == [[7]]
    assert (tmp_path / "7").read_bytes() == b"x" * CHANCES


def test_a_process_that_is_killed_between_batches_loses_none(processes: ProcessPool) -> None:
    found = []
    for done in processes.run(process_id, [[n] for n in range(9)]):
        assert done.result is not None
        found.append(done.batch[0])
        if len(found) in (1, 5):
            os.kill(done.result[0], signal.SIGKILL)
            time.sleep(0.2)
    assert sorted(found) == list(range(9))


def test_work_is_spread_over_processes(processes: ProcessPool) -> None:
    pids = {pid for d in processes.run(process_id, [[n] for n in range(12)]) for pid in d.result or ()}
    assert os.getpid() not in pids
    assert len(pids) == 2


def test_a_kin_goes_to_one_process_while_another_has_work(processes: ProcessPool) -> None:
    kin = {n: n % 5 for n in range(15)}
    done = list(processes.run(process_id, [[n] for n in range(15)], lambda batch: kin[batch[0]]))
    assert sorted(d.batch[0] for d in done) == list(range(15))
    homes = [{d.result[0] for d in done if d.result and kin[d.batch[0]] == one} for one in range(5)]
    assert len(set().union(*homes)) == 2, "and yet both have work"
    # At most the last of them was taken over by a process that had nothing left.
    assert sum(len(home) > 1 for home in homes) <= 1


_PARENT = """
import sys, time
from affiche.adapters.pool import ProcessPool
from tests.contract.test_pool import process_id
if __name__ == "__main__":
    pool = ProcessPool(jobs=2)
    pids = {pid for d in pool.run(process_id, [[n] for n in range(12)]) for pid in d.result}
    print(*pids, flush=True)
    time.sleep(60)
"""


def test_render_processes_end_with_a_killed_parent() -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", _PARENT], stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    )
    assert parent.stdout is not None
    children = [int(pid) for pid in parent.stdout.readline().split()]
    assert len(children) == 2
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    deadline = time.monotonic() + 10
    while any(_alive(pid) for pid in children):
        assert time.monotonic() < deadline, "a render process outlived its parent"
        time.sleep(0.05)
    parent.stdout.close()


def _alive(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_little_work_is_not_worth_a_second_process(processes: ProcessPool) -> None:
    few = [done.result for done in processes.run(process_id, [[1], [2], [3]])]
    assert len({tuple(pids) for pids in few if pids}) == 1
    assert len(processes._executors) == 1
    assert sorted(done.batch[0] for done in processes.run(process_id, [[n] for n in range(9)])) == list(range(9))
    assert len(processes._executors) == 2
