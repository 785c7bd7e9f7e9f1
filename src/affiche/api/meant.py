"""Assets by what they mean: for a phrase, for another asset, for a file that the caller shows. The nearest first."""

from __future__ import annotations

from affiche.api.caller import Caller
from affiche.api.house import House
from affiche.errors import UsageError
from affiche.ingest.embed import Meaning
from affiche.ingest.take import seen_in
from affiche.registry import library
from affiche.registry.library import Filter
from affiche.registry.scope import Row, one
from affiche.registry.tables.material import assets
from affiche.values.digest import Digest

#: Assets with the cosine of their vector.
Near = list[tuple[Row, float]]


def of_phrase(house: House, asked: Caller, phrase: str, wanted: Filter, *, limit: int) -> Near:
    """What a phrase is about. Raises CapabilityError."""
    return _found(house, asked, house.meanings.of_phrase(phrase), wanted, limit)


def of_asset(house: House, asked: Caller, id: str, wanted: Filter, *, limit: int) -> Near:
    """What means nearly what another picture means, without it. Raises CapabilityError, NotFound, UsageError."""
    house.meanings.check()
    with house.registry.read() as c:
        row = one(c, asked.scope, assets, id=id, what="asset")
    if not row["thumbnail"]:
        raise UsageError("this asset is no picture")
    meaning = house.meanings.of_thumbnail(house.blobs.get(Digest(row["thumbnail"])))
    return [near for near in _found(house, asked, meaning, wanted, limit + 1) if near[0]["id"] != id][:limit]


def of_file(house: House, asked: Caller, data: bytes, wanted: Filter, *, limit: int) -> Near:
    """What means nearly what a file shows, which is not kept. Raises CapabilityError, AssetError, UsageError."""
    house.meanings.check()
    shown = seen_in(data, "", house.examining).thumbnail
    if not shown:
        raise UsageError("this is no picture")
    return _found(house, asked, house.meanings.of_thumbnail(shown), wanted, limit)


def _found(house: House, asked: Caller, meaning: Meaning, wanted: Filter, limit: int) -> Near:
    with house.registry.read() as c:
        return library.by_meaning(c, asked.scope, wanted, meaning.model, to=meaning.vector, limit=limit)
