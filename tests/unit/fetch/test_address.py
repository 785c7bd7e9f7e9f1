"""Which addresses may be asked: properties over whole networks, in every notation that hides an IPv4 address in an IPv6 one."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from affiche.adapters.fetch.address import OwnHosts, denied, denied_port

#: IANA special-purpose registry (RFC 6890 and later), multicast and class E.
SPECIAL = [
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.2.0/24",
    "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
]  # fmt: skip
SPECIAL_6 = ["::1/128", "::/128", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8", "2001:db8::/32", "64:ff9b:1::/48"]

special = st.sampled_from(SPECIAL).map(ipaddress.ip_network).flatmap(
    lambda net: st.integers(int(net.network_address), int(net.broadcast_address)).map(ipaddress.IPv4Address)
)
special_6 = st.sampled_from(SPECIAL_6).map(ipaddress.ip_network).flatmap(
    lambda net: st.integers(int(net.network_address), int(net.broadcast_address)).map(ipaddress.IPv6Address)
)
public = st.ip_addresses(v=4).filter(
    lambda a: not any(a in ipaddress.ip_network(net) for net in [*SPECIAL, "192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32"])
)


def notations(address: ipaddress.IPv4Address) -> list[str]:
    four = int(address)
    return [
        str(address), f"::ffff:{address}", str(ipaddress.IPv6Address((0x2002 << 112) | (four << 80))),
        str(ipaddress.IPv6Address(int(ipaddress.IPv6Address("64:ff9b::")) | four)),
        str(ipaddress.IPv6Address((0x20010000 << 96) | (0x08080808 << 64) | (four ^ 0xFFFFFFFF))),
    ]  # fmt: skip


@given(special)
def test_no_special_address_is_reachable_in_any_notation(address: ipaddress.IPv4Address) -> None:
    assert all(denied(text) for text in notations(address)), [t for t in notations(address) if not denied(t)]


@given(special_6)
def test_no_special_ipv6_address_is_reachable(address: ipaddress.IPv6Address) -> None:
    assert denied(str(address))


@given(public)
def test_public_addresses_are_reachable_also_when_mapped(address: ipaddress.IPv4Address) -> None:
    assert denied(str(address)) == ""
    assert denied(f"::ffff:{address}") == ""


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700:4700::1111", "64:ff9b::8.8.8.8"])
def test_well_known_public_addresses_are_reachable(address: str) -> None:
    assert denied(address) == ""


@pytest.mark.parametrize("address", ["169.254.169.254", "fd00:ec2::254", "100.100.100.200", "168.63.129.16", "192.0.0.192", "fe80::1%eth0"])
def test_metadata_services_are_not(address: str) -> None:
    assert denied(address)


@given(st.text(max_size=40))
def test_text_that_is_no_address_is_denied(text: str) -> None:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        assert denied(text)


def test_ports_are_those_of_the_web() -> None:
    assert [port for port in range(1024) if not denied_port(port)] == [80, 443]
    assert not denied_port(8443)
    assert denied_port(65536)


@pytest.mark.parametrize(
    ("pattern", "host", "port", "own"),
    [
        ("dam.corp", "dam.corp", 80, True), ("dam.corp", "xdam.corp", 80, False), ("dam.corp:9000", "dam.corp", 80, False),
        ("dam.corp:9000", "dam.corp", 9000, True), ("*.corp", "a.b.corp", 1, True), ("*.corp", "corp", 1, False),
        ("*.corp", "evilcorp", 1, False), ("::1", "::1", 80, True), ("[::1]:81", "::1", 80, False), ("[::1]:81", "::1", 81, True),
    ],
)  # fmt: skip
def test_own_hosts_are_named_exactly(pattern: str, host: str, port: int, own: bool) -> None:
    assert OwnHosts(patterns=(pattern,)).include(host, port) is own
