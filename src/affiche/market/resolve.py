"""Prose -> areas and locales: `Western Europe (UK/DE/FR)`, `US - West Coast`, `en_US`, `German (Germany)`, `DACH`.

Theory of operation: the whole text is looked up first; then a parenthesis (which explains the text before it, so its countries
win); then the pieces between separators; then the longest known names inside a piece. Codes count inside prose only when they are
written in capitals, so that `in` is no India. Nothing is dropped: what is not understood comes back as an area `unknown`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from affiche.market.atlas import Area, Atlas, atlas, fold, known_languages
from affiche.values.locale import Locale

_TAG = re.compile(
    r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|[0-9]{3}))?(?:[-_.]UTF-?8)?\Z", re.IGNORECASE
)
_SCRIPTS = frozenset(
    {
        "Latn",
        "Cyrl",
        "Arab",
        "Hans",
        "Hant",
        "Deva",
        "Guru",
        "Hebr",
        "Jpan",
        "Kore",
        "Grek",
        "Thai",
        "Beng",
        "Taml",
    }
)
_LANGUAGE_CODES = {
    "no": "nb",
    "iw": "he",
    "in": "id",
    "tl": "fil",
    "jp": "ja",
    "cn": "zh",
    "kr": "ko",
    "gr": "el",
    "cz": "cs",
    "dk": "da",
    "ua": "uk",
}
_SPLIT = re.compile(
    r"\s*(?:[/,;|&+\n]|\s[-–—]\s|\band\b|\bund\b|\bet\b|\by\b|\be\b|\bplus\b|\bor\b)\s*", re.IGNORECASE
)
_PAREN = re.compile(r"^(.*?)[(\[]([^()\[\]]*)[)\]]\s*(.*)$", re.DOTALL)
#: `APAC - Japan, Taiwan`, `Europe: Spain and Italy`
_MEMBERS = re.compile(r"^([^-–—:,;/]+?)\s*(?:\s[-–—]\s|:\s)(.+)$", re.DOTALL)
#: What joins the text after a bracket to it.
_LEAD = re.compile(r"^(?:[\s,;&+.]|\b(?:plus|and|und|et)\b)+", re.IGNORECASE)
_US_CONTEXT = re.compile(r"\b(?:U\.?S\.?A?\.?|United States|America)(?:\b|(?=\W|$))")
_CODE = re.compile(r"([A-Z]{2,3})[-_]([A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*)\Z")
#: Lower-case two-letter words that are languages more often than countries.
_RATHER_LANGUAGES = frozenset(
    {"ar", "sv", "ja", "ko", "zh", "en", "el", "cs", "da", "he", "hi", "vi", "nb", "fa", "ur"}
)
_MAX_TEXT = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Regions:
    """What a text about regions means. `areas` in order, each once; `locales` and `languages` it names outright
    (`es-MX`; `Global (English)` -> `en`); `notes` what had to be assumed, in words."""

    areas: tuple[Area, ...] = ()
    locales: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def resolve_region(text: str) -> Regions:
    """The areas that `text` means. Never raises; unknown text becomes one area of kind `unknown`."""
    text = " ".join(text[:_MAX_TEXT].split()).strip(" .:;,-\"'")
    if not text:
        return Regions()
    found = _resolve(text, atlas())
    return replace(
        found,
        areas=_distinct(_settled(found.areas, text)),
        notes=(*found.notes, *_remarks(found.areas, text)),
    )


def resolve_locale(text: str) -> str | None:
    """The canonical tag that a locale or language name means: `en_US`, `German`, `German (Germany)`, `pt`. None if unknown."""
    text = text.strip()[:80]
    tag = _tag(text)
    if tag:
        return tag
    known = atlas()
    language = known.languages.get(fold(text))
    if language:
        return language
    parts = _PAREN.match(text) or re.match(r"^(.+?)\s*[-–,/:]\s*(.+?)()$", text)
    if not parts:
        return None
    base = known.languages.get(fold(parts[1])) or _tag(parts[1].strip())
    area = _lookup(parts[2], known)
    if base is None or (area is None and fold(parts[2]) not in known.languages):
        return None
    return locale_in(base, area) if area else base


def locale_in(language: str, area: Area) -> str:
    """The locale of `language` (`pt`, or already `pt-BR`) in `area`: the area's own, else the language alone."""
    if Locale.parse(language).region or area.kind in ("unknown", "world"):
        return language
    wanted = Locale.parse(language)
    choices = [tag for tag in area.locales if _speaks(tag, wanted)]
    countries = [atlas().countries[code] for code in area.countries]
    members = (tag for use in ("locales", "also") for country in countries for tag in getattr(country, use))
    choices += [tag for tag in members if _speaks(tag, wanted)]
    return choices[0] if choices else language


def _speaks(tag: str, wanted: Locale) -> bool:
    own = Locale.parse(tag)
    return own.language == wanted.language and (not wanted.explicit_script or own.script == wanted.script)


