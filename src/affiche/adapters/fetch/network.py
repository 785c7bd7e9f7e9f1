"""Connects to exactly the address that was looked at: a name is resolved once, judged, and not resolved again.

So a name that answers differently the second time (DNS rebinding) gains nothing. TLS is still spoken with the name of the URL:
the layer above passes it on. The pool keeps a connection for its own origin only.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import httpcore2
import httpx2

from affiche.adapters.fetch.address import OwnHosts, denied, denied_port
from affiche.errors import AddressRefused

#: Host and port -> numeric addresses, best first.
Resolve = Callable[[str, int], Awaitable[list[str]]]


async def resolve(host: str, port: int) -> list[str]:
    """The addresses of `host`, as the system says. Raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class GuardedNetwork(httpcore2.AsyncNetworkBackend):
    """TCP for the HTTP client, to allowed addresses only."""

    def __init__(self, own: OwnHosts, look_up: Resolve = resolve) -> None:
        self._own, self._look_up = own, look_up
        self._inner = httpcore2.AnyIOBackend()

    async def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:  # fmt: skip
        """A connection to the first address of `host` that answers. Raises AddressRefused, ConnectError, ConnectTimeout."""
        addresses = await self._addresses(host, port, timeout)
        failed = httpcore2.ConnectError(f"{host} has no address")
        for address in addresses:
            try:
                return await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except httpcore2.ConnectError as error:
                failed = error
        raise failed

    async def connect_unix_socket(self, path: str, *_: object, **__: object) -> httpcore2.AsyncNetworkStream:
        """Never: no URL leads to a socket file."""
        raise AddressRefused(f"{path} is not an address of the web")

    async def sleep(self, seconds: float) -> None:
        await self._inner.sleep(seconds)

    async def _addresses(self, host: str, port: int, timeout: float | None) -> list[str]:
        """All addresses of `host`; refused when one of them is denied, whatever the others are."""
        host = host.lower().strip("[]").rstrip(".")
        try:
            async with asyncio.timeout(timeout):
                addresses = await self._look_up(host, port)
        except TimeoutError as error:
            raise httpcore2.ConnectTimeout(f"{host} was not found in time") from error
        except OSError as error:
            raise httpcore2.ConnectError(f"{host} is not known") from error
        if self._own.include(host, port):
            return addresses
        reason = denied_port(port) or next((why for address in addresses if (why := denied(address))), "")
        if reason:
            # Which address it was stays unsaid: an answer must not map the operator's network.
            raise AddressRefused(f"{host} may not be reached: {reason}", hint="Operators allow own hosts: AFFICHE_FETCH_ALLOW")
        return addresses


def guarded_transport(own: OwnHosts, look_up: Resolve, ssl_context: Any) -> httpx2.AsyncHTTPTransport:
    """A transport on `GuardedNetwork`; proxies of the environment are not used."""
    transport = httpx2.AsyncHTTPTransport(verify=ssl_context, trust_env=False)
    # The client has no public place for a network of one's own; the contract tests over real sockets watch this line.
    transport._pool = httpcore2.AsyncConnectionPool(
        ssl_context=ssl_context, max_connections=100, max_keepalive_connections=20, keepalive_expiry=5.0,
        network_backend=GuardedNetwork(own, look_up),
    )  # fmt: skip
    return transport
