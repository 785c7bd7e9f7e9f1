"""HttpImager: what providers over HTTP have in common besides their wire: a name, a free question about health, an end."""

from __future__ import annotations

from affiche.adapters.imagers.exchange import Exchange
from affiche.errors import ProviderError

#: What `health` says of providers that have no free request which proves a key.
UNPROVEN = "not tested: this provider has no free request that proves a key"


class HttpImager:
    """Speaks through `http`. `probe` is a free GET that needs a valid key; empty when the provider has none."""

    def __init__(self, http: Exchange, *, probe: str) -> None:
        self._http, self._probe = http, probe

    @property
    def provider(self) -> str:
        return self._http.provider

    async def health(self) -> str:
        """`ok`, or what is wrong; costs nothing."""
        if not self._probe:
            return UNPROVEN
        try:
            await self._http.look(self._probe, submitted=False, tries=1)
        except ProviderError as error:
            return str(error)
        return "ok"

    async def close(self) -> None:
        await self._http.close()
