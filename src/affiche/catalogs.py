"""The catalogs as plain data: the stable JSON of `affiche placements --json` and its like, and of the API's lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from affiche.check.profile import RuleInForce
    from affiche.check.rule import Rule
    from affiche.compose.studio import StudioSet
    from affiche.compose.template.model import Template
    from affiche.placement.model import Placement
    from affiche.write.catalog import WriterFacts


def template_as_dict(item: Template) -> dict[str, Any]:
    """The stable JSON form."""
    return {
        "id": item.id,
        "name": item.name,
        "description": item.description,
        "pictures": list(item.pictures),
        "aspect_classes": {name: [option.name for option in options] for name, options in item.classes.items()},
        "digest": item.digest,
    }


def placement_as_dict(placement: Placement) -> dict[str, Any]:
    """The stable JSON form; `safe` in fractions, `max_bytes` in bytes (kB are 1000 bytes)."""
    safe, rtl = placement.safe, placement.safe_rtl
    return {
        "id": placement.id,
        "name": placement.name,
        "channel": placement.channel,
        "media": placement.media,
        "aliases": list(placement.aliases),
        "width": placement.size.width,
        "height": placement.size.height,
        "ratio": placement.ratio_name,
        "aspect_class": placement.aspect_class,
        "formats": list(placement.formats),
        "max_bytes": placement.max_bytes,
        "subload_bytes": placement.subload_bytes,
        "safe": {"left": safe.left, "top": safe.top, "right": safe.right, "bottom": safe.bottom},
        "safe_rtl": {"left": rtl.left, "top": rtl.top, "right": rtl.right, "bottom": rtl.bottom} if rtl else None,
        "min_size": str(placement.min_size) if placement.min_size else None,
        "max_size": str(placement.max_size) if placement.max_size else None,
        "aspect_tolerance": placement.aspect_tolerance,
        "shown_width": placement.shown_width,
        "copy_limits": {name: _limit(limit) for name, limit in placement.copy_limits.items()},
        "covers": list(placement.covers),
        "status": placement.status,
        "sources": [{"ref": s.ref, "kind": s.kind, "as_of": s.as_of} for s in placement.sources],
        "conflicts": list(placement.conflicts),
        "notes": list(placement.notes),
    }


def _limit(limit: Any) -> dict[str, Any]:
    numbers = {"hard_max": limit.hard_max, "visible_max": limit.visible_max, "recommended": limit.recommended}
    by_script = {"hard_by_script": dict(limit.hard_by_script), "visible_by_script": dict(limit.visible_by_script)}
    rest = {"emoji_max": limit.emoji_max, "link_length": limit.link_length, "forbidden": limit.forbidden}
    return {**numbers, **by_script, **rest}


def rule_as_dict(rule: Rule, force: RuleInForce | None) -> dict[str, Any]:
    """The stable JSON form; `in_force` is false for a rule that the channel's profile switched off."""
    return {
        "id": rule.id,
        "title": rule.title,
        "rationale": rule.rationale,
        "severity": (force.severity if force else "") or rule.severity,
        "version": rule.version,
        "applies_to": list(rule.kinds),
        "limits": limits_of(rule, force),
        "outcomes": {f"{rule.id}.{name}": meaning for name, meaning in rule.outcomes.items()},
        "source": {"ref": rule.source.ref, "kind": rule.source.kind, "as_of": rule.source.as_of},
        "in_force": force is not None,
        "reasons": list(force.reasons) if force else [],
    }


def limits_of(rule: Rule, force: RuleInForce | None) -> dict[str, float]:
    """The limits that count."""
    return dict(force.limits if force else rule.limits)


def rules_by_id(channel: str, today: date) -> dict[str, RuleInForce]:
    """The rules in force for a channel."""
    from affiche.check.profile import rules_in_force
    from affiche.check.shipped import shipped_profile

    profile = shipped_profile(channel)
    found = (*rules_in_force(profile, today), *rules_in_force(profile, today, kind="file"))
    return {force.rule.id: force for force in found}


