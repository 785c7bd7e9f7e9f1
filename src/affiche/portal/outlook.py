"""Outlook: why a run stands where it stands, and what can be done about it. Offers nothing that is known to fail. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from affiche.portal.sentences import shown
from affiche.portal.shape import Row
from affiche.portal.words import translator

#: What may be wished: verb, label, icon.
Verbs = tuple[tuple[str, str, str], ...]

_CANCEL = ("cancel", "Cancel", "close")
_UNDER_WAY: Verbs = (("pause", "Pause", "pause"), _CANCEL)
_STOPPED: Mapping[str, Verbs] = {
    "paused": (("resume", "Resume", "play"), _CANCEL),
    "failed": (("retry", "Try again", "again"),),
    "partial": (("retry", "Try the failed ones again", "again"),),
    "cancelled": (("retry", "Try again", "again"),),
}
#: The reason of a run that failed by its deadline (`registry/runs.py`); its hint says so better.
TOO_LATE = "its deadline passed before it was done"
#: Instead of another try once the deadline has passed, which would fail at once.
_LATE: Mapping[str, Verbs] = {
    "paused": (_CANCEL,),
    **dict.fromkeys(("failed", "partial", "cancelled"), (("anew", "Build without a deadline", "play"),)),
}


def outlook(run: Mapping[str, Any], language: str, *, under_way: bool) -> Row:
    """`reason` and `hint` for people, in the language of the page where they are known in it; `verbs`: what may be wished."""
    t = translator(language)
    reason, hint = _reason(run, language), ""
    if under_way and run["state"] != "paused":
        return {"reason": reason, "hint": hint, "verbs": _UNDER_WAY}
    if run["state"] == "partial" and not run["totals"].get("error"):
        hint = t("Checks failed in them. Open one to see what helps; a change makes it anew.")
        return {"reason": reason, "hint": hint, "verbs": ()}
    if run["state"] in _LATE and run["deadline"] and datetime.fromisoformat(run["deadline"]) < datetime.now(UTC):
        hint = t("Its deadline has passed, so it cannot go on. Another build reuses what was made.")
        return {"reason": "" if run["reason"] == TOO_LATE else reason, "hint": hint, "verbs": _LATE[run["state"]]}
    return {"reason": reason, "hint": hint, "verbs": _STOPPED.get(run["state"], ())}


def _reason(run: Mapping[str, Any], language: str) -> str:
    if run["state"] != "partial":
        return shown(str(run["reason"]), language)
    t = translator(language)
    count = {name: run["totals"].get(name, 0) for name in ("creatives", "failed", "error")}
    return t("{failed} of {creatives} creatives failed", failed=count["failed"] + count["error"], creatives=count["creatives"])
