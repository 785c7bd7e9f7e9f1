"""`./run bench [--json] [--rows NAME,NAME] [--rounds N]`: the table, or one JSON array for machines."""

from __future__ import annotations

import argparse
import json
import sys

from bench.measure import ROUNDS, Row
from bench.rows import ROWS


def main() -> int:
    """Measures the rows that were asked for. Exit code 0 even when a budget is missed: a figure is not a failure."""
    parser = argparse.ArgumentParser(prog="./run bench", description="Time and memory against the floor.")
    parser.add_argument("--json", action="store_true", help="print an array of objects")
    parser.add_argument("--rows", default=",".join(ROWS), help=f"some of: {', '.join(ROWS)}")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"alternations (default {ROUNDS}, fewer do not count)")
    asked = parser.parse_args()
    names = [name.strip() for name in asked.rows.split(",") if name.strip()]
    if unknown := set(names) - set(ROWS):
        parser.error(f"no row {', '.join(sorted(unknown))}; there are {', '.join(ROWS)}")
    measured = []
    for name in names:
        row = _measured(name, asked.rounds)
        measured.append(row)
        print(f"{line(row)}", file=sys.stderr if asked.json else sys.stdout, flush=True)
    if asked.json:
        print(json.dumps([row.as_dict() for row in measured], indent=1))
    return 0


def _measured(name: str, rounds: int) -> Row:
    try:
        return ROWS[name](rounds)
    except Exception as error:  # noqa: BLE001 (one row that breaks must not take the others with it)
        said = (str(error).strip().splitlines() or [""])[0]
        return Row(name=name, what="broke", unit="", budget=0.0, ok=False, note=f"{type(error).__name__}: {said[:200]}")


def line(row: Row) -> str:
    """One row for people."""
    value = "-" if row.value is None else f"{row.value:.2f} {row.unit}"
    floor = "" if row.floor is None else f"floor {row.floor:.2f}"
    ratio = "" if row.ratio is None else f"{row.ratio:.2f} x"
    verdict = {True: "ok", False: "over", None: "later"}[row.ok]
    return f"{row.name:<20} {value:>14} {floor:>12} {ratio:>8}  budget {row.budget:g} ({row.budget_is})  {verdict:<5} {row.note}"


if __name__ == "__main__":
    sys.exit(main())
