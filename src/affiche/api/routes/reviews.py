"""Review: decisions that bind to what was seen, and comments pinned to a point."""

from __future__ import annotations

from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Path, Query, Response

from affiche.api.answer import Answer, Key, write
from affiche.api.body import JSON_MAX
from affiche.api.caller import Asked, Caller, InHouse
from affiche.api.house import House
from affiche.api.paging import Wanted, sealed
from affiche.api.routes.creatives import Id
from affiche.api.schema.creative import (
    Approval,
    Comment,
    CommentChange,
    Comments,
    CommentWanted,
    Decided,
    DecisionWanted,
)
from affiche.api.schema.shape import Page, page_of
from affiche.errors import Changed, UsageError
from affiche.registry import ids, review
from affiche.registry.scope import Row, one, page
from affiche.registry.tables.review import approvals, comments
from affiche.registry.tables.work import campaigns, creatives

router = APIRouter(prefix="/v1", tags=["review"], max_body_size=JSON_MAX)

ApprovalId = Annotated[str, Path(pattern=ids.pattern("apr"))]
CommentId = Annotated[str, Path(pattern=ids.pattern("cmt"))]


@router.post("/approvals", operation_id="approvals.create", status_code=201, response_model=Decided)
def decide(wanted: DecisionWanted, asked: Asked, house: InHouse, key: Key = "") -> Response:
    """Decides on creatives: all of them, or none when one has changed since it was seen. Legal decisions need that role."""
    if wanted.decision != "approved" and not wanted.reason:
        raise UsageError("say why: a decision against something needs a reason")
    scope = asked.scope
    if wanted.stage == "legal":
        brands = house.gate.brands(asked.principal, "approvals.legal")
        scope = type(scope)(tenant=scope.tenant, brands=brands, actor=scope.actor)

    def work(c: sa.Connection) -> Answer:
        rows = [one(c, scope, creatives, id=id, what="creative") for id in dict.fromkeys(wanted.creatives)]
        _as_seen(rows, wanted)
        made = [review.decide(c, scope, row, stage=wanted.stage, decision=wanted.decision, reason=wanted.reason) for row in rows]
        for id in dict.fromkeys(row["campaign"] for row in rows):
            review.settle(c, scope, one(c, scope, campaigns, id=id, what="campaign"))
        for row in made:
            review.tell(c, scope, row, "approval.made", stage=row["stage"], decision=row["decision"], reason=row["reason"])
        return Answer(body={"items": [Approval(**row).model_dump(mode="json") for row in made]}, status=201)

    return write(house, asked, work, key=key, asked=(wanted.model_dump_json(),))


def _as_seen(rows: list[Row], wanted: DecisionWanted) -> None:
    """A decision is on what was looked at. Raises Changed."""
    for row in rows:
        seen = wanted.seen.get(row["id"])
        if not row["current"] or (seen is not None and seen != row["file_digest"]):
            raise Changed(f"{row['id']} was built anew since you looked at it", hint="look at the newest and decide on that")


@router.get("/approvals", operation_id="approvals.list", response_model=Page[Approval])
def listed(
    asked: Asked, house: InHouse, part: Wanted,
    campaign: Annotated[str, Query(max_length=40)] = "", creative: Annotated[str, Query(max_length=40)] = "",
) -> dict[str, Any]:  # fmt: skip
    """Decisions, newest first, withdrawn ones included."""
    named = {"campaign": campaign, "creative": creative}
    where = [asked.scope.on(approvals), *(approvals.c[name] == value for name, value in named.items() if value)]
    with house.registry.read() as c:
        rows, cursor = page(c, approvals, where, before=part.before, limit=part.limit)
    return page_of(Approval, (rows, sealed(cursor)))


@router.post("/approvals/{id}/withdraw", operation_id="approvals.withdraw", response_model=Approval)
def withdraw(id: ApprovalId, asked: Asked, house: InHouse, key: Key = "") -> Response:
    """Takes a decision back."""

    def work(c: sa.Connection) -> Answer:
        row = review.withdraw(c, asked.scope, id)
        review.settle(c, asked.scope, one(c, asked.scope, campaigns, id=row["campaign"], what="campaign"))
        review.tell(c, asked.scope, row, "approval.withdrawn", stage=row["stage"])
        return Answer(body=Approval(**row).model_dump(mode="json"))

    return write(house, asked, work, key=key, asked=(id,))


@router.get("/creatives/{id}/comments", operation_id="comments.list", response_model=Comments)
def comments_of(id: Id, asked: Asked, house: InHouse) -> dict[str, Any]:
    """What was said about a creative, and about the same creative of earlier runs."""
    with house.registry.read() as c:
        row = one(c, asked.scope, creatives, id=id, what="creative")
        same = [creatives.c[name] == row[name] for name in ("campaign", "product", "locale", "placement", "variant")]
        of = sa.select(creatives.c.id).where(*same)
        query = sa.select(comments).where(asked.scope.on(comments), comments.c.creative.in_(of)).order_by(comments.c.id)
        return {"items": [dict(found._mapping) for found in c.execute(query)]}


@router.post("/creatives/{id}/comments", operation_id="comments.create", status_code=201, response_model=Comment)
def say(id: Id, wanted: CommentWanted, asked: Asked, house: InHouse, key: Key = "") -> Response:
    """Says something about a creative, at a point of it or about the whole."""
    if (wanted.x is None) != (wanted.y is None):
        raise UsageError("a point has x and y")
    return _commented(house, asked, id, wanted, key)


def _commented(house: House, asked: Caller, id: str, wanted: CommentWanted, key: str) -> Response:
    def work(c: sa.Connection) -> Answer:
        creative = one(c, asked.scope, creatives, id=id, what="creative")
        at = None if wanted.x is None or wanted.y is None else (wanted.x, wanted.y)
        row = review.comment(c, asked.scope, creative, text=wanted.text, at=at, parent=wanted.parent)
        review.tell(c, asked.scope, row, "comment.made", text=row["text"][:200])
        return Answer(body=Comment(**row).model_dump(mode="json"), status=201)

    return write(house, asked, work, key=key, asked=(id, wanted.model_dump_json()))


@router.patch("/comments/{id}", operation_id="comments.resolve", response_model=Comment)
def resolve(id: CommentId, wanted: CommentChange, asked: Asked, house: InHouse) -> Response:
    """Marks a comment as dealt with, or as open again."""

    def work(c: sa.Connection) -> Answer:
        row = review.resolve(c, asked.scope, id, resolved=wanted.resolved)
        review.tell(c, asked.scope, row, "comment.resolved", resolved=wanted.resolved)
        return Answer(body=Comment(**row).model_dump(mode="json"))

    return write(house, asked, work)
