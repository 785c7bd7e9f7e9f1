"""Ads: one creative, large, with everything that is known of it; what is decided, said and changed; two against each other."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress

import yaml
from starlette.requests import Request
from starlette.responses import Response

from affiche.portal import revise
from affiche.portal.apart import apart
from affiche.portal.forms import fields_of, said, text, to
from affiche.portal.gateway import Gateway, Refused
from affiche.portal.pages.review import decided, unsaid
from affiche.portal.pages.run import of_run, under_way
from affiche.portal.rules import title
from affiche.portal.said import called, who
from affiche.portal.sentences import shown as shown_in
from affiche.portal.shape import Row, language_name, role_name, when
from affiche.portal.views import language_of, page
from affiche.portal.words import translator

#: Pictures of the library that are offered.
_PICTURES = 24
#: The id of a file in the library; how many of them in findings are looked up.
_ASSET, _NAMED = re.compile(r"\bast_[0-9A-HJKMNP-TV-Z]{26}\b"), 4
_ORDER = ("display", "offer", "quote", "headline", "subhead", "body", "price", "old_price", "cta", "legal")


async def shown(request: Request, api: Gateway) -> Response:
    """One creative."""
    id = request.path_params["id"]
    creative = await api.get(f"/v1/creatives/{id}")
    campaign = await api.get(f"/v1/campaigns/{creative['campaign']}")
    found = await _called(api, (await api.get("/v1/findings", creative=id))["items"])
    passes = (await api.get("/v1/findings", creative=id, status="pass"))["items"]
    said = (await api.get(f"/v1/creatives/{id}/comments"))["items"]
    beside = await api.get(f"/v1/creatives/{id}/beside")
    material = await _material(api, creative, campaign, found)
    run = await api.get(f"/v1/runs/{campaign['run']}") if campaign["run"] else None
    placement = next(
        (p for p in (await api.get("/v1/placements"))["items"] if p["id"] == creative["placement"]), None
    )
    language = language_of(request)
    by = await _by(api, creative, said, material["revision"], translator(language))
    return page(
        request,
        "ad.html.j2",
        c=_creative(creative, campaign, placement, language),
        findings=_boxed([_titled(finding, language) for finding in found], creative),
        passes=[_titled(finding, language) for finding in passes],
        comments=[
            {
                **c,
                "by": by[c["person"]],
                "at": c["created_at"],
                "when": when(c["created_at"], language),
                "resolved": c["resolved_at"],
            }
            for c in said
        ],
        decisions=_decisions(creative, by, language),
        safe=_safe(placement, creative["locale"]),
        words=_words(creative, translator(language)),
        explained=_explained(creative, found, language),
        sources=await _sources(api, creative, translator(language)),
        previous=_ad_url(beside["previous"]),
        following=_ad_url(beside["following"]),
        place=beside,
        before=await _before(api, creative),
        making=run if run and under_way(run) else None,
        again=of_run(run, language)["verbs"] if run and run["id"] == creative["run"] and not creative["file_url"] else (),
        **material,
        author=by[material["revision"]["created_by"]],
    )


async def _called(api: Gateway, findings: list[Row]) -> list[Row]:
    """Findings that speak of files by the names that people know, where they are still in the library."""
    ids = sorted({id for finding in findings for id in _ASSET.findall(finding["message"])})
    known: dict[str, str] = {}
    for id in ids[:_NAMED]:
        with suppress(Refused):
            known[id] = (await api.get(f"/v1/assets/{id}"))["name"]
    return [
        {**finding, "message": _ASSET.sub(lambda found: known.get(found[0], found[0]), finding["message"])}
        for finding in findings
    ]


def _titled(finding: Row, language: str) -> Row:
    return {**finding, "title": title(finding["rule"], language)}


def _ad_url(id: str) -> str:
    return f"/creatives/{id}" if id else ""


async def _before(api: Gateway, creative: Row) -> str:
    """The id of the same ad as the run before made it; empty when there is none."""
    same = {name: creative[name] for name in ("campaign", "product", "locale", "placement")}
    found = (await api.get("/v1/creatives", current="false", limit=20, **same))["items"]
    older = [c for c in found if c["variant"] == creative["variant"] and c["id"] < creative["id"] and c["file_url"]]
    return str(older[0]["id"]) if older else ""


async def remedies(request: Request, api: Gateway) -> Response:
    """What helps, tried on the ad: a part of its page, or a page of its own without scripts."""
    id = request.path_params["id"]
    creative = await api.get(f"/v1/creatives/{id}")
    told = await api.get(f"/v1/creatives/{id}/remedies")
    language = language_of(request)
    for item in told["items"]:
        item["mended"], item["raised"] = ([title(rule, language) for rule in item[part]] for part in ("mended", "raised"))
    part = "hx-request" in request.headers
    return page(request, "remedies.html.j2" if part else "mend.html.j2", c=creative, **told)


async def _material(api: Gateway, creative: Row, campaign: Row, findings: list[Row]) -> Row:
    """What the ad can be mended with: the product's picture and others of the library, how often the brief changed."""
    revision = await api.get(f"/v1/campaigns/{campaign['id']}/revisions/{campaign['revision']}")
    try:
        brief = yaml.safe_load(revision["brief"])
    except yaml.YAMLError:
        brief = None
    used = revise.picture_of(brief, creative)
    pictures = (await api.get("/v1/assets", kind="picture", limit=_PICTURES))["items"]
    return {
        "picture": next((p for p in pictures if p["id"] == used["asset"]), None),
        "focal": used["focal"],
        "pictures": pictures,
        "mendable": creative["current"] and any(f["status"] in ("warn", "fail") for f in findings),
        "revision": revision,
    }


