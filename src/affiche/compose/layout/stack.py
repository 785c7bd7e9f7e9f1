"""Stacks: children one after the other in a rectangle. The only place where copy decides about positions.

Theory of operation. Everything but the *primary* text (the first display text) is measured at its largest size; the primary
gets the height that is left. When that leaves it too small to carry the design, the other texts are squeezed towards
their smallest size in three steps, then texts that declare `drop` leave, last the primary is reported as not fitting.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from affiche.compose.layout.canvas import Canvas
from affiche.compose.layout.words import COMFORT, Worded, cta_size, text_size, worded, worded_cta, worded_mark
from affiche.compose.template.model import Box, CtaSlot, LogoSlot, Overlay, Shape, Space, Stack, TextSlot
from affiche.compose.typeset.ink import SQUARE
from affiche.values.geometry import Rect
from affiche.values.quick import quick

_SQUEEZES = (0.0, 0.35, 0.7, 1.0)


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Put:
    """A box with its rectangle (left-to-right coordinates) and, for texts, the fitted words."""

    box: Box
    rect: Rect
    word: Worded | None = None


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Stacked:
    """A solved stack. `dropped` names text roles that had to leave."""

    puts: tuple[Put, ...]
    fits: bool
    dropped: tuple[str, ...] = ()


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class _Measured:
    """A child with its size along and across the stack; `share` is its part of free room (fr)."""

    box: Box
    width: float
    height: float
    before: float = 0.0
    share: float = 0.0
    word: Worded | None = None
    inner: Stacked | None = None


def solve(stack: Stack, rect: Rect, canvas: Canvas) -> Stacked:
    """The children of `stack` placed in `rect`. Absent slots (no copy, no logo) are left out together with their gap."""
    inside = _padded(stack, rect, canvas)
    children = tuple(child for child in stack.children if _exists(child, canvas))
    return _row(stack, children, inside, canvas) if stack.direction == "row" else _column(stack, children, inside, canvas)


def _padded(stack: Stack, rect: Rect, canvas: Canvas) -> Rect:
    left, top, right, bottom = (canvas.px(p, rect.width) for p in stack.pad)
    return Rect(rect.x + left, rect.y + top, max(0.0, rect.width - left - right), max(0.0, rect.height - top - bottom))


def _exists(box: Box, canvas: Canvas) -> bool:
    words = canvas.request.words
    if isinstance(box, TextSlot):
        return bool(box.literal) or (box.role in words and bool(words[box.role].value))
    if isinstance(box, CtaSlot):
        return "cta" in words and bool(words["cta"].value)
    if isinstance(box, LogoSlot):
        return canvas.request.logo is not None or bool(canvas.request.wordmark)
    if isinstance(box, Stack):
        return any(_exists(child, canvas) for child in box.children if not isinstance(child, Space))
    return True


# -- columns ---------------------------------------------------------------------------------------------------------


def _column(stack: Stack, children: tuple[Box, ...], rect: Rect, canvas: Canvas) -> Stacked:
    best = _best_column(stack, children, rect, canvas)
    dropped: tuple[str, ...] = ()
    remaining = children
    while not best.fits:
        victim = _next_drop(remaining)
        if victim is None:
            break
        remaining = tuple(child for child in remaining if child is not victim)
        dropped = (*dropped, victim.role if isinstance(victim, TextSlot) else "cta")
        best = _best_column(stack, remaining, rect, canvas)
    return Stacked(puts=best.puts, fits=best.fits, dropped=dropped + best.dropped)


def _next_drop(children: Sequence[Box]) -> TextSlot | CtaSlot | None:
    droppable = [c for c in children if isinstance(c, TextSlot | CtaSlot) and c.drop]
    return max(droppable, key=lambda c: c.drop, default=None)


def _best_column(stack: Stack, children: tuple[Box, ...], rect: Rect, canvas: Canvas) -> Stacked:
    """The first squeeze at which the primary is comfortable; else the one that leaves it largest."""
    best: tuple[float, Stacked] | None = None
    for squeeze in _SQUEEZES:
        score, solved = _column_at(stack, children, rect, canvas, squeeze)
        if best is None or score > best[0] + 1e-9:
            best = (score, solved)
        if score >= COMFORT:
            break
    assert best is not None
    return best[1]


def _column_at(
    stack: Stack, children: tuple[Box, ...], rect: Rect, canvas: Canvas, squeeze: float
) -> tuple[float, Stacked]:
    primary = _primary(children)
    gap = canvas.px(stack.gap, rect.height)
    sized = [_child(c, rect, canvas, squeeze) if c is not primary else None for c in children]
    gaps = _gaps(children, gap, canvas, rect)
    taken = sum(m.height for m in sized if m is not None) + sum(gaps)
    left = rect.height - taken
    comfort = 1.0
    if primary is not None:
        word, room = _with_air(primary, children, gaps, canvas, rect, left)
        gaps, left = room, left - (sum(room) - sum(gaps))
        comfort = _comfort(word)
        width, height = text_size(primary, word)
        sized[children.index(primary)] = _Measured(box=primary, width=width, height=height, word=word)
        left -= height
    measured = [m for m in sized if m is not None]
    fits = left >= -0.6 and all(_fitting(m) for m in measured)
    puts = _placed_column(stack, measured, gaps, rect, max(0.0, left))
    return (comfort if fits else comfort - 2.0 + min(0.0, left) / max(1.0, rect.height)), Stacked(puts=puts, fits=fits)


#: Room that a large headline wants under it, em: what the template gives is meant for its usual size. Characters that fill
#: their square have no slack of their own above and below, so they want more; digits are set close, as one thing with the price.
_AIR, _AIR_SQUARE, _AIR_FIGURES = 0.4, 0.5, 0.16
_FIGURES = frozenset({"offer", "price"})


def _air(slot: TextSlot, word: Worded) -> float:
    """Px of room wanted under `word`, the primary text of a column."""
    if slot.role in _FIGURES:
        return _AIR_FIGURES * word.fitted.size_px
    return (_AIR_SQUARE if word.fitted.script in SQUARE else _AIR) * word.fitted.size_px


def _with_air(
    primary: TextSlot, children: Sequence[Box], gaps: list[float], canvas: Canvas, rect: Rect, left: float
) -> tuple[Worded, list[float]]:
    """The primary text fitted into `left` px of height, and the gaps of the column with the air that its size asks for."""
    width, after = canvas.px(primary.width, rect.width), list(children).index(primary) + 1
    word = worded(primary, canvas, width, max(1.0, left))
    if after >= len(children) or isinstance(children[after], Space) or not word.fitted.fits:
        return word, gaps
    wanted = _air(primary, word) - gaps[after]
    if wanted <= 0:
        return word, gaps
    if word.block + wanted > left:
        word = worded(primary, canvas, width, max(1.0, left - wanted))
        # Type that fits only without the air is better set tight than left out.
        if not word.fitted.fits:
            return worded(primary, canvas, width, max(1.0, left)), gaps
        wanted = max(0.0, min(wanted, _air(primary, word) - gaps[after]))
    return word, [gap + (wanted if index == after else 0.0) for index, gap in enumerate(gaps)]


def _primary(children: Sequence[Box]) -> TextSlot | None:
    texts = [c for c in children if isinstance(c, TextSlot)]
    chosen = next((c for c in texts if c.primary), None)
    return chosen or next((c for c in texts if c.style == "display" and c.role in ("headline", "quote")), None)


def _comfort(word: Worded) -> float:
    """Where the size lies between the slot's smallest (0) and largest (1)."""
    if word.max_px <= word.min_px:
        return 1.0
    return (word.fitted.size_px - word.min_px) / (word.max_px - word.min_px)


