"""`file.weight`: the file is not heavier than the placement takes."""

from __future__ import annotations

from collections.abc import Iterator

from affiche.check import example
from affiche.check.rule import Example, Limits, Rule, Verdict, failed, passed
from affiche.check.subject import Subject
from affiche.placement.model import Source


def _check(subject: Subject, _limits: Limits) -> Iterator[Verdict]:
    placement = subject.placement
    assert placement is not None
    measured, limit = f"{subject.file_bytes / 1000:.1f} kB", f"{placement.max_bytes / 1000:g} kB"
    if subject.file_bytes > placement.max_bytes:
        hint = "JPEG or WebP instead of PNG, or a lower quality"
        yield failed(
            "heavy",
            f"the file is heavier than {placement.name} takes",
            measured=measured,
            limit=limit,
            hint=hint,
        )
    else:
        yield passed(f"{placement.name} takes this weight", measured=measured, limit=limit)


RULE = Rule(
    id="file.weight",
    title="The file is not heavier than the placement takes",
    rationale=(
        "Ad servers reject heavier files. kB are 1000 bytes; counted without metadata that is added on "
        "delivery."
    ),
    source=Source(
        ref="weight limits of the placement catalog, each with its source",
        kind="official",
        as_of="2026-11-21",
    ),
    severity="fail",
    version=1,
    needs=("file", "placement"),
    kinds=("creative", "file"),
    outcomes={"ok": "It is light enough.", "heavy": "It is heavier than the limit."},
    check=_check,
    examples=(
        Example(status="pass", outcome="ok", told="80 kB where 150 kB are allowed.", make=example.sample),
        Example(
            status="fail",
            outcome="heavy",
            told="180 kB where 150 kB are allowed.",
            make=lambda: example.sample(file_bytes=180_000),
        ),
    ),
)
