"""`text.fit`: every text fits its slot at an allowed size, none was left out, no ink leaves the canvas."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from affiche.check import example
from affiche.check.rule import Example, Limits, Rule, Verdict, failed, passed, skipped, warned
from affiche.check.subject import Subject
from affiche.placement.model import Source
from affiche.values.frame import SlotFit
from affiche.values.geometry import Rect


def _check(subject: Subject, limits: Limits) -> Iterator[Verdict]:
    frame = subject.frame
    assert frame is not None
    canvas = Rect(0, 0, frame.size.width, frame.size.height)
    found = [verdict for fit in frame.fits for verdict in _judge(fit, subject)]
    for item in frame.texts:
        if not canvas.contains(item.ink, tolerance=limits["tolerance_px"]):
            found.append(failed("cut", f"{item.slot}: “{item.text}” runs off the canvas", rect=item.ink))
    yield from found
    if not found:
        sized = [fit for fit in frame.fits if fit.lines]
        if sized:
            tightest = min(sized, key=lambda fit: fit.size / max(1e-6, fit.min_size))
            message, measured = (
                f"every text fits; {tightest.slot} is closest to its smallest size",
                f"{tightest.size:.0f} px",
            )
            yield passed(message, measured=measured, limit=f"{tightest.min_size:.0f} px")
        else:
            yield skipped("no-type", "not checked: there is no type")


def _judge(fit: SlotFit, subject: Subject) -> Iterator[Verdict]:
    rect = subject.slot_boxes.get(fit.slot)
    if fit.fits and not fit.lines and fit.remedy:
        make = failed if fit.slot == "legal" else warned
        yield make("legal-left-out" if fit.slot == "legal" else "left-out", fit.remedy, rect=rect)
    elif not fit.fits:
        yield failed(
            "overflow",
            f"{fit.slot} does not fit even at its smallest size",
            measured=f"{fit.needed or fit.size:.0f} px would fit",
            limit=f"{fit.min_size:.0f} px",
            rect=rect,
            hint=fit.remedy or "shorter words",
        )


def _fit(**changes: object) -> Subject:
    return example.framed(fits=(replace(example.FRAME.fits[0], **changes),))  # type: ignore[arg-type]


RULE = Rule(
    id="text.fit",
    title="Every text fits where it stands",
    rationale=(
        "Text that is cut, shrunk without limit or silently dropped is the classic fault of automatic "
        "ads. The layout says for each text at which size it fits; this rule repeats that as a finding "
        "and looks whether any ink leaves the canvas."
    ),
    source=Source(ref="own rule (overflow contract)", kind="assumed", as_of="2026-11-21"),
    severity="fail",
    version=1,
    needs=("frame",),
    limits={"tolerance_px": 1.0},
    outcomes={
        "ok": "Every text fits at an allowed size.",
        "overflow": "A text does not fit at the smallest size its slot allows.",
        "left-out": "A text was left out because there is no room for it here.",
        "legal-left-out": "The legal line was left out.",
        "cut": "Ink runs off the canvas.",
        "no-type": "There is no type.",
    },
    check=_check,
    examples=(
        Example(
            status="pass",
            outcome="ok",
            told="A headline at 48 px in a slot of 30 to 60 px.",
            make=example.sample,
        ),
        Example(
            status="fail",
            outcome="overflow",
            told="A German headline that would fit at 22 px, the slot allows 30 px.",
            make=lambda: _fit(fits=False, needed=22.0),
        ),
        Example(
            status="warn",
            outcome="left-out",
            told="The body copy was left out of a small banner.",
            make=lambda: _fit(slot="body", lines=(), remedy="body left out: there is no room for it here"),
        ),
        Example(
            status="fail",
            outcome="legal-left-out",
            told="The legal line was left out of a small banner.",
            make=lambda: _fit(slot="legal", lines=(), remedy="legal left out: there is no room for it here"),
        ),
        Example(
            status="fail",
            outcome="cut",
            told="A line that ends 12 px outside the canvas.",
            make=lambda: example.framed(overlay=(example.line("Wake up", Rect(400, 200, 212, 50)),)),
        ),
        Example(
            status="skip",
            outcome="no-type",
            told="A creative without type.",
            make=lambda: example.framed(overlay=(), fits=()),
        ),
    ),
)
