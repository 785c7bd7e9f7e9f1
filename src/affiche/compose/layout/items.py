"""Items: how each box becomes the items of a frame (left-to-right coordinates; `mirror.py` flips them later). Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import floor

from affiche.compose.layout.canvas import Canvas
from affiche.compose.layout.crop import contain, cover
from affiche.compose.layout.grade import grade_of
from affiche.compose.layout.ground import LARGE_CONTRAST, TEXT_CONTRAST, Ground, pick
from affiche.compose.layout.words import Worded
from affiche.compose.request import ComposeRequest
from affiche.compose.studio import SetLight, SetView
from affiche.compose.template.model import Align, CtaSlot, PhotoSlot, Shape, TextSlot
from affiche.placement.model import aspect_class
from affiche.ports import PictureInfo
from affiche.values.color import Color, contrast, distance
from affiche.values.digest import Digest
from affiche.values.frame import Fill, Gradient, Item, PictureItem, SetItem, Shadow, SlotFit, TextItem
from affiche.values.geometry import Rect, Size

#: The base of a packshot is seen slightly from above: its front edge lies this much (of its height) before its centre.
FRONT_EDGE = 0.014

#: Non-text contrast that a button should have against what it lies on (WCAG 2.2, 1.4.11), and what we accept at worst.
BUTTON_CONTRAST = (3.0, 1.8)


# -- pictures ----------------------------------------------------------------------------------------------------------


def set_item(request: ComposeRequest, rect: Rect, product: Rect, *, shown: str = "") -> SetItem:
    """The set covering `rect`, moved and scaled so that its hero stands at the bottom centre of the `product` box."""
    studio = request.set
    assert studio is not None
    kind = shown or aspect_class(Size(width=max(1, round(rect.width)), height=max(1, round(rect.height))))
    view = studio.views[kind]
    scale = _set_scale(view, rect, product)
    source = Rect(
        view.hero_x + (rect.x - product.center_x) / scale,
        view.hero_y + (rect.y - product.bottom) / scale,
        rect.width / scale,
        rect.height / scale,
    )
    colors = request.brand.colors
    palette = tuple(colors[studio.roles.get(material, "surface")] for material in studio.materials)
    return SetItem(set=studio.id, aspect_class=kind, digest=view.digest, palette=palette, rect=rect, source=source)


def floor_region(request: ComposeRequest, item: SetItem) -> Rect:
    """The part of the set's rectangle that lies below its horizon."""
    assert request.set is not None
    view, rect = request.set.views[item.aspect_class], item.rect
    scale = rect.height / item.source.height
    top = min(rect.bottom, max(rect.y, rect.y + (view.horizon - item.source.y) * scale))
    return Rect(rect.x, top, rect.width, rect.bottom - top)


def calm_regions(request: ComposeRequest, item: SetItem) -> tuple[Rect, ...]:
    """The parts of the wall that the set leaves free for words, px of the canvas."""
    assert request.set is not None
    scale = item.rect.height / item.source.height
    return tuple(
        Rect(
            item.rect.x + (calm.x - item.source.x) * scale, item.rect.y + (calm.y - item.source.y) * scale,
            calm.width * scale, calm.height * scale,
        )
        for calm in request.set.views[item.aspect_class].calm
    )


#: Words give up at most this share of their room for the sake of the set's scenery.
_YIELD = 0.25


def kept_calm(rect: Rect, calm: Sequence[Rect], hero: Rect | None) -> Rect:
    """`rect` without the part that would reach into the scenery under the wall (arches, shelves) where the product stands."""
    if hero is None or rect.right < hero.x or rect.x > hero.right or rect.y >= hero.y:
        return rect
    above = [c for c in calm if c.width >= rect.width * 0.7 and rect.y < c.bottom < rect.bottom]
    if not above:
        return rect
    bottom = max(*(c.bottom for c in above), rect.bottom - rect.height * _YIELD)
    return Rect(rect.x, rect.y, rect.width, bottom - rect.y)


def _set_scale(view: SetView, rect: Rect, product: Rect) -> float:
    """Canvas px per render px: the product's height decides, unless the render would not cover the rectangle then."""
    x, y = product.center_x - rect.x, product.bottom - rect.y
    covering = max(
        x / view.hero_x,
        (rect.width - x) / (view.size.width - view.hero_x),
        y / view.hero_y,
        (rect.height - y) / (view.size.height - view.hero_y),
    )
    return max(product.height / view.hero_height, covering)


def product_rect(picture: PictureInfo, box: Rect) -> Rect:
    """Where the packshot is drawn: as large as its box allows, standing on the box's bottom, never cropped."""
    put = contain(picture.bounds, box)
    return Rect(put.x, put.y + put.height * FRONT_EDGE, put.width, put.height)


