"""Remedies for copy that does not fit, in the order in which they are tried: each is worked out before anything is drawn.

1. another break of the lines (inside phrases, then with hyphens): `typeset/fit.py`; 2. another layout of the template, leaving
out what may be left out: `compose.py`; 3. the shorter wording that the brief approves (`headline_short`): here; 4. none of
these: the creative fails, and the report says which size would fit and how many characters to cut (`layout/items.py`).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from affiche.brief.model import SHORT
from affiche.compose.request import ComposeRequest
from affiche.values.frame import Frame, SlotFit
from affiche.values.locale import Locale
from affiche.values.text import Text


def shortened(request: ComposeRequest, frame: Frame) -> tuple[ComposeRequest, frozenset[str]] | None:
    """The request with shorter wordings for what `frame` could not hold, and which roles those are; None without any."""
    wanting = {fit.slot for fit in frame.fits if not fit.fits or not fit.lines}
    roles = frozenset(role for role in wanting if _short_of(role, request) is not None)
    if not roles:
        return None
    shorter = {role: text for role in roles if (text := _short_of(role, request)) is not None}
    return replace(request, words={**request.words, **shorter}), roles


def _short_of(role: str, request: ComposeRequest) -> Text | None:
    """The shorter wording of `role` in the same language, when there is one."""
    long, short = request.words.get(role), request.words.get(role + SHORT)
    if long is None or short is None or not short.value:
        return None
    return short if Locale.parse(short.locale).language == Locale.parse(long.locale).language else None


def told(frame: Frame, roles: Collection[str]) -> Frame:
    """`frame` saying which of its texts are the shorter wording."""
    fits = tuple(_told(fit) if fit.slot in roles and fit.fits and fit.lines else fit for fit in frame.fits)
    note = f"shorter wording of {', '.join(sorted(roles))}: the full one does not fit"
    return replace(frame, fits=fits, decisions=(*frame.decisions, note))


def _told(fit: SlotFit) -> SlotFit:
    return replace(fit, remedy=fit.remedy or "the shorter approved wording")


def laid_out_anew(frame: Frame, first: Frame, layout: str) -> Frame:
    """`frame` saying which of its texts fit because of another `layout`: those that `first` could not hold."""
    wanting = {fit.slot for fit in first.fits if not fit.fits or not fit.lines or fit.remedy}
    saved = {fit.slot for fit in frame.fits if fit.slot in wanting and fit.fits and fit.lines and not fit.remedy}
    said = f"another layout: {layout}"
    return replace(frame, fits=tuple(replace(fit, remedy=said) if fit.slot in saved else fit for fit in frame.fits))
