"""Simulated providers: the generic adapter, talking to a double of a provider on this machine. For demos, tests and tryouts.

Nothing is short-cut: what is asked and answered goes over a socket, through the guarded fetcher, by a description file such as
anybody can write for a gateway of their own (`simulated.toml`, `simulated-jobs.toml`). Next: `double.py`, the other end.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from affiche.adapters.imagers.double import Double
from affiche.adapters.imagers.exchange import Access
from affiche.adapters.imagers.generic import Generic
from affiche.ports import Fetcher

_HERE = Path(__file__).parent


class Simulated(Generic):
    """Asks `double`, and closes it in the end. `fetcher` must be one that may reach it (`double.address`)."""

    def __init__(self, access: Access, fetcher: Fetcher, double: Double) -> None:
        self.double = double
        description = _HERE / ("simulated-jobs.toml" if double.manner.jobs else "simulated.toml")
        super().__init__(replace(access, base=double.url, options={"description": str(description)}), fetcher)

    async def close(self) -> None:
        await super().close()
        await asyncio.to_thread(self.double.close)