def _creative(creative: Row, campaign: Row, placement: Row | None, language: str) -> Row:
    return {
        **creative,
        "digest": creative["file_digest"],
        "campaign_id": campaign["id"],
        "campaign_name": campaign["name"] or campaign["slug"],
        "locale_name": language_name(creative["locale"], language),
        "placement_name": placement["name"] if placement else creative["placement"],
        "run_id": creative["run"],
        "width": creative["width"] or 1,
        "height": creative["height"] or 1,
    }


def _boxed(findings: list[Row], creative: Row) -> list[Row]:
    """Findings with their rectangles in percent of the ad; those with one are numbered, and their numbers keep off each other."""
    number, boxed = 0, []
    shown = [finding["rect"][:2] for finding in findings if finding["rect"] and creative["width"]]
    aside = apart(shown, creative["width"] or 1, creative["height"] or 1)
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
                "aside": aside[number - 1],
            }
        boxed.append({**finding, "box": box, "number": number if box else 0})
    return boxed


async def _by(api: Gateway, creative: Row, comments: list[Row], revision: Row, t: Callable[..., str]) -> dict[str, str]:
    """Who decided, spoke and wrote the brief, by their ids as names."""
    decided = [one["person"] for one in creative["decisions"].values()]
    actors = {*decided, *(one["person"] for one in comments), revision["created_by"]}
    names = await called(api, actors)
    return {actor: who(actor, names, t) for actor in actors}


def _decisions(creative: Row, by: dict[str, str], language: str) -> list[Row]:
    """What stands, of each stage: a creative approval says nothing of the legal one."""
    words, stages = {"changes": "change_requested"}, {"creative": "Creative review", "legal": "Legal review"}
    return [
        {
            "stage": stages[stage],
            "decision": words.get(made["decision"], made["decision"]),
            "by": by[made["person"]],
            "at": made["created_at"],
            "when": when(made["created_at"], language),
            "reason": made["reason"],
            "stale": made["file_digest"] != creative["file_digest"],
        }
        for stage in stages
        if (made := creative["decisions"].get(stage))
    ]


def _safe(placement: Row | None, locale: str) -> Row:
    """What the platform's own interface covers, percent of each side."""
    inset = (placement or {}).get("safe") or {}
    if locale.split("-", maxsplit=1)[0] in ("ar", "he", "fa", "ur") and (placement or {}).get("safe_rtl"):
        inset = placement["safe_rtl"] if placement else inset
    return {side: round(100 * float(inset.get(side, 0)), 2) for side in ("left", "top", "right", "bottom")}


