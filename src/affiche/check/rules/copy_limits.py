"""`copy.limits`: the copy also fits the text fields that the platform shows beside the picture."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import replace

from affiche.check import example
from affiche.check.rule import Example, Limits, Rule, Verdict, failed, passed, skipped, warned
from affiche.check.subject import Subject
from affiche.placement.model import CopyLimit, Source
from affiche.values.locale import Locale
from affiche.values.text import Text

#: Which field of the platform takes which of our texts: the first that the placement has.
_FIELDS: Mapping[str, tuple[str, ...]] = {"headline": ("headline",), "body": ("primary", "description")}
#: What to use when the first field is too short for the text.
_LONGER = {"headline": "long_headline"}
_URL = re.compile(r"\bhttps?://\S+|\bwww\.\S+", re.IGNORECASE)
_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\u2b50\u2b55\u231a\u231b\u23e9-\u23f3]")


def _check(subject: Subject, _limits: Limits) -> Iterator[Verdict]:
    placement = subject.placement
    assert placement is not None
    pairs = [
        (role, text, field)
        for role, text in subject.words.items()
        if (field := _field(role, placement.copy_limits))
    ]
    if not pairs:
        yield skipped("no-limits", f"not checked: {placement.name} has no text fields for this copy")
        return
    found = [verdict for role, text, field in pairs for verdict in _judge(role, text, field, subject)]
    yield from found
    if not found:
        yield passed(
            f"{', '.join(role for role, _, _ in pairs)} would fit the text fields of {placement.name}"
        )


def _field(role: str, fields: Mapping[str, CopyLimit]) -> str:
    return next((name for name in _FIELDS.get(role, ()) if name in fields), "")


def _judge(role: str, text: Text, field: str, subject: Subject) -> Iterator[Verdict]:
    placement = subject.placement
    assert placement is not None
    fields, script = placement.copy_limits, Locale.parse(text.locale).script
    limit, longer = fields[field], fields.get(_LONGER.get(role, ""))
    count = length(text.value, limit)
    hard, visible = limit.hard_for(script), limit.visible_for(script)
    rect, told = subject.word_box(role), f"{count} characters"
    if hard and count > hard:
        if longer is not None and count <= longer.hard_for(script):
            yield warned(
                "long-field-only",
                f"{role} fits the long {field} field of {placement.name} only",
                measured=told,
                limit=str(hard),
                rect=rect,
            )
        else:
            yield failed(
                "rejected",
                f"{role} is longer than the {field} field of {placement.name} takes",
                measured=told,
                limit=str(hard),
                rect=rect,
            )
    elif visible and count > visible:
        yield warned(
            "truncated",
            f"{placement.name} cuts the {field} field after {visible} characters",
            measured=told,
            limit=str(visible),
            rect=rect,
        )
    yield from _characters(role, text, limit, subject)


def _characters(role: str, text: Text, limit: CopyLimit, subject: Subject) -> Iterator[Verdict]:
    assert subject.placement is not None
    name, emoji = subject.placement.name, len(_EMOJI.findall(text.value))
    if limit.emoji_max is not None and emoji > limit.emoji_max:
        yield failed(
            "emoji",
            f"{role} has more emoji than {name} takes",
            measured=f"{emoji} emoji",
            limit=str(limit.emoji_max),
            rect=subject.word_box(role),
        )
    banned = "".join(dict.fromkeys(c for c in text.value if c in limit.forbidden))
    if banned:
        yield failed(
            "characters",
            f"{role} has characters that {name} rejects",
            measured=banned,
            limit=f"none of {limit.forbidden}",
            rect=subject.word_box(role),
        )


def length(text: str, limit: CopyLimit) -> int:
    """Characters as the platform counts them: composed (NFC), a link as its fixed price where there is one."""
    if limit.link_length:
        text = _URL.sub("x" * limit.link_length, text)
    return len(unicodedata.normalize("NFC", text))


def _two_fields(headline: str = "Wake up the afternoon with a yuzu!") -> Subject:
    fields = {"headline": CopyLimit(hard_max=30, forbidden="#"), "long_headline": CopyLimit(hard_max=90)}
    words = {"headline": Text(value=headline, locale="en-US")}
    return example.sample(words=words, placement=replace(example.PLACEMENT, copy_limits=fields))


RULE = Rule(
    id="copy.limits",
    title="The copy would fit the platform's own text fields",
    rationale=(
        "Headline and body are usually entered beside the picture as well. Counted as the platform counts "
        "(lower limits for some scripts, links at a fixed price); a platform rejects beyond the hard "
        "limit and cuts after the visible one. Says nothing about the type inside the picture."
    ),
    source=Source(
        ref="text limits of the placement catalog, each with its source", kind="official", as_of="2026-11-21"
    ),
    severity="fail",
    version=1,
    needs=("words", "placement"),
    outcomes={
        "ok": "Every text would fit its field.",
        "rejected": "A text is longer than its field takes.",
        "long-field-only": "The headline fits only the platform's long headline.",
        "truncated": "The platform would cut the text.",
        "emoji": "More emoji than the platform takes.",
        "characters": "Characters that the platform rejects.",
        "no-limits": "The placement has no text fields for this copy, or their limits are not known.",
    },
    check=_check,
    examples=(
        Example(
            status="pass", outcome="ok", told="21 characters in a headline field of 40.", make=example.sample
        ),
        Example(
            status="warn",
            outcome="truncated",
            told="34 characters where 30 are shown.",
            make=lambda: example.said(headline="Wake up the afternoon with a yuzu!"),
        ),
        Example(
            status="fail",
            outcome="rejected",
            told="44 characters in a headline field of 40.",
            make=lambda: example.said(headline="Wake up the long afternoon with sparkling yu"),
        ),
        Example(
            status="warn",
            outcome="long-field-only",
            told="A 34-character headline for a short field of 30 and a long one of 90.",
            make=_two_fields,
        ),
        Example(
            status="fail",
            outcome="emoji",
            told="An emoji where none are taken.",
            make=lambda: example.said(headline="Wake up \U0001f34b"),
        ),
        Example(
            status="fail",
            outcome="characters",
            told="A `#` where the platform rejects it.",
            make=lambda: _two_fields("Wake up #yuzu"),
        ),
        Example(
            status="skip",
            outcome="no-limits",
            told="A legal line only.",
            make=lambda: example.said(legal="Terms apply."),
        ),
    ),
)
