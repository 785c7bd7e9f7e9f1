"""Markets of foreign briefs: regions in prose, lists of markets with their own locale and message, loose languages.

Theory of operation: every key about regions gives `Place`s; narrower places win over wider ones from other keys (`Europe` beside
`Germany`). Languages and locales that the brief names anywhere are then dealt out: to the place that speaks them, else to the
first. A place that got none keeps the locales of its country or group. No region and no locale that was asked for is lost.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from affiche.brief.importer.fields import Fields, Found, fields_of
from affiche.brief.importer.notes import Notes
from affiche.brief.importer.synonyms import synonyms
from affiche.brief.importer.words import Copy, copy_of, locale_keys, texts_of
from affiche.brief.model import Market
from affiche.market.atlas import Area
from affiche.market.resolve import Regions, lead_remark, locale_in, resolve_locale, resolve_region
from affiche.notation.node import Node
from affiche.values.locale import Locale


@dataclass(slots=True, kw_only=True)
class Place:
    """One region that a brief names, with what it says of it. `origin` is the key it stood under."""

    area: Area
    name: str
    origin: str
    node: Node
    locales: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    copy: Copy = field(default_factory=Copy)
    audience: str = ""
    forbidden: tuple[str, ...] = ()


def places_of(fields: Fields, notes: Notes) -> list[Place]:
    """Every region that the brief's keys name, narrower ones winning; no locales dealt out yet."""
    places: list[Place] = []
    for role in ("market", "region"):
        for found in fields.all(role):
            places += _read(found, found.node, notes)
    for found in (*fields.all("locales"), *fields.all("localized")):
        maps = [child for child in found.node if child.is_map] if found.node.is_list else []
        if maps and all(fields_of(child, synonyms().market).text("code") for child in maps):
            places += [place for child in maps for place in _read(found, child, notes)]
    return _narrowed(places, fields, notes)


def _read(found: Found, node: Node, notes: Notes) -> list[Place]:
    if node.is_list:
        return [place for child in node for place in _read(found, child, notes)]
    if node.is_map:
        return _read_map(found, node, notes)
    if isinstance(node.value, bool) or node.value is None:
        return []
    return _places(resolve_region(node.text), node.text, found.key, node, notes)


def _places(regions: Regions, text: str, origin: str, node: Node, notes: Notes) -> list[Place]:
    for remark in regions.notes:
        notes.note("region", node, remark)
    places = []
    for area in regions.areas:
        name = area.name if len(regions.areas) > 1 or regions.locales else text.strip()
        exact = [tag for tag in regions.locales if tag in area.locales]
        if area.kind == "unknown":
            notes.note(
                "region",
                node,
                f"region {area.name[:80]!r} is not known: made in the message's language",
                "name countries to get their languages",
            )
        places.append(
            Place(
                area=area,
                name=name,
                origin=origin,
                node=node,
                locales=exact,
                languages=list(regions.languages),
            )
        )
    if not places and regions.languages:
        world = Area(kind="world", code="", name="")
        places.append(Place(area=world, name="", origin=origin, node=node, languages=list(regions.languages)))
        notes.note("region", node, f"{text!r} read as a language, not as a region")
    return places


def _read_map(found: Found, node: Node, notes: Notes) -> list[Place]:
    """One market as a map, or a map from region to market."""
    fields = fields_of(node, synonyms().market)
    if not fields.all("code") and not fields.all("locales") and not fields.all("name"):
        return _read_keyed(found, node, notes)
    places = _coded(fields, found, notes)
    tags = [tag for item in fields.all("locales") for tag in tags_of(item.node, notes)]
    if not places:
        if not tags:
            return []
        code = Locale.parse(tags[0]).region
        places = _places(resolve_region(code), code, found.key, node, notes) if code else []
        places = places or [
            Place(area=Area(kind="world", code="", name=""), name="", origin=found.key, node=node)
        ]
    for place in places:
        place.locales += [tag for tag in tags if "-" in tag]
        place.languages += [tag for tag in tags if "-" not in tag]
        place.copy.merge(copy_of(fields, notes))
        place.audience = fields.text("audience")
        place.forbidden = tuple(word for item in fields.all("forbidden") for word in texts_of(item.node))
    return places


