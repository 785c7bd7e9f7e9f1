"""`product.covered`: type, button, logo and veils keep off the packshot."""

from __future__ import annotations

from collections.abc import Iterator

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
        yield skipped("no-product", "not checked: there is no packshot")
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


def _with(item: Item) -> Subject:
    return example.framed(overlay=(*example.FRAME.overlay, item))


RULE = Rule(
    id="product.covered",
    title="Nothing lies over the packshot",
    rationale=(
        "The product is the hero. Compares everything painted after the packshot with the box around it; "
        "corners of the box may be empty, so small overlaps are only a warning. Products inside "
        "photographs are not known and not judged."
    ),
    source=Source(ref="own limits", kind="assumed", as_of="2026-11-21"),
    severity="fail",
    version=1,
    needs=("frame",),
    limits={"warn_share": 0.01, "fail_share": 0.06},
    outcomes={
        "ok": "The packshot is clear.",
        "touched": "Something reaches into the box around the packshot.",
        "overlaid": "Something covers a part of that box.",
        "no-product": "There is no packshot.",
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
            status="skip",
            outcome="no-product",
            told="Type alone.",
            make=lambda: example.framed(base=(example.GROUND,)),
        ),
    ),
)
