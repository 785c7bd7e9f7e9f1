"""The guarded fetcher: limits on where, how long, how much and what; redirects one by one, each looked at anew."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import replace
from functools import cache

import httpx2

from affiche.adapters.fetch.address import OwnHosts
from affiche.adapters.fetch.network import Resolve, guarded_transport, resolve
from affiche.errors import AddressRefused, AnswerRefused, FetchError
from affiche.values.fetch import Fetched, FetchRequest

#: What may be said to any origin. All else (keys, cookies, authorization) stays with the origin it was meant for.
_HARMLESS = {"accept", "accept-language", "content-type", "user-agent"}
#: Set here or by the client: nobody else may frame the message or choose another host.
_OURS = {"host", "content-length", "transfer-encoding", "connection", "accept-encoding", "proxy-authorization", "te", "upgrade"}
_REDIRECTS = {301, 302, 303, 307, 308}
_AGENT = "affiche (+guarded fetcher)"


class GuardedFetcher:
    """`ports.Fetcher` over HTTP/1.1. `allow`: own hosts of the operator, which may have private addresses and plain HTTP."""

    def __init__(
        self, *, allow: tuple[str, ...] = (), look_up: Resolve = resolve, ssl_context: ssl.SSLContext | None = None
    ) -> None:
        self._own = OwnHosts(patterns=allow)
        self._transport = guarded_transport(self._own, look_up, ssl_context or _context())

    async def fetch(self, request: FetchRequest) -> Fetched:
        """The answer after redirects. Raises AddressRefused, AnswerRefused, FetchError."""
        try:
            async with asyncio.timeout(request.timeout_s):
                return await self._follow(request)
        except TimeoutError as error:
            raise FetchError(f"{_shown(request.url)} took more than {request.timeout_s:g} s", sent=True) from error

    async def close(self) -> None:
        await self._transport.aclose()

    async def _follow(self, request: FetchRequest) -> Fetched:
        left = request.redirects
        while True:
            answer = await self._once(request)
            if answer.status not in _REDIRECTS or "location" not in answer.headers:
                return answer
            if left == 0:
                raise AnswerRefused(f"{_shown(request.url)} redirects too often", status=answer.status)
            left, request = left - 1, _redirected(request, answer)

    async def _once(self, request: FetchRequest) -> Fetched:
        url = self._checked(request)
        try:
            response = await self._transport.handle_async_request(_http(request, url))
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout) as error:
            raise FetchError(f"{url.host} cannot be reached", sent=False) from error
        except httpx2.HTTPError as error:
            raise FetchError(f"{url.host} broke off", sent=True) from error
        try:
            return await _read(response, request, url)
        finally:
            await response.aclose()

    def _checked(self, request: FetchRequest) -> httpx2.URL:
        """The URL, when it is one that may be asked with these headers."""
        try:
            url = httpx2.URL(request.url)
        except httpx2.InvalidURL as error:
            raise AddressRefused("not a URL") from error
        if url.scheme not in ("http", "https") or not url.host or "%" in url.host:
            raise AddressRefused(f"{_shown(request.url)} is not an address of the web (http or https)")
        if url.userinfo:
            raise AddressRefused("a URL must not carry a name and password")
        secret = {name.lower() for name in request.headers} - _HARMLESS
        if url.scheme == "http" and secret and not self._own.include(url.host.lower(), url.port or 80):
            raise AddressRefused(f"{url.host} is asked without encryption: {', '.join(sorted(secret))} will not be sent there")
        return url


@cache
def _context() -> ssl.SSLContext:
    """Read once: the certificates of the world take a tenth of a second."""
    return httpx2.create_ssl_context(trust_env=False)


def _http(request: FetchRequest, url: httpx2.URL) -> httpx2.Request:
    # Uncompressed: a limit on bytes read is then a limit on bytes kept.
    headers = {"accept": ", ".join(request.accept) or "*/*", "user-agent": _AGENT}
    headers |= {name.lower(): value for name, value in request.headers.items() if name.lower() not in _OURS}
    timeout = {"connect": request.connect_s, "read": request.timeout_s, "write": request.timeout_s, "pool": request.connect_s}
    try:
        return httpx2.Request(
            request.method, url, headers=headers | {"accept-encoding": "identity"},
            content=request.body or None, extensions={"timeout": timeout},
        )  # fmt: skip
    except (UnicodeEncodeError, ValueError) as error:
        raise AddressRefused("a header holds what HTTP cannot carry") from error


async def _read(response: httpx2.Response, request: FetchRequest, url: httpx2.URL) -> Fetched:
    """The answer with its body, as far as it is allowed."""
    media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    wanted = response.status_code not in _REDIRECTS
    if 200 <= response.status_code < 300:
        _check_kind(response, request, media_type)
    body = await _body(response, request, url) if wanted else b""
    return Fetched(
        url=str(url), status=response.status_code, headers={k.lower(): v for k, v in response.headers.items()},
        media_type=media_type, body=body,
    )  # fmt: skip


def _check_kind(response: httpx2.Response, request: FetchRequest, media_type: str) -> None:
    if response.headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
        raise AnswerRefused(f"{response.headers['content-encoding']} was sent, plain bytes were asked for")
    if request.accept and not any(_fits(media_type, pattern) for pattern in request.accept):
        raise AnswerRefused(f"{media_type or 'nothing known'} was sent, {' or '.join(request.accept)} was asked for")


def _fits(media_type: str, pattern: str) -> bool:
    return media_type == pattern or (pattern.endswith("/*") and media_type.startswith(pattern[:-1])) or pattern == "*/*"


async def _body(response: httpx2.Response, request: FetchRequest, url: httpx2.URL) -> bytes:
    announced = response.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > request.max_bytes and request.method != "HEAD":
        message = f"{url.host} sends {int(announced):,} bytes, at most {request.max_bytes:,} are taken"
        raise AnswerRefused(message, status=response.status_code)
    parts, size = [], 0
    try:
        async for part in response.aiter_raw():
            size += len(part)
            if size > request.max_bytes:
                raise AnswerRefused(f"{url.host} sends more than {request.max_bytes:,} bytes", status=response.status_code)
            parts.append(part)
    except httpx2.HTTPError as error:
        raise FetchError(f"{url.host} broke off after {size:,} bytes", status=response.status_code) from error
    return b"".join(parts)


def _redirected(request: FetchRequest, answer: Fetched) -> FetchRequest:
    """The next request: never from https to http, and to another origin without what is not harmless."""
    here = httpx2.URL(answer.url)
    try:
        there = here.join(answer.headers["location"])
    except httpx2.InvalidURL as error:
        raise AnswerRefused(f"{here.host} redirects to what is no URL") from error
    if here.scheme == "https" and there.scheme != "https":
        raise AddressRefused(f"{here.host} redirects to an address without encryption")
    asked_anew = answer.status == 303 or (answer.status in (301, 302) and request.method == "POST")
    if asked_anew and request.method != "HEAD":
        request = replace(request, method="GET", body=b"")
    if _origin(here) != _origin(there):
        if request.body:
            raise AddressRefused(f"{here.host} wants what was sent to it sent to {there.host}")
        request = replace(request, headers={k: v for k, v in request.headers.items() if k.lower() in _HARMLESS})
    return replace(request, url=str(there))


def _origin(url: httpx2.URL) -> tuple[str, str, int]:
    return url.scheme, url.host.lower(), url.port or (443 if url.scheme == "https" else 80)


def _shown(url: str) -> str:
    """A URL for a message: what follows `?` may be a signature, what precedes `@` a password."""
    return url.partition("?")[0].rpartition("@")[2][:200]
