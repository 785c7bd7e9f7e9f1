"""`file.dimensions`: the file has the pixel size that the placement asks for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from affiche.check import example
from affiche.check.rule import Example, Limits, Rule, Verdict, failed, passed, warned
from affiche.check.subject import Subject
from affiche.placement.model import Placement, Source
from affiche.ports import FileFacts
from affiche.values.geometry import Size


def _check(subject: Subject, _limits: Limits) -> Iterator[Verdict]:
    placement, file = subject.placement, subject.file
    assert placement is not None and file is not None
    yield _judge(file.size, placement, laid_out=subject.frame is not None)


def _judge(size: Size, placement: Placement, *, laid_out: bool) -> Verdict:
    measured, limit = str(size), str(placement.size)
    if size == placement.size:
        return passed("the file has the size that the placement asks for", measured=measured, limit=limit)
    if laid_out or placement.aspect_tolerance == 0:
        return failed(
            "other-size", f"{placement.name} asks for exactly {limit}", measured=measured, limit=limit
        )
    off = abs(size.ratio / placement.size.ratio - 1)
    if off > placement.aspect_tolerance:
        limit = f"{placement.size.ratio:.3f} +-{placement.aspect_tolerance:.0%}"
        return failed(
            "other-ratio",
            "the file has another shape than the placement",
            measured=f"{size.ratio:.3f}",
            limit=limit,
        )
    least, most = placement.min_size, placement.max_size
    if least is not None and (size.width < least.width or size.height < least.height):
        return failed(
            "too-small", f"{placement.name} asks for at least {least}", measured=measured, limit=str(least)
        )
    if most is not None and (size.width > most.width or size.height > most.height):
        return failed(
            "too-large", f"{placement.name} takes at most {most}", measured=measured, limit=str(most)
        )
    if size.width < placement.size.width:
        return warned(
            "below-master", "accepted, but smaller than recommended", measured=measured, limit=limit
        )
    return passed(
        "the shape is right and the size is accepted", outcome="accepted", measured=measured, limit=limit
    )


def _sized(width: int, height: int, **changes: object) -> Subject:
    placement = replace(example.PLACEMENT, **changes)  # type: ignore[arg-type]
    file = FileFacts(format="jpeg", size=Size(width=width, height=height), vector=False)
    return example.sample(frame=None, file=file, placement=placement)


RULE = Rule(
    id="file.dimensions",
    title="The file has the pixel size that the placement asks for",
    rationale=(
        "Creatives that Affiche lays out must match exactly. Other files may differ in size where the "
        "placement accepts a range (smallest, largest, tolerance of the ratio); fixed display sizes "
        "accept none."
    ),
    source=Source(
        ref="sizes of the placement catalog, each with its source", kind="official", as_of="2026-11-21"
    ),
    severity="fail",
    version=1,
    needs=("file", "placement"),
    kinds=("creative", "file"),
    outcomes={
        "ok": "Exactly the asked size.",
        "accepted": "Another size of the same shape that the platform accepts.",
        "below-master": "Accepted, but smaller than recommended.",
        "other-size": "Another size where exactly one is accepted.",
        "other-ratio": "Another shape.",
        "too-small": "Below the smallest accepted size.",
        "too-large": "Above the largest accepted size.",
    },
    check=_check,
    examples=(
        Example(status="pass", outcome="ok", told="600x600 for a 600x600 placement.", make=example.sample),
        Example(
            status="pass",
            outcome="accepted",
            told="1200x1200 from elsewhere for a 600x600 placement.",
            make=lambda: _sized(1200, 1200),
        ),
        Example(
            status="warn",
            outcome="below-master",
            told="400x400 from elsewhere, 300x300 is the least.",
            make=lambda: _sized(400, 400),
        ),
        Example(
            status="fail",
            outcome="other-size",
            told="600x590 for a fixed 600x600.",
            make=lambda: _sized(600, 590, aspect_tolerance=0.0),
        ),
        Example(
            status="fail", outcome="other-ratio", told="600x500 for a square.", make=lambda: _sized(600, 500)
        ),
        Example(
            status="fail",
            outcome="too-small",
            told="200x200 where 300x300 is the least.",
            make=lambda: _sized(200, 200),
        ),
        Example(
            status="fail",
            outcome="too-large",
            told="5000x5000 where 4320x4320 is the most.",
            make=lambda: _sized(5000, 5000, max_size=Size(width=4320, height=4320)),
        ),
    ),
)
