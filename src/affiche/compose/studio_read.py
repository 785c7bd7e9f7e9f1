"""`set.yaml` + its files -> `StudioSet`, with every problem at once. Pure: files come through a loader argument.

The file gives hero and calm areas as fractions of the render, sizes in px; here everything becomes px of the render.
Written by the renderer of sets; strict all the same, because sets may be added by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import yaml

from affiche.brand.model import COLOR_ROLES
from affiche.compose.studio import SetLight, SetView, StudioSet
from affiche.values.digest import digest, digest_bytes
from affiche.values.geometry import Rect, Size
from affiche.values.problem import Problem, Where, has_errors

#: Bytes of a file of the set by its name. FileNotFoundError when there is none.
LoadFile = Callable[[str], bytes]

ASPECT_CLASSES = ("skyscraper", "tall", "portrait", "square", "wide", "banner")
_TOP = {"set", "id", "name", "mood", "materials", "roles", "light", "classes"}
_MAY = {"row"}
_VIEW = {"size", "canvas", "scale", "hero", "calm"}
_LIGHT = {"azimuth_deg", "elevation_deg", "shadow_softness", "shadow_strength"}


def read_set(data: bytes, *, file: str, load: LoadFile) -> tuple[StudioSet | None, tuple[Problem, ...]]:
    """The set, or None with the problems that stand in the way; notes about unknown keys come with a good set too."""
    report = _Report(file)
    try:
        raw = yaml.load(data, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, ValueError) as wrong:
        report.error("set.syntax", "", f"The file is not YAML: {str(wrong).splitlines()[0]}")
        return None, tuple(report.problems)
    if not isinstance(raw, Mapping):
        report.error("set.syntax", "", "The file must be a mapping with id, materials, roles, light and classes.")
        return None, tuple(report.problems)
    found = _checked(raw, report, load)
    return (None if has_errors(report.problems) else found), tuple(report.problems)


class _Report:
    """Collects problems of one file."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def error(self, code: str, pointer: str, message: str, hint: str = "") -> None:
        where = Where(file=self.file, pointer=pointer)
        self.problems.append(Problem(severity="error", code=code, where=where, message=message, hint=hint))

    def numbers(self, value: Any, count: int, pointer: str) -> tuple[float, ...]:
        """`count` finite numbers, zeros (and a problem) otherwise."""
        items = value if isinstance(value, list) else [value]
        good = len(items) == count and all(isinstance(v, int | float) and abs(v) < 1e6 for v in items)
        if not good:
            self.error("set.value", pointer, f"{value!r} must be {count} number{'s' if count > 1 else ''}.")
            return (0.0,) * count
        return tuple(float(v) for v in items)


def _checked(raw: Mapping[str, Any], report: _Report, load: LoadFile) -> StudioSet | None:
    _refuse_missing(raw, _TOP, "", report)
    for key in sorted(set(raw) - _TOP - _MAY):
        report.error("set.unknown-key", str(key), f"Unknown key {key!r}; known are {', '.join(sorted(_TOP | _MAY))}.")
    if has_errors(report.problems):
        return None
    materials = tuple(str(name) for name in raw["materials"] or ())
    views: dict[str, SetView] = {}
    for aspect, facts in (raw["classes"] or {}).items():
        if aspect not in ASPECT_CLASSES:
            report.error("set.class", f"classes.{aspect}", f"{aspect!r} is not one of {', '.join(ASPECT_CLASSES)}.")
            continue
        view = _view(facts or {}, aspect, len(materials), report, load)
        views |= {aspect: view} if view else {}
    if not views:
        report.error("set.class", "classes", "A set needs at least one aspect class.")
    return StudioSet(
        id=str(raw["id"]),
        name=str(raw["name"]),
        mood=tuple(str(word) for word in raw["mood"] or ()),
        row=raw.get("row") is True,
        materials=materials,
        roles=_roles(raw["roles"] or {}, materials, report),
        light=_light(raw["light"] or {}, report),
        views=views,
    )


def _refuse_missing(raw: Mapping[str, Any], keys: set[str], pointer: str, report: _Report) -> None:
    for key in sorted(keys - set(raw)):
        report.error("set.missing-key", f"{pointer}.{key}".strip("."), f"{key!r} is missing.")


def _roles(raw: Mapping[str, Any], materials: tuple[str, ...], report: _Report) -> dict[str, str]:
    for material in materials:
        if material not in raw:
            report.error("set.role", f"roles.{material}", f"Material {material!r} has no colour role.")
    for material, role in raw.items():
        if material not in materials:
            report.error("set.role", f"roles.{material}", f"There is no material {material!r}.")
        elif role not in COLOR_ROLES:
            report.error("set.role", f"roles.{material}", f"{role!r} is not one of {', '.join(COLOR_ROLES)}.")
    return {str(material): str(role) for material, role in raw.items()}


def _light(raw: Mapping[str, Any], report: _Report) -> SetLight:
    _refuse_missing(raw, _LIGHT, "light", report)
    values = {key: report.numbers(raw.get(key, 0.0), 1, f"light.{key}")[0] for key in sorted(_LIGHT)}
    return SetLight(**values)


def _view(facts: Mapping[str, Any], aspect: str, materials: int, report: _Report, load: LoadFile) -> SetView | None:
    at = f"classes.{aspect}"
    _refuse_missing(facts, _VIEW, at, report)
    if has_errors(report.problems):
        return None
    width, height = report.numbers(facts["size"], 2, f"{at}.size")
    hero = facts["hero"] if isinstance(facts["hero"], Mapping) else {}
    x, y, tall = (report.numbers(hero.get(key), 1, f"{at}.hero.{key}")[0] for key in ("x", "y", "height"))
    calm = [report.numbers(area, 4, f"{at}.calm[{i}]") for i, area in enumerate(facts["calm"] or ())]
    light, masks = f"{aspect}.light.jpg", tuple(f"{aspect}.masks-{n}.png" for n in range(-(-(materials - 1) // 3)))
    found = _file_digests((light, *masks), at, report, load)
    return SetView(
        size=Size(width=int(width), height=int(height)),
        canvas=Rect(*report.numbers(facts["canvas"], 4, f"{at}.canvas")),
        scale=report.numbers(facts["scale"], 1, f"{at}.scale")[0],
        hero_x=x * width,
        hero_y=y * height,
        hero_height=tall * height,
        calm=tuple(Rect(a * width, b * height, c * width, d * height) for a, b, c, d in calm),
        horizon=report.numbers(facts.get("horizon", 1.0), 1, f"{at}.horizon")[0] * height,
        light_file=light,
        mask_files=masks,
        digest=digest("studio-view", found, report.numbers(facts["scale"], 1, f"{at}.scale")[0]),
    )


def _file_digests(names: tuple[str, ...], pointer: str, report: _Report, load: LoadFile) -> list[str]:
    digests: list[str] = []
    for name in names:
        try:
            digests.append(digest_bytes(load(name)))
        except FileNotFoundError:
            report.error("set.file", pointer, f"The file {name} is missing.", "Render the class again.")
    return digests
