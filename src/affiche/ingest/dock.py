"""Where files come in, and how it is said what became of them: in the transaction that takes a file, never without it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from affiche.errors import AfficheError, InputError, RenderCrash, TooLarge
from affiche.ingest.take import Aside, Looked, Means
from affiche.ports import Blobs, Inbox, InboxFile
from affiche.registry import arrivals
from affiche.registry.open import Registry
from affiche.registry.scope import Row, Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Dock:
    """Where files come in: into which registry and store, for whom. `brand`: its id; `run`: briefs are built, not only stored."""

    registry: Registry
    blobs: Blobs
    aside: Aside
    scope: Scope
    brand: str = ""
    run: bool = True
    #: Says what the thumbnail of a picture means, where a model is.
    means: Means = lambda _: None
    #: Hears what was seen in a file once it is taken.
    remember: Callable[[Looked], None] = lambda _: None


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What a file became: ids, empty where there is none."""

    state: arrivals.State
    asset: str = ""
    campaign: str = ""
    brand: str = ""


#: Takes a file that is new or changed, of which `before` is known, and says so by `settle`.
Work = Callable[[Dock, Inbox, InboxFile, Row | None], Row]


def guarded(dock: Dock, inbox: Inbox, file: InboxFile, work: Work) -> Row | None:
    """What became of a file; None when this state of it was settled before. Raises RegistryUnavailable."""
    with dock.registry.read() as c:
        before = arrivals.find(c, dock.scope, inbox.place, file.name)
    if arrivals.is_settled(before, file.tag):
        return None
    try:
        return work(dock, inbox, file, before)
    except IntegrityError:
        return None  # somebody else took it at this very moment
    except (InputError, TooLarge, RenderCrash) as error:
        return _noted(dock, inbox, file, "refused", error)
    except AfficheError as error:
        return _noted(dock, inbox, file, "failed", error)


def settle(
    dock: Dock, inbox: Inbox, file: InboxFile, work: Callable[[sa.Connection, Row | None], Taken], *, digest: str
) -> Row:
    """Takes a file and says so, in one transaction."""
    with dock.registry.write() as c:
        before = arrivals.find(c, dock.scope, inbox.place, file.name)
        if before is not None and arrivals.is_settled(before, file.tag):
            return before
        made = work(c, before)
        return arrivals.put(
            c, dock.scope, place=inbox.place, name=file.name, tag=file.tag, brand=made.brand or dock.brand, state=made.state,
            digest=digest, **{name: id for name, id in (("asset", made.asset), ("campaign", made.campaign)) if id},
        )  # fmt: skip


def _noted(dock: Dock, inbox: Inbox, file: InboxFile, state: arrivals.State, error: AfficheError) -> Row:
    problems = [problem for problem in getattr(error, "problems", ()) if problem.severity == "error"]
    told = "; ".join(f"{problem.where}: {problem.message}" for problem in problems[:5])
    said = {"reason": f"{error.public} ({told})" if told else error.public, "hint": problems[0].hint if problems else error.hint}
    with dock.registry.write() as c:
        return arrivals.put(
            c, dock.scope, place=inbox.place, name=file.name, tag=file.tag, brand=dock.brand, state=state, **said
        )
