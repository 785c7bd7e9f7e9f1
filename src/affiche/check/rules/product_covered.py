"""`product.covered`: type, button, logo and veils keep off the packshot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from affiche.check import example
from affiche.check.rule import Example, Limits, Rule, Verdict, failed, passed, skipped, warned
from affiche.check.subject import Subject
from affiche.placement.model import Source
from affiche.values.color import Color
from affiche.values.frame import Fill, Gradient, Item, PictureItem, TextItem
from affiche.values.geometry import Rect


def _check(subject: Subject, limits: Limits) -> Iterator[Verdict]:
    product = subject.product
    if product is None:
        yield _on_photograph(subject, limits)
        return
    covers = [
        (what, common.area / product.area, common)
        for what, common in _over(subject, product)
        if common.area > 0
    ]
    if not covers:
        yield passed("nothing lies over the packshot", rect=product)
        return
    what, share, common = max(covers, key=lambda entry: entry[1])
    measured, limit = f"{share:.1%} of its box", f"{limits['warn_share']:.0%}"
    if share > limits["fail_share"]:
        yield failed(
            "overlaid", f"{what} lies over the packshot", rect=common, measured=measured, limit=limit
        )
    elif share > limits["warn_share"]:
        yield warned(
            "touched",
            f"{what} reaches into the box of the packshot",
            rect=common,
            measured=measured,
            limit=limit,
        )
    else:
        yield passed("hardly anything lies over the packshot", rect=product, measured=measured, limit=limit)


def _on_photograph(subject: Subject, limits: Limits) -> Verdict:
    """Words, button and logo on what a photograph is about, where that is known."""
    boxes = [box for item in subject.shown if (box := _subject_box(item, subject)) is not None]
    if not boxes:
        return skipped("no-product", "not checked: there is no packshot, and no subject is known")
    covers = [
        (slot, rect.intersection(box).area / box.area, rect.intersection(box))
        for box in boxes
        for slot, rect in subject.slot_boxes.items()
    ]
    slot, share, common = max(covers, key=lambda entry: entry[1], default=("", 0.0, boxes[0]))
    measured, limit = f"{share:.1%} of its box", f"{limits['subject_share']:.0%}"
    if share <= limits["subject_share"]:
        return passed("no words lie on what the photograph is about", rect=boxes[0], measured=measured, limit=limit)
    hint = "template `split`, which keeps words off the photograph, or a focal point (`picture.focal`)"
    return warned(
        "on-subject", f"{slot} lies on what the photograph is about", rect=common, measured=measured, limit=limit, hint=hint
    )


def _subject_box(item: PictureItem, subject: Subject) -> Rect | None:
    """Where the subject of a photograph is on the canvas; None when it is not known."""
    info = subject.pictures.get(item.picture)
    if item.slot != "picture" or info is None or info.subject is None:
        return None
    seen, part, at = info.subject.intersection(item.source), item.source, item.rect
    if seen.area <= 0:
        return None
    x, y = at.width / part.width, at.height / part.height
    return Rect(at.x + (seen.x - part.x) * x, at.y + (seen.y - part.y) * y, seen.width * x, seen.height * y)


def _over(subject: Subject, product: Rect) -> Iterator[tuple[str, Rect]]:
    """Everything painted after the packshot, with the part of its box that it covers."""
    frame = subject.frame
    assert frame is not None
    later = False
    for item in (*frame.base, *frame.overlay):
        if isinstance(item, PictureItem) and item.slot == "product":
            later = True
        elif later and (rect := _covering(item)) is not None:
            yield (
                item.slot if isinstance(item, Fill | TextItem | PictureItem) and item.slot else "a shape",
                rect.intersection(product),
            )


def _covering(item: Item) -> Rect | None:
    match item:
        case TextItem():
            return item.ink
        case Fill(paint=Color(a=alpha)) if alpha > 25 and not item.stroke:
            return item.rect
        case Fill(paint=Gradient() as paint) if max(color.a for color in paint.colors) > 25:
            return item.rect
        case PictureItem():
            return item.rect
    return None


def _portrait(words: Rect) -> Subject:
    info = replace(
        example.PICTURES[example.PACKSHOT], kind="photo", focal=(0.5, 0.4), focal_origin="face", subject=Rect(100, 100, 300, 600)
    )
    item = replace(example.packshot(), slot="picture")
    frame = example.framed(base=(item,), overlay=(example.line("Wake up the afternoon", words),)).frame
    return example.sample(frame=frame, pictures={example.PACKSHOT: info})


def _with(item: Item) -> Subject:
    return example.framed(overlay=(*example.FRAME.overlay, item))


RULE = Rule(
    id="product.covered",
    title="Nothing lies over the packshot",
    rationale=(
        "The product is the hero. Compares everything painted after the packshot with the box around it; "
        "corners of the box may be empty, so small overlaps are only a warning. In a photograph, "
        "faces and subjects that stand out are known; others are not, and are not judged."
    ),
    source=Source(ref="own limits", kind="assumed", as_of="2026-11-21"),
    severity="fail",
    version=2,
    needs=("frame",),
    limits={"warn_share": 0.01, "fail_share": 0.06, "subject_share": 0.04},
    outcomes={
        "ok": "The packshot is clear.",
        "touched": "Something reaches into the box around the packshot.",
        "overlaid": "Something covers a part of that box.",
        "on-subject": "Words lie on the face or the subject of a photograph.",
        "no-product": "There is no packshot, and no subject of a photograph is known.",
    },
    check=_check,
    examples=(
        Example(
            status="pass", outcome="ok", told="The headline ends left of the bottle.", make=example.sample
        ),
        Example(
            status="warn",
            outcome="touched",
            told="The last letter reaches 20 px into the box.",
            make=lambda: _with(example.line("Wake up the afternoon", Rect(60, 260, 290, 50))),
        ),
        Example(
            status="fail",
            outcome="overlaid",
            told="A headline across the bottle.",
            make=lambda: _with(example.line("Wake up the afternoon", Rect(100, 260, 400, 80))),
        ),
        Example(
            status="warn",
            outcome="on-subject",
            told="A headline across the chest of somebody in a photograph.",
            make=lambda: _portrait(Rect(100, 260, 400, 80)),
        ),
        Example(
            status="skip",
            outcome="no-product",
            told="Type alone.",
            make=lambda: example.framed(base=(example.GROUND,)),
        ),
    ),
)
