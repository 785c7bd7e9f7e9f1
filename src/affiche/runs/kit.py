"""A brand drawn while somebody edits it: specimens of its type, its logo on its grounds. Stored nowhere.

Made to run in the process beside the server, as previews are: it keeps what it has decoded.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import date
from typing import Any

from affiche import wire
from affiche.compose.proof import kit
from affiche.compose.typeset import fonts
from affiche.errors import AfficheError
from affiche.plan.model import Plan
from affiche.preview import Previewer
from affiche.runs.folder import Material, laid_out
from affiche.runs.planned import BadBrief, planned, work_root
from affiche.runs.preview import previewer, told
from affiche.settings import Settings
from affiche.values.color import contrast
from affiche.values.frame import Frame, PictureItem

#: The least that a campaign needs, so that brand, fonts and logo are read as in any other.
BRIEF = b"""\
affiche: 1
campaign: kit
message: {locale: en-US, headline: Kit}
markets: [{region: US, locales: [en-US]}]
products: [{id: kit, name: Kit}]
placements: ["1:1"]
"""


def specimens(material: Material, settings: Settings, today: date, scripts: Sequence[str]) -> dict[str, Any]:
    """`specimens` of these scripts, or of all: script, locale, name, direction, the faces that draw it, and a PNG in base64.

    `problems` when nothing can be drawn.
    """

    def drawn(plan: Plan, by: Previewer) -> list[dict[str, Any]]:
        wanted = scripts or [info.script for info in kit.scripts()]
        return [_specimen(info, *by.drawn(request), by) for info, request in kit.specimens(plan.part.brand, wanted)]

    return _drawn("specimens", material, settings, today, drawn)


def marks(material: Material, settings: Settings, today: date) -> dict[str, Any]:
    """`marks`: the logo on each colour: role, colour, which logo, where it stands, its clear space px, contrast, a PNG."""

    def drawn(plan: Plan, by: Previewer) -> list[dict[str, Any]]:
        part = plan.part
        made = [by.prepared(step) if step else None for step in (part.logo, part.logo_on_dark)]
        light, dark = (one.info if one else None for one in made)
        shown = [one for one in made if one]
        found = []
        for role, request in kit.marks(part.brand, light, dark):
            frame, pixels = by.drawn(request, shown)
            found.append({"role": role, **_mark(plan, role, frame), "png": _png(by, pixels)})
        return found

    return _drawn("marks", material, settings, today, drawn)


def _drawn(name: str, material: Material, settings: Settings, today: date, draw: Any) -> dict[str, Any]:
    with laid_out(material, wire.blobs(settings), work_root(settings)) as brief:
        try:
            plan = planned(brief, settings, brand_file=material.brand_name, chosen={}, today=today)
            by = previewer(settings)
            by.ready(plan)
            return {name: draw(plan, by), "problems": []}
        except BadBrief as bad:
            return {name: [], "problems": [problem.as_dict() for problem in bad.problems]}
        except AfficheError as error:
            return {name: [], "problems": [told(error)]}


def _specimen(info: Any, frame: Frame, pixels: Any, by: Previewer) -> dict[str, Any]:
    return {
        "script": info.script, "locale": info.tag, "name": info.name, "direction": info.direction,
        "display": _face(frame, "headline"), "text": _face(frame, "body"),
        "width": frame.size.width, "height": frame.size.height, "png": _png(by, pixels),
    }  # fmt: skip


def _face(frame: Frame, slot: str) -> dict[str, Any]:
    """The face that draws the first letter of a slot, and whether it is the brand's own file."""
    line = next((line for line in frame.texts if line.slot == slot), None)
    if line is None:
        return {"family": "", "own": False}
    letter = next((ord(sign) for sign in line.text if sign.isalpha()), ord(line.text[0]))
    alias = next((one for one in line.fonts if fonts.covers(one, letter)), line.fonts[0])
    family, _, weight = alias.rpartition(" ")
    return {"family": f"{family.partition('#')[0].strip()} {weight}".strip(), "own": fonts.is_brand(alias)}


def _mark(plan: Plan, role: str, frame: Frame) -> dict[str, Any]:
    brand = plan.part.brand
    ground, rect = brand.colors[role], frame.slots["logo"]
    shown = next((item for item in frame.overlay if isinstance(item, PictureItem) and item.slot == "logo"), None)
    ink = next((line.color for line in frame.texts if line.slot == "logo"), None) or (shown.tint if shown else None)
    dark = plan.part.logo_on_dark
    variant = "name" if shown is None else "on-dark" if dark is not None and shown.picture == dark.key else "logo"
    clear = brand.logo.clear_space if brand.logo else 0.5
    return {
        "color": ground.hex, "variant": variant, "tinted": bool(shown and shown.tint),
        "logo": [round(value, 1) for value in (rect.x, rect.y, rect.width, rect.height)],
        "clear": round(clear * rect.height, 1), "width": frame.size.width, "height": frame.size.height,
        "contrast": round(contrast(ink, ground), 2) if ink else None,
    }  # fmt: skip


def _png(by: Previewer, pixels: Any) -> str:
    return base64.b64encode(by.codec.encode(pixels, format="png", quality=100)).decode()
