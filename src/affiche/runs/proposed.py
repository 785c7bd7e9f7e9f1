"""Proposed: pictures that were bought before and might do for a campaign; whose shelves somebody may look at.

In a service many brands share one ledger. What a run buys is remembered on the shelf of its tenant and brand (`procure.py`), and
whoever asks looks only at shelves within reach: what is proposed, shown or taken can come from nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from affiche import wire
from affiche.errors import NotFound
from affiche.inputs import Campaign
from affiche.photos import looks_of
from affiche.plan.model import Plan
from affiche.ports import Blobs, Ledger
from affiche.procure import Proposal, on_shelves, proposals, shelf_of
from affiche.publish.thumbnail import thumbnail
from affiche.registry.scope import Row, Scope
from affiche.registry.tables.material import brands
from affiche.settings import Settings
from affiche.values.digest import Digest

#: Shelves that may be looked at, each with the id of its brand (empty: of campaigns without one).
Shelves = Mapping[Digest, str]


def shelves(connection: sa.Connection, scope: Scope, brand: str = "") -> dict[Digest, str]:
    """Those within reach, that of `brand` (an id, or empty) first."""
    query = sa.select(brands.c.id).where(scope.on(brands, "id")).order_by(brands.c.id)
    reach = [brand, "", *connection.execute(query).scalars()]
    return {shelf_of(scope.tenant, name): name for name in reach if scope.covers(name)}


def proposed(plan: Plan, campaign: Campaign, ledger: Ledger, blobs: Blobs, within: Shelves) -> tuple[Proposal, ...]:
    """What might do for the pictures that `plan` would buy. Raises StorageError."""
    if not within:
        return ()
    return proposals(plan, ledger, blobs, lambda: looks_of(campaign.style, wire.file_codec()), shelves=tuple(within))


def as_row(proposal: Proposal, within: Shelves) -> Row:
    """The stable JSON form: `likeness` by words, `looks_alike` by look (None: nothing to compare with), 0..1."""
    wish, near = proposal.wish, proposal.near
    return {
        "wish": wish.key, "product": wish.product, "product_name": proposal.name, "purpose": wish.purpose,
        "picture": near.shelved.key,
        "bought_for": near.shelved.product, "bought_brand": within[proposal.shelf], "likeness": round(near.words, 2),
        "looks_alike": None if near.picture is None else round(near.picture, 2),
        "width": near.shelved.width, "height": near.shelved.height,
        "least": str(wish.least.amount), "most": str(wish.most.amount), "currency": wish.least.currency,
        "thumbnail_url": thumbnail_url(near.shelved.key),
    }  # fmt: skip


def thumbnail_url(picture: str) -> str:
    """Where a small picture of it is."""
    return f"/v1/pictures/{picture}/thumbnail"


def is_stocked(settings: Settings, within: Shelves) -> bool:
    """Whether anything stands there at all: where nobody ever bought, nobody needs to plan. Raises StorageError."""
    with wire.ledger(settings, write=False) as ledger:
        return bool(ledger.known(within))


def may_be_seen(settings: Settings, picture: Digest, within: Shelves) -> bool:
    """Whether a bought picture stands on a shelf within reach. Raises StorageError."""
    with wire.ledger(settings, write=False) as ledger:
        return on_shelves(picture, ledger, tuple(within))


def small(settings: Settings, picture: Digest) -> bytes:
    """A small JPEG of a bought picture, drawn from its file. Raises NotFound when it is gone, StorageError, AssetError."""
    with wire.ledger(settings, write=False) as ledger:
        bought = ledger.known([picture]).get(picture)
    if bought is None:
        raise NotFound("this picture is not kept any more")
    return thumbnail(wire.file_codec().decode(wire.blobs(settings).get(bought["picture"])))
