"""Playground: real copy in one template, drawn while it is typed, with plain words on what became of each text."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from affiche.compose.proof.stress import copy
from affiche.portal import form as forms
from affiche.portal.forms import fields_of, text
from affiche.portal.gateway import Gateway, Refused
from affiche.portal.pages.start import localised, offered
from affiche.portal.remedies import spoken
from affiche.portal.shape import Row, fitted, role_name
from affiche.portal.views import environment, frame, language_of
from affiche.portal.words import translator

#: Placements that are chosen at first.
FIRST = ("instagram-square", "linkedin-wide")
#: Language -> the hard copy that it is shown in first.
_SAMPLES = {"de": "german", "ar": "arabic", "ja": "japanese"}
#: The service draws so many at once.
_MOST = 3
_FORTY = (
    "Sparkling water with real yuzu from a family garden in the hills above the sea, pressed on the morning it is picked and "
    "bottled the same day, so that every afternoon of yours tastes as fresh as ours does right here"
)
#: Stress copy: the name of the button, the case of the proofs.
_STRESS = (("One word", "one-word"), ("Long German", "german"), ("Arabic", "arabic"), ("Thai", "thai"), ("Japanese", "japanese"))
_ROLES = ("headline", "body", "cta")
#: Words that some templates alone show, in the order of the form: role -> what it says at first, in English.
_OWN: Mapping[str, str] = {
    "quote": "I stopped missing coffee after the second can.", "author": "Maya, Austin", "offer": "−25%", "old_price": "$3.29",
    "date": "14 June", "subhead": "Rooftop terrace, Austin", "step1": "Chill it", "step2": "Crack it open",
    "step3": "Back to work", "label1": "Before", "label2": "After", "legal": "",
}  # fmt: skip
_SIDE = 300
#: What a layout says when another template had to stand in.
_INSTEAD = re.compile(r"template \S+ instead of \S+, which does not show (?P<what>[^;]+)")


async def choices(request: Request, api: Gateway, template: Row, cells: list[Row]) -> Row:
    """What the form of the playground offers for a template; `cells` of its proof say which words it shows."""
    language = language_of(request)
    t, shown = translator(language), {text["slot"] for cell in cells for text in cell["texts"]}
    sample = {**copy()[_SAMPLES[language]], "legal": ""} if language in _SAMPLES else _OWN
    answers = [(await api.get(f"/v1/{name}", limit=200))["items"] for name in ("brands", "assets", "placements", "locales")]
    brands, assets, places, locales = answers
    pictures = [{"ref": one["id"], "name": one["name"]} for one in assets if one["kind"] not in ("font", "feed")]
    return {
        "own": [{"role": role, "label": role_name(role, t), "value": sample.get(role, "")} for role in _OWN if role in shown],
        "two": "label1" in shown,
        "picture": pictures[0]["ref"] if pictures and template["pictures"][0] != "none" else "",
        "brands": [{"ref": one["id"], "name": one["name"] or one["slug"]} for one in brands],
        "assets": pictures,
        "places": [place for _, found in offered(places, list(FIRST)) for place in found],
        "locales": localised(locales, language_of(request)),
        "stress": [(t(name), json.dumps(fill, ensure_ascii=False)) for name, fill in _stress()],
    }


def _stress() -> list[tuple[str, Row]]:
    roles = (*_ROLES, "price", *_OWN, "locale")
    filled = [(name, {role: copy()[case].get(role, "") for role in roles}) for name, case in _STRESS]
    forty = {"headline": _FORTY, "body": "", "cta": "Find a can near you", "price": "$12.49", "quote": _FORTY, "locale": "en-US"}
    return [filled[0], ("Forty words", forty), *filled[1:]]


async def look(request: Request, api: Gateway) -> Response:
    """The copy of the form, drawn now, and what became of each text."""
    fields = await fields_of(request)
    t = translator(language_of(request))
    shots: list[Row] = []
    try:
        wanted = {"brief": forms.to_yaml(_brief(request.path_params["id"], fields)), "brand": text(fields, "brand")}
        answer = await api.post("/v1/plans/preview", wanted)
    except Refused as refused:
        answer = {"shots": [], "problems": refused.problem.get("problems") or [{"message": refused.title, "hint": refused.hint}]}
    places = {place["id"]: place["name"] for place in (await api.get("/v1/placements"))["items"]}
    typed = [role for role in (*_ROLES, "price", *_OWN) if text(fields, role)]
    for shot in answer["shots"]:
        size = fitted(shot["width"], shot["height"], _SIDE)
        told, place = _told(shot["texts"], typed, t), places.get(shot["placement"], shot["placement"])
        shots.append({**shot, **size, "placement": place, "told": told, "instead": _instead(shot["notes"], t)})
    body = environment().get_template("tried.html.j2").render(**frame(request), shots=shots, problems=_wrong(answer))
    return HTMLResponse(body)


def _instead(notes: list[str], t: Callable[..., str]) -> str:
    """Why another template is drawn; empty when it is the one that was asked for."""
    found = next((match for note in notes if (match := _INSTEAD.search(note))), None)
    return t("Another template is drawn, for this one does not show {what}.", what=t(found["what"])) if found else ""


def _wrong(answer: Row) -> list[Row]:
    """What keeps it from being drawn; notes of a brief that nobody wrote by hand help nobody."""
    return [one for one in answer["problems"] if one.get("severity", "error") == "error"]


def _brief(template: str, fields: FormData) -> Row:
    tag = text(fields, "locale") or "en-US"
    region = next((part for part in reversed(tag.split("-")) if re.fullmatch("[A-Z]{2}", part)), "US")
    product = {"id": "sample", "name": text(fields, "name") or "Sample", "price": text(fields, "price")}
    product |= {name: picture for name in ("picture", "before") if (picture := text(fields, name))}
    placements = [name for name in fields.getlist("placement") if isinstance(name, str)][:_MOST]
    message = {"locale": tag, **{role: text(fields, role) for role in (*_ROLES, *_OWN)}}
    brief: Row = {
        "affiche": 1, "campaign": "playground", "message": {role: words for role, words in message.items() if words},
        "markets": [{"region": region, "locales": [tag]}], "products": [{k: v for k, v in product.items() if v}],
        "placements": placements or [FIRST[0]], "design": {"template": template},
    }  # fmt: skip
    if not text(fields, "brand"):
        brief["brand"] = {"name": "Affiche", "colors": ["#16335b", "#f2b447"]}
    return brief


def _told(texts: list[Row], typed: list[str], t: Callable[..., str]) -> list[Row]:
    """Each text in plain words; also what was typed and has no place in the layout."""
    found = {str(one["slot"]): one for one in texts if not one["slot"].startswith("mark-")}  # numbers of steps
    told = [_said(slot, one, t) for slot, one in found.items()]
    absent = [role for role in typed if role not in found]
    words = t("This template has no place for it in this shape.")
    return [*told, *({"name": role_name(role, t), "tone": "note", "words": words, "more": ""} for role in absent)]


def _said(slot: str, one: Row, t: Callable[..., str]) -> Row:
    size, needed, least = (f"{one[name]:.0f}" for name in ("size", "needed", "min_size"))
    missing = one["missing"]
    too_long = t("Does not fit: it would at {needed} px, the least is {least} px.", needed=needed, least=least)
    said = {
        "fits": ("passed", t("Fits at {size} px.", size=size)),
        "helped": ("flagged", t("Fits at {size} px, with help:", size=size)),
        "left-out": ("flagged", t("Left out: there is no room for it.")),
        "too-long": ("failed", too_long if one["needed"] else t("It does not fit at any size.")),
        "glyphs": ("failed", t("No font has these characters: {missing}", missing=" ".join(map(str, missing)))),
    }  # fmt: skip
    tone, words = said[str(one["outcome"])]
    more = spoken(one["remedy"], t) if one["outcome"] in ("helped", "too-long") else ""
    return {"name": role_name(slot, t), "tone": tone, "words": words, "more": more}
