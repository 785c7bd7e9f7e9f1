"""`text.size`: how large the type is as shown on the device."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from affiche.check import example
from affiche.check.rule import Example, Limits, Rule, Verdict, failed, passed, skipped, warned
from affiche.check.subject import Subject
from affiche.placement.model import Source
from affiche.values.frame import TextItem
from affiche.values.geometry import Rect
from affiche.values.locale import Locale

#: Scripts with many strokes to the letter: what is readable in Latin is not yet readable here.
_DENSE = frozenset(
    {"Hans", "Hant", "Jpan", "Kore", "Arab", "Deva", "Beng", "Taml", "Telu", "Khmr", "Mymr", "Thai", "Sinh"}
)


def _check(subject: Subject, limits: Limits) -> Iterator[Verdict]:
    lines = [item for item in subject.texts if item.slot != "logo"]
    if not lines:
        yield skipped("no-type", "not checked: there is no type")
        return
    scale = subject.shown_scale
    smallest: dict[str, TextItem] = {}
    for item in lines:
        if item.slot not in smallest or item.size < smallest[item.slot].size:
            smallest[item.slot] = item
    found = [verdict for item in smallest.values() for verdict in _judge(item, scale, limits)]
    yield from found
    if not found:
        least = min(smallest.values(), key=lambda item: item.size)
        yield passed(
            f"all type is large enough as shown; {least.slot} is the smallest",
            measured=_px(least.size * scale),
        )


def _judge(item: TextItem, scale: float, limits: Limits) -> Iterator[Verdict]:
    shown = item.size * scale
    legal = item.slot == "legal"
    least = (
        limits["legal_min_px"]
        if legal
        else limits["headline_min_px"]
        if item.slot == "headline"
        else limits["min_px"]
    )
    dense = limits["dense_legal_px"] if legal else limits["dense_px"]
    if shown < least - 0.01:
        yield failed(
            "legal-too-small" if legal else "too-small",
            f"{item.slot} is shown too small to read",
            measured=_px(shown),
            limit=_px(least),
            rect=item.ink,
            hint="shorter words, or a template with more room for them",
        )
    elif Locale.parse(item.locale).script in _DENSE and shown < dense - 0.01:
        yield warned(
            "dense-small",
            f"{item.slot} is small for a script with so many strokes",
            measured=_px(shown),
            limit=_px(dense),
            rect=item.ink,
            hint="shorter words, or a template with more room for them",
        )


def _px(shown: float) -> str:
    return f"{shown:.1f} px as shown"


def _legal(size: float, text: str = "Offer ends 31 May. Terms apply.") -> Subject:
    legal = example.line(text, Rect(60, 540, 300, 14), slot="legal", size=size)
    return example.framed(overlay=(*example.FRAME.overlay, legal))


def _kanji() -> Subject:
    small = example.line("午後を、目覚めさせよう。", Rect(60, 300, 230, 18), slot="body", size=18)
    return example.framed(overlay=(*example.FRAME.overlay, replace(small, locale="ja-JP")))


RULE = Rule(
    id="text.size",
    title="Type is large enough as shown",
    rationale=(
        "A 1080 px file is shown about 360 px wide on a phone, so a 24 px line becomes 8 px. The size of "
        "the em is scaled by the display width of the placement. The legal line has its own lower limit: "
        "what cannot be read has not been said. Measures the em, not the x-height of the face."
    ),
    source=Source(
        ref="own limits after platform guides (10-12 px body copy, 7-8 px legal lines customary)",
        kind="assumed",
        as_of="2026-11-21",
    ),
    severity="fail",
    version=1,
    needs=("frame",),
    limits={
        "min_px": 8.0,
        "headline_min_px": 10.0,
        "legal_min_px": 6.5,
        "dense_px": 10.0,
        "dense_legal_px": 7.5,
    },
    outcomes={
        "ok": "All type is at least as large as its limit.",
        "too-small": "A text is below the limit.",
        "legal-too-small": "The legal line is below its limit.",
        "dense-small": "A text in a script with many strokes is readable, but only just.",
        "no-type": "There is no type.",
    },
    check=_check,
    examples=(
        Example(
            status="pass",
            outcome="ok",
            told="A 48 px headline and a 24 px button, shown at half size.",
            make=example.sample,
        ),
        Example(
            status="fail",
            outcome="too-small",
            told="A button label of 14 px, shown as 7 px.",
            make=lambda: example.framed(
                overlay=(example.line("Find a can", Rect(80, 430, 90, 14), slot="cta", size=14),)
            ),
        ),
        Example(
            status="fail",
            outcome="legal-too-small",
            told="A legal line of 10 px, shown as 5 px.",
            make=lambda: _legal(10),
        ),
        Example(status="warn", outcome="dense-small", told="Japanese at 18 px, shown as 9 px.", make=_kanji),
        Example(
            status="skip",
            outcome="no-type",
            told="A creative without type.",
            make=lambda: example.framed(overlay=()),
        ),
    ),
)