def _fitting(measured: _Measured) -> bool:
    return (measured.word is None or measured.word.fitted.fits) and (measured.inner is None or measured.inner.fits)


def _gaps(children: Sequence[Box], gap: float, canvas: Canvas, rect: Rect) -> list[float]:
    """Room before each child: the stack's gap between two boxes (none beside a Space) plus the child's own `before`."""
    room = []
    for index, child in enumerate(children):
        between = index > 0 and not isinstance(child, Space) and not isinstance(children[index - 1], Space)
        own = getattr(child, "before", None)
        extra = canvas.px(own, rect.height) if own is not None and index > 0 else 0.0
        room.append((gap if between else 0.0) + extra)
    return room


def _child(box: Box, rect: Rect, canvas: Canvas, squeeze: float) -> _Measured:
    """A child's natural size in a column of `rect`."""
    if isinstance(box, Space):
        share = box.size.value if box.size.unit == "fr" else 0.0
        least = canvas.px(box.size if not share else box.min, rect.height)
        return _Measured(box=box, width=0, height=least, share=share)
    if isinstance(box, TextSlot):
        width = rect.width if box.width.unit == "auto" else canvas.px(box.width, rect.width)
        word = worded(box, canvas, width, rect.height, squeeze)
        width, height = text_size(box, word)
        return _Measured(box=box, width=width, height=height, word=word)
    if isinstance(box, CtaSlot):
        room = rect.width if box.width.unit == "auto" else canvas.px(box.width, rect.width)
        word = worded_cta(box, canvas, room, squeeze)
        width, height = cta_size(box, word)
        return _Measured(box=box, width=width, height=height, word=word)
    if isinstance(box, LogoSlot):
        return _logo(box, rect, canvas)
    if isinstance(box, Stack):
        return _nested(box, rect, canvas)
    if isinstance(box, Shape | Overlay):
        place = canvas.rect(box.place, rect)
        return _Measured(box=box, width=place.width, height=place.height)
    raise TypeError(f"a {type(box).__name__} cannot be stacked; put it into an overlay")


