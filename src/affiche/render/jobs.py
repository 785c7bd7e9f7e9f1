"""Jobs and their results: plain values that cross the border between processes (our own, so pickled)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from affiche.errors import StorageAway
from affiche.plan.model import CampaignPart, Creative, PictureStep
from affiche.ports import Outcome, PictureInfo
from affiche.render import crossing
from affiche.values.digest import Digest
from affiche.values.finding import Finding

#: Loaded for what it does to pickling.
_ = crossing


@dataclass(frozen=True, slots=True, kw_only=True)
class PrepareJob:
    """A picture or logo to make ready. With `keep` its pixels are stored, without it is only looked at."""

    step: PictureStep
    keep: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What became of a picture: an outcome, or the finding that its creatives get."""

    key: Digest
    outcome: Outcome | None = None
    error: Finding | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A prepared picture: what is known of it and where its pixels lie. `source` is the file itself when it is a vector."""

    info: PictureInfo
    pixels: Digest
    source: Digest | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawJob:
    """One creative to draw. `checks` are the creatives whose findings are wanted: itself, and those of equal looks.

    `drawn` is the outcome when the file is there already and only rules changed. `pictures` by key, those it shows.
    """

    part: CampaignPart
    creative: Creative
    checks: tuple[Creative, ...]
    pictures: Mapping[Digest, Ready]
    today: date
    drawn: Outcome | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What became of a job: the outcomes of its steps, or the finding that says why there are none."""

    key: Digest
    outcomes: tuple[Outcome, ...] = ()
    error: Finding | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What there is after a run: outcomes of all steps by key, what failed and why, and which keys were there before."""

    outcomes: Mapping[Digest, Outcome]
    failed: Mapping[Digest, Finding]
    reused: frozenset[Digest]
    ran: int


def raise_if_away(error: Exception) -> None:
    """Raises StorageAway for what the system refuses (no room, no more open files, a folder that is gone).

    That is no fault of the creative or picture at which it showed. Errors of decoders are OSErrors without a number.
    """
    if isinstance(error, OSError) and error.errno is not None:
        raise StorageAway(f"this machine cannot go on: {error.strerror}", hint="Make room, then it continues.") from error


def broken(code: str, message: str, hint: str = "") -> Finding:
    """The finding of a creative that could not be made."""
    return Finding(rule="build", code=f"build.{code}", status="error", message=message, hint=hint)
