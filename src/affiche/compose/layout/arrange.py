"""Arrange: one alternative of a template and a request -> a frame. Recipe: walk the boxes, draw up items, mirror, collect.

May live here: the order in which boxes become items. Sizes of text are found in `stack.py`, colours in `ground.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from affiche.compose.layout import items
from affiche.compose.layout.canvas import Canvas, canvas_of
from affiche.compose.layout.ground import (
    TEXT_CONTRAST,
    Ground,
    Scrim,
    View,
    lit,
    pick,
    scrim_again,
    scrim_for,
    solid,
)
from affiche.compose.layout.lineup import arranged
from affiche.compose.layout.mirror import mirrored
from affiche.compose.layout.stack import Put, solve
from affiche.compose.request import ComposeRequest
from affiche.compose.template.model import (
    Alternative,
    Box,
    CtaSlot,
    LineupSlot,
    LogoSlot,
    Overlay,
    PhotoSlot,
    ProductSlot,
    SetSlot,
    Shape,
    Space,
    Stack,
    TextSlot,
)  # fmt: skip
from affiche.placement.model import aspect_class
from affiche.values.frame import Fill, Frame, Item, SlotFit
from affiche.values.geometry import Rect


@dataclass(slots=True)
class _Draft:
    """The frame under construction; private to this module, never leaves it."""

    canvas: Canvas
    #: The box in which the product (or the row of products) stands, known before the set behind it is placed.
    hero: Rect | None = None
    #: Where the set leaves its wall free for words (absent without a set).
    calm: tuple[Rect, ...] = ()
    #: Where the set's wall ends and its floor begins, y px.
    horizon: float | None = None
    #: What type stands on, back to front: a region and the ground that it gives to a rectangle inside.
    grounds: list[tuple[Rect, Callable[[Rect], Ground]]] = field(default_factory=list)
    base: list[Item] = field(default_factory=list)
    overlay: list[Item] = field(default_factory=list)
    veil: tuple[PhotoSlot, View, Scrim] | None = None
    slots: dict[str, Rect] = field(default_factory=dict)
    fits: list[SlotFit] = field(default_factory=list)
    decisions: list[str] = field(default_factory=list)

    def ground(self, rect: Rect) -> Ground:
        """The ground that lies under `rect`: the topmost region that holds its centre."""
        x, y = rect.center_x, rect.center_y
        for region, ground in reversed(self.grounds):
            if region.x <= x <= region.right and region.y <= y <= region.bottom:
                return ground(rect)
        return solid(self.canvas.request.brand.colors["paper"])


def arrange(request: ComposeRequest, alternative: Alternative) -> Frame:
    """The frame of `request` in one alternative. Texts that do not fit are laid out at their smallest size and reported."""
    canvas = canvas_of(request, alternative.margin)
    draft = _Draft(canvas=canvas)
    _start(draft)
    _overlay(draft, alternative.tree, canvas.full)
    _veil(draft)
    return _finished(draft)


def _start(draft: _Draft) -> None:
    """Every creative starts on the template's ground colour, so that nothing is ever transparent."""
    request = draft.canvas.request
    color = request.brand.colors[request.template.ground[0]]
    draft.base.append(Fill(rect=draft.canvas.full, paint=color, slot="ground"))
    ground = solid(color)
    draft.grounds.append((draft.canvas.full, lambda _: ground))


def _overlay(draft: _Draft, box: Overlay, parent: Rect) -> None:
    rect = draft.canvas.rect(box.place, parent)
    _panel(draft, box.fill, rect, radius=0.0)
    hero = next((c for c in box.children if isinstance(c, ProductSlot | LineupSlot)), None)
    draft.hero = draft.canvas.rect(hero.place, rect) if hero else draft.hero
    for child in box.children:
        _HANDLERS[type(child)](draft, child, rect)


def _stack(draft: _Draft, box: Stack, parent: Rect) -> None:
    rect = draft.canvas.rect(box.place, parent)
    if draft.calm and not box.fill:
        rect = items.kept_calm(rect, draft.calm, draft.hero)
    _panel(draft, box.fill, rect, draft.canvas.px(box.radius, min(rect.width, rect.height)), bare=not box.children)
    solved = solve(box, rect, draft.canvas)
    for put in solved.puts:
        _PUT[type(put.box)](draft, _off_horizon(draft, put, solved.puts))
    if not solved.fits:
        _crowded(draft, solved.puts)
    draft.fits += [_dropped(role) for role in solved.dropped]


def _crowded(draft: _Draft, puts: Sequence[Put]) -> None:
    """Texts that each fit but are too many for their stack: the largest of them is reported, so that nothing spills silently."""
    words = [put.word for put in puts if put.word is not None]
    if not words or not all(word.fitted.fits for word in words):
        return
    largest = max(words, key=lambda word: word.block).slot
    draft.fits = [
        replace(fit, fits=False, remedy="there are too many texts for the room that they share") if fit.slot == largest else fit
        for fit in draft.fits
    ]


