"""The templates that ship with Affiche. Touches the disk (its own data files); nothing else in this package does."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from affiche.compose.template.model import Template
from affiche.compose.template.read import read_template
from affiche.errors import AfficheError

_DATA = Path(__file__).parent.parent / "templates"


def shipped_ids() -> tuple[str, ...]:
    """The ids of all shipped templates, sorted."""
    return tuple(sorted(path.stem for path in _DATA.glob("*.yaml")))


@cache
def shipped_template(template: str) -> Template:
    """One shipped template. KeyError when there is none of that id."""
    path = _DATA / f"{template}.yaml"
    if template not in shipped_ids():
        raise KeyError(template)
    found, problems = read_template(path.read_bytes(), file=path.name)
    if found is None:
        raise AfficheError(f"the shipped template {template} is broken: {problems[0].message} at {problems[0].where}")
    return found


def is_file(name: str) -> bool:
    """Whether a brief means a file of its own by `name`, not a shipped template."""
    return name.lower().endswith((".yaml", ".yml", ".json"))


class ShippedTemplates(dict[str, Template]):
    """All shipped templates by id, each read when it is first asked for; a campaign's own may be added."""

    def __missing__(self, template: str) -> Template:
        found = self[template] = shipped_template(template)
        return found

    def __contains__(self, template: object) -> bool:
        return dict.__contains__(self, template) or template in shipped_ids()
