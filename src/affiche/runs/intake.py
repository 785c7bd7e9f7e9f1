"""A brief or brand file that arrives: read, its problems collected, what it names looked up. Nothing is stored here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from affiche.brand.read import read_brand
from affiche.brief.model import Brief, GivenBrand
from affiche.brief.read import read_brief
from affiche.registry.brands import Document
from affiche.registry.scope import Row, Scope
from affiche.registry.tables.material import assets
from affiche.runs.planned import BadBrief
from affiche.runs.references import Reference, not_assets, of_brand, of_brief, templates_as_files
from affiche.values.digest import digest_bytes
from affiche.values.problem import Problem, Where, has_errors

#: The file that problems name: requests have none.
FILE = "brief"


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """A brief that can be taken. `document` holds it as it came."""

    brief: Brief
    document: Document
    references: tuple[Reference, ...]
    problems: tuple[Problem, ...]

    @property
    def assets(self) -> tuple[str, ...]:
        """The names of assets as the brief writes them."""
        return tuple(dict.fromkeys(reference.name for reference in self.references if reference.asset))

    @property
    def search(self) -> str:
        """What the campaign can be found by."""
        brief = self.brief
        names = [product.name for product in brief.products]
        return " ".join([brief.campaign, brief.name, brief.audience, *brief.message.words.values(), *names, *brief.locales])


def take_brief(data: bytes, media_type: str, *, brand: Row | None) -> Intake:
    """The brief. `brand`: the registry's brand that it is for, None when the brief itself says what is known.

    Raises BadBrief with everything that is wrong.
    """
    brief, problems = read_brief(data, file=FILE)
    if brief is None:
        raise BadBrief(problems)
    references = of_brief(brief)
    problems = (*problems, *templates_as_files(brief), *_brand_problems(brief, brand))
    if not brief.foreign:
        problems = (*problems, *not_assets(references))
    if has_errors(problems):
        raise BadBrief(problems)
    document = Document(
        data=data, digest=digest_bytes(data), media_type=media_type, problems=tuple(problem.as_dict() for problem in problems)
    )
    return Intake(brief=brief, document=document, references=references, problems=problems)


def _brand_problems(brief: Brief, brand: Row | None) -> tuple[Problem, ...]:
    """A brief names the brand it is for by its slug, or no brand file at all."""
    if brief.foreign or not brief.brand.file or (brand and brief.brand.file in (brand["slug"], brand["id"])):
        return ()
    where = brief.places.get("brand", Where(file=FILE, pointer="brand"))
    message = f"{brief.brand.file[:120]!r} is not the brand that this campaign is for"
    other = "say `?brand=` with the request; list brands with GET /v1/brands"
    hint = f"name {brand['slug']!r}, or leave it out" if brand else other
    return (Problem(severity="error", code="brief.brand", where=where, message=message, hint=hint),)


def brand_facts_given(brief: Brief) -> bool:
    """Whether the brief itself says something of the brand."""
    return brief.brand != GivenBrand()


def take_brand(data: bytes, media_type: str) -> tuple[str, Document, tuple[Reference, ...]]:
    """Name, document and references of a brand file. Raises BadBrief."""
    brand, problems = read_brand(data, file="brand")
    if brand is None:
        raise BadBrief(problems)
    references = of_brand(brand, "brand")
    problems = (*problems, *not_assets(references))
    if has_errors(problems):
        raise BadBrief(problems)
    told = tuple(problem.as_dict() for problem in problems)
    return brand.name, Document(data=data, digest=digest_bytes(data), media_type=media_type, problems=told), references


def check_assets(connection: sa.Connection, scope: Scope, references: Sequence[Reference]) -> None:
    """Every named asset is there, ready and in reach. Raises BadBrief with those that are not."""
    wanted = {reference.asset for reference in references if reference.asset}
    if not wanted:
        return
    query = sa.select(assets.c.id, assets.c.state, assets.c.reason).where(assets.c.id.in_(wanted), scope.on(assets))
    known: Mapping[str, Row] = {row.id: dict(row._mapping) for row in connection.execute(query)}
    wrong = [_asset_problem(r, known.get(r.asset)) for r in references if r.asset and not _is_ready(known.get(r.asset))]
    if wrong:
        raise BadBrief(wrong)


def _is_ready(row: Row | None) -> bool:
    return row is not None and row["state"] == "ready"


def _asset_problem(reference: Reference, row: Row | None) -> Problem:
    if row is None or row["state"] == "deleted":
        message, hint = f"there is no asset {reference.asset}", "list them with GET /v1/assets"
    else:
        message = f"the asset {reference.asset} is {row['state']}"
        hint = row["reason"] or "ask GET /v1/assets/{id} when it is ready"
    return Problem(severity="error", code="asset.missing", where=reference.where, message=message, hint=hint)
