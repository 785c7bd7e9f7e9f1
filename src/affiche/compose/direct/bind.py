"""Binding: which alternative of its template a request gets, and the facts that `when:` conditions see. Pure.

Which template it gets is in `choose.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from operator import is_
from types import MappingProxyType
from typing import TypeVar

from affiche.compose.layout.crop import cover
from affiche.compose.layout.ground import View
from affiche.compose.request import ComposeRequest
from affiche.compose.template.model import Alternative, Box, CtaSlot, Overlay, Stack, Template, TextSlot
from affiche.compose.template.when import Fact
from affiche.placement.model import AspectClass, aspect_class
from affiche.ports import PictureInfo
from affiche.values.geometry import Rect, Size
from affiche.values.locale import Direction

_Holder = TypeVar("_Holder", bound=Overlay | Stack)


def picture_kind(request: ComposeRequest) -> str:
    """`cutout`, `photo` or `none`."""
    return request.picture.kind if request.picture is not None else "none"


def facts(request: ComposeRequest) -> dict[str, Fact]:
    """What the `when:` conditions of its template ask of a request; what it has not is absent."""
    found = {name: _fact(request, name) for name in request.template.asks}
    return {name: fact for name, fact in found.items() if fact is not None}


#: How each fact that is no picture's is found.
_FACTS: dict[str, Callable[[ComposeRequest], Fact]] = {
    "width": lambda request: float(request.size.width),
    "height": lambda request: float(request.size.height),
    "ratio": lambda request: request.size.ratio,
    "locale": lambda request: request.locale.tag,
    "market": lambda request: request.market,
    "language": lambda request: request.locale.language,
    "script": lambda request: request.locale.script,
    "direction": lambda request: request.locale.direction,
    "placement": lambda request: request.placement,
    "channel": lambda request: request.placement.partition(".")[0],
    "class": lambda request: aspect_class(request.size),
    "picture": picture_kind,
    "before": lambda request: request.before.kind if request.before else "none",
    "has.logo": lambda request: 1.0 if request.logo or request.wordmark else 0.0,
    "has.before": lambda request: 1.0 if request.before else 0.0,
    "has.picture": lambda request: 1.0 if request.picture else 0.0,
}


def _fact(request: ComposeRequest, name: str) -> Fact | None:
    """One fact; None for one of a picture or a text that is not there."""
    if name in _FACTS:
        return _FACTS[name](request)
    kind, _, role = name.partition(".")
    if role:
        text = request.words.get(role)
        return None if text is None else float(len(text.value)) if kind == "len" else 1.0 if text.value else 0.0
    return _picture_facts(request.picture, request.size, request.locale.direction).get(name) if request.picture else None


@lru_cache(maxsize=4096)
def _picture_facts(picture: PictureInfo, size: Size, direction: Direction) -> Mapping[str, Fact]:
    """Worked out once for all locales and texts of a product on a placement."""
    focal_x, focal_y = picture.focal or (0.5, 0.5)
    return MappingProxyType({
        "product_ratio": picture.bounds.width / max(1.0, picture.bounds.height),
        "subject_ratio": _subject_ratio(picture),
        "focal_x": focal_x,
        "focal_y": focal_y,
        "calm": _calm_end(picture),
        "clear": 1.0 if _side_clear(picture, size, direction) else 0.0,
    })  # fmt: skip


def _subject_ratio(picture: PictureInfo) -> float:
    """Width to height of what the crop must keep, else of the whole picture."""
    kept = picture.keep or picture.bounds
    return kept.width / max(1.0, kept.height)


#: How much calmer (0..1) the top must be for words to go there rather than to the foot, where readers expect them.
_CALMER = 0.1


def _calm_end(picture: PictureInfo) -> str:
    """`top` or `bottom`: where words disturb a photograph less. Never the end at which the focal point lies."""
    box = picture.bounds
    view = View(picture=picture, source=box, drawn=box)
    top = view.unrest(Rect(box.x, box.y, box.width, box.height * 0.42))
    bottom = view.unrest(Rect(box.x, box.y + box.height * 0.58, box.width, box.height * 0.42))
    at = (picture.focal or (0.5, 0.5))[1]
    return "top" if (top + _CALMER < bottom and at > 0.42) or at > 0.68 else "bottom"


#: How far from the start side a face (or a point that the author gave) must be for words to stand beside it, share of the
#: width; and how restless the start half may be (hardly more than the other) when nobody knows where the subject is.
_CLEAR, _CALM_SIDE, _EVEN = 0.62, 0.27, 0.03


def _side_clear(picture: PictureInfo, size: Size, direction: Direction) -> bool:
    """Whether the start half of a full-bleed crop is free for words."""
    from_left = direction == "ltr"
    canvas = Rect(0, 0, size.width, size.height)
    focal = picture.focal or (0.5, 0.5)
    source = cover(picture.bounds, canvas, focal, aim=(0.66 if from_left else 0.34, 0.5), keep=picture.keep)
    if picture.focal is None or picture.focal_origin == "centre":
        view, middle = View(picture=picture, source=source, drawn=canvas), canvas.width / 2
        left, right = (view.unrest(Rect(x, 0, middle, canvas.height)) for x in (0.0, middle))
        start, end = (left, right) if from_left else (right, left)
        return start <= min(_CALM_SIDE, end + _EVEN)
    at = (picture.bounds.x + focal[0] * picture.bounds.width - source.x) / source.width
    return (at if from_left else 1 - at) >= _CLEAR


#: Alternatives by template, aspect class and the facts that their conditions ask for: most creatives of a placement share them.
_ALTERNATIVES: dict[Hashable, tuple[Alternative, ...]] = {}
_MOST_ALTERNATIVES = 4096


def alternatives(request: ComposeRequest, known: Mapping[str, Fact]) -> tuple[Alternative, ...]:
    """The alternatives of the template's aspect class whose condition holds, pruned of boxes that do not exist here."""
    template, kind = request.template, aspect_class(request.size)
    key = (template.digest, template.id, kind, tuple(known.items()))
    if key not in _ALTERNATIVES:
        if len(_ALTERNATIVES) >= _MOST_ALTERNATIVES:
            _ALTERNATIVES.clear()
        _ALTERNATIVES[key] = _fitting(template.classes[kind], known)
    return _ALTERNATIVES[key]


