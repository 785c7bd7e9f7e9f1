"""`./run bench [--json] [--rows NAME,NAME] [--rounds N]`: the table, or one JSON array for machines."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from bench.measure import ROUNDS, Row
from bench.rows import ROWS

PAGE = Path(__file__).resolve().parents[1] / "docs" / "performance.md"


def main() -> int:
    """Measures the rows that were asked for. Exit code 0 even when a budget is missed: a figure is not a failure."""
    parser = argparse.ArgumentParser(prog="./run bench", description="Time and memory against the floor.")
    parser.add_argument("--json", action="store_true", help="print an array of objects")
    parser.add_argument("--rows", default=",".join(ROWS), help=f"some of: {', '.join(ROWS)}")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"alternations (default {ROUNDS}, fewer do not count)")
    parser.add_argument("--write", action="store_true", help="put the figures into docs/performance.md")
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
    if asked.write:
        write(measured)
    return 0


def write(rows: list[Row]) -> None:
    """Puts rows into the table of docs/performance.md; rows that were not measured stay as they are."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    for row in (row for row in rows if row.value is not None):
        cells = (row.name, row.what, _number(row.value, row.unit), _number(row.floor, ""), _number(row.ratio, "x"),
                 f"{row.budget:g} ({row.budget_is})", "yes" if row.ok else "no", row.note)  # fmt: skip
        lines = [f"| {' | '.join(cells)} |" if text.startswith(f"| {row.name} |") else text for text in lines]
    PAGE.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _number(value: float | None, unit: str) -> str:
    return "-" if value is None else f"{value:.2f} {unit}".strip()


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
