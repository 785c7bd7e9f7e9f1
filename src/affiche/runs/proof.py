"""Proof of a shipped template: every place of its sheet with what became of its words, and the pictures.

Made to run in the process beside the server, which keeps the newest; `proof_digest` names what it depends on.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache, lru_cache
from typing import Any

from affiche import wire
from affiche.compose.compose import compose
from affiche.compose.proof.stress import Cell, cells
from affiche.compose.shipped_sets import set_for
from affiche.compose.template.shipped import shipped_template
from affiche.errors import NotFound
from affiche.placement.model import aspect_class
from affiche.values.digest import Digest, digest
from affiche.versions import versions

#: Sheets and single places that the process keeps; a sheet has about a megabyte.
_SHEETS, _PICTURES = 16, 32
#: The place that samples show (px); how many of them (of 20 kB) are kept: every template in the languages of the portal.
SAMPLE_SIZE, _SAMPLES = "1200x628", 128
#: The case of a sample that is no stress: the English copy of `emoji` without its emoji.
PLAIN = "plain"
_EMOJI = re.compile("\\s*[\\u200d\\u2600-\\u27bf\\ufe0f\\U0001f1e6-\\U0001faff]+")


@cache
def proof_digest(template: str) -> Digest:
    """What a proof depends on: the template and the toolchain. Raises NotFound."""
    try:
        return digest("proof", shipped_template(template).digest, dict(versions()))
    except KeyError:
        raise NotFound(f"there is no template {template!r}", hint="GET /v1/templates lists them") from None


@cache
def facts(template: str) -> list[dict[str, Any]]:
    """The places row by row: case, locale, size px, aspect class, and each text with its outcome."""
    return [_facts(cell) for cell in _cells(template)]


@lru_cache(maxsize=_SHEETS)
def sheet(template: str) -> bytes:
    """All places on one PNG: shapes across, copy down."""
    return wire.proof_sheet(shipped_template(template))


@lru_cache(maxsize=_PICTURES)
def picture(template: str, case: str, size: str) -> bytes:
    """One place in its own size, as PNG. Raises NotFound."""
    return wire.proof_sheet(shipped_template(template), _place(template, case, size).request)


@lru_cache(maxsize=_SAMPLES)
def sample(template: str, case: str) -> bytes:
    """What a template looks like, as a small JPEG: the landscape place of its proof. Raises NotFound."""
    request = _place(template, "emoji" if case == PLAIN else case, SAMPLE_SIZE).request
    if case == PLAIN:
        words = {role: replace(text, value=_EMOJI.sub("", text.value)) for role, text in request.words.items()}
        request = replace(request, words=words)
    return wire.proof_sheet(shipped_template(template), request, small=True)


def _place(template: str, case: str, size: str) -> Cell:
    known = _cells(template)
    found = next((c for c in known if c.case == case and str(c.request.size) == size), None)
    if found is None:
        names, sizes = (dict.fromkeys(c.case for c in known), dict.fromkeys(str(c.request.size) for c in known))
        hint = f"case: {', '.join(names)}; size: {', '.join(sizes)}"
        raise NotFound(f"the proof has no place {case} {size}", hint=hint)
    return found


def _cells(template: str) -> tuple[Cell, ...]:
    one = shipped_template(template)
    return cells(one, set_for(one))


def _facts(cell: Cell) -> dict[str, Any]:
    frame = compose(cell.request)
    return {
        "case": cell.case, "locale": frame.locale, "width": frame.size.width, "height": frame.size.height,
        "aspect_class": aspect_class(frame.size), "texts": [fit.as_dict() for fit in frame.fits],
    }  # fmt: skip