def product_items(
    request: ComposeRequest, picture: PictureInfo, put: Rect, *, shadow: bool, ground: Ground, slot: str = "product",
    panel: Fill | None = None,
) -> tuple[Item, ...]:  # fmt: skip
    """A packshot with the shadows that seat it on its ground; they end where its `panel` does."""
    if not shadow:
        return (PictureItem(picture=picture.digest, rect=put, source=picture.bounds, slot=slot),)
    beneath = ground.color or request.brand.colors["ink"]
    light = request.set.light if request.set else None
    return _seated(picture.digest, picture.bounds, put, slot=slot, light=light, beneath=beneath, panel=panel)


@lru_cache(maxsize=512)
def _seated(
    picture: Digest, source: Rect, put: Rect, *, slot: str, light: SetLight | None, beneath: Color, panel: Fill | None
) -> tuple[Item, ...]:
    """Worked out once for all creatives of a sheet."""
    strength = light.shadow_strength if light else 0.4
    dark = beneath.mixed(Color(6, 8, 10), 0.82)
    cast = Shadow(
        kind="cast", picture=picture, rect=put, source=source, ground_y=put.bottom,
        color=dark.with_alpha(strength * 0.75), softness=put.height * (0.02 + 0.05 * (light.shadow_softness if light else 0.5)),
        angle_deg=_cast_angle(light.azimuth_deg if light else -35.0), length=0.34, panel=panel,
    )  # fmt: skip
    contact = Shadow(
        kind="contact", picture=picture, rect=put, source=source, ground_y=put.bottom,
        color=dark.with_alpha(min(0.85, strength * 1.5)), softness=put.height * 0.012, panel=panel,
    )  # fmt: skip
    return cast, contact, PictureItem(picture=picture, rect=put, source=source, slot=slot)


def _cast_angle(azimuth_deg: float) -> float:
    """The shadow falls away from the light: light from the left (negative azimuth) throws it to the right."""
    return max(-70.0, min(70.0, -azimuth_deg * 1.4))


def photo_item(
    request: ComposeRequest, picture: PictureInfo, rect: Rect, radius: float, *, scrim: str, slot: str = "picture"
) -> PictureItem:
    """The photograph covering `rect`, its focal point moved away from the edge where the text will lie."""
    aim = {"bottom": (0.5, 0.38), "top": (0.5, 0.62), "start": (0.66, 0.5), "end": (0.34, 0.5)}.get(scrim, (0.5, 0.46))
    if request.locale.direction == "rtl":
        aim = (1 - aim[0], aim[1])
    focal = picture.focal or (0.5, 0.5)
    source = cover(picture.bounds, rect, focal, aim=aim, keep=picture.keep)
    grade = grade_of(request.brand) if picture.kind == "photo" else None
    return PictureItem(picture=picture.digest, rect=rect, source=source, slot=slot, radius=radius, grade=grade)


def scrim_region(edge: str, reach: float, rect: Rect) -> Rect:
    """The part of `rect` where a scrim from `edge` is at full strength."""
    if edge in ("top", "bottom"):
        height = rect.height * reach
        return Rect(rect.x, rect.y if edge == "top" else rect.bottom - height, rect.width, height)
    width = rect.width * reach
    return Rect(rect.x if edge == "start" else rect.right - width, rect.y, width, rect.height)


def scrim_under(edge: str, words: Sequence[Rect], rect: Rect, u: float) -> Rect:
    """The part of `rect` from `edge` to just beyond the `words`."""
    pad = 3.5 * u
    around = words[0]
    for word in words[1:]:
        around = around.union(word)
    if edge == "top":
        return Rect(rect.x, rect.y, rect.width, min(rect.height, around.bottom + pad - rect.y))
    if edge == "bottom":
        top = max(rect.y, around.y - pad)
        return Rect(rect.x, top, rect.width, rect.bottom - top)
    if edge == "start":
        return Rect(rect.x, rect.y, min(rect.width, around.right + pad - rect.x), rect.height)
    left = max(rect.x, around.x - pad)
    return Rect(left, rect.y, rect.right - left, rect.height)


#: How a veil fades: opacity at even steps beyond the words, an ease without a visible edge.
_EASE = (1.0, 0.93, 0.74, 0.5, 0.26, 0.07, 0.0)


