"""`picture.rights`: the pictures may be used on the day of the build."""

from __future__ import annotations

from collections.abc import Iterator

from affiche.check import example
from affiche.check.rule import Example, Limits, Rule, Verdict, failed, passed, skipped, warned
from affiche.check.subject import Subject
from affiche.placement.model import Source
from affiche.values.rights import Rights

_RENEW = "renew the rights (`until` in the record, or the asset's rights in the library), or use another picture"


def _check(subject: Subject, _limits: Limits) -> Iterator[Verdict]:
    known = subject.rights
    for one in known:
        yield from _told(one)
    if not known:
        yield skipped("unrecorded", "not checked: nobody has recorded rights to the pictures")
    elif all(one.standing == "valid" for one in known):
        ends = sorted(one.until for one in known if one.until)
        until = f"until {ends[0]}" if ends else "without a known end"
        yield passed(f"the recorded rights hold ({until})", measured=ends[0] if ends else "")


def _told(one: Rights) -> Iterator[Verdict]:
    if one.standing == "expired":
        message = f"the rights to {one.name} ended on {one.until}: {one.says or one.source}"
        yield failed("expired", message, measured=one.until, hint=_RENEW)
    elif one.standing == "ending":
        yield warned("ending", f"the rights to {one.name} end on {one.until}", measured=one.until, hint=_RENEW)
    elif one.standing == "altered":
        hint = "import the picture again with its rights, or bring the recorded one back"
        yield warned("altered", f"{one.name} is not the picture whose rights were recorded", hint=hint)
    elif one.standing == "unreadable":
        hint = "import the picture again, or mend the file"
        yield warned("unreadable", f"the record of rights beside {one.name} cannot be read: {one.says}", hint=hint)


def _with(standing: str, until: str = "") -> Subject:
    one = Rights(name="yuzu.png", standing=standing, says="Web, Europe", source="Studio Nord", until=until)  # type: ignore[arg-type]
    return example.sample(rights=(one,))


RULE = Rule(
    id="picture.rights",
    title="The pictures may be used",
    rationale=(
        "A picture whose licence has ended must not go out. Looks at what was recorded (`affiche pictures import`, the service's "
        "library) on the day of the build; whether the record is true nobody but its author knows."
    ),
    source=Source(ref="own rule", kind="assumed", as_of="2026-11-25"),
    severity="fail",
    version=1,
    needs=(),
    outcomes={
        "ok": "The recorded rights hold.",
        "expired": "The rights to a picture have ended.",
        "ending": "They end within 30 days.",
        "altered": "The picture is not the one whose rights were recorded.",
        "unreadable": "The record cannot be read.",
        "unrecorded": "Nobody has recorded rights.",
    },
    check=_check,
    examples=(
        Example(status="pass", outcome="ok", told="Rights until 2027.", make=lambda: _with("valid", "2027-12-31")),
        Example(status="fail", outcome="expired", told="Rights that ended.", make=lambda: _with("expired", "2026-06-30")),
        Example(status="warn", outcome="ending", told="Two weeks are left.", make=lambda: _with("ending", "2026-12-09")),
        Example(status="warn", outcome="altered", told="A retouched picture.", make=lambda: _with("altered")),
        Example(status="warn", outcome="unreadable", told="A damaged record.", make=lambda: _with("unreadable")),
        Example(status="skip", outcome="unrecorded", told="A picture without a record.", make=example.sample),
    ),
)
