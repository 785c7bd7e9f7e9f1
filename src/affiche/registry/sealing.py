"""Sealing (encryption) of documents: the sealer of a registry travels with its connections, so that no verb has to carry it.

Without a sealer documents are stored as they are. A row says by the key's id in its column `sealed` whether it is sealed;
rows of before stay readable either way, until `upkeep/reseal.py` seals them too.
"""

from __future__ import annotations

from typing import Protocol

import sqlalchemy as sa

from affiche.errors import SealBroken

#: The execution option of a connection that holds the sealer.
OPTION = "affiche_seals"


class Seals(Protocol):
    """What seals and opens (`ports.Sealer`). `about`: which value it is, authenticated with it."""

    @property
    def key_id(self) -> str: ...

    def seal(self, data: bytes, *, about: str) -> bytes: ...

    def open(self, sealed: bytes, *, about: str) -> bytes: ...


def brief_name(campaign: str, number: int) -> str:
    """What a brief's seal is about."""
    return f"campaign_revisions/{campaign}/{number}"


def brand_name(brand: str, number: int) -> str:
    """What a brand file's seal is about."""
    return f"brand_revisions/{brand}/{number}"


def sealed(connection: sa.Connection, data: bytes, *, about: str) -> tuple[bytes, str]:
    """(what is stored, id of the key that sealed it; as it is and empty without a sealer)."""
    seals: Seals | None = connection.get_execution_options().get(OPTION)
    return (data, "") if seals is None else (seals.seal(data, about=about), seals.key_id)


def opened(connection: sa.Connection, data: bytes, key: str, *, about: str) -> bytes:
    """What was given. `key`: the column `sealed`. Raises SealBroken."""
    if not key:
        return data
    seals: Seals | None = connection.get_execution_options().get(OPTION)
    if seals is None:
        raise SealBroken(f"{about} is sealed with the key {key[:40]!r}, and no key ring is set", hint="Set AFFICHE_KEY_RING.")
    return seals.open(data, about=about)
