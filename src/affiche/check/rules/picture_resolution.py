"""`picture.resolution`: no picture is drawn much larger than it is."""

from __future__ import annotations

from collections.abc import Iterator

from affiche.check import example
from affiche.check.rule import Example, Limits, Rule, Verdict, failed, passed, skipped, warned
from affiche.check.subject import Subject
from affiche.placement.model import Source
from affiche.values.frame import PictureItem
from affiche.values.geometry import Rect


def _check(subject: Subject, limits: Limits) -> Iterator[Verdict]:
    drawn = [(max(_scale(item), 0.0), item) for item in subject.shown if not _vector(subject, item)]
    if not drawn:
        yield skipped("no-picture", "not checked: there is no picture made of pixels")
        return
    found = [verdict for scale, item in drawn for verdict in _judge(scale, item, limits)]
    yield from found
    if not found:
        scale, item = max(drawn, key=lambda entry: entry[0])
        yield passed(
            f"no picture is enlarged much; {item.slot} the most",
            measured=f"{scale:.2f}x",
            limit=f"{limits['warn']:g}x",
        )


def _judge(scale: float, item: PictureItem, limits: Limits) -> Iterator[Verdict]:
    hint = f"the same {item.slot} with {scale:.1f} times as many pixels a side"
    if scale > limits["fail"]:
        yield failed(
            "blurred",
            f"{item.slot} is enlarged so far that it looks soft",
            measured=f"{scale:.2f}x",
            limit=f"{limits['fail']:g}x",
            rect=item.rect,
            hint=hint,
        )
    elif scale > limits["warn"]:
        yield warned(
            "enlarged",
            f"{item.slot} is enlarged",
            measured=f"{scale:.2f}x",
            limit=f"{limits['warn']:g}x",
            rect=item.rect,
            hint=hint,
        )


def _scale(item: PictureItem) -> float:
    """Px of the canvas per px of the picture, on the side that is enlarged more."""
    return max(
        item.rect.width / max(1e-6, item.source.width), item.rect.height / max(1e-6, item.source.height)
    )


def _vector(subject: Subject, item: PictureItem) -> bool:
    info = subject.pictures.get(item.picture)
    return info is not None and info.vector


def _drawn_from(width: float, height: float) -> Subject:
    return example.framed(base=(example.packshot(source=Rect(0, 0, width, height)),))


RULE = Rule(
    id="picture.resolution",
    title="No picture is enlarged so far that it looks soft",
    rationale=(
        "Compares the px of each picture that are shown with the px of the file they fill. Says nothing "
        "of pictures that were already soft. Vector logos are exempt."
    ),
    source=Source(ref="own limits", kind="assumed", as_of="2026-11-21"),
    severity="fail",
    version=1,
    needs=("frame",),
    limits={"warn": 1.25, "fail": 2.0},
    outcomes={
        "ok": "No picture is enlarged beyond the first limit.",
        "enlarged": "A picture is enlarged beyond the first limit.",
        "blurred": "A picture is enlarged beyond the second limit.",
        "no-picture": "There is no picture made of pixels.",
    },
    check=_check,
    examples=(
        Example(status="pass", outcome="ok", told="A 500x1000 packshot drawn 180x360.", make=example.sample),
        Example(
            status="warn",
            outcome="enlarged",
            told="A 120x240 packshot drawn 180x360.",
            make=lambda: _drawn_from(120, 240),
        ),
        Example(
            status="fail",
            outcome="blurred",
            told="A 60x120 packshot drawn 180x360.",
            make=lambda: _drawn_from(60, 120),
        ),
        Example(
            status="skip",
            outcome="no-picture",
            told="Type alone.",
            make=lambda: example.framed(base=(example.GROUND,), overlay=(example.HEADLINE,)),
        ),
    ),
)