def _off_horizon(draft: _Draft, put: Put, others: Sequence[Put]) -> Put:
    """Small print that lies across the line between wall and floor moves onto one of them, down if there is room."""
    if draft.horizon is None or not isinstance(put.box, TextSlot) or put.box.role != "legal":
        return put
    gap, rect = _HORIZON_GAP * draft.canvas.u, put.rect
    if not rect.y - gap < draft.horizon < rect.bottom + gap:
        return put
    lower = replace(rect, y=draft.horizon + gap)
    upper = replace(rect, y=draft.horizon - gap - rect.height)
    taken = [other.rect for other in others if other is not put]
    inside = (spot for spot in (lower, upper) if draft.canvas.content.contains(spot))
    free = (spot for spot in inside if not any(spot.intersection(box).area for box in taken))
    return replace(put, rect=next(free, rect))


#: Distance of small print from the line between wall and floor, `u`.
_HORIZON_GAP = 1.2


def _dropped(role: str) -> SlotFit:
    return SlotFit(
        slot=role, fits=True, size=0, min_size=0, max_size=0, lines=(), remedy=f"{role} left out: there is no room for it here"
    )


def _panel(draft: _Draft, fill: tuple[str, ...], rect: Rect, radius: float, *, bare: bool = False) -> None:
    """A filled rectangle. A `bare` one, without children, is there for the product: its colour shows the packshot too."""
    if not fill:
        return
    request, ground = draft.canvas.request, draft.ground(rect.intersection(draft.canvas.full))
    shown = items.main_tones(request) if bare else ()
    color = items.panel_color(request.brand.colors, fill, ground, shown)
    draft.base.append(Fill(rect=rect, paint=color, radius=radius, slot="panel"))
    own = solid(color)
    draft.grounds.append((rect, lambda _: own))


# -- pictures ----------------------------------------------------------------------------------------------------------


def _set(draft: _Draft, box: SetSlot, parent: Rect) -> None:
    request, rect = draft.canvas.request, draft.canvas.rect(box.place, parent)
    if request.set is None:
        return
    stage = Rect(rect.x, rect.y + rect.height * 0.3, rect.width, rect.height * 0.55)
    item = items.set_item(request, rect, draft.hero or stage, shown=box.view)
    draft.base.append(item)
    draft.calm = items.calm_regions(request, item)
    wall, floor = item.palette[0], item.palette[min(1, len(item.palette) - 1)]
    behind, under = lit(wall), lit(floor)
    draft.grounds.append((rect, lambda _: behind))
    region = items.floor_region(request, item)
    draft.horizon = region.y
    draft.grounds.append((region, lambda _: under))


def _product(draft: _Draft, box: ProductSlot, parent: Rect) -> None:
    request = draft.canvas.request
    picture, slot = (request.before, "before") if box.of == "before" else (request.picture, "product")
    if picture is None or picture.kind != "cutout":
        return
    rect = draft.canvas.rect(box.place, parent)
    put = items.product_rect(picture, rect)
    panel = _panel_under(draft, put)
    draft.base += items.product_items(
        request, picture, put, shadow=box.shadow, ground=draft.ground(put), slot=slot, panel=panel
    )
    draft.slots[slot] = put


def _panel_under(draft: _Draft, put: Rect) -> Fill | None:
    """The topmost panel that holds the foot of a product."""
    panels = (item for item in reversed(draft.base) if isinstance(item, Fill) and item.slot == "panel")
    x, y = put.center_x, put.bottom - 1
    return next((item for item in panels if item.rect.x <= x < item.rect.right and item.rect.y <= y < item.rect.bottom), None)


def _lineup(draft: _Draft, box: LineupSlot, parent: Rect) -> None:
    """The product with its companions, the outer ones first, so that shadows fall on what stands behind."""
    request, rect = draft.canvas.request, draft.canvas.rect(box.place, parent)
    if request.picture is None or request.picture.kind != "cutout":
        return
    row = arranged((request.picture, *request.companions)[: box.most], rect, gap=box.gap)
    for picture, put in sorted(row, key=lambda entry: -abs(entry[1].center_x - rect.center_x)):
        slot = "product" if picture is request.picture else "companion"
        draft.base += items.product_items(
            request, picture, put, shadow=box.shadow, ground=draft.ground(put), slot=slot
        )
    draft.slots["product"] = next(put for picture, put in row if picture is request.picture)
    draft.slots["lineup"] = row[0][1].union(row[-1][1])


def _photo(draft: _Draft, box: PhotoSlot, parent: Rect) -> None:
    request, rect = draft.canvas.request, draft.canvas.rect(box.place, parent)
    picture, slot = (request.before, "before") if box.of == "before" else (request.picture, "picture")
    if picture is None:
        return
    radius = draft.canvas.px(box.radius, min(rect.width, rect.height))
    if not radius:
        # What bleeds off the canvas is not seen: the crop must keep its point in what is.
        rect = rect.intersection(draft.canvas.full)
    item = items.photo_item(request, picture, rect, radius, scrim=box.scrim, slot=slot)
    draft.base.append(item)
    draft.slots[slot] = rect
    mirrored_in = draft.canvas.full.width if draft.canvas.rtl else 0.0
    view = View(picture=picture, source=item.source, drawn=rect, mirrored_in=mirrored_in)
    if not box.scrim:
        draft.grounds.append((rect, view.ground))
        return
    scrim = scrim_for(view, items.scrim_region(box.scrim, box.scrim_reach, rect), request.brand.colors, TEXT_CONTRAST)
    draft.veil = (box, view, scrim)
    draft.grounds.append((rect, lambda _: scrim.ground))


