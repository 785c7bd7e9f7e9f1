"""Said: what happened, as a sentence for people. Events that say nothing to people are in `QUIET`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from affiche.portal.gateway import Gateway
from affiche.portal.sentences import plain
from affiche.portal.shape import Row
from affiche.portal.words import translator

#: Names that are asked for at once.
_NAMES = 200
#: Kinds that tell how far something is; many of them, and gone when it is done.
QUIET = ("run.progress", "creative.made", "run.words")
#: States of a build that people care for, when it comes there.
_ENDS = {
    "needs-review": "Built: {creatives} ads, {passed} passed, {flagged} flagged",
    "partial": "Built in part: {creatives} ads, {failed} failed",
    "failed": "The build failed: {reason}",
    "cancelled": "The build was cancelled",
    "approved": "All ads are approved",
    "delivered": "Delivered",
}
_KINDS = {
    "campaign.made": "The brief was stored",
    "campaign.revised": "Revision {revision} of the brief",
    "run.waiting": "The build waits: {reason}",
    "run.dead-letter": "Given up after {tries} tries: {reason}",
    "picture.accepted": "A picture that was paid for before was taken",
    "picture.withdrawn": "A picture was given back",
    "approval.withdrawn": "A decision was taken back",
    "comment.made": "A comment on an ad",
    "comment.resolved": "A comment was settled",
    "asset.ready": "{name} came into the library",
    "asset.deleted": "A file was removed from the library",
    "arrival.refused": "{name} was refused: {reason}",
    "package.made": "A package of {creatives} ads",
}
#: What sentences name, as it is when an event does not say it.
_BLANK: Row = {"creatives": 0, "passed": 0, "flagged": 0, "failed": 0, "reason": "", "revision": 0, "tries": 0, "name": ""}
#: Whose reason is said by code, not by a person.
_FROM_CODE = frozenset({"run.state", "run.waiting", "run.dead-letter", "arrival.refused"})
_DECIDED = {"approved": "Approved an ad", "rejected": "Rejected an ad: {reason}", "changes": "Asked for a change: {reason}"}
_WISHED = {
    "pause": "The build was paused", "resume": "The build goes on", "retry": "What failed is made again",
    "cancel": "The build was stopped",
}  # fmt: skip


def said(event: Mapping[str, Any], language: str) -> str:
    """The sentence; empty for what is not worth one."""
    t, kind, data = translator(language), str(event["kind"]), event["data"]
    if kind == "run.state":
        words = _ENDS.get(str(data.get("state")), "")
    elif kind == "approval.made":
        words = _DECIDED.get(str(data.get("decision")), "")
    elif kind == "run.wish":
        words = _WISHED.get(str(data.get("wish")), "")
    elif kind in QUIET:
        words = ""
    else:
        words = _KINDS.get(kind, kind)
    totals = data.get("totals") if isinstance(data.get("totals"), dict) else {}
    known = {**_BLANK, **{name: value for name, value in (totals | data).items() if name in _BLANK}}
    if kind in _FROM_CODE:
        known["reason"] = plain(str(known["reason"]), language)
    text = t(words, **known) if words else ""
    return text.removesuffix(": ").rstrip()


def where(event: Mapping[str, Any]) -> str:
    """The page that shows more of it; empty when there is none."""
    creative = event["data"].get("creative")
    if creative and str(event["kind"]).startswith(("approval.", "comment.")):
        return f"/creatives/{creative}"
    if event["kind"] == "asset.ready":
        return f"/library/{event['data']['id']}"
    return f"/campaigns/{event['campaign']}" if event["campaign"] else ""


async def called(api: Gateway, actors: Iterable[str]) -> dict[str, str]:
    """The names of those who did things, by their ids."""
    known = sorted({actor for actor in actors if actor.startswith(("per_", "key_"))})
    parts = [known[at : at + _NAMES] for at in range(0, len(known), _NAMES)]
    return {one["id"]: one["name"] for part in parts for one in (await api.get("/v1/names", id=part))["items"]}


def who(actor: str, names: Mapping[str, str], t: Callable[..., str]) -> str:
    """A person by name; what works for nobody in particular is the service."""
    if actor in names:
        return names[actor]
    if actor == "local":
        return t("this machine")
    return t("somebody who left") if actor.startswith(("per_", "key_")) else t("the service")
