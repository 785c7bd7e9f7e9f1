"""Balance: the best way to set a text on n lines, and first-fit filling of lines. Widths in em, exact for
chosen lines.

Lines are chosen by least squares around the mean width, plus what typography says of each break (breaks.py)
and of a lonely short word at the end; the widest line may exceed the narrowest possible by a little for the
sake of a better break.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

from affiche.compose.typeset.figures import runs_of
from affiche.compose.typeset.measure import Break, Measured, row_of, width_of
from affiche.compose.typeset.row import Row

#: The widest line may be this much wider than in the tightest setting if the breaks read better, and this
#: much to avoid a widow: tuned by eye.
_SLACK, _WIDOW_SLACK = 1.1, 1.3
#: A last line narrower than this part of the mean is a widow, another line narrower than the second is a
#: straggler.
_WIDOW, _STRAGGLER = 0.6, 0.55
_WIDOW_COST = 0.5
#: Fewer lines are set instead of lonely ones unless they would be this much wider.
_FEWER_LINES = 1.2

Cost = tuple[float, tuple[int, ...]]


def balanced(measured: Measured, mode: str, count: int) -> Break | None:
    """The best way to set the text on exactly `count` lines; None when it has fewer segments or other forced
    lines."""
    key = (mode, count)
    if key not in measured.memo.breaks:
        measured.memo.breaks[key] = _balance(measured, mode, count)
    return measured.memo.breaks[key]


def _balance(measured: Measured, mode: str, count: int) -> Break | None:
    row = row_of(measured, mode)
    if count > len(row.segments) or sum(row.hard[:-1]) >= count:
        return None
    ends = _divide(row, count)
    if not ends:
        return None
    done = _set(measured, row, ends)
    if not _lonely(row, ends):
        return done
    fewer = balanced(measured, mode, count - 1)
    return None if fewer and fewer.width <= done.width * _FEWER_LINES else done


def _set(measured: Measured, row: Row, ends: Sequence[int]) -> Break:
    """The break with exact widths: chosen lines are measured whole, for kerning across their segments."""
    firsts = (0, *(e + 1 for e in ends[:-1]))
    lines = tuple(map(row.text, firsts, ends))
    exact = tuple([width_of(line, measured) for line in lines])
    runs = tuple([runs_of(line, measured.fonts, measured.locale, measured.figures) for line in lines])
    return Break(lines=lines, widths=exact, runs=runs, width=max(exact) + measured.overhang)


def _divide(row: Row, count: int) -> tuple[int, ...] | None:
    """Last segment of each line: narrowest possible first, then the prettiest within the slack."""
    tight = _narrowest(row, count)
    ends = _prettiest(row, count, tight * _SLACK) if tight else None
    if ends is None or not _lonely(row, ends):
        return ends
    better = _prettiest(row, count, tight * _WIDOW_SLACK)
    return ends if better is None or _lonely(row, better) else better


def _lonely(row: Row, ends: tuple[int, ...]) -> bool:
    """Whether the last line is a widow or another one a straggler, and no forced line end is the reason."""
    mean = row.starts[-1] / len(ends)
    firsts = (0, *(e + 1 for e in ends[:-1]))
    for at, (first, last) in enumerate(zip(firsts, ends, strict=True)):
        least = _STRAGGLER if at < len(ends) - 1 else _WIDOW
        forced = row.segments[last].hard or (first > 0 and row.segments[first - 1].hard)
        if len(ends) > 1 and not forced and row.width(first, last) < least * mean:
            return True
    return False


def _narrowest(row: Row, count: int) -> float:
    """Smallest possible widest line over `count` lines; 0 when forced line ends make it impossible."""
    last = len(row.segments) - 1
    for used in range(len(row.narrowest), count - 1):
        before = row.narrowest[-1]
        row.narrowest.append([inf] * used + [_narrower(row, before, used, end) for end in range(used, last + 1)])
    least = _narrower(row, row.narrowest[count - 2], count - 1, last) if count > 1 else row.narrowest[0][last]
    return least if least < inf else 0.0


def _narrower(row: Row, best: list[float], used: int, last: int) -> float:
    """The widest line when line number `used` ends at `last`, given the least widest lines for each end of the line before."""
    starts, hard = row.starts, row.hard
    start, own, hyphen = starts[last], row.widths[last], row.hyphens[last]
    least = inf
    for first in range(last, used - 1, -1):
        # As `Row.width`, written out: this is the innermost loop of every fit.
        line = start - starts[first] + own + hyphen
        if line >= least or (first < last and hard[first]):
            break
        before = best[first - 1]
        if before < least:
            least = max(before, line)
    return least


def _prettiest(row: Row, count: int, limit: float) -> tuple[int, ...] | None:
    """Line ends with the least cost among settings whose lines are all at most `limit` wide."""
    total, mean = len(row.segments), row.starts[-1] / count
    # Where only the first line may end, its widest line is its only one.
    best: list[Cost | None] = [
        None if line > limit else (_cost(row, line, 0, last, mean), (last,)) for last, line in enumerate(row.narrowest[0])
    ]
    for used in range(1, count):
        fresh: list[Cost | None] = [None] * total
        lasts = range(used, total) if used < count - 1 else (total - 1,)
        for last in lasts:
            fresh[last] = _extend(row, best, used, last, mean, limit)
        best = fresh
    return best[-1][1] if best[-1] else None


def _extend(row: Row, best: list[Cost | None], used: int, last: int, mean: float, limit: float) -> Cost | None:
    """Cheapest way to end line number `used` at `last`, given the cheapest ways to end the line before."""
    starts, hard = row.starts, row.hard
    start, own, hyphen = starts[last], row.widths[last], row.hyphens[last]
    found: Cost | None = None
    for first in range(last, used - 1, -1):
        line = start - starts[first] + own + hyphen
        if line > limit or (first < last and hard[first]):
            break
        before = best[first - 1]
        if before is None:
            continue
        cost = before[0] + _cost(row, line, first, last, mean)
        if found is None or cost < found[0]:
            found = (cost, (*before[1], last))
    return found


def _cost(row: Row, width: float, first: int, last: int, mean: float) -> float:
    """Unevenness of the line from `first` to `last` plus how its end reads; the last line also pays for being a widow."""
    uneven = ((width - mean) / mean) ** 2 if mean else 0.0
    segment = row.segments[last]
    if last < len(row.segments) - 1:
        return uneven + (0.0 if segment.hard else segment.penalty)
    lonely = first > 0 and width < _WIDOW * mean and not row.hard[first - 1]
    return uneven + (_WIDOW_COST if lonely else 0.0)


#: First-fit may leave a last line this narrow (part of the limit) before words are taken down to it.
_SHORT_LAST = 0.3
_KEEP_FULL = 0.62


def first_fit(measured: Measured, mode: str, limit: float, max_lines: int) -> Break | None:
    """Lines filled one after the other up to `limit` em; None when more than `max_lines` are needed or a
    segment is wider.

    Chosen lines are measured whole; if kerning makes one too wide, filling is repeated with that much less
    room.
    """
    known, key = measured.memo.filled, (mode, limit, max_lines)
    if key not in known:
        if len(known) >= _MOST_FILLED:
            known.clear()
        known[key] = _filled(measured, mode, limit, max_lines)
    return known[key]


#: Ways to fill one text that are remembered: a brand's name is set again in every creative, a label once in each size.
_MOST_FILLED = 64


def _filled(measured: Measured, mode: str, limit: float, max_lines: int) -> Break | None:
    row = row_of(measured, mode)
    room = limit - measured.overhang
    for _ in range(4):
        ends = _fill(row, room, max_lines)
        if ends is None:
            return None
        done = _set(measured, row, _lift_widow(row, ends, room))
        if done.width <= limit:
            return done
        room -= (done.width - limit) + 1e-4
    return None


def _fill(row: Row, room: float, max_lines: int) -> list[int] | None:
    ends: list[int] = []
    first = 0
    for last, segment in enumerate(row.segments):
        if row.width(first, last) > room:
            if last == first:
                return None
            ends.append(last - 1)
            first = last
            if row.width(last, last) > room or len(ends) >= max_lines:
                return None
        if segment.hard and last < len(row.segments) - 1:
            ends.append(last)
            first = last + 1
    ends.append(len(row.segments) - 1)
    return ends if len(ends) <= max_lines else None


def _lift_widow(row: Row, ends: list[int], room: float) -> tuple[int, ...]:
    """Take words down to a very short last line while the line above stays well filled."""
    while len(ends) > 1:
        above = ends[-3] + 1 if len(ends) > 2 else 0
        long_enough = row.width(ends[-2] + 1, ends[-1]) >= _SHORT_LAST * room
        if long_enough or row.segments[ends[-2]].hard or ends[-2] <= above:
            break
        if row.width(above, ends[-2] - 1) < _KEEP_FULL * room:
            break
        ends[-2] -= 1
    return tuple(ends)