def _coded(fields: Fields, found: Found, notes: Notes) -> list[Place]:
    """The places of `{region: NA, country: US, name: ...}`: the narrowest that are understood."""
    read = []
    for item in (*fields.all("code"), *fields.all("name")):
        for node in item.node if item.node.is_list else (item.node,):
            if node.is_text and node.value.strip():
                read.append((item, node, resolve_region(node.value)))
    known = [entry for entry in read if any(area.kind != "unknown" for area in entry[2].areas)]
    if not known:
        if not read:
            return []
        _, node, regions = read[0]
        return _places(regions, node.text, found.key, node, notes)
    rank = {"place": 0, "country": 0, "group": 1, "world": 2, "unknown": 3}
    best = min(rank[area.kind] for _, _, regions in known for area in regions.areas)
    places: list[Place] = []
    for _, node, regions in known:
        if any(rank[area.kind] == best for area in regions.areas):
            fresh = _places(regions, node.text, found.key, node, notes)
            places += [place for place in fresh if place.area.code not in {p.area.code for p in places}]
    return places


def _read_keyed(found: Found, node: Node, notes: Notes) -> list[Place]:
    """`markets: {US: {...}, DE: "Jetzt neu"}`, or a map that only groups (`regions: {primary: US}`)."""
    keyed = locale_keys(node)
    places: list[Place] = []
    for key, child in node.items():
        if keyed.get(key):
            fresh = _places(resolve_region(key), key, found.key, child, notes) or []
            for place in fresh:
                if child.is_map:
                    inner = (
                        _read_map(found, child, notes)
                        if fields_of(child, synonyms().market).all("code")
                        else []
                    )
                    place.copy.merge(copy_of(fields_of(child, synonyms().market), notes))
                    place.locales += [tag for other in inner for tag in other.locales]
                    named = fields_of(child, synonyms().market)
                    tags = [tag for item in named.all("locales") for tag in tags_of(item.node, notes)]
                    place.locales += [tag for tag in tags if "-" in tag]
                    place.languages += [tag for tag in tags if "-" not in tag]
                    place.audience = named.text("audience")
                elif child.is_list:
                    place.locales += [tag for tag in tags_of(child, notes) if "-" in tag]
                    place.languages += [tag for tag in tags_of(child, notes) if "-" not in tag]
                elif child.is_text and not resolve_locale(child.value):
                    place.copy.words.setdefault("headline", child.value.strip())
                elif child.is_text:
                    place.languages.append(resolve_locale(child.value) or "")
            places += fresh
        else:
            places += _read(found, child, notes)
    return places


def tags_of(node: Node, notes: Notes) -> list[str]:
    """The locale tags that a value names: `en_US`, `German`, `[en, fr]`, `en/fr`, `[{code: de}]`."""
    tags: list[str] = []
    if node.is_list:
        for child in node:
            tags += tags_of(child, notes)
    elif node.is_map:
        inner = fields_of(node, synonyms().market)
        named = [tag for item in inner.all("locales") for tag in tags_of(item.node, notes)]
        code = inner.text("code")
        if named and code:
            areas = resolve_region(code).areas
            named = [locale_in(tag, areas[0]) if areas else tag for tag in named]
        elif code and not named:
            named = [tag] if (tag := resolve_locale(code)) else []
        tags += named or list(locale_keys(node).values())
    elif node.is_text:
        tags += _tags_in(node, notes)
    return list(dict.fromkeys(tag for tag in tags if tag))


def _tags_in(node: Node, notes: Notes) -> list[str]:
    text = node.value.strip()
    whole = resolve_locale(text)
    if whole:
        if whole != text:
            notes.note("locale", node, f"{text!r} read as {whole}")
        return [whole]
    for separator in ("/", ",", ";", "|", "&", " and ", " + "):
        if separator in text:
            found = [resolve_locale(part) for part in text.split(separator)]
            if all(found):
                notes.note("locale", node, f"{text!r} read as {', '.join(tag or '' for tag in found)}")
                return [tag for tag in found if tag]
    areas = [area for area in resolve_region(text).areas if area.kind in ("country", "place", "group")]
    if areas:
        tags = [tag for area in areas for tag in area.locales]
        notes.note("locale", node, f"{text!r} is no language; read as {', '.join(tags)}")
        return tags
    if text:
        notes.add(
            "warning",
            "locale",
            node,
            f"{text[:60]!r} is no language that Affiche knows; left out",
            "write a tag such as de-DE",
        )
    return []