def _words(creative: Row, t: Callable[..., str]) -> list[tuple[str, str, str, str]]:
    """Role, what people call it, the words, where they come from."""
    rank = {role: number for number, role in enumerate(_ORDER)}
    said = sorted(creative["words"].items(), key=lambda pair: rank.get(pair[0], 99))
    return [(role, role_name(role, t), value, creative["origins"].get(role, "")) for role, value in said if value]


def _explained(creative: Row, findings: list[Row], language: str) -> list[str]:
    """In plain words: how it stands, what it needs, whose words and pictures these are."""
    t = translator(language)
    said = {
        "passed": t("Every check that applies passed."),
        "flagged": t("It may be delivered; somebody should look at the warnings."),
        "failed": t("It breaks a rule and should not be delivered as it is."),
        "error": t("It could not be made."),
    }
    grave = [finding for finding in findings if finding["hint"] and finding["status"] in ("fail", "error")]
    hints = [shown_in(finding["hint"], language, finding["code"]) for finding in grave]
    made = [_whose_words(creative, t), *_whose_pictures(creative, t)] if creative["file_url"] else []
    return [line for line in (said.get(creative["status"], ""), *dict.fromkeys(hints), *made) if line]


def _whose_words(creative: Row, t: Callable[..., str]) -> str:
    origins = creative["origins"]
    others = [role for role, _, _, origin in _words(creative, t) if (origin or "given") != "given"]
    if not others:
        return t("Every word was given in the brief.")
    named = ", ".join(f"{role_name(role, t)} ({t(origins[role])})" for role in others)
    return t("Words that the brief did not give: {named}.", named=named)


def _whose_pictures(creative: Row, t: Callable[..., str]) -> list[str]:
    """One sentence for each picture in it: whether a model took part is the first thing that is asked of an ad."""
    kinds = {
        ("picture", "given"): t("The picture of the product was given."),
        ("picture", "generated"): t("A model made the picture."),
        ("picture", "enlarged"): t("The picture was given, and a model enlarged it."),
        ("backdrop", "generated"): t("A model made the scene."),
        ("backdrop", "set"): t("The scene is a studio set of ours, drawn without a model."),
    }
    found = creative["origins"].items()
    return [kinds[pair] for pair in found if pair in kinds] or [t("There is no picture in it.")]


async def _sources(api: Gateway, creative: Row, t: Callable[..., str]) -> list[tuple[str, str, str]]:
    """What it was made with: a name, a value, and where that leads (or nothing)."""
    names = {item["id"]: item["name"] for item in (await api.get("/v1/templates"))["items"]}
    template, made = creative["template"], []
    if template:
        made.append((t("Template"), t(names.get(template, template)), f"/templates/{template}" if template in names else ""))
    if creative["file_url"]:
        made.append((t("File"), f"{creative['bytes'] / 1000:.0f} kB {creative['format'].upper()}", ""))
        made.append((t("Fingerprint"), creative["file_digest"][:16], ""))
    return [*made, (t("Made"), creative["created_at"][:16].replace("T", " ") + " UTC", "")]


async def decide(request: Request, api: Gateway) -> Response:
    """A decision on one creative, bound to what was seen."""
    fields, id, t = await fields_of(request), request.path_params["id"], translator(language_of(request))
    if why := unsaid(fields, t):
        return said(to(f"/creatives/{id}#decide"), why)
    made = await decided(
        api, {id: text(fields, "digest")}, text(fields, "decision"), text(fields, "reason"), text(fields, "stage")
    )
    return said(to(text(fields, "back") or f"/creatives/{id}"), t("{count} decided", count=1), "/review/undo", made)


async def comment(request: Request, api: Gateway) -> Response:
    """A comment, at a point when one was pinned."""
    fields, id = await fields_of(request), request.path_params["id"]
    point = {axis: float(text(fields, axis)) for axis in ("x", "y") if text(fields, axis)}
    await api.post(f"/v1/creatives/{id}/comments", {"text": text(fields, "text"), **point})
    return to(f"/creatives/{id}#decide")


async def resolve(request: Request, api: Gateway) -> Response:
    """A comment is dealt with, or open again."""
    fields, id = await fields_of(request), request.path_params["id"]
    wanted = {"resolved": bool(text(fields, "resolved"))}
    await api.ask("PATCH", f"/v1/comments/{text(fields, 'comment')}", json=wanted)
    return to(f"/creatives/{id}#decide")
