"""Choosing a template by content when the brief names none, or names one that does not show what there is. Pure.

The author's word comes first. Without it: what the words are about (an offer, a quotation, a date, steps), then what the
picture is. Every choice says why; the reason is shown with the creative.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from affiche.compose.layout.ground import View
from affiche.compose.template.model import Template
from affiche.ports import PictureInfo
from affiche.values.geometry import Rect

#: A photograph with room for words, as a kind of picture of its own: only it is shown full-bleed without being asked.
ROOMY = "roomy photo"

_KINDS = {
    "cutout": "a cut-out product", "photo": "a photograph", "none": "a product without a picture",
    ROOMY: "a photograph with room for words",
}  # fmt: skip
_BY_PICTURE = {"cutout": "stage", "photo": "split", "none": "type", ROOMY: "hero"}

#: By what the words are about, the first that holds: a text role, the template, and how to say it. A price alone is
#: shown by the stage; an old price or an offer is news.
_BY_WORDS = (
    ("label1", "before-after", "two pictures are compared"),
    ("offer", "offer", "the brief makes an offer"), ("old_price", "offer", "the price was lowered"),
    ("quote", "quote", "somebody is quoted"), ("date", "countdown", "there is a date"), ("step2", "steps", "there are steps"),
)  # fmt: skip


def choose_template(
    asked: Template | None, kind: str, roles: Collection[str], templates: Mapping[str, Template]
) -> tuple[Template, str]:
    """The template for a picture of `kind` and words in `roles`, and why when it is not simply the one asked for."""
    shown = "photo" if kind == ROOMY else kind
    if asked is not None and shown in asked.pictures:
        return asked, ""
    if asked is not None:
        fallback = templates[_BY_PICTURE[shown]]
        return fallback, f"template {fallback.id} instead of {asked.id}, which does not show {_KINDS[shown]}"
    for role, name, why in _BY_WORDS:
        if role in roles and not lacking(templates[name], roles) and shown in templates[name].pictures:
            return templates[name], f"template {name}: {why}"
    fallback = templates[_BY_PICTURE[kind]]
    return fallback, f"template {fallback.id}: the usual one for {_KINDS[kind]}"


def lacking(template: Template, roles: Collection[str]) -> tuple[str, ...]:
    """What `template` needs and the words do not have, each as it is written (`offer|price`)."""
    return tuple("|".join(need) for need in template.needs if not any(role in roles for role in need))


#: How restless an end of a photograph may be for words to stand on it unasked (0 an even wall, 1 confetti).
_ROOM = 0.25


def has_room(picture: PictureInfo) -> bool:
    """Whether a photograph leaves its top or its foot to words: calm, and far from what the crop must keep."""
    box, at = picture.bounds, (picture.focal or (0.5, 0.5))[1]
    view = View(picture=picture, source=box, drawn=box)
    top = view.unrest(Rect(box.x, box.y, box.width, box.height * 0.42))
    foot = view.unrest(Rect(box.x, box.y + box.height * 0.58, box.width, box.height * 0.42))
    return (top <= _ROOM and at > 0.46) or (foot <= _ROOM and at < 0.54)
