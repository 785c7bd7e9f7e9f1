"""`text.glyphs`: the fonts have a glyph for every character."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import replace

import affiche_fonts
from affiche.check import example
from affiche.check.rule import Example, Limits, Rule, Verdict, failed, passed, skipped, warned
from affiche.check.subject import Subject
from affiche.compose.typeset.fonts import add_brand_family
from affiche.compose.typeset.itemize import borrowed
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
    lent = list(_borrowed(subject))
    yield from lent
    if not lacking and not lent:
        yield passed("the fonts have every character")


def _borrowed(subject: Subject) -> Iterator[Verdict]:
    """What the brand's own fonts lack of a script that they otherwise have, once per character and slot."""
    assert subject.frame is not None
    seen: set[tuple[str, str]] = set()
    for line in subject.frame.texts:
        lent = [(c, alias) for c, alias in borrowed(line.text, line.fonts) if (line.slot, c) not in seen]
        seen |= {(line.slot, c) for c, _ in lent}
        if lent:
            told = ", ".join(f"{_named(c)} from {alias}" for c, alias in lent[:5])
            yield warned(
                "borrowed", f"{line.slot}: the brand's font lacks {told}", measured=f"{len(lent)} borrowed",
                limit="0 borrowed", rect=line.ink, hint="another wording, or a version of the font that has it",
            )  # fmt: skip


def _named(text: str) -> str:
    names = " + ".join(f"U+{ord(c):04X} {unicodedata.name(c, 'unnamed').lower()}" for c in text[:4])
    return f"“{text}” ({names})"


def _lent() -> Subject:
    family = add_brand_family("Example", {700: affiche_fonts.path("Bricolage Grotesque 700").read_bytes()})
    head = example.FRAME.texts[0]
    line = replace(head, text="Hər gün", fonts=(f"{family} 700", "Manrope 700"))
    return example.framed(overlay=tuple(line if item is head else item for item in example.FRAME.overlay))


RULE = Rule(
    id="text.glyphs",
    title="The fonts have a glyph for every character",
    rationale=(
        "A missing glyph prints as an empty box. Coverage is looked up in the fonts of the chain before "
        "anything is drawn; whether the glyph is the right one for the language is not judged."
    ),
    source=Source(ref="own rule", kind="assumed", as_of="2026-11-21"),
    severity="fail",
    version=2,
    needs=("frame",),
    outcomes={
        "ok": "Every character has a glyph.",
        "missing": "At least one character has none.",
        "borrowed": "The brand's own font lacks a character; a shipped font of the nearest weight lends it.",
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
            status="warn",
            outcome="borrowed",
            told="A headline with a letter that the brand's own font does not have.",
            make=_lent,
        ),
        Example(
            status="skip",
            outcome="no-type",
            told="A creative without type.",
            make=lambda: example.framed(overlay=(), fits=()),
        ),
    ),
)
