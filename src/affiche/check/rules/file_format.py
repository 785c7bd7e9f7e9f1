"""`file.format`: the platform takes this kind of file, still and in sRGB."""

from __future__ import annotations

from collections.abc import Iterator

from affiche.check import example
from affiche.check.rule import Example, Limits, Rule, Verdict, failed, passed, warned
from affiche.check.subject import Subject
from affiche.placement.model import Source
from affiche.ports import FileFacts


def _check(subject: Subject, _limits: Limits) -> Iterator[Verdict]:
    placement, file = subject.placement, subject.file
    assert placement is not None and file is not None
    taken = ", ".join(placement.formats)
    if file.format not in placement.formats:
        yield failed(
            "not-taken",
            f"{placement.name} does not take {file.format} files",
            measured=file.format,
            limit=taken,
        )
    elif file.frames > 1:
        yield failed(
            "animated",
            "the file is animated; still pictures are expected",
            measured=f"{file.frames} frames",
            limit="1 frame",
        )
    elif file.profile and "srgb" not in file.profile.lower().replace(" ", "").replace("-", ""):
        message = "the file has another colour profile; platforms may show its colours wrongly"
        yield warned("colour-profile", message, measured=file.profile, limit="sRGB or none")
    else:
        yield passed(f"{placement.name} takes {file.format} files", measured=file.format, limit=taken)


def _file(format: str = "jpeg", *, frames: int = 1, profile: str = "") -> Subject:
    file = FileFacts(format=format, size=example.SIZE, vector=False, frames=frames, profile=profile)
    return example.sample(file=file)


RULE = Rule(
    id="file.format",
    title="The platform takes this kind of file",
    rationale=(
        "The format is read from the first bytes, not from the name. Profiles other than sRGB are ignored "
        "by some platforms."
    ),
    source=Source(
        ref="formats of the placement catalog, each with its source", kind="official", as_of="2026-11-21"
    ),
    severity="fail",
    version=1,
    needs=("file", "placement"),
    kinds=("creative", "file"),
    outcomes={
        "ok": "The format is taken.",
        "not-taken": "The platform does not take the format.",
        "animated": "The file has more than one frame.",
        "colour-profile": "The embedded profile is not sRGB.",
    },
    check=_check,
    examples=(
        Example(
            status="pass", outcome="ok", told="A JPEG where JPEG and PNG are taken.", make=example.sample
        ),
        Example(
            status="fail",
            outcome="not-taken",
            told="A WebP where JPEG and PNG are taken.",
            make=lambda: _file(format="webp"),
        ),
        Example(
            status="fail",
            outcome="animated",
            told="A PNG with 12 frames.",
            make=lambda: _file(format="png", frames=12),
        ),
        Example(
            status="warn",
            outcome="colour-profile",
            told="A JPEG in Adobe RGB.",
            make=lambda: _file(profile="Adobe RGB (1998)"),
        ),
    ),
)
