"""Decisions and comments on creatives, and what stands: whether a creative may be delivered.

A decision binds to three digests: of the file, of the words, of the rules in force. It holds for whatever in
the tenant has these three, so that a rebuild that changes nothing stays approved, and what changes must be looked at again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, Literal, NamedTuple, cast

import sqlalchemy as sa

from affiche.errors import Conflict, NotFound
from affiche.registry import events, runs
from affiche.registry.ids import new_id
from affiche.registry.scope import Row, Scope, now, one
from affiche.registry.tables.people import tenants
from affiche.registry.tables.review import approvals, comments
from affiche.registry.tables.work import creatives
from affiche.registry.tables.work import runs as runs_table
from affiche.values.finding import SOUND

Stage = Literal["creative", "legal"]
Decision = Literal["approved", "rejected", "changes"]
DIGESTS = ("file_digest", "copy_digest", "rules_digest")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What stands for a creative: the newest decision of each stage, and whether all required ones say yes."""

    approved: bool
    decisions: Mapping[str, Row] = field(default_factory=dict)


def required_stages(connection: sa.Connection, tenant: str) -> tuple[Stage, ...]:
    """The stages in which a creative of this tenant must be approved (`stages` in the tenant's settings)."""
    settings = connection.execute(sa.select(tenants.c.settings).where(tenants.c.id == tenant)).scalar()
    return tuple(cast(Sequence[Stage], (settings or {}).get("stages") or ("creative",)))


def decide(
    connection: sa.Connection, scope: Scope, creative: Row, *, stage: Stage, decision: Decision, reason: str
) -> Row:
    """Writes a decision down. Raises Conflict for a creative that cannot be approved: it failed, or has no file."""
    if decision == "approved" and (creative["status"] in {"failed", "error"} or not creative["file_digest"]):
        raise Conflict(
            f"{creative['product']}/{creative['locale']}/{creative['placement']} is {creative['status']} and cannot be approved",
            hint="mend what failed and build again",
        )
    row = {
        "id": new_id("apr"), "tenant": scope.tenant, "brand": creative["brand"], "campaign": creative["campaign"],
        "creative": creative["id"], "stage": stage, "decision": decision, "reason": reason, "person": scope.actor,
        "created_at": now(), **{name: creative[name] for name in DIGESTS},
    }  # fmt: skip
    connection.execute(sa.insert(approvals).values(**row))
    return {**row, "withdrawn_at": None, "withdrawn_by": ""}


def withdraw(connection: sa.Connection, scope: Scope, id: str) -> Row:
    """Takes a decision back. Raises NotFound, Conflict when it was taken back already."""
    row = one(connection, scope, approvals, id=id, what="approval")
    if row["withdrawn_at"] is not None:
        raise Conflict("this decision was withdrawn already")
    gone = {"withdrawn_at": now(), "withdrawn_by": scope.actor}
    connection.execute(sa.update(approvals).where(approvals.c.id == id).values(**gone))
    return {**row, **gone}


def standing(connection: sa.Connection, tenant: str, rows: Sequence[Row]) -> dict[str, Standing]:
    """What stands for each of these creatives, by id."""
    required = required_stages(connection, tenant)
    files = list({row["file_digest"] for row in rows})
    newest: dict[tuple[Any, ...], dict[str, Row]] = {}
    for at in range(0, len(files), 500):
        part = approvals.c.file_digest.in_(files[at : at + 500])
        query = sa.select(approvals).where(approvals.c.tenant == tenant, approvals.c.withdrawn_at.is_(None), part)
        for row in connection.execute(query.order_by(approvals.c.created_at, approvals.c.id)):
            newest.setdefault(_digests(row._mapping), {})[row.stage] = dict(row._mapping)
    undecided = Standing(approved=False)
    return {row["id"]: _standing(said, required, row) if (said := newest.get(_digests(row))) else undecided for row in rows}


#: The three digests of a creative or of a decision.
_digests = itemgetter(*DIGESTS)


def _standing(decisions: Mapping[str, Row], required: Sequence[str], creative: Row) -> Standing:
    """A creative that failed, or has no file, is never approved, whatever was said of its digests."""
    good = creative["file_digest"] != "" and creative["status"] in SOUND
    said = [decisions[stage]["decision"] if stage in decisions else "" for stage in required]
    refused = any(row["decision"] != "approved" for row in decisions.values())
    return Standing(approved=good and not refused and all(word == "approved" for word in said), decisions=decisions)


