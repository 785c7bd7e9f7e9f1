"""Views: a template and what it shows -> a page in the visitor's language and theme; its policy lets nothing else run."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from importlib.resources import files
from typing import Any

from jinja2 import ChainableUndefined, Environment, PackageLoader, select_autoescape
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from affiche.portal.forms import SAID, told
from affiche.portal.gateway import Refused
from affiche.portal.sentences import plain, shown, value
from affiche.portal.words import LANGUAGES, chosen, direction, translator

#: Our own scripts and styles alone; pictures of our own and those that are being drawn; style attributes carry sizes and colours.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of the navigation; `count` says how much waits there."""

    name: str
    href: str
    icon: str
    count: int = 0
    #: Only for those who may do this.
    action: str = ""


NAVIGATION: Sequence[tuple[str, Sequence[Item]]] = (
    ("", (Item("Campaigns", "/", "campaigns"), Item("Review", "/review", "review"))),
    (
        "Material",
        (
            Item("Brands", "/brands", "brand"),
            Item("Library", "/library", "library"),
            Item("Templates", "/templates", "template"),
        ),
    ),
    ("Numbers", (Item("Insight", "/insight", "insight"), Item("Providers and money", "/providers", "money"))),
    (
        "Administration",
        (
            Item("Activity", "/activity", "activity"),
            Item("System", "/system", "system"),
            Item("People", "/people", "people", action="people.list"),
            Item("Keys", "/keys", "key", action="keys.list"),
            Item("Webhooks", "/webhooks", "webhook", action="webhooks.list"),
        ),
    ),
)
TABS = (NAVIGATION[0][1][0], NAVIGATION[0][1][1], NAVIGATION[1][1][1], NAVIGATION[2][1][0], Item("More", "/more", "more"))

#: What the keys do, by where: names of keys (the same everywhere), what it does.
KEYBOARD: Sequence[tuple[str, Sequence[tuple[Sequence[str], str]]]] = (
    ("Everywhere", ((("/",), "Search"), (("U",), "Take the last decision back"), (("?",), "This list"))),
    (
        "Ads of a campaign",
        (
            (("←", "→", "↑", "↓"), "From ad to ad"), (("Enter",), "Open"), (("C",), "Choose for a comparison"),
        ),
    ),
    (
        "One ad",
        (
            (("←", "→"), "The one before, the next one"), (("A",), "Approve"), (("Z", "+", "−"), "Zoom"), (("F",), "Findings"),
            (("S",), "What the platform covers"), (("P",), "Pin a comment: arrows move the cross, Enter sets it"),
        ),
    ),
    ("Two ads", ((("1", "2", "3"), "Side by side, slider, difference"), (("←", "→"), "Move the slider"))),
    ("One by one", ((("A",), "Approve"), (("C",), "Ask for a change"), (("X",), "Reject"))),
)  # fmt: skip


def page(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """The page `template` with `values`, for who asks. With `HX-Request` templates may leave out the frame by themselves.

    A page that waits for a run (`making`) and then moves on by itself leaves to the next what it says: a way back lasts.
    """
    text = environment().get_template(template).render(**frame(request), **values)
    answer = HTMLResponse(text, status_code=status)
    if SAID in request.cookies and "hx-request" not in request.headers and not values.get("making"):
        answer.delete_cookie(SAID, path="/")
    return answer


def frame(request: Request) -> dict[str, Any]:
    """What every page shows around its own: language, theme, navigation, who looks."""
    language = language_of(request)
    state = request.state
    counts: Mapping[str, int] = getattr(state, "counts", {})
    here = section(request.url.path)
    may = getattr(state, "may", lambda _: False)
    return {
        "t": translator(language),
        "tell": partial(shown, language=language),
        "plain": partial(plain, language=language),
        "value": partial(value, language=language),
        "lang": language,
        "dir": direction(language),
        "theme": _theme(request),
        "languages": tuple(LANGUAGES.items()),
        "nav": [
            (group, [replace(item, count=counts.get(item.href, 0)) for item in items if not item.action or may(item.action)])
            for group, items in NAVIGATION
        ],
        "tabs": TABS,
        "keyboard": KEYBOARD,
        "here": here,
        "path": request.url.path + (f"?{request.url.query}" if request.url.query else ""),
        "me": getattr(state, "me", {"name": "", "role": "", "permissions": ()}),
        "may": may,
        "local": getattr(state, "local", False),
        "csrf": getattr(state, "csrf", ""),
        "flashes": told(request),
    }


def section(path: str) -> str:
    """The entry of the navigation that `path` belongs to."""
    hrefs = [item.href for _, items in (*NAVIGATION, ("", TABS)) for item in items] + ["/account"]
    return next((href for href in hrefs if href != "/" and path.startswith(href)), "/")


def language_of(request: Request) -> str:
    """The language of the page: the one chosen here, else what the browser asks for."""
    return chosen(request.cookies.get("affiche-language", ""), request.headers.get("accept-language", ""))


def _theme(request: Request) -> str:
    wish = request.cookies.get("affiche-theme", "")
    return wish if wish in ("light", "dark") else ""


def refusal(request: Request, no: Refused) -> tuple[str, Markup, Markup]:
    """A note that says what the API refused, and what to do."""
    language = language_of(request)
    return "error", shown(no.title, language), shown(no.hint, language)


def guarded(response: Response) -> Response:
    """`response` with the headers that every page carries."""
    response.headers.setdefault("Content-Security-Policy", POLICY)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
    return response


@cache
def environment() -> Environment:
    """Templates, escaped throughout."""
    made = Environment(
        loader=PackageLoader("affiche.portal", "page"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=ChainableUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["static"] = static
    return made


@cache
def static(name: str) -> str:
    """The address of a file in `static/`: with its digest, so that it may be kept forever."""
    data = files("affiche.portal").joinpath("static", name).read_bytes()
    return f"/static/{name}?v={hashlib.sha256(data).hexdigest()[:12]}"
