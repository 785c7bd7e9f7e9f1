"""Explain: what led to a creative, and what would make it again. From its row in the manifest and, when the brief is at
hand, from the plan of today.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from affiche.plan.model import Creative, Plan
from affiche.plan.quote import why
from affiche.values.problem import Where

#: Input -> what a change of it means, for people.
MEANINGS = {
    "brand": "the brand's colours, type or name",
    "logo": "the logo",
    "picture": "the product's picture or its focal point",
    "template": "the template",
    "set": "the studio set",
    "placement": "the placement's size, safe area or limits",
    "toolchain": "a library, a font or Affiche's drawing code",
    "rules": "the rules in force (findings only, the file stays)",
    "forbidden words": "the words that the brand forbids (findings only, the file stays)",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where one ingredient of a creative comes from. `where` is its line in the brief, when that is known."""

    role: str
    value: str
    origin: str
    where: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The answer. `rebuild` is what would make it again; `now` what a build today would do, "" when no brief was given."""

    file: Mapping[str, Any]
    creative: Mapping[str, Any]
    sources: tuple[Source, ...]
    rebuild: tuple[str, ...]
    versions: Mapping[str, str]
    now: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The stable JSON form."""
        creative = self.creative
        names = ("product", "locale", "placement", "variant", "status", "template", "set", "notes", "keys", "inputs", "findings")
        return {
            **{name: creative.get(name, []) if name == "notes" else creative[name] for name in names},
            "file": dict(self.file),
            "sources": [{"role": s.role, "value": s.value, "origin": s.origin, "where": s.where} for s in self.sources],
            "rebuild": list(self.rebuild),
            "versions": dict(self.versions),
            "now": self.now,
        }


def explain(row: Mapping[str, Any], path: str, versions: Mapping[str, str], plan: Plan | None = None) -> Explanation:
    """`row` is the creative's entry in the manifest, `path` that of the file in question, `plan` today's plan."""
    creative = _same(row, plan)
    file = next(file for file in row["files"] if file["path"] == path)
    return Explanation(
        file=file,
        creative=row,
        sources=tuple(_sources(row, plan)),
        rebuild=tuple(MEANINGS.get(name, f"the {name}") for name in row["inputs"] if row["inputs"][name]),
        versions=versions,
        now=_now(row, plan, creative),
    )


def _sources(row: Mapping[str, Any], plan: Plan | None) -> Iterator[Source]:
    for role, text in row["words"].items():
        where = _line(plan, row, role) if plan else None
        yield Source(role=role, value=text, origin=row["origins"].get(role, ""), where=str(where or ""))
    for role, origin in row["origins"].items():
        if role not in row["words"]:
            yield Source(role=role, value=row["set"] if role == "backdrop" else row["product"], origin=origin)


def _line(plan: Plan, row: Mapping[str, Any], role: str) -> Where | None:
    """The place in the brief that gives `role`: the product's own words, the campaign's, the message."""
    places, locale = plan.brief.places, row["locale"]
    number = next((n for n, product in enumerate(plan.brief.products) if product.id == row["product"]), None)
    # Deeper places are not kept for every word: then the line of the locale is near enough.
    pointers = [f"{of}.{locale}{word}" for of in (f"products[{number}].copy", "copy") for word in (f".{role}", "")]
    own = [f"products[{number}].name"] if role == "name" else []
    if row["origins"].get(role) == "source" or locale == plan.brief.message.locale:
        own.append(f"message.{role}")
    pointers = [*own, *pointers, f"message.{role}"]
    return next((places[pointer] for pointer in pointers if pointer in places), None)


def _same(row: Mapping[str, Any], plan: Plan | None) -> Creative | None:
    wanted = (row["product"], row["locale"], row["placement"], row["variant"])
    return next((c for c in plan.creatives if tuple(c.id) == wanted), None) if plan else None


def _now(row: Mapping[str, Any], plan: Plan | None, creative: Creative | None) -> str:
    if plan is None:
        return ""
    if creative is None:
        return "the brief no longer asks for it: a build would remove it"
    if row["keys"] == {"compose": creative.compose_key, "check": creative.check_key}:
        return "up to date: a build would leave it alone"
    verb = "check" if row["keys"]["compose"] == creative.compose_key else "make"
    return f"a build would {verb} it again: {why(plan.inputs_of(creative), row['inputs'])}"