def set_as_dict(item: StudioSet) -> dict[str, Any]:
    """The stable JSON form."""
    return {
        "id": item.id,
        "name": item.name,
        "mood": list(item.mood),
        "materials": {material: item.roles[material] for material in item.materials},
        "light": {"azimuth_deg": item.light.azimuth_deg, "elevation_deg": item.light.elevation_deg},
        "aspect_classes": {
            aspect: {"width": round(view.canvas.width), "height": round(view.canvas.height)}
            for aspect, view in item.views.items()
        },
    }


def markets_as_dicts(text: str = "") -> list[dict[str, Any]]:
    """What `text` says of regions, or every country and group."""
    from affiche.market.atlas import atlas
    from affiche.market.resolve import resolve_region

    known = atlas()
    areas = resolve_region(text).areas if text else (*known.countries.values(), *known.groups.values())
    return [
        {
            "id": area.code or area.name,
            "name": area.name,
            "kind": area.kind,
            "locales": list(area.locales),
            "also": list(area.also),
            "countries": list(area.countries),
        }
        for area in areas
    ]


def sources(has_key: Callable[[str], bool] | None = None) -> list[dict[str, Any]]:
    """Where pictures and words come from, in the order in which a build asks. `has_key`: whether a variable holds a key."""
    return _pictures() + _words(has_key)


def _pictures() -> list[dict[str, Any]]:
    from affiche.compose.shipped_sets import shipped_sets

    studio = ", ".join(shipped_sets())
    return [
        _row("given", "pictures", "Given pictures", "Files that the brief names, made upright, measured and cut out"),
        _row("studio", "pictures", "Studio sets", f"Backdrops in the brand's colours: {studio}"),
        _row("type", "pictures", "Type alone", "A designed typographic creative when a product has no picture"),
    ]


def _words(has_key: Callable[[str], bool] | None) -> list[dict[str, Any]]:
    from affiche.write.catalog import models
    from affiche.write.entries import MEMORY
    from affiche.write.phrasebook import phrasebook

    texts = phrasebook().texts
    size = f"{len(next(iter(texts.values())))} buttons in {len(texts)} languages and variants"
    return [
        _row("copy", "words", "Given copy", "The words of the brief, product before campaign, locale before language"),
        _row("memory", "words", "Translation memory", f"Approved words in {MEMORY} beside the brief"),
        _row("phrasebook", "words", "Phrasebook", size),
        *(_writer(facts, has_key) for facts in models()),
        _row("source", "words", "Source text", "The message as it is, flagged as untranslated"),
    ]


#: An ordinary question: characters that go out and come back for the four texts of one locale.
_OUT, _BACK = 3500, 400


def _writer(facts: WriterFacts, has_key: Callable[[str], bool] | None) -> dict[str, Any]:
    """The stable JSON form of a model that writes; `price` of an ordinary question, with what it follows from."""
    from affiche.write.catalog import providers

    provider = providers()[facts.provider]
    rates = {
        name: str(rate) for name in ("input", "output", "characters") if (rate := getattr(facts, name)) is not None
    }
    paid = ", ".join(f"{name} {rate}" for name, rate in rates.items())
    told = f"{'sees pictures, ' if facts.pictures else ''}{paid} USD per million"
    key = (
        "not looked at"
        if has_key is None
        else "set"
        if any(map(has_key, provider.keys))
        else f"missing: {provider.keys[0]}"
    )
    cost = {
        "amount": float(facts.estimate(_OUT, _BACK).amount),
        "currency": "USD",
        "per_million": rates,
        "source": facts.source,
    }
    return {
        "id": facts.id, "gives": "words", "name": f"{provider.name} {facts.model}", "note": f"{told} ({facts.as_of})", "key": key,
        "network": True, "price": {**cost, "as_of": str(facts.as_of)}, "health": "not asked",
        "sunset": str(facts.sunset) if facts.sunset else None, "pictures": facts.pictures,
    }  # fmt: skip


def _row(name: str, gives: str, title: str, note: str) -> dict[str, Any]:
    """The stable JSON form; `price` per call, `health` of a source on this machine."""
    return {
        "id": name, "gives": gives, "name": title, "note": note, "key": "not needed", "network": False,
        "price": {"amount": 0, "currency": "USD"}, "health": "ok",
    }  # fmt: skip