def _narrowed(places: list[Place], fields: Fields, notes: Notes) -> list[Place]:
    """Without groups and `global` that another key narrows down."""
    kept = []
    for place in places:
        inside = [
            other for other in places if other.origin != place.origin and _contains(place.area, other.area)
        ]
        if inside:
            names = ", ".join(dict.fromkeys(other.area.name for other in inside))
            notes.note(
                "region", fields.node, f"{place.area.name} is narrowed down to {names}", key=place.origin
            )
        else:
            kept.append(place)
    return kept


def _contains(wide: Area, narrow: Area) -> bool:
    if (
        narrow.kind not in ("country", "place", "group")
        or wide.kind not in ("group", "world")
        or wide.code == narrow.code
    ):
        return False
    return wide.kind == "world" or (bool(narrow.countries) and set(narrow.countries) < set(wide.countries))


def markets_of(places: list[Place], asked: Iterable[str], source: str, notes: Notes) -> tuple[Market, ...]:
    """The markets, with `asked` locales dealt out; one market for each region, every locale once."""
    for place in places:
        place.locales += [locale_in(language, place.area) for language in place.languages]
    left = _deal(places, list(dict.fromkeys(asked)))
    for place in places:
        if not place.locales:
            remark = lead_remark(place.area, place.name)
            if remark:
                notes.note("region", place.node, remark)
            place.locales += list(place.area.locales if place.area.kind != "world" else ()) or [source]
    markets: dict[str, Market] = {}
    for place in places:
        _join(markets, place.area.code, place.name, place.locales, place.audience)
    for tag in left:
        region = Locale.parse(tag).region
        code = region if not region.isdigit() else "LATAM" if region == "419" else ""
        _join(markets, code, "", [tag], "")
    if not markets:
        _join(markets, Locale.parse(source).region, "", [source], "")
    return tuple(markets.values())


def _join(markets: dict[str, Market], code: str, name: str, locales: Iterable[str], audience: str) -> None:
    tags = [Locale.parse(tag).tag for tag in locales]
    key = code or name
    had = markets.get(key)
    if had:
        tags = [*had.locales, *tags]
        name, audience = had.name or name, had.audience or audience
    markets[key] = Market(
        region=code, name=name if name != code else "", locales=tuple(dict.fromkeys(tags)), audience=audience
    )


def _deal(places: list[Place], asked: list[str]) -> list[str]:
    """Gives each asked tag to the places that speak it; returns those that no place takes."""
    open_places = [place for place in places if not place.locales]
    if not asked:
        return []
    left: list[str] = []
    for tag in asked:
        takers = [place for place in open_places if _takes(place, tag)]
        for place in takers:
            place.locales.append(locale_in(tag, place.area))
        if not takers and not any(_has(place, tag) for place in places):
            left.append(tag)
    empty = [place for place in open_places if not place.locales]
    bare = [tag for tag in asked if "-" not in tag]
    for place in empty:
        place.locales += bare or left
    if empty and not bare:
        return []
    left = [tag for tag in left if not (empty and tag in bare)]
    if left and open_places and not empty:
        open_places[0].locales += [tag for tag in left if "-" not in tag]
        left = [tag for tag in left if "-" in tag]
    return left


def _takes(place: Place, tag: str) -> bool:
    area, region = place.area, Locale.parse(tag).region
    if area.kind == "world":
        return True
    if region:
        return region in area.countries or (
            region == "419" and area.code in ("LATAM", "SOUTH-AMERICA", "CENTRAL-AMERICA")
        )
    return locale_in(tag, area) != tag


def _has(place: Place, tag: str) -> bool:
    """Whether the place has the tag, or (for a bare language) a locale of it."""
    return any(own == tag or own.split("-")[0] == tag for own in place.locales)
