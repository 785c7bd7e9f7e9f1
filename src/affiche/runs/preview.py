"""A few creatives of a brief, drawn at once and stored nowhere: for whoever is still writing it.

Made to run in a process of its own, which keeps its decoded pictures between calls, so that the next word is drawn in a moment.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import Any

from affiche import wire
from affiche.errors import AfficheError
from affiche.plan.model import Plan
from affiche.preview import SHOWN, Previewer
from affiche.procure import placed
from affiche.runs.folder import Material, laid_out
from affiche.runs.planned import BadBrief, planned, work_root
from affiche.settings import Settings


def shots(material: Material, settings: Settings, today: date) -> dict[str, Any]:
    """`shots`: up to three creatives as base64 JPEG with title, width, height, notes; `problems` when nothing can be drawn."""
    with laid_out(material, wire.blobs(settings), work_root(settings)) as brief:
        try:
            plan = _plan(brief, material, settings, today)
            drawn = previewer(settings).shots(plan)
        except BadBrief as bad:
            return {"shots": [], "problems": [problem.as_dict() for problem in bad.problems]}
        except AfficheError as error:
            return {"shots": [], "problems": [told(error)]}
    return {"shots": [_plain(shot) for shot in drawn], "problems": [problem.as_dict() for problem in plan.problems]}


def _plan(brief: Path, material: Material, settings: Settings, today: date) -> Plan:
    """With the pictures of models that are there; products whose picture has yet to be bought are shown as without the wish."""
    replan = partial(
        planned, brief, settings, brand_file=material.brand_name, chosen={}, today=today, accepted=material.accepted
    )  # fmt: skip
    plan, waiting = replan(), frozenset[str]()
    while plan.wishes:
        with wire.ledger(settings, write=False) as ledger:
            plan = placed(plan, ledger, wire.blobs(settings))
        missing = frozenset(step.wish.product for step in plan.pictures if step.wish is not None and not step.made)
        if not missing:
            break
        waiting |= missing
        plan = replan(refused=waiting)
    return plan


def told(error: AfficheError) -> dict[str, Any]:
    """An error as a problem among others."""
    return {"severity": "error", "code": error.code, "where": "", "message": error.public, "hint": error.hint}


def _plain(shot: Any) -> dict[str, Any]:
    return {
        "title": shot.title, "width": shot.size.width, "height": shot.size.height, "notes": list(shot.notes),
        "locale": shot.creative.locale, "placement": shot.creative.placement, "texts": [fit.as_dict() for fit in shot.fits],
        "jpeg": base64.b64encode(shot.data).decode(),
    }  # fmt: skip


@cache
def previewer(settings: Settings) -> Previewer:
    """What draws in this process, with the pictures that it has decoded."""

    def nothing() -> Sequence[Any]:
        return ()

    return Previewer(
        plan=lambda: (_ for _ in ()).throw(AssertionError("plans are given")), watch=nothing, painter=wire.proof_painter(),
        codec=wire.file_codec(), ready=lambda plan: wire.show_fonts(plan, settings),
    )  # fmt: skip


__all__ = ["SHOWN", "previewer", "shots", "told"]
