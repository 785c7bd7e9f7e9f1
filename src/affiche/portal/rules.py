"""Rules: what a page calls them. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from affiche.check.table import RULES
from affiche.portal.sentences import plain

#: Id of a rule -> what it demands, those that speak outside of checks among them (`trade.py`, `render/jobs.py`).
_TITLES: Mapping[str, str] = {
    **{rule.id: rule.title for rule in RULES},
    "picture.bought": "The picture that the brief wishes was bought",
    "build": "The ad could be made",
}


def title(rule: str, language: str) -> str:
    """What `rule` demands, in `language`; its id when nobody knows it."""
    return plain(_TITLES.get(rule, rule), language, "rule")
