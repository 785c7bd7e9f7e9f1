"""Compose: a request -> a frame. Recipe: gather facts, bind alternatives, arrange the first that fits."""

from __future__ import annotations

from dataclasses import replace

from affiche.compose.layout.arrange import arrange
from affiche.compose.request import ComposeRequest
from affiche.compose.template.bind import alternatives, facts
from affiche.values.frame import Frame, SlotFit


def compose(request: ComposeRequest) -> Frame:
    """The laid-out creative. Pure and deterministic; when no alternative holds all the copy the first one is returned with
    the slots that do not fit marked in `Frame.fits` (and laid out at their smallest size)."""
    options = alternatives(request, facts(request))
    first: Frame | None = None
    for option in options:
        frame = arrange(request, option)
        if all(fit.fits and not fit.remedy for fit in frame.fits):
            return frame if first is None else replace(frame, decisions=(*frame.decisions, f"layout {option.name}: the first does not hold the copy"))
        first = first or frame
        if all(fit.fits for fit in frame.fits) and not all(fit.fits for fit in first.fits):
            first = frame
    assert first is not None
    return first


def fit_report(request: ComposeRequest) -> tuple[SlotFit, ...]:
    """Whether every text of `request` fits, at which size: the overflow contract, without drawing anything."""
    return compose(request).fits