def _nested(box: Stack, rect: Rect, canvas: Canvas) -> _Measured:
    """A stack in a column takes the height of its content."""
    solved = solve(box, Rect(0, 0, rect.width, rect.height), canvas)
    bottom = max((p.rect.bottom for p in solved.puts), default=0.0)
    top = min((p.rect.y for p in solved.puts), default=0.0)
    width = max((p.rect.right for p in solved.puts), default=0.0)
    moved = tuple(Put(box=p.box, rect=_moved(p.rect, 0, -top), word=p.word) for p in solved.puts)
    return _Measured(
        box=box, width=width, height=bottom - top, inner=Stacked(puts=moved, fits=solved.fits, dropped=solved.dropped)
    )


#: Where a box lies in the room that it does not fill, share of that room.
_SIDE = {"start": 0.0, "center": 0.5, "end": 1.0}


def _placed_column(
    stack: Stack, measured: Sequence[_Measured], gaps: Sequence[float], rect: Rect, left: float
) -> tuple[Put, ...]:
    shares = sum(m.share for m in measured)
    offset = 0.0 if shares else {"start": 0.0, "center": left / 2, "end": left, "between": 0.0}[stack.justify]
    stretch = left / (len(measured) - 1) if stack.justify == "between" and not shares and len(measured) > 1 else 0.0
    puts: list[Put] = []
    y = rect.y + offset
    for index, (child, gap) in enumerate(zip(measured, gaps, strict=True)):
        y += gap + (stretch if index else 0.0)
        height = child.height + (left * child.share / shares if shares else 0.0)
        align = getattr(child.box, "align", stack.align) if isinstance(child.box, TextSlot | CtaSlot | LogoSlot) else stack.align
        if stack.align != "start" and align == "start":
            align = stack.align
        x = rect.x + _SIDE[align] * (rect.width - child.width)
        if child.inner is not None:
            puts += [Put(box=p.box, rect=_moved(p.rect, rect.x, y), word=p.word) for p in child.inner.puts]
        elif not isinstance(child.box, Space):
            puts.append(Put(box=child.box, rect=Rect(x, y, child.width, height), word=child.word))
        y += height
    return tuple(puts)


