"""Choosing a template by content when the brief names none, or names one that does not show what there is. Pure.

The author's word comes first. Without it: what the words are about (an offer, a quotation, a date, steps), then the tone
of the brand, then what the picture is. Every choice says why; the reason is shown with the creative.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

from affiche.compose.layout.ground import View
from affiche.compose.studio import StudioSet
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

#: By what the brand sounds like: adjectives of its tone, and the template that looks so. The most matches win.
_BY_TONE = {
    "poster": "bold brave confident daring energetic iconic loud powerful punchy retro strong",
    "blocks": "colorful colourful fun graphic lively playful quirky vibrant young youthful",
    "grid": "cultured editorial elegant literary refined sophisticated timeless understated",
    "window": "approachable friendly generous hospitable inviting welcoming",
}


def choose_template(
    asked: Template | None, kind: str, roles: Collection[str], templates: Mapping[str, Template], tone: Iterable[str] = ()
) -> tuple[Template, str]:
    """The template for a picture of `kind` and words in `roles`, and why when it is not simply the one asked for.

    `tone` holds the adjectives of the brand's voice, English, as the author wrote them.
    """
    shown = "photo" if kind == ROOMY else kind
    if asked is not None and shown in asked.pictures:
        return asked, ""
    if asked is not None:
        fallback = templates[_BY_PICTURE[shown]]
        return fallback, f"template {fallback.id} instead of {asked.id}, which does not show {_KINDS[shown]}"
    for role, name, why in _BY_WORDS:
        if role in roles and not lacking(templates[name], roles) and shown in templates[name].pictures:
            return templates[name], f"template {name}: {why}"
    sounding = _by_tone(shown, roles, templates, _adjectives(tone)) if kind != ROOMY else None
    if sounding is not None:
        return sounding
    fallback = templates[_BY_PICTURE[kind]]
    return fallback, f"template {fallback.id}: the usual one for {_KINDS[kind]}"


def _by_tone(
    shown: str, roles: Collection[str], templates: Mapping[str, Template], adjectives: tuple[str, ...]
) -> tuple[Template, str] | None:
    name, said = _best({name: words.split() for name, words in _BY_TONE.items()}, adjectives)
    if not said or shown not in templates[name].pictures or lacking(templates[name], roles):
        return None
    return templates[name], f"template {name}: the brand is {_listed(said)}"


def choose_set(asked: str, *, row: bool, tone: Iterable[str], dark: bool, sets: Mapping[str, StudioSet]) -> tuple[StudioSet, str]:
    """The set behind a cut-out product, and why when it is not simply the one `asked` for.

    `row`: the template shows several products side by side, and needs a set that is wide enough. `tone`: adjectives of the
    brand's voice. `dark`: the brand's surfaces are dark.
    """
    fitting = {name: studio for name, studio in sets.items() if studio.row == row}
    if asked in sets and (asked in fitting or not row):
        return sets[asked], ""
    if row:
        name = next(iter(fitting or sets))
        return sets[name], f"set {name}: made for several products" + (f"; {asked} is made for one" if asked in sets else "")
    name, said = _best({name: studio.mood for name, studio in fitting.items()}, _adjectives(tone))
    if said:
        return sets[name], f"set {name}: the brand is {_listed(said)}"
    if dark and _NIGHT in fitting:
        return sets[_NIGHT], f"set {_NIGHT}: the brand's surfaces are dark"
    name = next(iter(fitting or sets))
    return sets[name], f"set {name}: the usual one"


#: The set that is lit for dark surfaces.
_NIGHT = "rim"


def _adjectives(tone: Iterable[str]) -> tuple[str, ...]:
    """The single words of the tone, lower case: `modern and premium` is two adjectives."""
    return tuple(dict.fromkeys(word for phrase in tone for word in re.findall(r"\w+", phrase.casefold())))


def _best(moods: Mapping[str, Collection[str]], adjectives: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """The name whose words meet most `adjectives` (the first of equals), and which these are; no words when none does."""
    said = {name: tuple(word for word in adjectives if word in words) for name, words in moods.items()}
    name = max(said, key=lambda name: len(said[name]), default="")
    return name, said.get(name, ())


def _listed(words: tuple[str, ...]) -> str:
    return " and ".join((", ".join(words[:-1]), words[-1])) if len(words) > 1 else words[0]


def lacking(template: Template, roles: Collection[str]) -> tuple[str, ...]:
    """What `template` needs and the words do not have, each as it is written (`offer|price`)."""
    return tuple("|".join(need) for need in template.needs if not any(role in roles for role in need))


#: How restless an end of a photograph may be for words to stand on it unasked (0 an even wall, 1 confetti).
_ROOM = 0.25


#: Share of a photograph's height at either end that words take up on it, and how far its subject may reach into that.
_WORDS, _INTO = 0.42, 0.03


def has_room(picture: PictureInfo) -> bool:
    """Whether a photograph leaves its top or its foot to words: calm, and free of what the picture is about.

    Where nobody knows what that is, no words stand on it unasked: a bottle in the middle is as calm as a wall.
    """
    if picture.focal_origin == "centre":
        return False
    box, (low, high) = picture.bounds, _subject_span(picture)
    view = View(picture=picture, source=box, drawn=box)
    top = view.unrest(Rect(box.x, box.y, box.width, box.height * _WORDS))
    foot = view.unrest(Rect(box.x, box.y + box.height * (1 - _WORDS), box.width, box.height * _WORDS))
    return (top <= _ROOM and low > _WORDS - _INTO) or (foot <= _ROOM and high < 1 - _WORDS + _INTO)


#: How far a subject of which only a point is known reaches from it, share of the height.
_AROUND = 0.06


def _subject_span(picture: PictureInfo) -> tuple[float, float]:
    """Top and bottom of what the photograph is about, shares of its height."""
    box, subject = picture.bounds, picture.subject
    if subject is not None:
        return (subject.y - box.y) / box.height, (subject.bottom - box.y) / box.height
    at = (picture.focal or (0.5, 0.5))[1]
    return at - _AROUND, at + _AROUND
