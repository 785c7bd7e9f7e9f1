"""`file.blank`: the picture is not one even colour."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from affiche.check import example
from affiche.check.rule import Example, Limits, Rule, Verdict, failed, passed
from affiche.check.subject import Subject
from affiche.placement.model import Source


def _check(subject: Subject, limits: Limits) -> Iterator[Verdict]:
    colors = subject.thumbnail[..., :3].reshape(-1, 3).astype(np.int16)
    sample = np.sort(colors[::17], axis=0)  # a part is enough: the median is only the reference
    usual = (sample[(len(sample) - 1) // 2] + sample[len(sample) // 2]) // 2
    differs = np.abs(colors - usual) > limits["tolerance"]
    share = np.count_nonzero(differs[:, 0] | differs[:, 1] | differs[:, 2]) / len(colors)
    measured, limit = f"{share:.1%} differs", f"{limits['min_share']:.1%}"
    if share < limits["min_share"]:
        yield failed("blank", "the picture is one even colour", measured=measured, limit=limit)
    else:
        yield passed("the picture is not empty", measured=measured, limit=limit)


RULE = Rule(
    id="file.blank",
    title="The picture is not one even colour",
    rationale=(
        "Finds the empty file of a broken export or a broken renderer, by comparing sampled pixels with "
        "the median colour."
    ),
    source=Source(ref="own rule", kind="assumed", as_of="2026-11-21"),
    severity="fail",
    version=1,
    needs=("pixels",),
    limits={"tolerance": 6.0, "min_share": 0.004},
    kinds=("creative", "file"),
    outcomes={"ok": "Something is to be seen.", "blank": "Practically all sampled pixels have one colour."},
    check=_check,
    examples=(
        Example(status="pass", outcome="ok", told="A packshot and type on paper.", make=example.sample),
        Example(
            status="fail",
            outcome="blank",
            told="Paper and nothing on it.",
            make=lambda: example.sample(pixels=example.flat(example.PAPER)),
        ),
    ),
)
