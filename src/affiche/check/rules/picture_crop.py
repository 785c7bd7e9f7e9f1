"""`picture.crop`: packshots are shown whole; photographs keep their focal point and a good part of themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from affiche.check import example
from affiche.check.rule import Example, Limits, Rule, Verdict, failed, passed, skipped, warned
from affiche.check.subject import Subject
from affiche.placement.model import Source
from affiche.ports import PictureInfo
from affiche.values.frame import PictureItem
from affiche.values.geometry import Rect


def _check(subject: Subject, limits: Limits) -> Iterator[Verdict]:
    known = [
        (item, subject.pictures[item.picture])
        for item in subject.shown
        if item.slot in ("product", "picture", "before") and item.picture in subject.pictures
    ]
    if not known:
        yield skipped("no-picture", "not checked: there is no picture, or nothing is known of it")
        return
    for item, info in known:
        yield _judge(item, info, limits)


def _judge(item: PictureItem, info: PictureInfo, limits: Limits) -> Verdict:
    shown = item.source.intersection(info.bounds).area / max(1e-6, info.bounds.area)
    measured = f"{shown:.0%} shown"
    if info.kind == "cutout":
        least = limits["cutout_share"]
        if shown < least:
            return failed(
                "product-cut",
                "the packshot is not shown whole",
                measured=measured,
                limit=f"{least:.0%}",
                rect=item.rect,
            )
        return passed("the packshot is shown whole", measured=measured, rect=item.rect)
    if info.focal is not None and info.focal_origin != "centre" and not _holds(item.source, info):
        message = f"the crop loses the point to keep ({info.focal_origin})"
        return failed(
            "focal-lost", message, measured=measured, rect=item.rect, hint="another picture for this shape"
        )
    kept = _kept(item.source, info)
    if kept < limits["subject_share"]:
        make = failed if kept < limits["subject_lost"] else warned
        return make(
            "subject-lost" if kept < limits["subject_lost"] else "subject-cut",
            f"the crop loses {1 - kept:.0%} of what the photograph is about",
            measured=f"{kept:.0%} of the subject",
            limit=f"{limits['subject_share']:.0%}",
            rect=item.rect,
            hint="a photograph closer to this shape, or a focal point (`picture.focal`)",
        )
    if shown < limits["photo_share"]:
        hint = "a photograph closer to this shape, or a focal point (`picture.focal`)"
        limit = f"{limits['photo_share']:.0%}"
        return warned(
            "tight",
            "much of the photograph is cut away",
            measured=measured,
            limit=limit,
            rect=item.rect,
            hint=hint,
        )
    if info.subject is not None:
        measured += f", {kept:.0%} of the subject"
    return passed("the photograph keeps its point and enough around it", measured=measured, rect=item.rect)


def _kept(source: Rect, info: PictureInfo) -> float:
    """Share of the subject's box inside the crop; 1 where nobody knows the subject."""
    if info.subject is None or info.subject.area <= 0:
        return 1.0
    return source.intersection(info.subject).area / info.subject.area


def _holds(source: Rect, info: PictureInfo) -> bool:
    assert info.focal is not None
    x = info.bounds.x + info.focal[0] * info.bounds.width
    y = info.bounds.y + info.focal[1] * info.bounds.height
    return source.contains(Rect(x, y, 0, 0))


def _photo(source: Rect, subject: Rect | None = None) -> Subject:
    packshot = example.PICTURES[example.PACKSHOT]
    info = replace(packshot, kind="photo", focal=(0.5, 0.2), focal_origin="face", subject=subject)
    item = replace(example.packshot(source=source), slot="picture")
    made = example.framed(base=(item,))
    return example.sample(frame=made.frame, pictures={example.PACKSHOT: info})


RULE = Rule(
    id="picture.crop",
    title="Packshots are whole, photographs keep their point",
    rationale=(
        "A product that is cut off looks like a mistake. A photograph may be cropped to the shape of the "
        "ad, but must keep the point that the brief gave or the face that was found, should keep what it is "
        "about whole (the box of faces, or of a subject that stands out; unknown in busy scenes), and a good part of itself."
    ),
    source=Source(ref="own limits", kind="assumed", as_of="2026-11-21"),
    severity="fail",
    version=2,
    needs=("frame",),
    limits={"cutout_share": 0.99, "photo_share": 0.35, "subject_share": 0.85, "subject_lost": 0.5},
    outcomes={
        "ok": "Nothing that matters is cut away.",
        "product-cut": "A part of the packshot is not shown.",
        "focal-lost": "The point to keep lies outside the crop.",
        "subject-cut": "A part of what the photograph is about lies outside the crop.",
        "subject-lost": "Most of what the photograph is about lies outside the crop.",
        "tight": "Much of the photograph is cut away.",
        "no-picture": "There is no picture, or nothing is known of it.",
    },
    check=_check,
    examples=(
        Example(status="pass", outcome="ok", told="A packshot shown whole.", make=example.sample),
        Example(
            status="fail",
            outcome="product-cut",
            told="The lower half of a bottle.",
            make=lambda: example.framed(base=(example.packshot(source=Rect(0, 500, 500, 500)),)),
        ),
        Example(
            status="fail",
            outcome="focal-lost",
            told="A portrait cropped below the face.",
            make=lambda: _photo(Rect(0, 400, 500, 600)),
        ),
        Example(
            status="warn",
            outcome="subject-cut",
            told="A crop that takes a fifth off a bottle.",
            make=lambda: _photo(Rect(0, 0, 500, 640), subject=Rect(150, 100, 200, 675)),
        ),
        Example(
            status="fail",
            outcome="subject-lost",
            told="A crop that keeps a bottle's neck.",
            make=lambda: _photo(Rect(0, 0, 500, 500), subject=Rect(150, 180, 200, 800)),
        ),
        Example(
            status="warn",
            outcome="tight",
            told="A quarter of a portrait.",
            make=lambda: _photo(Rect(0, 0, 500, 250)),
        ),
        Example(
            status="skip",
            outcome="no-picture",
            told="Type alone.",
            make=lambda: example.framed(base=(example.GROUND,)),
        ),
    ),
)