def _moved(rect: Rect, dx: float, dy: float) -> Rect:
    return Rect(rect.x + dx, rect.y + dy, rect.width, rect.height)


# -- rows ------------------------------------------------------------------------------------------------------------


def _row(stack: Stack, children: tuple[Box, ...], rect: Rect, canvas: Canvas) -> Stacked:
    """Fixed and natural widths first, then shares; a call to action may be squeezed to leave the text its room.

    A row that may `wrap` becomes a column when it does not hold its children.
    """
    best: Stacked | None = None
    for squeeze in (0.0, 0.5, 1.0):
        solved = _row_at(stack, children, rect, canvas, squeeze)
        if best is None or (solved.fits and not best.fits) or len(solved.dropped) < len(best.dropped):
            best = solved
        if best.fits and not best.dropped:
            break
    assert best is not None
    if stack.wrap and not (best.fits and _buttoned(best)):
        lines = tuple(child for child in children if not isinstance(child, Space))
        column = _column(replace(stack, direction="column", align="start", justify="start"), lines, rect, canvas)
        if column.fits:
            return column
    victim = None if best.fits else _next_drop(children)
    if victim is None:
        return best
    remaining = tuple(child for child in children if child is not victim)
    again = _row(stack, remaining, rect, canvas)
    role = victim.role if isinstance(victim, TextSlot) else "cta"
    return Stacked(puts=again.puts, fits=again.fits, dropped=(role, *again.dropped))


def _buttoned(row: Stacked) -> bool:
    """Whether no button of the row had to give way to bare type."""
    return all(put.word is None or put.word.fitted.remedy != "no button" for put in row.puts)


def _row_at(stack: Stack, children: tuple[Box, ...], rect: Rect, canvas: Canvas, squeeze: float) -> Stacked:
    gap = canvas.px(stack.gap, rect.width)
    gaps = _gaps(children, gap, canvas, rect)
    natural = _naturals(children, rect, canvas, squeeze, sum(gaps))
    shares = sum(m.share for m in natural)
    left = rect.width - sum(m.width for m in natural) - sum(gaps)
    offset = 0.0 if shares else {"start": 0.0, "center": left / 2, "end": left, "between": 0.0}[stack.justify]
    stretch = left / (len(natural) - 1) if stack.justify == "between" and not shares and len(natural) > 1 else 0.0
    puts: list[Put] = []
    dropped: tuple[str, ...] = ()
    fits, x = left >= -0.6, rect.x + max(0.0, offset)
    for index, (child, room) in enumerate(zip(natural, gaps, strict=True)):
        x += room + (max(0.0, stretch) if index else 0.0)
        width = child.width + (max(0.0, left) * child.share / shares if shares else 0.0)
        solved = _in_row(child, Rect(x, rect.y, width, rect.height), stack, canvas, squeeze)
        puts += solved.puts
        fits, dropped, x = fits and solved.fits, dropped + solved.dropped, x + width
    return Stacked(puts=tuple(puts), fits=fits, dropped=dropped)


#: Share of a row, and of what fixed boxes leave of it, that texts beside a call to action need (the smaller counts).
_TEXT_SHARE, _LEFT_SHARE = 0.5, 0.55