def _veil(draft: _Draft) -> None:
    """The scrim as far as the words really go: part of the overlay, so that the photograph stays a shared base."""
    if draft.veil is None or not draft.overlay:
        return
    box, view, planned = draft.veil
    words = [rect for name, rect in draft.slots.items() if name not in ("picture", "product", "lineup", "before")]
    region = items.scrim_under(box.scrim, words, view.drawn, draft.canvas.u)
    scrim = scrim_again(planned, view, region, TEXT_CONTRAST)
    draft.overlay.insert(0, items.scrim_item(box, region, view.drawn, scrim.color, scrim.alpha))
    draft.decisions.append(f"scrim {round(scrim.alpha * 100)} % of {scrim.color.hex} from the {box.scrim}")


def _shape(draft: _Draft, box: Shape, parent: Rect) -> None:
    rect = draft.canvas.rect(box.place, parent)
    draft.base.append(items.shape_item(box, rect, draft.canvas))


# -- words, logo, button -------------------------------------------------------------------------------------------------


def _put_text(draft: _Draft, put: Put) -> None:
    box, word = put.box, put.word
    assert isinstance(box, TextSlot) and word is not None
    ground = draft.ground(put.rect)
    if box.chip:
        draft.overlay += items.chip_items(draft.canvas.request.brand.colors, box, word, put.rect, ground)
        _filled(draft, word.slot, put.rect)
        draft.fits.append(items.slot_fit(word))
        return
    color = pick(draft.canvas.request.brand.colors, box.colors, ground, TEXT_CONTRAST)
    draft.overlay += items.text_items(word, put.rect, color.with_alpha(box.opacity), box.align, struck=box.struck)
    _filled(draft, word.slot, put.rect)
    draft.fits.append(items.slot_fit(word))


def _put_cta(draft: _Draft, put: Put) -> None:
    assert isinstance(put.box, CtaSlot) and put.word is not None
    draft.overlay += items.cta_items(draft.canvas, put.box, put.word, put.rect, draft.ground(put.rect))
    _filled(draft, "cta", put.rect)
    draft.fits.append(items.slot_fit(put.word))


def _put_logo(draft: _Draft, put: Put) -> None:
    assert isinstance(put.box, LogoSlot)
    ground = draft.ground(put.rect)
    if put.word is not None:
        color = pick(draft.canvas.request.brand.colors, ("primary", "ink", "paper"), ground, TEXT_CONTRAST)
        draft.overlay += items.text_items(put.word, put.rect, color, "start")
        draft.fits.append(items.slot_fit(put.word))
    else:
        draft.overlay.append(items.logo_item(draft.canvas.request, put.rect, ground))
    _filled(draft, "logo", put.rect)


def _put_shape(draft: _Draft, put: Put) -> None:
    assert isinstance(put.box, Shape)
    draft.base.append(items.shape_item(put.box, put.rect, draft.canvas))


def _filled(draft: _Draft, slot: str, rect: Rect) -> None:
    draft.slots[slot] = draft.slots[slot].union(rect) if slot in draft.slots else rect


def _text(draft: _Draft, box: Box, parent: Rect) -> None:
    """A text, button or logo directly in an overlay is a stack of one, placed by its own `place`."""
    place = box.place
    _stack(draft, Stack(children=(box,), place=place, align=getattr(box, "align", "start")), parent)


_HANDLERS: dict[type, Callable[..., None]] = {
    Overlay: _overlay, Stack: _stack, SetSlot: _set, ProductSlot: _product, LineupSlot: _lineup, PhotoSlot: _photo, Shape: _shape,
    TextSlot: _text, CtaSlot: _text, LogoSlot: _text, Space: lambda *_: None,
}  # fmt: skip
_PUT: dict[type, Callable[[_Draft, Put], None]] = {
    TextSlot: _put_text, CtaSlot: _put_cta, LogoSlot: _put_logo, Shape: _put_shape,
}  # fmt: skip


def _finished(draft: _Draft) -> Frame:
    canvas, request = draft.canvas, draft.canvas.request
    width = canvas.full.width
    base, overlay, slots = tuple(draft.base), tuple(draft.overlay), draft.slots
    if canvas.rtl:
        base, overlay = (tuple(mirrored(item, width) for item in group) for group in (base, overlay))
        slots = {name: rect.mirrored(width) for name, rect in slots.items()}
    return Frame(
        size=request.size, base=base, overlay=overlay, slots=slots, safe=canvas.full.inset(request.safe),
        fits=tuple(draft.fits), locale=request.locale.tag, template=request.template.id,
        aspect_class=aspect_class(request.size), decisions=tuple(draft.decisions),
    )  # fmt: skip
