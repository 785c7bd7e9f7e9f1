"""What `plan` and `build` have in common: brief files to plans, `--only`, problems to the terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from affiche import wire
from affiche.cli.show import problems_text
from affiche.errors import InputError, UsageError
from affiche.inputs import Campaign, load_campaign
from affiche.plan.claims import checked
from affiche.plan.expand import expand, only
from affiche.plan.model import Plan
from affiche.plan.report import NAMES
from affiche.settings import Settings
from affiche.values.problem import Problem, Where

#: So many problems that say the same are shown to people; machines get all of them.
_ALIKE_SHOWN = 5


class BadBrief(InputError):
    """A brief cannot be built; its problems say why."""

    code = "brief"

    def __init__(self, path: Path, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        errors = sum(problem.severity == "error" for problem in self.problems)
        super().__init__(f"{path}: {errors} error{'s' if errors != 1 else ''}; nothing was built")


def problems_of(path: Path, bad: InputError) -> tuple[Problem, ...]:
    """Why a brief was refused, as problems: those found in it, or the one that it could not be read at all."""
    if isinstance(bad, BadBrief):
        return bad.problems
    where = Where(file=str(path))
    code = "file.unreadable" if type(bad) is InputError else f"brief.{bad.code}"
    return (Problem(severity="error", code=code, where=where, message=bad.public, hint=bad.hint),)


def today() -> date:
    """The day by which rules are in force, in the time zone of this machine."""
    return date.today()  # noqa: DTZ011 - a day on the wall, not an instant


def plan_of(path: Path, settings: Settings, chosen: Mapping[str, frozenset[str]]) -> Plan:
    """The plan of a brief file. Raises BadBrief with every problem when there can be none."""
    return plan_from(campaign_of(path), settings, chosen)


def campaign_of(path: Path) -> Campaign:
    """The campaign of a brief file. Raises BadBrief with every problem when there can be none."""
    campaign, problems = load_campaign(path)
    if campaign is None:
        raise BadBrief(path, problems)
    return campaign


def plan_from(
    campaign: Campaign, settings: Settings, chosen: Mapping[str, frozenset[str]], refused: frozenset[str] = frozenset()
) -> Plan:
    """The plan of a campaign, `refused` products without pictures of models.

    Raises BadBrief with every problem when there can be none.
    """
    path = campaign.brief_file
    whole = checked(lambda products: expand(wire.materials(campaign, settings, today(), products)), refused)
    if whole.refused:
        raise BadBrief(path, whole.problems)
    plan = only(whole, _existing(whole, chosen))
    if not plan.creatives:
        wanted = ", ".join(f"{name}={'|'.join(sorted(values))}" for name, values in chosen.items())
        raise UsageError(f"no creative of {path} has {wanted}")
    return plan


def chosen_by(texts: Iterable[str]) -> dict[str, frozenset[str]]:
    """`locale=de-DE,product=yuzu` -> what is wanted by name; a name given twice takes both. Raises UsageError."""
    wanted: dict[str, set[str]] = {}
    for part in (part.strip() for text in texts for part in text.split(",") if part.strip()):
        name, equals, value = part.partition("=")
        if not equals or name not in NAMES or not value:
            raise UsageError(f"--only takes NAME=VALUE, not {part!r}", hint=f"names are {', '.join(NAMES)}")
        wanted.setdefault(name, set()).add(value)
    return {name: frozenset(values) for name, values in wanted.items()}


def _existing(plan: Plan, chosen: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """The chosen values as the plan calls them; raises UsageError for one that it does not have."""
    found = {}
    for name, values in chosen.items():
        known = {str(getattr(creative.id, name)): None for creative in plan.creatives}
        named = {_folded(text): text for text in known}
        if name == "placement":
            named |= {_folded(alias): c.id.placement for c in plan.creatives for alias in c.place.placement.aliases}
        found[name] = frozenset(named.get(_folded(value)) or _unknown(name, value, known) for value in values)
    return found


def _folded(text: str) -> str:
    return text.lower().replace("_", "-")


def _unknown(name: str, value: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches

    names = list(known)
    close = get_close_matches(value, names, n=1)
    hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(names[:12])}"
    raise UsageError(f"the brief has no {name} {value!r}", hint=hint)


def tell(problems: Iterable[Problem]) -> None:
    """Problems for people, on standard error: of many that say the same (rows of a feed), the first few."""
    same: dict[tuple[str, str], int] = {}
    shown = []
    for problem in problems:
        what = (problem.severity, problem.message)
        same[what] = same.get(what, 0) + 1
        if same[what] <= _ALIKE_SHOWN:
            shown.append(problem)
    lines = [problems_text(shown)] if shown else []
    lines += [
        f"{severity}: {message} (and {count - _ALIKE_SHOWN:,} more)"
        for (severity, message), count in same.items()
        if count > _ALIKE_SHOWN
    ]
    if lines:
        sys.stderr.write("\n".join(lines) + "\n")
