"""A brand file's bytes -> `Brand` + problems. Strict, pure, everything wrong at once; missing colour roles are derived."""

from __future__ import annotations

from affiche.brand.derive import DISPLAY, TEXT
from affiche.brand.model import COLOR_ROLES, Brand, FontFile, Logo, TypeFace
from affiche.brand.palette import complete
from affiche.brand.schema import BrandFile, LogoFile, TypeFile
from affiche.notation.node import Node
from affiche.notation.parse import parse
from affiche.notation.validate import validate
from affiche.values.color import Color, contrast
from affiche.values.problem import Problem, Where, has_errors

_MIN_GIVEN_CONTRAST = 4.5


def read_brand(data: bytes, *, file: str) -> tuple[Brand | None, tuple[Problem, ...]]:
    """The brand, or None with at least one error. Never raises."""
    documents, problems = parse(data, file=file)
    if has_errors(problems):
        return None, problems
    root = documents[0]
    if root.get("brand") is None or root.get("brand").is_map:  # type: ignore[union-attr]
        message, hint = (
            "this is no Affiche brand file: it lacks `brand: 1` at the top",
            "see `affiche schema brand`",
        )
        where = Where(file=file, line=root.line, column=root.column)
        return None, (
            *problems,
            Problem(severity="error", code="brand.not-ours", where=where, message=message, hint=hint),
        )
    parsed, shape = validate(BrandFile, root, file=file, kind="brand")
    colors, wrong = _colors(root, file)
    problems = (*problems, *shape, *wrong)
    if parsed is None or has_errors(problems):
        return None, tuple(sorted(problems, key=lambda p: (p.where.line, p.where.column)))
    brand = _brand(parsed, colors)
    return brand, (*problems, *_pale(brand, colors, root, file))


def _colors(root: Node, file: str) -> tuple[dict[str, Color], list[Problem]]:
    node = root.get("colors")
    colors: dict[str, Color] = {}
    wrong: list[Problem] = []
    for role, child in node.items() if node is not None else ():
        try:
            if child.text and role in COLOR_ROLES:
                colors[role] = Color.parse(child.text)
        except ValueError as error:
            hint = "a `#` starts a comment in YAML: put the colour in quotes"
            wrong.append(
                Problem(severity="error", code="brand.bad-color", where=child.where(file), message=str(error))
            )
            continue
        if child.value is None:
            hint = "a `#` starts a comment in YAML: put the colour in quotes"
            message = f"{role} has no colour"
            wrong.append(
                Problem(
                    severity="error",
                    code="brand.bad-color",
                    where=child.where(file),
                    message=message,
                    hint=hint,
                )
            )
    return colors, wrong


def _brand(parsed: BrandFile, colors: dict[str, Color]) -> Brand:
    derived = [f"colors.{role}" for role in COLOR_ROLES if role not in colors]
    derived += [f"type.{role}" for role in ("display", "text") if not getattr(parsed.type, role).family]
    return Brand(
        name=parsed.name,
        colors=complete(colors),
        display=_face(parsed.type.display, DISPLAY),
        text=_face(parsed.type.text, TEXT),
        logo=_logo(parsed.logo),
        tone=tuple(parsed.voice.tone),
        never=tuple(parsed.voice.never),
        forbidden={tag: tuple(words) for tag, words in parsed.words.forbidden.items()},
        required={tag: tuple(words) for tag, words in parsed.words.required.items()},
        keep=tuple(parsed.words.keep),
        glossary={term: dict(by_tag) for term, by_tag in parsed.words.glossary.items()},
        formality=dict(parsed.voice.formality),
        style=tuple(parsed.voice.style),
        radius=parsed.radius,
        grade=parsed.grade,
        numerals=dict(parsed.numerals),
        fonts=tuple(FontFile(file=f.file, family=f.family, weight=f.weight) for f in parsed.fonts),
        derived=tuple(derived),
    )


def _face(parsed: TypeFile, default: TypeFace) -> TypeFace:
    if not parsed.family and not parsed.weight:
        return default
    family = parsed.family or default.family
    return TypeFace(
        family=family, weight=parsed.weight or default.weight, tracking=parsed.tracking, case=parsed.case
    )


def _logo(parsed: LogoFile | None) -> Logo | None:
    if parsed is None or not parsed.file:
        return None
    return Logo(
        file=parsed.file, on_dark=parsed.on_dark, clear_space=parsed.clear_space, min_width=parsed.min_width
    )


def _pale(brand: Brand, given: dict[str, Color], root: Node, file: str) -> tuple[Problem, ...]:
    """A warning when the brand's own ink cannot be read on its own paper or surface."""
    node = root.get("colors") or root
    found = []
    for ground in ("paper", "surface"):
        ratio = contrast(brand.colors["ink"], brand.colors[ground])
        if ratio < _MIN_GIVEN_CONTRAST and {"ink", ground} & set(given):
            message = f"ink on {ground} has a contrast of {ratio:.1f}:1, text needs {_MIN_GIVEN_CONTRAST}:1"
            where = node.where_key(ground, file)
            found.append(
                Problem(
                    severity="warning",
                    code="brand.contrast",
                    where=where,
                    message=message,
                    hint=f"darken ink or lighten {ground}",
                )
            )
    return tuple(found)
