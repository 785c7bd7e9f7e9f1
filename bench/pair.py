"""Two render processes against one, compared with what two processes of the floor loop reach in the same run.

Run alone (`python -m bench.pair subject|floor SECONDS`) it works for so long and prints how many creatives it made in a second.
CPU time counts, so that other work on the machine does not: what is seen is how far two processes slow each other down through
shared caches and memory.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

from bench import material
from bench.measure import ROUNDS, Row

SECONDS = 4.0


def scaling(rounds: int = ROUNDS) -> Row:
    """(two render processes / one) to (two floor processes / one)."""
    ratios, subjects, floors = [], [], []
    for _ in range(rounds):
        floor = _rate("floor", 2) / _rate("floor", 1)
        subject = _rate("subject", 2) / _rate("subject", 1)
        subjects.append(subject)
        floors.append(floor)
        ratios.append(subject / floor)
    ratio = statistics.median(ratios)
    return Row(
        name="two-processes", what="two render processes against two of the floor loop", unit="x one process",
        value=statistics.median(subjects), floor=statistics.median(floors), ratio=ratio, budget=0.92, budget_is="least ratio",
        ok=ratio >= 0.92, note="creatives for each CPU second of two, against one",
    )  # fmt: skip


def _rate(what: str, processes: int) -> float:
    """Creatives a second of so many processes that work side by side."""
    command = [sys.executable, "-m", "bench.pair", what, str(SECONDS)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(processes)]
    return sum(float(process.communicate()[0]) for process in running)


def _loop(what: str, seconds: float) -> float:
    from bench.stills import floor_pixels
    from bench.studio import Studio, plain_encode

    if what == "floor":
        pixels = floor_pixels()
        work = (plain_encode(p) for _ in iter(int, 1) for p in pixels)
    else:
        studio = Studio(material.packshot(0), template="stage")
        studio.make_all(studio.requests(material.STILLS, 0))
        work = studio.made_all(asked for n in range(1, 10_000) for asked in studio.requests(material.STILLS, n))
    made, start = 0, time.process_time()
    for _ in work:
        made += 1
        if time.process_time() - start >= seconds:
            break
    return made / (time.process_time() - start)


if __name__ == "__main__":
    print(_loop(sys.argv[1], float(sys.argv[2])))
