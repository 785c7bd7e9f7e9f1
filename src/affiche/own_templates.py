"""Templates that a brief brings along: `template: layouts/quiet.yaml`, relative to the brief. Read, proved, and only then used.

A template with faults (`compose/proof`) is refused with the first of them. Proof takes a second, so that a template that
held is remembered by its digest and that of everything that lays out; forgetting costs only time.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from affiche.brief.model import Brief
from affiche.compose.proof.examine import faults
from affiche.compose.template.model import Template
from affiche.compose.template.read import read_template
from affiche.compose.template.shipped import is_file
from affiche.errors import InputError
from affiche.inputs import open_input
from affiche.values.digest import Digest, digest
from affiche.values.problem import Problem, Where


def own_templates(
    brief: Brief, base_dir: Path, *, toolchain: Digest, memory: Path
) -> tuple[dict[str, Template], tuple[Problem, ...]]:
    """Templates by the path that the brief names, and what is wrong with them. `memory`: a folder for what was proved."""
    found: dict[str, Template] = {}
    problems: list[Problem] = []
    for pointer, name in _wishes(brief):
        if name in found:
            continue
        where = brief.places.get(pointer, Where(pointer=pointer))
        template, wrong = _read(name, base_dir, where)
        if template is not None and not wrong:
            wrong = _proved(template, name, where, memory / digest("proof", template.digest, toolchain))
        problems += wrong
        if template is not None:
            found[name] = template
    return found, tuple(problems)


def _wishes(brief: Brief) -> Iterator[tuple[str, str]]:
    """Pointer and path of every template that is named as a file."""
    wishes = [("design.template", brief.design.template)]
    wishes += [(f"products[{n}].template", product.template) for n, product in enumerate(brief.products)]
    wishes += [(f"variants[{n}].template", variant.template) for n, variant in enumerate(brief.variants)]
    return ((pointer, name) for pointer, name in wishes if is_file(name))


def _read(name: str, base_dir: Path, where: Where) -> tuple[Template | None, list[Problem]]:
    try:
        template, problems = read_template(open_input(base_dir / name), file=name)
    except InputError as error:
        return None, [_problem("template.missing", where, error.public, error.hint)]
    return template, [problem for problem in problems if problem.severity == "error"]


def _proved(template: Template, name: str, where: Where, mark: Path) -> list[Problem]:
    """Nothing when `template` holds every stress case; else its first faults."""
    if mark.exists():
        return []
    found = list(faults(template))
    if found:
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        message = f"template {name} does not hold hard copy: {found[0]}{more}"
        return [_problem("template.fails", where, message, f"`affiche template check {name}` lists everything")]
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.touch()
    return []


def _problem(code: str, where: Where, message: str, hint: str) -> Problem:
    return Problem(severity="error", code=code, where=where, message=message, hint=hint)