def scrim_item(box: PhotoSlot, region: Rect, rect: Rect, color: Color, alpha: float) -> Fill:
    """A veil that is even over `region` and then fades into the rest of `rect`."""
    across = box.scrim in ("top", "bottom")
    full, held = (rect.height, region.height) if across else (rect.width, region.width)
    far = min(full, held + box.scrim_fade * full)
    start = held / far
    stops = (0.0, *(start + (1 - start) * step / (len(_EASE) - 1) for step in range(len(_EASE))))
    colors = tuple(color.with_alpha(alpha * share) for share in (1.0, *_EASE))
    ends = {"top": ((0.0, 0.0), (0.0, 1.0)), "bottom": ((0.0, 1.0), (0.0, 0.0)), "start": ((0.0, 0.0), (1.0, 0.0)),
            "end": ((1.0, 0.0), (0.0, 0.0))}[box.scrim]  # fmt: skip
    return Fill(
        rect=scrim_region(box.scrim, far / full, rect), slot="scrim",
        paint=Gradient(start=ends[0], end=ends[1], colors=colors, stops=stops),
    )  # fmt: skip


#: Distance (OKLab x 100) of a shape behind the packshot from the packshot's main colours, and from the template's ground.
_FROM_PACKSHOT, _FROM_GROUND = 22.0, 9.0

#: Contrast at which a panel still stands out from what it lies on (a shape, not a text: far less than WCAG's 3.0).
_PANEL_CONTRAST = 1.35


def panel_color(colors: Mapping[str, Color], roles: Sequence[str], ground: Ground, shown: Sequence[Color] = ()) -> Color:
    """The first of `roles` that stands out from the ground, and from which the tones `shown` on it stand out.

    When none does both, the ground decides; with a single role there is no choice.
    """
    seen = [colors[role] for role in roles]
    clear = [color for color in seen if ground.contrast(color) >= _PANEL_CONTRAST]
    best = (color for color in clear if all(distance(color, tone) >= _FROM_PACKSHOT for tone in shown))
    return next(best, clear[0] if clear else seen[-1]) if len(seen) > 1 else seen[0]


def main_tones(request: ComposeRequest) -> list[Color]:
    """The main colours of the cut-out product, which what lies behind it must not swallow."""
    picture = request.picture
    return [Color.parse(tone) for tone in picture.palette[:2]] if picture is not None and picture.kind == "cutout" else []


def shape_item(box: Shape, rect: Rect, canvas: Canvas) -> Fill:
    """A drawn shape in brand colours."""
    colors = canvas.request.brand.colors
    short = min(rect.width, rect.height)
    radius = short / 2 if box.round else canvas.px(box.radius, short)
    main = _standing_out(box, canvas)
    paint: Color | Gradient = main.with_alpha(box.opacity)
    if box.to:
        paint = Gradient(
            start=(0.0, 0.0), end=(1.0, 1.0), colors=(main.with_alpha(box.opacity), colors[box.to].with_alpha(box.opacity))
        )
    return Fill(rect=rect, paint=paint, radius=radius, slot="shape", stroke=canvas.px(box.stroke, short))


def _standing_out(box: Shape, canvas: Canvas) -> Color:
    """The first of the shape's `paints` that shows on the ground and shows the packshot; else its `paint`."""
    colors, request = canvas.request.brand.colors, canvas.request
    ground = colors[request.template.ground[0]]
    shown = main_tones(request)
    for color in (colors[role] for role in box.paints):
        if distance(color, ground) >= _FROM_GROUND and all(distance(color, tone) >= _FROM_PACKSHOT for tone in shown):
            return color
    return colors[box.paint]


# -- words, logo, button -------------------------------------------------------------------------------------------------


#: Where a line lies in the room that it does not fill, share of that room.
_SIDE: dict[Align, float] = {"start": 0.0, "center": 0.5, "end": 1.0}


def text_items(word: Worded, rect: Rect, color: Color, align: Align, *, struck: bool = False) -> list[Item]:
    """One item per line; `rect` is the block as stacked, its top the visual top of the first line.

    Lines stand on whole px, as in browsers: feet of letters are crisp, and lines share the images of letters.
    """
    fitted, left, width, side = word.fitted, rect.x, rect.width, _SIDE[align]
    height, reach = fitted.ascent + fitted.descent, word.above + word.below
    items: list[Item] = []
    for number, line in enumerate(fitted.lines):
        baseline = float(floor(rect.y + word.above + number * fitted.line_height + 0.5))
        x = left + side * (width - line.width)
        items.append(
            TextItem(
                struck=struck, text=line.text, fonts=fitted.fonts, size=fitted.size_px, direction=fitted.direction,
                x=x, baseline=baseline, width=line.width, color=color, locale=fitted.locale, slot=word.slot,
                tracking=fitted.tracking, runs=line.runs, box=Rect(x, baseline - fitted.ascent, line.width, height),
                ink=Rect(x, baseline - word.above, line.width, reach),
            )
        )
    return items


