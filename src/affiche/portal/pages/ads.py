"""Ads: one creative, large, with everything that is known of it; what is decided, said and changed; two against each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml
from starlette.requests import Request
from starlette.responses import Response

from affiche.portal.forms import fields_of, text, to
from affiche.portal.gateway import Gateway, Refused
from affiche.portal.shape import Row, every, language_name, when
from affiche.portal.views import language_of, page
from affiche.portal.words import translator

_ORDER = ("display", "offer", "quote", "headline", "subhead", "body", "price", "old_price", "cta", "legal")


async def shown(request: Request, api: Gateway) -> Response:
    """One creative."""
    id = request.path_params["id"]
    creative = await api.get(f"/v1/creatives/{id}")
    campaign = await api.get(f"/v1/campaigns/{creative['campaign']}")
    found = (await api.get("/v1/findings", creative=id))["items"]
    passes = (await api.get("/v1/findings", creative=id, status="pass"))["items"]
    said = (await api.get(f"/v1/creatives/{id}/comments"))["items"]
    family = [c["id"] for c in await every(api.get, "/v1/creatives", campaign=creative["campaign"])]
    placement = next(
        (p for p in (await api.get("/v1/placements"))["items"] if p["id"] == creative["placement"]), None
    )
    language = language_of(request)
    at = family.index(id) if id in family else 0
    return page(
        request,
        "ad.html.j2",
        c=_creative(creative, campaign, placement, language),
        findings=_boxed(found, creative),
        passes=passes,
        comments=[
            {
                **c,
                "by": c["person"],
                "at": c["created_at"],
                "when": when(c["created_at"], language),
                "resolved": c["resolved_at"],
            }
            for c in said
        ],
        approval=_approval(creative, language),
        safe=_safe(placement, creative["locale"]),
        words=_words(creative),
        explained=_explained(creative, found, translator(language)),
        sources=_sources(creative),
        previous=_ad_url(family, at - 1),
        following=_ad_url(family, at + 1),
        place={"at": at + 1, "of": len(family)},
    )


def _ad_url(family: list[str], at: int) -> str:
    return f"/creatives/{family[at]}" if 0 <= at < len(family) else ""


def _creative(creative: Row, campaign: Row, placement: Row | None, language: str) -> Row:
    return {
        **creative,
        "digest": creative["file_digest"],
        "campaign_id": campaign["id"],
        "campaign_name": campaign["name"] or campaign["slug"],
        "product_name": creative["product"],
        "locale_name": language_name(creative["locale"], language),
        "placement_name": placement["name"] if placement else creative["placement"],
        "run_id": creative["run"],
        "before_url": "",
        "before_id": "",
        "width": creative["width"] or 1,
        "height": creative["height"] or 1,
    }


def _boxed(findings: list[Row], creative: Row) -> list[Row]:
    """Findings with their rectangles in percent of the ad; those with one are numbered."""
    number, boxed = 0, []
    for finding in findings:
        box = None
        if finding["rect"] and creative["width"]:
            number += 1
            x, y, width, height = finding["rect"]
            w, h = creative["width"] / 100, creative["height"] / 100
            box = {
                "x": round(x / w, 2),
                "y": round(y / h, 2),
                "w": round(width / w, 2),
                "h": round(height / h, 2),
            }
        boxed.append({**finding, "box": box, "number": number if box else 0})
    return boxed


def _approval(creative: Row, language: str) -> Row | None:
    decisions = creative["decisions"]
    made = decisions.get("legal") or decisions.get("creative")
    if made is None:
        return None
    words = {"changes": "change_requested"}
    return {
        "decision": words.get(made["decision"], made["decision"]),
        "by": made["person"],
        "at": made["created_at"],
        "when": when(made["created_at"], language),
        "reason": made["reason"],
        "stale": made["file_digest"] != creative["file_digest"],
    }


def _safe(placement: Row | None, locale: str) -> Row:
    """What the platform's own interface covers, percent of each side."""
    inset = (placement or {}).get("safe") or {}
    if locale.split("-", maxsplit=1)[0] in ("ar", "he", "fa", "ur") and (placement or {}).get("safe_rtl"):
        inset = placement["safe_rtl"] if placement else inset
    return {side: round(100 * float(inset.get(side, 0)), 2) for side in ("left", "top", "right", "bottom")}


