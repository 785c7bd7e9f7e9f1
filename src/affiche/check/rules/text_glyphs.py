"""`text.glyphs`: the fonts have a glyph for every character."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import replace

from affiche.check import example
from affiche.check.rule import Example, Limits, Rule, Verdict, failed, passed, skipped
from affiche.check.subject import Subject
from affiche.placement.model import Source


def _check(subject: Subject, _limits: Limits) -> Iterator[Verdict]:
    frame = subject.frame
    assert frame is not None
    if not frame.fits:
        yield skipped("no-type", "not checked: there is no type")
        return
    lacking = [fit for fit in frame.fits if fit.missing]
    for fit in lacking:
        yield failed(
            "missing",
            f"{fit.slot}: no font has {', '.join(map(_named, fit.missing[:5]))}",
            measured=f"{len(fit.missing)} missing",
            limit="0 missing",
            rect=subject.slot_boxes.get(fit.slot),
            hint="another character, or a brand font that has it",
        )
    if not lacking:
        yield passed("the fonts have every character")


def _named(text: str) -> str:
    names = " + ".join(f"U+{ord(c):04X} {unicodedata.name(c, 'unnamed').lower()}" for c in text[:4])
    return f"“{text}” ({names})"


RULE = Rule(
    id="text.glyphs",
    title="The fonts have a glyph for every character",
    rationale=(
        "A missing glyph prints as an empty box. Coverage is looked up in the fonts of the chain before "
        "anything is drawn; whether the glyph is the right one for the language is not judged."
    ),
    source=Source(ref="own rule", kind="assumed", as_of="2026-11-21"),
    severity="fail",
    version=1,
    needs=("frame",),
    outcomes={
        "ok": "Every character has a glyph.",
        "missing": "At least one character has none.",
        "no-type": "There is no type.",
    },
    check=_check,
    examples=(
        Example(status="pass", outcome="ok", told="A Latin headline in a Latin font.", make=example.sample),
        Example(
            status="fail",
            outcome="missing",
            told="A headline with a character that no font has.",
            make=lambda: example.framed(fits=(replace(example.FRAME.fits[0], missing=("\u16a0",)),)),
        ),
        Example(
            status="skip",
            outcome="no-type",
            told="A creative without type.",
            make=lambda: example.framed(overlay=(), fits=()),
        ),
    ),
)
