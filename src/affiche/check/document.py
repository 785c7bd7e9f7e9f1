"""docs/rules.md, written from the rules themselves, so that it cannot say anything else than they do."""

from __future__ import annotations

from collections.abc import Iterator

from affiche.check.profile import Profile
from affiche.check.rule import Rule
from affiche.check.table import RULES

_HEAD = """\
# Rules

Every creative that `affiche build` makes is checked with the rules below, and `affiche check FILE...` runs those that a
picture file alone can answer. A finding has a status (`pass`, `warn`, `fail`, `error` when the rule itself broke, `skip` with
the condition that was missing), a code, what was measured, the limit, and where. A rule claims no more than it measures: what
it does not look at is said in its text. Warnings make a creative `flagged`, fails make it `failed`.

Limits can be changed by a profile (`src/affiche/check/profiles/`), per channel, with a reason and, for legal rules, with the
dates between which they count. What is in force is part of the key of every finding. `affiche rules --channel iab` prints it.

This page is generated from the rules (`affiche.check.document`); a test compares the two.
"""


def rules_page(profiles: tuple[Profile, ...]) -> str:
    """The page in Markdown; `profiles` are the channels' own (without the default)."""
    return "\n".join(
        [_HEAD, *_overview(), *(line for rule in RULES for line in _section(rule)), *_changes(profiles)]
    )


def _overview() -> Iterator[str]:
    yield "| rule | what it says | at worst | looks at |"
    yield "|---|---|---|---|"
    for rule in RULES:
        kinds = ", ".join(f"{kind}s" for kind in rule.kinds)
        yield f"| [`{rule.id}`](#{_anchor(rule.id)}) | {rule.title} | {rule.severity} | {kinds} |"
    yield ""


def _section(rule: Rule) -> Iterator[str]:
    yield f"## {rule.id}\n"
    yield f"**{rule.title}.** {rule.rationale}\n"
    yield f"Source: {rule.source.ref} ({rule.source.kind.replace('_', ' ')}, {rule.source.as_of}). Version {rule.version}.\n"
    if rule.limits:
        limits = ", ".join(f"`{name}` {value:g}" for name, value in rule.limits.items())
        yield f"Limits: {limits}.\n"
    yield "| code | status | meaning | example |"
    yield "|---|---|---|---|"
    for shown in rule.examples:
        yield f"| `{rule.id}.{shown.outcome}` | {shown.status} | {rule.outcomes[shown.outcome]} | {shown.told} |"
    yield ""


def _changes(profiles: tuple[Profile, ...]) -> Iterator[str]:
    yield "## What channels change\n"
    yield "| channel | rule | change | why |"
    yield "|---|---|---|---|"
    for profile in profiles:
        for override in profile.overrides:
            changes = [f"`{name}` {value:g}" for name, value in override.limits.items()]
            changes += [f"at worst {override.severity}"] if override.severity else []
            yield f"| {profile.id} | `{override.rule}` | {', '.join(changes)} | {override.reason} |"
    yield ""


def _anchor(id: str) -> str:
    """As GitHub makes anchors of headings: dots vanish."""
    return id.replace(".", "")