class Outline(NamedTuple):
    """What a reviewer's list needs of a creative before its picture is drawn; nothing of its document."""

    id: str
    campaign: str
    product: str
    placement: str
    variant: str
    status: str
    thumbnail: str
    file_digest: str
    copy_digest: str
    rules_digest: str


_PLACE = ("campaign", "product", "placement", "locale", "variant")


def outlines(connection: sa.Connection, scope: Scope, campaigns: Sequence[str], *, decided: bool, limit: int) -> list[Outline]:
    """Current creatives with a file, in the order of the wall: those that nobody decided on yet, or all when `decided`."""
    columns = [creatives.c[name] for name in Outline._fields]
    where = [scope.on(creatives), creatives.c.campaign.in_(campaigns), creatives.c.current.is_(True), creatives.c.blob != ""]
    if not decided:
        where.append(~_said_of(creatives).exists())
    query = sa.select(*columns).where(*where).order_by(*(creatives.c[name] for name in _PLACE)).limit(limit)
    return [Outline._make(row) for row in connection.execute(query)]


def _said_of(of: sa.Table) -> sa.Select[Any]:
    """Decisions that stand for the creative of the outer query."""
    same = [approvals.c[name] == of.c[name] for name in ("tenant", *DIGESTS)]
    return sa.select(approvals.c.id).where(*same, approvals.c.withdrawn_at.is_(None)).correlate(of)


def current(connection: sa.Connection, campaign: str) -> list[Row]:
    """The creatives of a campaign that people look at."""
    query = sa.select(creatives).where(creatives.c.campaign == campaign, creatives.c.current.is_(True)).order_by(creatives.c.id)
    return [dict(row._mapping) for row in connection.execute(query)]


def tally(connection: sa.Connection, scope: Scope, campaign: str) -> tuple[int, int]:
    """How many creatives of a campaign people look at, and how many of them are approved."""
    columns = [creatives.c[name] for name in ("id", "status", *DIGESTS)]
    where = (creatives.c.tenant == scope.tenant, creatives.c.campaign == campaign, creatives.c.current.is_(True))
    rows: list[Row] = [dict(row._mapping) for row in connection.execute(sa.select(*columns).where(*where))]
    return len(rows), sum(one.approved for one in standing(connection, scope.tenant, rows).values())


def settle(connection: sa.Connection, scope: Scope, campaign: Row) -> None:
    """Moves the campaign's newest run to what stands: approved when every creative is, back to review when not."""
    if not campaign["run"]:
        return
    state = connection.execute(sa.select(runs_table.c.state).where(runs_table.c.id == campaign["run"])).scalar_one()
    total, approved = tally(connection, scope, campaign["id"])
    every = 0 < total == approved
    if every and state == "needs-review":
        runs.move(connection, campaign["run"], "approved", actor=scope.actor)
    elif not every and state in {"approved", "delivered"}:
        runs.move(connection, campaign["run"], "needs-review", actor=scope.actor)


def tell(connection: sa.Connection, scope: Scope, row: Row, kind: str, **data: Any) -> None:
    """An event of a decision or comment."""
    who = {"brand": row["brand"], "campaign": row["campaign"], "actor": scope.actor}
    events.append(connection, scope.tenant, kind, **who, data={"id": row["id"], "creative": row["creative"], **data})


def comment(
    connection: sa.Connection, scope: Scope, creative: Row, *, text: str, at: tuple[float, float] | None, parent: str | None
) -> Row:
    """A comment, pinned to a point (fractions from the top left) or on the whole. Raises NotFound for another's parent."""
    if parent is not None:
        above = one(connection, scope, comments, id=parent, what="comment")
        if above["creative"] != creative["id"]:
            raise NotFound(f"there is no comment {parent!r} on this creative")
    row = {
        "id": new_id("cmt"), "tenant": scope.tenant, "brand": creative["brand"], "campaign": creative["campaign"],
        "creative": creative["id"], "parent": parent, "x": at[0] if at else None, "y": at[1] if at else None, "text": text,
        "file_digest": creative["file_digest"], "person": scope.actor, "created_at": now(),
    }  # fmt: skip
    connection.execute(sa.insert(comments).values(**row))
    return {**row, "resolved_at": None, "resolved_by": ""}


def resolve(connection: sa.Connection, scope: Scope, id: str, *, resolved: bool) -> Row:
    """Marks a comment as dealt with, or as open again."""
    row = one(connection, scope, comments, id=id, what="comment")
    done = {"resolved_at": now() if resolved else None, "resolved_by": scope.actor if resolved else ""}
    connection.execute(sa.update(comments).where(comments.c.id == id).values(**done))
    return {**row, **done}
