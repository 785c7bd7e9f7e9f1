"""A request to an address that came from outside, and its answer (`ports.Fetcher`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

#: Longest answer unless a request says otherwise, bytes.
MAX_BYTES = 50_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchRequest:
    """One request. `headers` may hold credentials: they go to the origin of `url` and to no other.

    `accept`: media types that the caller can use, `image/png` or `image/*`; empty = any. `timeout_s` is for everything, redirects
    included; `connect_s` for each connection. At most `max_bytes` of body are read; `redirects` are followed.
    """

    url: str
    method: Literal["GET", "POST", "PUT", "HEAD"] = "GET"
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)
    accept: tuple[str, ...] = ()
    max_bytes: int = MAX_BYTES
    timeout_s: float = 60.0
    connect_s: float = 10.0
    redirects: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """An answer, whatever its `status`. `url` is where it came from at last; names of `headers` are lower case.

    `media_type` is what the server says, lower case, without parameters: a claim, not a fact.
    """

    url: str
    status: int
    headers: Mapping[str, str] = field(repr=False)
    media_type: str
    body: bytes = field(repr=False)

    @property
    def ok(self) -> bool:
        """Whether the server delivered what was asked."""
        return 200 <= self.status < 300