def _fitting(options: tuple[Alternative, ...], known: Mapping[str, Fact]) -> tuple[Alternative, ...]:
    fitting = [a for a in options if a.when is None or a.when.holds(known)] or list(options[-1:])
    trees = [_pruned_box(option.tree, known) for option in fitting]
    return tuple(
        option if tree is option.tree else replace(option, tree=tree) for option, tree in zip(fitting, trees, strict=True)
    )


def _pruned_box(box: _Holder, known: Mapping[str, Fact]) -> _Holder:
    """The box without children that do not exist here; itself when all do."""
    kept = _pruned(box.children, known)
    return box if all(map(is_, kept, box.children)) and len(kept) == len(box.children) else replace(box, children=kept)


def _pruned(children: tuple[Box, ...], known: Mapping[str, Fact]) -> tuple[Box, ...]:
    kept: list[Box] = []
    for child in children:
        condition = child.place.when
        if condition is not None and not condition.holds(known):
            continue
        kept.append(_pruned_box(child, known) if isinstance(child, Overlay | Stack) else child)
    return tuple(kept)


#: (template digest, id, aspect class) -> roles. A template's tree never changes, so an answer holds for the process.
_SHOWN: dict[tuple[str, str, str], tuple[str, ...]] = {}


def roles_shown(template: Template, kind: AspectClass) -> tuple[str, ...]:
    """The text roles that any layout of `template` shows in an aspect class, sorted."""
    key = (template.digest, template.id, kind)
    if key not in _SHOWN:
        roles = {role for option in template.classes[kind] for role in _roles(option.tree)}
        _SHOWN[key] = tuple(sorted(roles))
    return _SHOWN[key]


def _roles(box: Box) -> Iterator[str]:
    if isinstance(box, TextSlot):
        yield box.role
    elif isinstance(box, CtaSlot):
        yield "cta"
    for child in getattr(box, "children", ()):
        yield from _roles(child)