def chip_items(
    colors: Mapping[str, Color], box: TextSlot, word: Worded, rect: Rect, ground: Ground
) -> list[Item]:
    """A round chip in the brand's colours with its text in the middle."""
    fill = panel_color(colors, box.chip, ground)
    text = max((colors["paper"], colors["ink"]), key=lambda c: contrast(c, fill))
    first = rect.center_y - (len(word.fitted.lines) - 1) * word.fitted.line_height / 2
    inner = Rect(rect.center_x - word.fitted.width / 2, first + word.middle - word.above, word.fitted.width, word.block)
    radius = min(rect.width, rect.height) / 2
    return [Fill(rect=rect, paint=fill, radius=radius, slot=word.slot), *text_items(word, inner, text, "center")]


def cta_items(canvas: Canvas, box: CtaSlot, word: Worded, rect: Rect, ground: Ground) -> list[Item]:
    """The button with its label, or the bare label."""
    colors = canvas.request.brand.colors
    if not word.pad:
        return text_items(word, rect, pick(colors, ("primary", "ink", "paper"), ground, TEXT_CONTRAST), box.align)
    fill = _button_fill(canvas, box, ground)
    label = max((colors["paper"], colors["ink"]), key=lambda c: contrast(c, fill))
    radius = canvas.request.brand.radius * rect.height / 2
    top = rect.center_y + word.middle - word.above
    text = Rect(rect.center_x - word.fitted.width / 2, top, word.fitted.width, word.block)
    return [Fill(rect=rect, paint=fill, radius=radius, slot="cta"), *text_items(word, text, label, "start")]


def _button_fill(canvas: Canvas, box: CtaSlot, ground: Ground) -> Color:
    """The first colour that stands out from the ground and carries a readable label."""
    colors = canvas.request.brand.colors
    paper, ink = colors["paper"], colors["ink"]
    fills = [colors[role] for role in box.fills]
    for needed in BUTTON_CONTRAST:
        for color in fills:
            if ground.contrast(color) >= needed and _labelled(color, paper, ink):
                return color
    return max([color for color in fills if _labelled(color, paper, ink)] or [ink], key=ground.contrast)


def _labelled(fill: Color, paper: Color, ink: Color) -> bool:
    """Whether a label is readable on `fill`, in paper or in ink."""
    return max(contrast(fill, paper), contrast(fill, ink)) >= 4.6


def logo_item(request: ComposeRequest, rect: Rect, ground: Ground) -> PictureItem:
    """The logo in the version that shows on this ground; a one-colour logo is recoloured when nothing else shows."""
    logo = request.logo
    assert logo is not None
    tint = None
    middle = (ground.dark + ground.light) / 2
    if request.logo_on_dark is not None and contrast(middle, request.logo_on_dark.luminance) > contrast(middle, logo.luminance):
        logo = request.logo_on_dark
    elif contrast(middle, logo.luminance) < 2.5 and len(logo.palette) <= 1:
        tint = pick(request.brand.colors, ("paper", "ink"), ground, LARGE_CONTRAST)
    return PictureItem(picture=logo.digest, rect=rect, source=logo.bounds, slot="logo", tint=tint)


#: Remedies worth telling: what the reader sees is another thing than the template shows.
NO_BUTTON = "set without a button: the label is too long for one"
_REMEDIES = {
    "no button": NO_BUTTON,
    "loose": "another break: lines end inside phrases",
    "hyphenated": "another break: words are hyphenated",
}


def _cut(word: Worded) -> str:
    """About how many characters are too many: lines grow with the size in both directions, a single line in one."""
    reached, least, length = word.fitted.reached_px, word.min_px, len(word.text.value)
    if not reached or reached >= least:
        return ""
    share = (reached / least) ** (1 if len(word.fitted.lines) <= 1 else 2)
    return f"; about {max(1, round(length * (1 - share)))} of {length} characters too many"


def slot_fit(word: Worded) -> SlotFit:
    """The overflow contract of one slot."""
    fitted = word.fitted
    return SlotFit(
        slot=word.slot, fits=fitted.fits, size=fitted.size_px, min_size=word.min_px, max_size=word.max_px,
        lines=tuple(line.text for line in fitted.lines), needed=fitted.reached_px, missing=fitted.missing,
        remedy=f"{fitted.reason}{_cut(word)}" if fitted.reason else _REMEDIES.get(fitted.remedy, ""),
    )  # fmt: skip