def _words(creative: Row) -> list[tuple[str, str, str]]:
    rank = {role: number for number, role in enumerate(_ORDER)}
    said = sorted(creative["words"].items(), key=lambda pair: rank.get(pair[0], 99))
    return [(role, value, creative["origins"].get(role, "")) for role, value in said if value]


def _explained(creative: Row, findings: list[Row], t: Any) -> list[str]:
    """In plain words: how it stands and what it needs."""
    said = {
        "passed": t("Every check that applies passed."),
        "flagged": t("It may be delivered; somebody should look at the warnings."),
        "failed": t("It breaks a rule and should not be delivered as it is."),
        "error": t("It could not be made."),
    }
    hints = [
        finding["hint"] for finding in findings if finding["hint"] and finding["status"] in ("fail", "error")
    ]
    return [said.get(creative["status"], ""), *dict.fromkeys(hints)]


def _sources(creative: Row) -> list[tuple[str, str]]:
    return [
        *creative["origins"].items(),
        ("run", creative["run"]),
        ("file", f"{creative['bytes'] / 1000:.0f} kB {creative['format']}"),
    ]


async def decide(request: Request, api: Gateway) -> Response:
    """A decision on one creative, bound to what was seen."""
    fields, id = await fields_of(request), request.path_params["id"]
    decision = {"change_requested": "changes"}.get(text(fields, "decision"), text(fields, "decision"))
    wanted = {
        "creatives": [id],
        "decision": decision,
        "reason": text(fields, "reason"),
        "seen": {id: text(fields, "digest")},
    }
    await api.post("/v1/approvals", wanted)
    return to(text(fields, "back") or f"/creatives/{id}")


async def comment(request: Request, api: Gateway) -> Response:
    """A comment, at a point when one was pinned."""
    fields, id = await fields_of(request), request.path_params["id"]
    point = {axis: float(text(fields, axis)) for axis in ("x", "y") if text(fields, axis)}
    await api.post(f"/v1/creatives/{id}/comments", {"text": text(fields, "text"), **point})
    return to(f"/creatives/{id}#decide")


async def words(request: Request, api: Gateway) -> Response:
    """Another text: a new revision of the brief with it, built at once; only what depends on it is made again."""
    fields, id = await fields_of(request), request.path_params["id"]
    creative = await api.get(f"/v1/creatives/{id}")
    campaign = await api.get(f"/v1/campaigns/{creative['campaign']}")
    revision = await api.get(f"/v1/campaigns/{campaign['id']}/revisions/{campaign['revision']}")
    brief = with_text(yaml.safe_load(revision["brief"]), creative, text(fields, "role"), text(fields, "text"))
    body = yaml.safe_dump(brief, allow_unicode=True, sort_keys=False).encode()
    headers = {"Content-Type": "application/yaml", "If-Match": f'"{campaign["revision"]}"'}
    await api.ask("PUT", f"/v1/campaigns/{campaign['id']}/brief", content=body, headers=headers)
    return to(f"/campaigns/{campaign['id']}")


def with_text(brief: Any, creative: Mapping[str, Any], role: str, value: str) -> Row:
    """The brief with one text of a product in a locale. Raises Refused for a brief that is not ours."""
    if not isinstance(brief, dict) or "affiche" not in brief:
        problem = {
            "title": "this brief is of another tool",
            "hint": "open it with “Edit the brief” and save it once: then words can be set here",
        }
        raise Refused(409, problem)
    locale, message = creative["locale"], brief.get("message", {})
    products = [p for p in brief.get("products", []) if p.get("id") == creative["product"]]
    own = [p["copy"][locale] for p in products if role in p.get("copy", {}).get(locale, {})]
    if own:
        own[0][role] = value
    elif locale == message.get("locale"):
        message[role] = value
    else:
        brief.setdefault("copy", {}).setdefault(locale, {})[role] = value
    return brief


async def compare(request: Request, api: Gateway) -> Response:
    """Two creatives against each other."""
    if not (request.query_params.get("a") and request.query_params.get("b")):
        return to("/")
    pair = []
    for name in ("a", "b"):
        creative = await api.get(f"/v1/creatives/{request.query_params.get(name, '')}")
        pair.append(
            {**creative, "title": f"{creative['product']} · {creative['locale']} · {creative['placement']}"}
        )
    return page(request, "compare.html.j2", pair=pair)