def is_known_locale(tag: str) -> bool:
    """Whether it is a tag whose language is known (regions are open: the world has more than the atlas)."""
    try:
        locale = Locale.parse(tag)
    except ValueError:
        return False
    return locale.language in known_languages()


def _tag(text: str) -> str | None:
    match = _TAG.match(text)
    if match is None:
        return None
    language, script, region = (part or "" for part in match.groups())
    known = atlas()
    language = language.lower()
    if language not in known.language_codes and language in _LANGUAGE_CODES and not region:
        language = _LANGUAGE_CODES[language]
    language = {"no": "nb", "tl": "fil", "iw": "he"}.get(language, language)
    if language not in known.language_codes or (script and script.title() not in _SCRIPTS):
        return None
    region = {"UK": "GB", "EL": "GR"}.get(region.upper(), region.upper())
    if region and not region.isdigit() and region not in known.countries:
        return None
    return "-".join(part for part in (language, script.title(), region) if part)


def _resolve(text: str, known: Atlas) -> Regions:
    area = _lookup(text, known)
    if area:
        return Regions(areas=(area,))
    divided = _divided(text, known)
    if divided:
        return divided
    if text.lower() in known.language_codes:
        return Regions(languages=(text.lower(),))
    tag = _tag(text)
    if tag and "-" in tag:
        return Regions(areas=_area_of(tag, known), locales=(tag,))
    language = resolve_locale(text) if len(text) > 3 else None
    if language:
        return (
            Regions(areas=_area_of(language, known), locales=(language,))
            if "-" in language
            else Regions(languages=(language,))
        )
    paren = _PAREN.match(text)
    if paren:
        return _explained(paren[1].strip(), paren[2].strip(), paren[3].strip(), known)
    members = _MEMBERS.match(text)
    if members and (area := _lookup(members[1], known)) and area.kind == "group":
        return _explained(members[1], members[2].strip(), "", known)
    pieces = [piece for piece in _SPLIT.split(text) if piece.strip()]
    if len(pieces) > 1:
        return _pieces(pieces, text, known)
    inside = _scan(text, known)
    if inside:
        names = ", ".join(a.name for a in inside)
        return Regions(areas=tuple(inside), notes=(f"{text!r} read as {names}",))
    return Regions(areas=(Area(kind="unknown", code="", name=text),))


def _explained(before: str, inside: str, after: str, known: Atlas) -> Regions:
    """`Western Europe (UK/DE)`: the countries of the parenthesis; `Global (English)`: a language for the area before it."""
    detail = _resolve(inside, known) if inside else Regions()
    spoken = _spoken(before, inside, known) if not after else None
    if spoken:
        return Regions(areas=(spoken,))
    after = _LEAD.sub("", after)
    outer = _resolve(f"{before} {after}".strip(), known) if before or after else Regions()
    countries = tuple(area for area in detail.areas if area.kind in ("country", "place"))
    if countries and all(area.kind != "unknown" for area in detail.areas):
        wide = tuple(
            a
            for a in outer.areas
            if a.kind in ("country", "place") and a.code not in {c.code for c in countries}
        )
        # only what stands before the bracket is explained by it: `Western Europe (UK/DE), plus Nordics`
        more = _resolve(after, known) if after else Regions()
        wide += tuple(a for a in more.areas if a.kind == "group")
        groups = [a.name for a in outer.areas if a.kind in ("group", "world") and a not in wide]
        note = (
            (f"{groups[0]} narrowed down to the markets named with it: {', '.join(c.name for c in countries)}",)
            if groups
            else ()
        )
        order = (*countries, *wide) if after else (*wide, *countries)
        return Regions(areas=order, locales=detail.locales, languages=outer.languages, notes=note)
    languages = (*outer.languages, *detail.languages)
    known_detail = tuple(area for area in detail.areas if area.kind != "unknown") if not outer.areas else ()
    return replace(outer, areas=outer.areas + known_detail, languages=languages)


def _spoken(before: str, inside: str, known: Atlas) -> Area | None:
    """`Switzerland (DE/FR/IT)`: the country in the languages of the bracket, when it speaks every one of them."""
    country = _lookup(before, known)
    codes = [code.lower() for code in re.split(r"[\s/,;&|+]+", inside) if code]
    if country is None or country.kind != "country" or not all(code in known.language_codes for code in codes):
        return None
    tags = [locale_in(code, country) for code in codes]
    return replace(country, locales=tuple(tags)) if all("-" in tag for tag in tags) else None


def _pieces(pieces: list[str], text: str, known: Atlas) -> Regions:
    found = [_resolve(piece, known) for piece in pieces]
    areas = [area for part in found for area in part.areas]
    understood = [area for area in areas if area.kind != "unknown"]
    if understood and len(understood) < len(areas) and _is_one_place(found):
        # `US - West Coast shoppers`: one market with a detail that needs no market of its own
        lost = ", ".join(repr(area.name) for area in areas if area.kind == "unknown")
        areas = understood
        note: tuple[str, ...] = (
            f"{text!r} read as {', '.join(a.name for a in understood)}; {lost} changes no locale",
        )
    else:
        note = ()
    return Regions(
        areas=tuple(areas),
        locales=tuple(tag for part in found for tag in part.locales),
        languages=tuple(tag for part in found for tag in part.languages),
        notes=(*note, *(n for part in found for n in part.notes)),
    )


