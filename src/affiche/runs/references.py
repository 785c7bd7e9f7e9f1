"""What a brief or brand file may name in the service: assets by id and its own brand, never a path.

An id may carry a suffix (`ast_....csv`), which says how to read a feed. Everything else is a problem with its place, except in
foreign briefs: their paths were true on another machine, so their pictures are left out with a warning by the reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from affiche.brand.model import Brand
from affiche.brief.model import Brief
from affiche.compose.template.shipped import is_file
from affiche.values.problem import Problem, Where

_ASSET = re.compile(r"(ast_[0-9A-HJKMNP-TV-Z]{26})(\.[a-z0-9]{1,5})?")
_HINT = "upload it with POST /v1/assets and name its id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A file that is named: where, as what (`picture`, `logo`, `feed`, `font`), and how it is written."""

    where: Where
    role: str
    name: str

    @property
    def asset(self) -> str:
        """The asset's id; empty when this names none."""
        match = _ASSET.fullmatch(self.name)
        return match.group(1) if match else ""


def of_brief(brief: Brief) -> tuple[Reference, ...]:
    """The files that a brief names, its brand file excepted."""
    return tuple(_named(brief))


def _named(brief: Brief) -> Iterator[Reference]:
    for product in brief.products:
        if product.picture and product.picture.path:
            yield Reference(where=product.picture.where, role="picture", name=product.picture.path)
    if brief.brand.logo:
        yield Reference(where=_place(brief, "brand"), role="logo", name=brief.brand.logo)
    if brief.feed:
        yield Reference(where=_place(brief, "feed"), role="feed", name=brief.feed)


def of_brand(brand: Brand, file: str) -> tuple[Reference, ...]:
    """The files that a brand file names."""
    logo = brand.logo
    names = [("logo.file", "logo", logo.file), ("logo.on_dark", "logo", logo.on_dark)] if logo else []
    names += [(f"fonts[{n}].file", "font", font.file) for n, font in enumerate(brand.fonts)]
    names += [("voice.style", "style picture", name) for name in brand.style]
    return tuple(Reference(where=Where(file=file, pointer=at), role=role, name=name) for at, role, name in names if name)


def not_assets(references: tuple[Reference, ...]) -> tuple[Problem, ...]:
    """A problem for each reference that is not an asset's id."""
    return tuple(_path(reference) for reference in references if not reference.asset)


def templates_as_files(brief: Brief) -> tuple[Problem, ...]:
    """A problem for each template that is named as a file: the service has no such files."""
    wishes = [("design.template", brief.design.template)]
    wishes += [(f"products[{n}].template", product.template) for n, product in enumerate(brief.products)]
    wishes += [(f"variants[{n}].template", variant.template) for n, variant in enumerate(brief.variants)]
    hint = "list the shipped ones with GET /v1/templates"
    return tuple(
        Problem(
            severity="error", code="brief.template-file", where=_place(brief, pointer), hint=hint,
            message=f"{name[:120]!r} is a file; in the service a template is named by its id",
        )
        for pointer, name in wishes
        if is_file(name)
    )  # fmt: skip


def _place(brief: Brief, pointer: str) -> Where:
    return brief.places.get(pointer, Where(pointer=pointer))


def _path(reference: Reference) -> Problem:
    message = f"{reference.name[:120]!r} is not an asset: in the service a {reference.role} is named by its asset id"
    return Problem(severity="error", code="brief.path", where=reference.where, message=message, hint=_HINT)
