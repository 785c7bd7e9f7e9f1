"""Looks of many thumbnails, by their digests. Whoever makes a creative works its look out; who shows it only reads."""

from __future__ import annotations

from collections.abc import Iterable

from affiche import wire
from affiche.errors import AfficheError
from affiche.ports import Depot
from affiche.publish.look import look
from affiche.values.digest import Digest

#: What a thumbnail that cannot be read looks like: kept too, so that it is tried once.
NONE = "-"


def looks(depot: Depot, thumbnails: Iterable[str]) -> dict[str, str]:
    """Thumbnail -> its look as it is written down."""
    return {thumbnail: _look(depot, thumbnail) for thumbnail in dict.fromkeys(thumbnails) if thumbnail}


def _look(depot: Depot, thumbnail: str) -> str:
    try:
        return look(wire.file_codec().decode(depot.get(Digest(thumbnail)))).written()
    except AfficheError:
        return NONE
