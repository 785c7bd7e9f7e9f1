"""Shape: what the API says -> what pages show. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import format_timedelta
from babel.numbers import format_decimal

Row = dict[str, Any]
STATUSES = ("passed", "flagged", "failed", "error")
#: What people call some roles of words and of pictures.
_CALLED = {
    "cta": "Button", "body": "Supporting line", "legal": "Small print", "name": "Product", "old_price": "Old price",
    "subhead": "Second line", "step1": "Step 1", "step2": "Step 2", "step3": "Step 3",
    "label1": "Label before", "label2": "Label after",
}  # fmt: skip


def when(moment: str, language: str, now: datetime | None = None) -> str:
    """`5 minutes ago` in the language of the page."""
    if not moment:
        return ""
    return spoken(datetime.fromisoformat(moment) - (now or datetime.now(UTC)), language)


def role_name(role: str, t: Callable[..., str]) -> str:
    """What people call a role of words (`cta`: Button), in the language of the page."""
    return t(_CALLED.get(role, role.replace("_", " ").capitalize()))


def spoken(passed: timedelta, language: str) -> str:
    """A time from now in the language of the page: what lies before it is negative."""
    return str(format_timedelta(passed, add_direction=True, locale=language))


def counted_in(number: int, language: str) -> str:
    """A number as the language writes it: `18,234`."""
    return str(format_decimal(number, locale=language))


def country_name(code: str, language: str) -> str:
    """What a country (`JP`) is called in the language of the page; empty when nobody knows."""
    return str(Locale.parse(language).territories.get(code, ""))


@lru_cache(maxsize=8192)
def language_name(tag: str, language: str) -> str:
    """What a locale is called in the language of the page."""
    try:
        return Locale.parse(tag, sep="-").get_display_name(language) or tag
    except (UnknownLocaleError, ValueError):
        return tag


def inside(width: int, height: int, *, broad: int, high: int) -> Row:
    """`w` and `h`: as large as a box of `broad` x `high` px lets it be."""
    scale = min(broad / width, high / height)
    return {"w": round(width * scale), "h": round(height * scale)}


def fitted(width: int, height: int, side: int) -> Row:
    """`w` and `h`: the shape with about the area of a square of `side`, at most twice as long."""
    scale = min(side / (width * height) ** 0.5, 1.6 * side / max(width, height))
    return {"w": max(6, round(width * scale)), "h": max(6, round(height * scale))}


def names(items: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """id -> name."""
    return {item["id"]: item.get("name") or item["id"] for item in items}


def ad(
    creative: Mapping[str, Any],
    places: Mapping[str, str],
    caption: str = "locale",
) -> Row:
    """A creative as the wall shows it. `caption`: what the headings above do not say."""
    decisions = creative.get("decisions") or {}
    decided = next(
        (decisions[stage]["decision"] for stage in ("legal", "creative") if stage in decisions), ""
    )
    place = places.get(creative["placement"], creative["placement"])
    shown = {
        "locale": creative["locale"],
        "placement": place,
        "product_placement": f"{creative['product_name']} · {place}",
        "locale_placement": f"{creative['locale']} · {place}",
    }
    seen = creative["file_digest"].rpartition(":")[2][:12]
    return {
        **creative,
        "href": f"/creatives/{creative['id']}",
        "placement_name": place,
        "thumbnail_url": f"{creative['thumbnail_url']}?v={seen}" if creative["thumbnail_url"] else "",
        "caption": shown.get(caption, creative["locale"]),
        "approval": "approved" if creative.get("approved") else decided if decided == "rejected" else "",
    }


def counted(creatives: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """How many have each status, the worst last; only those that occur."""
    found = dict.fromkeys(STATUSES, 0)
    for creative in creatives:
        found[creative["status"]] = found.get(creative["status"], 0) + 1
    return {status: count for status, count in found.items() if count}


def grouped(rows: Iterable[Row], by: Callable[[Row], str]) -> dict[str, list[Row]]:
    """Rows by what `by` says, in the order of their first appearance."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(by(row), []).append(row)
    return found


#: Places in the form of a campaign: its fields, else its parts.
_PLACES = re.compile(
    r"message\.(headline|body|cta|legal|locale)\b|products\.\d+(\.(name|price|description|picture)\b)?|budget\.(max|currency)\b"
    r"|(campaign|name|brand|audience|message|products|markets|placements|copy|budget)\b"
)


def field_of(where: str) -> str:
    """The field of the form that a problem's place belongs to, or the part of it: `brief.yaml:3:1 (products[0].name)` ->
    `products.0.name`, `(message)` -> `message`; empty when the form has none."""
    pointer = where.rpartition("(")[2].rstrip(")") if "(" in where else ""
    found = _PLACES.match(pointer.replace("[", ".").replace("]", "").strip("."))
    return found[0] if found else ""


async def every(ask: Callable[..., Any], path: str, **params: Any) -> list[Row]:
    """All items of a list of the API, oldest first."""
    items: list[Row] = []
    cursor = ""
    while True:
        part = await ask(path, cursor=cursor, limit=200, **params)
        items += part["items"]
        cursor = part.get("next", "")
        if not cursor:
            return items[::-1]


#: What each role may, in a sentence.
ABOUT_ROLES: Mapping[str, str] = {
    "viewer": "Looks at everything, changes nothing.",
    "creator": "Makes brands, assets and campaigns, builds and packs them.",
    "reviewer": "Approves or rejects creatives, and comments.",
    "legal": "Approves for the legal stage too.",
    "admin": "May do everything, invites people and gives roles.",
}
_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)  # fmt: skip


def browser_of(agent: str) -> str:
    """What a browser says it is, in two words: `Firefox, Windows`."""
    found = [next((name for sign, name in table if sign in agent), "") for table in (_BROWSERS, _SYSTEMS)]
    return ", ".join(filter(None, found)) or agent[:40] or "–"
