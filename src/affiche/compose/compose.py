"""Compose: a request -> a frame. Recipe: gather facts, bind alternatives, arrange the first that fits."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import replace

from affiche.brief.model import SHORT
from affiche.compose.direct.bind import alternatives, facts, roles_shown
from affiche.compose.layout.arrange import arrange
from affiche.compose.layout.items import NO_BUTTON
from affiche.compose.remedy import laid_out_anew, shortened, told
from affiche.compose.request import ComposeRequest
from affiche.compose.template.when import Fact
from affiche.placement.model import aspect_class
from affiche.values.frame import Frame, SlotFit


def compose(request: ComposeRequest) -> Frame:
    """The laid-out creative. Pure and deterministic.

    The first alternative that holds all the copy is used; else the first that holds it after leaving out what it may; else
    the first one, with the slots that do not fit marked in `Frame.fits`. Where that is not perfect, shorter wordings that
    the brief approves stand in, when they help (`remedy.py`).
    """
    frame = _best(request)
    shorter = shortened(request, frame) if _rank(frame) else None
    if shorter is None:
        return frame
    again = _best(shorter[0])
    return told(again, shorter[1]) if _rank(again) < _rank(frame) else frame


def _best(request: ComposeRequest) -> Frame:
    """The frame of the best alternative."""
    ranked: dict[int, Frame] = {}
    for option in alternatives(request, facts(request)):
        frame = arrange(request, option)
        said = tuple(note for note in (request.why, option.note) if note)
        frame = replace(frame, decisions=(*said, *frame.decisions)) if said else frame
        if ranked:
            frame = laid_out_anew(frame, next(iter(ranked.values())), option.name)
            frame = replace(frame, decisions=(*frame.decisions, f"layout {option.name}: an earlier one does not hold the copy"))
        ranked.setdefault(_rank(frame), frame)
        if 0 in ranked:
            break
    return ranked[min(ranked)]


def _rank(frame: Frame) -> int:
    """0 all copy shown and fitting, 1 something left out or a button lost, 2 something does not fit."""
    if not all(fit.fits for fit in frame.fits):
        return 2
    return 1 if any((fit.remedy and not fit.lines) or fit.remedy == NO_BUTTON for fit in frame.fits) else 0


#: Reports by everything that they depend on: creatives that differ in their picture alone share one. Sharing changes no result.
_REPORTS: dict[Hashable, tuple[SlotFit, ...]] = {}
_MAX_REPORTS = 50_000


def fit_report(request: ComposeRequest) -> tuple[SlotFit, ...]:
    """Whether every text of `request` fits, at which size: the overflow contract, without drawing anything."""
    key = _fit_key(request, facts(request))
    if key not in _REPORTS:
        if len(_REPORTS) >= _MAX_REPORTS:
            _REPORTS.clear()
        _REPORTS[key] = compose(request).fits
    return _REPORTS[key]


def _fit_key(request: ComposeRequest, known: Mapping[str, Fact]) -> Hashable:
    """What fits depend on: template, room, shown copy and type; of the pictures only what the template's conditions ask."""
    logo, words = request.logo, request.words
    shown = roles_shown(request.template, aspect_class(request.size))
    return (
        request.template.digest, request.template.id, request.size, request.safe, request.locale.tag, request.shown_width,
        tuple((role, words[role].value, words[role].locale) for name in shown for role in (name, name + SHORT) if role in words),
        request.brand.display, request.brand.text, request.brand.numerals_in(request.locale.tag), request.wordmark,
        tuple(sorted(request.sizes.items())),
        logo and round(logo.bounds.width / max(1.0, logo.bounds.height), 3),
        tuple(known.get(name, "") for name in request.template.asks),
    )  # fmt: skip
