"""Packages out of the registry: a proof of what did not fail, or a delivery of what is approved and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from affiche.errors import Conflict
from affiche.ports import Blobs
from affiche.publish.model import PublishedCreative, PublishedRun, creative_from_dict
from affiche.publish.packages import pack
from affiche.registry import review
from affiche.registry.scope import Row
from affiche.runs.rights import expired, last_day
from affiche.values.digest import Digest
from affiche.values.finding import SOUND


class Unapproved(Conflict):
    """Not everything is approved, so nothing is delivered."""

    code = "package-unapproved"


class RightsExpired(Conflict):
    """The rights to a picture have expired: nothing that shows it is delivered."""

    code = "rights-expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What goes into a package, and what does not because it is not approved."""

    rows: tuple[Row, ...]
    unapproved: tuple[Row, ...] = ()


def choose(connection: sa.Connection, campaign: Row, *, kind: str, channel: str, partial: bool, at: datetime) -> Choice:
    """The creatives of a package. Raises Unapproved, RightsExpired for a delivery, Conflict when there is nothing to pack."""
    rows = [row for row in review.current(connection, campaign["id"]) if channel in ("", row["channel"]) and row["blob"]]
    good = [row for row in rows if row["status"] in SOUND]
    if kind == "delivery":
        rights_in_force(connection, campaign, at)
        standing = review.standing(connection, campaign["tenant"], rows)
        approved = [row for row in good if standing[row["id"]].approved]
        left = [row for row in rows if row not in approved]
        if left and not partial:
            names = ", ".join(f"{r['product']}/{r['locale']}/{r['placement']}" for r in left[:5])
            more = f" and {len(left) - 5} more" if len(left) > 5 else ""
            told = f"{len(left)} of {len(rows)} creatives are not approved: {names}{more}"
            raise Unapproved(told, hint="approve them, or say partial")
        good, rows = approved, left
    if not good:
        raise Conflict("there is nothing to pack", hint="build the campaign, and approve what shall be delivered")
    return Choice(rows=tuple(good), unapproved=tuple(rows) if kind == "delivery" else ())


def rights_in_force(connection: sa.Connection, campaign: Row, at: datetime) -> None:
    """Every asset of the newest brief and brand file may be used at this moment. Raises RightsExpired."""
    found = expired(connection, campaign, at)
    if found:
        named = ", ".join(f"{row['name']} ({row['id']}) on {last_day(row)}" for row in found[:5])
        hint = "renew them in the library, or use another picture and build again"
        raise RightsExpired(f"the rights to what the campaign shows have ended: {named}", hint=hint)


def packed(campaign: Row, rows: Sequence[Row], blobs: Blobs, *, kind: str) -> bytes:
    """The zip: the files, a manifest with what was approved, and a README. Raises StorageError."""
    creatives: list[PublishedCreative] = [creative_from_dict(row["document"]) for row in rows]
    run = PublishedRun(
        campaign=campaign["slug"], name=campaign["name"] or campaign["slug"], brand="", brief_file="", creatives=tuple(creatives)
    )
    files = {file.path: file.blob for creative in creatives for file in creative.files}
    return pack(run, creatives, lambda path: blobs.get(Digest(files[path])), approved=kind == "delivery")
