"""Which addresses a URL from outside may lead to. Pure: names are resolved elsewhere.

Only addresses that IANA calls global are reachable; an IPv4 address inside an IPv6 one (mapped, 6to4, Teredo, NAT64) is looked
at as well. Sources: IANA special-purpose registries through `ipaddress`; RFC 6890, 4291 (2.5.5), 3056, 4380, 6052.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

#: Global by registry, and yet they answer with credentials of the machine: Azure's host agent.
_METADATA = {ipaddress.ip_address("168.63.129.16")}
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
#: Not for the open web either, which older versions of `ipaddress` do not know: protocol assignments, relays of 6to4, NAT64 of
#: one's own network, site-local.
_PRIVATE = [ipaddress.ip_network(n) for n in ("192.0.0.0/24", "192.88.99.0/24", "64:ff9b:1::/48", "fec0::/10")]
#: Below 1024 only the ports of HTTP: no mail server is to be talked to by way of a webhook.
_WEB_PORTS = {80, 443}


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnHosts:
    """Hosts that the operator trusts: `dam.example.com`, `10.0.0.7:9000`, `*.corp.example`. No address check for them."""

    patterns: tuple[str, ...] = ()

    def include(self, host: str, port: int) -> bool:
        """Whether `host` (lower case, without brackets) at `port` is one of them."""
        return any(_matches(pattern.strip().lower(), host, port) for pattern in self.patterns)


def _matches(pattern: str, host: str, port: int) -> bool:
    name, _, wanted = pattern.rpartition(":") if _has_port(pattern) else (pattern, "", "")
    if wanted and int(wanted) != port:
        return False
    name = name.strip("[]")
    if name.startswith("*."):
        return host.endswith(name[1:]) and host != name[1:]
    return host == name


def _has_port(pattern: str) -> bool:
    tail = pattern.rpartition(":")[2]
    return tail.isdecimal() and (pattern.count(":") == 1 or "]:" in pattern)


def denied(text: str) -> str:
    """Why the numeric address `text` may not be connected to; `""` when it may."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return "not an address"
    return next((reason for seen in _with_embedded(address) if (reason := _reason(seen))), "")


def denied_port(port: int) -> str:
    """Why nothing may be asked at `port`; `""` when it may."""
    return "" if port in _WEB_PORTS or 1024 <= port <= 65535 else f"port {port} is not one of the web"


def _with_embedded(address: Address) -> Iterator[Address]:
    """The addresses that connecting to `address` may reach."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped or address in _NAT64:
            # Only another way to write the IPv4 address.
            yield ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
            return
        yield from (address.sixtofour,) if address.sixtofour else address.teredo or ()
    yield address


def _reason(address: Address) -> str:
    if address in _METADATA:
        return "a metadata service"
    if address.is_loopback:
        return "this machine itself"
    if address.is_link_local:
        return "link-local"
    if address.is_multicast or address.is_unspecified or address.is_reserved:
        return "not an address of one host"
    if any(address in network for network in _PRIVATE if network.version == address.version) or not address.is_global:
        return "private"
    return ""
