"""Batches: runs of many campaigns at once. Dead letters: what was given up, to read and to replay."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Path, Response

from affiche.api.answer import Answer, Key, write
from affiche.api.body import JSON_MAX
from affiche.api.caller import Asked, InHouse
from affiche.api.routes.campaigns import zoned
from affiche.api.schema.later import Batch, BatchTold, BatchWanted, BatchWish, DeadLetter, DeadLetters
from affiche.registry import batches, ids, letters, runs

router = APIRouter(prefix="/v1", tags=["runs"], max_body_size=JSON_MAX)

Id = Annotated[str, Path(pattern=ids.pattern("bat"))]
LetterId = Annotated[str, Path(pattern=ids.pattern("run").rstrip("$") + r"$|^out_\d{1,18}$")]


def _shown(id: str, states: dict[str, int]) -> dict[str, Any]:
    return {
        "id": id, "states": states, "runs": sum(states.values()), "done": runs.RESTING.issuperset(states),
        "runs_url": f"/v1/runs?batch={id}",
    }  # fmt: skip


@router.post("/batches", operation_id="batches.create", status_code=202, response_model=Batch)
def create(wanted: BatchWanted, asked: Asked, house: InHouse, key: Key = "") -> Response:
    """Starts a run of each campaign's newest brief, all or none of them."""

    def work(c: sa.Connection) -> Answer:
        order = runs.Order(
            priority=wanted.priority, chosen={str(name): values for name, values in wanted.chosen.items()},
            start_after=zoned(wanted.start_after), deadline=zoned(wanted.deadline),
        )  # fmt: skip
        id, rows = batches.start(c, asked.scope, wanted.campaigns, order)
        return Answer(body=_shown(id, {"queued": len(rows)}), status=202, headers={"Location": f"/v1/batches/{id}"})

    return write(house, asked, work, key=key, asked=(wanted.model_dump_json(),))


@router.get("/batches/{id}", operation_id="batches.get", response_model=Batch)
def get(id: Id, asked: Asked, house: InHouse) -> dict[str, Any]:
    """How far a batch is."""
    with house.registry.read() as c:
        return _shown(id, batches.states(c, asked.scope, id))


@router.post("/batches/{id}/wish", operation_id="batches.wish", status_code=202, response_model=BatchTold)
def wish(id: Id, wanted: BatchWish, asked: Asked, house: InHouse, key: Key = "") -> Response:
    """Cancels, pauses, resumes or retries every run of a batch that is in a state for it."""

    def work(c: sa.Connection) -> Answer:
        told, left = batches.tell(c, asked.scope, id, wanted.wish)
        return Answer(body={"id": id, "told": told, "left": left}, status=202)

    return write(house, asked, work, key=key, asked=(id, wanted.wish))


@router.get("/dead-letters", operation_id="letters.list", response_model=DeadLetters)
def dead(asked: Asked, house: InHouse) -> dict[str, Any]:
    """Work that was given up, with its reason."""
    with house.registry.read() as c:
        return {"items": [asdict(letter) for letter in letters.all_of(c, asked.scope)]}


@router.post("/dead-letters/{id}/replay", operation_id="letters.replay", status_code=202, response_model=DeadLetter)
def replay(id: LetterId, asked: Asked, house: InHouse, key: Key = "") -> Response:
    """Tries it again: a run makes what is missing, a row of the outbox is handed on."""

    def work(c: sa.Connection) -> Answer:
        letter = letters.replay(c, asked.scope, id)
        return Answer(body=DeadLetter(**asdict(letter)).model_dump(mode="json"), status=202)

    return write(house, asked, work, key=key, asked=(id,))
