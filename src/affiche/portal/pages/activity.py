"""Activity: what happened, in sentences, and the audit log."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from starlette.requests import Request
from starlette.responses import Response

from affiche.portal.gateway import Gateway
from affiche.portal.said import QUIET, called, said, where, who
from affiche.portal.shape import Row, when
from affiche.portal.views import language_of, page
from affiche.portal.words import translator

#: Events and rows of the audit log on the page.
_EVENTS, _ROWS = 120, 60


async def listed(request: Request, api: Gateway) -> Response:
    """What happened, newest first; for administrators also who did what, and whether that log is whole."""
    language = language_of(request)
    t = translator(language)
    may = request.state.may
    names = {row["id"]: row["name"] or row["slug"] for row in (await api.get("/v1/campaigns", limit=200))["items"]}
    found = (await api.get("/v1/events", newest="true", limit=_EVENTS, without=list(QUIET)))["items"]
    people = await called(api, (event["actor"] for event in found))
    rows = [
        {
            "when": when(event["at"], language), "what": words, "href": where(event),
            "campaign": names.get(event["campaign"] or "", ""), "who": who(event["actor"], people, t),
        }
        for event in reversed(found)
        if (words := said(event, language))
    ]  # fmt: skip
    columns = [
        {"key": "what", "name": "What", "href": "href"}, {"key": "campaign", "name": "Campaign"}, {"key": "who", "name": "Who"},
        {"key": "when", "name": "When"},
    ]  # fmt: skip
    parts = [{"title": t("What happened"), "rows": _folded(rows), "columns": columns, "none": t("Nothing happened yet.")}]
    notes, links = [], []
    if may("audit.list"):
        verify = request.query_params.get("verify") == "1"
        told = await api.get("/v1/audit", limit=_ROWS, **({"verify": "true"} if verify else {}))
        people |= await called(api, (row["actor"] for row in told["items"]))
        parts.append(_audit(told["items"], people, t, language))
        links.append((t("Follow the chain of the audit log"), "/activity?verify=1"))
        notes += [_chain(told["chain"], t)] if told["chain"] else []
    return page(request, "table.html.j2", title=t("Activity"), lead="", links=links, notes=notes, parts=parts)


def _folded(rows: list[Row]) -> list[Row]:
    """The same thing done several times in a row is told once, with how often; its link is that of the newest."""
    found: list[Row] = []
    for row in rows:
        same = ("what", "campaign", "who")
        if found and all(found[-1][name] == row[name] for name in same):
            found[-1]["times"] += 1
        else:
            found.append({**row, "times": 1})
    return [{**row, "what": f"{row['what']} × {row['times']}" if row["times"] > 1 else row["what"]} for row in found]


def _audit(items: list[Row], people: Mapping[str, str], t: Callable[..., str], language: str) -> Row:
    rows = [
        {
            "seq": row["seq"], "action": row["action"], "who": who(row["actor"], people, t), "subject": row["subject"],
            "when": when(row["at"], language),
        }
        for row in items
    ]  # fmt: skip
    columns = [
        {"key": "action", "name": "Action"}, {"key": "subject", "name": "Subject"}, {"key": "who", "name": "Who"},
        {"key": "when", "name": "When"}, {"key": "seq", "name": "Number", "number": True},
    ]  # fmt: skip
    return {"title": t("Audit log"), "rows": rows, "columns": columns, "none": t("Nobody changed anything yet.")}


def _chain(chain: Row, t: Callable[..., str]) -> tuple[str, str, str]:
    if chain["broken"] is None:
        hint = t("Keep this to compare with later: {head}", head=chain["head"])
        return "good", t("The chain is whole: {rows} rows.", rows=chain["rows"]), hint
    hint = t("Somebody changed the log: ask who runs the database.")
    return "error", t("The chain is broken at row {row}.", row=chain["broken"]), hint