def _naturals(
    children: tuple[Box, ...], rect: Rect, canvas: Canvas, squeeze: float, gaps: float
) -> list[_Measured]:
    """The children's natural widths; a call to action gets what the others leave, but never crowds out a text."""
    found = {i: _natural(c, rect, canvas, squeeze) for i, c in enumerate(children) if not isinstance(c, CtaSlot)}
    texts = any(isinstance(c, TextSlot | Stack) and found[i].share for i, c in enumerate(children) if i in found)
    left = rect.width - gaps - sum(m.width for m in found.values())
    room = left - (min(rect.width * _TEXT_SHARE, left * _LEFT_SHARE) if texts else 0.0)
    for i, child in enumerate(children):
        if isinstance(child, CtaSlot):
            limit = room if child.width.unit == "auto" else canvas.px(child.width, rect.width)
            word = worded_cta(child, canvas, max(1.0, limit), squeeze)
            width, height = cta_size(child, word)
            found[i] = _Measured(box=child, width=width, height=height, word=word)
    return [found[i] for i in range(len(children))]


def _natural(box: Box, rect: Rect, canvas: Canvas, squeeze: float) -> _Measured:
    """A child's natural width in a row; texts and stacks take shares."""
    if isinstance(box, Stack):
        fixed = box.width.unit not in ("fr", "auto")
        return _Measured(
            box=box, width=canvas.px(box.width, rect.width) if fixed else 0.0, height=rect.height,
            share=0.0 if fixed else max(box.width.value, 0.0) or 1.0,
        )  # fmt: skip
    if isinstance(box, TextSlot):
        if box.width.unit == "auto":
            return _child(box, rect, canvas, squeeze)
        fixed = box.width.unit != "fr" and box.width.value != 100
        return _Measured(
            box=box, width=canvas.px(box.width, rect.width) if fixed else 0.0, height=rect.height, share=0.0 if fixed else 1.0
        )
    if isinstance(box, Space):
        share = box.size.value if box.size.unit == "fr" else 0.0
        least = canvas.px(box.size if not share else box.min, rect.width)
        return _Measured(box=box, width=least, height=0, share=share)
    return _child(box, rect, canvas, squeeze)


def _in_row(child: _Measured, cell: Rect, stack: Stack, canvas: Canvas, squeeze: float) -> Stacked:
    if isinstance(child.box, Stack):
        return solve(child.box, cell, canvas)
    if isinstance(child.box, Space):
        return Stacked(puts=(), fits=True)
    word, height = child.word, child.height
    if isinstance(child.box, TextSlot) and word is None:
        # Display type has a cell of its own: making it smaller would leave nobody more room.
        word = worded(child.box, canvas, cell.width, cell.height, 0.0 if child.box.style == "display" else squeeze)
        height = word.block
    y = cell.y + _SIDE[stack.align] * (cell.height - height)
    x, width = cell.x, cell.width
    if isinstance(child.box, TextSlot) and word:
        # A text narrower than its cell keeps to the side that it is aligned to.
        width = text_size(child.box, word)[0]
        x += _SIDE[child.box.align] * max(0.0, cell.width - width)
    return Stacked(puts=(Put(box=child.box, rect=Rect(x, y, width, height), word=word),), fits=word is None or word.fitted.fits)


#: Width to height of a usual wordmark, for which templates state heights; and how much lower or higher other logos may be.
#: Equal areas look equally large (exponent 0.5); compact marks hold smaller parts and need a little more.
_WORDMARK, _WIDE, _COMPACT = 3.2, 0.7, 2.5


def _logo(box: LogoSlot, rect: Rect, canvas: Canvas) -> _Measured:
    """The logo at its optical size (a wide wordmark is lower than a round badge), or the brand name as type."""
    logo = canvas.request.logo
    if logo is None:
        word = worded_mark(box, canvas, rect.width)
        return _Measured(box=box, width=word.fitted.width, height=word.block, word=word)
    height, limit = canvas.px(box.height, rect.height), min(canvas.px(box.max_width, rect.width), rect.width)
    ratio = logo.bounds.width / max(1.0, logo.bounds.height)
    height = min(rect.height, height * min(_COMPACT, max(_WIDE, (_WORDMARK / ratio) ** 0.55)))
    width = height * ratio
    if width > limit:
        width, height = limit, limit / ratio
    return _Measured(box=box, width=width, height=height)