def _is_one_place(found: list[Regions]) -> bool:
    return any(area.kind != "unknown" for area in found[0].areas) or any(
        area.kind in ("country", "place") for area in found[-1].areas
    )


def _divided(text: str, known: Atlas) -> Regions | None:
    """`US-SE-PUBLIX`, `CA-QC`: a country code and a part of it. (`es-MX`, `DE-AT` are locales.)"""
    match = _CODE.match(text)
    if match is None or match[1] not in known.codes:
        return None
    country, part = known.codes[match[1]], match[2].replace("_", " ").replace("-", " ")
    tag = _tag(text)
    if tag and locale_in(Locale.parse(tag).language, known.countries[Locale.parse(tag).region]) == tag:
        return None
    place = known.names.get(fold(part)) or known.names.get(fold(f"{match[1]} {part}"))
    if place and place.kind == "place" and place.code == country.code:
        return Regions(areas=(place,))
    if part.lower() in known.language_codes and locale_in(part.lower(), country) != part.lower():
        return Regions(areas=(replace(country, locales=(locale_in(part.lower(), country),)),))
    return Regions(areas=(country,), notes=(f"{text!r} read as {country.name}; {part!r} changes no locale",))


def _lookup(text: str, known: Atlas) -> Area | None:
    stripped = text.strip(" .")
    if stripped in known.codes:
        return known.codes[stripped]
    name = fold(stripped)
    area = known.names.get(name) or known.names.get(
        name.removeprefix("the ").removesuffix(" region").removesuffix(" market")
    )
    if area is None and len(stripped) in (2, 3) and stripped.upper() in known.codes:
        area = None if stripped in _RATHER_LANGUAGES else known.codes[stripped.upper()]
    if area is None and stripped.upper() in known.groups:
        area = known.groups[stripped.upper()]
    return area


def _scan(text: str, known: Atlas) -> list[Area]:
    """The longest known names inside prose, in order, none overlapping."""
    words = re.findall(r"[^\s/,;|&()\[\]_-]+", text)
    found: list[Area] = []
    at = 0
    while at < len(words):
        for length in range(min(5, len(words) - at), 0, -1):
            piece = " ".join(words[at : at + length])
            area = known.codes.get(piece.strip(".:'\"")) if length == 1 else None
            folded = fold(piece)
            area = area or (known.names.get(folded) if len(folded) > 2 else None)
            if area:
                found.append(area)
                at += length
                break
        else:
            at += 1
    return found


def _area_of(tag: str, known: Atlas) -> tuple[Area, ...]:
    region = Locale.parse(tag).region
    if region == "419":
        return (replace(known.groups["LATAM"], locales=(tag,)),)
    area = known.countries.get(region)
    return (replace(area, locales=(tag,)),) if area else ()


def _settled(areas: Iterable[Area], text: str) -> list[Area]:
    """Georgia beside the United States is the state; a place beside its own country refines it."""
    settled = list(areas)
    american = bool(_US_CONTEXT.search(text)) or any(a.code == "US" for a in settled)
    if american and any(a.code == "GE" for a in settled):
        us = atlas().countries["US"]
        state = Area(
            kind="place", code="US", name="Georgia (US state)", locales=us.locales, countries=("US",)
        )
        settled = [state if area.code == "GE" else area for area in settled]
    placed = {area.code for area in settled if area.kind == "place"}
    return [
        area for area in settled if not (area.kind == "country" and area.code in placed and len(settled) > 1)
    ]


def _distinct(areas: Iterable[Area]) -> tuple[Area, ...]:
    """One area for each code (places of one country become that country, with all their locales)."""
    merged: dict[str, Area] = {}
    for area in areas:
        key = area.code or fold(area.name)
        if key in merged and area.kind != "unknown":
            locales = tuple(dict.fromkeys((*merged[key].locales, *area.locales)))
            name = merged[key].name if area.name in merged[key].name else f"{merged[key].name}, {area.name}"
            merged[key] = replace(merged[key], locales=locales, name=name)
        else:
            merged.setdefault(key, area)
    return tuple(merged.values())


def lead_remark(area: Area, text: str) -> str:
    """What to tell an author whose text named only a group or the world, when its lead locales were taken."""
    if area.kind == "world":
        return f"{text!r} names no market: made in the message's language; name countries or languages to get more"
    return f"{area.name} read as its lead locales {', '.join(area.locales)}" if area.kind == "group" else ""


def _remarks(areas: Iterable[Area], text: str) -> list[str]:
    remarks = []
    for area in areas:
        if area.kind == "place":
            remarks.append(
                f"{area.name!r} lies in {atlas().countries[area.code].name}: {', '.join(area.locales)}"
            )
        elif area.code == "GE" and not _US_CONTEXT.search(text):
            remarks.append("Georgia read as the country; write 'Georgia, USA' for the state")
    return list(dict.fromkeys(remarks))
