"""Exchange: a conversation with one provider. A paid request goes out once; what is free may be asked again; keys stay at home.

Errors say what the money needs to know: not sent (surely not billed), sent and unanswered (nobody knows), answered with rubbish
(billed). After a job was accepted nothing is "surely not billed" any more.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urljoin, urlsplit

from affiche.adapters.imagers.body import NOTHING, Body
from affiche.adapters.imagers.refusal import Signs, refusal, request_id_of, retry_after
from affiche.errors import (
    AddressRefused,
    AnswerRefused,
    BadOutput,
    ContentBlocked,
    FetchError,
    ProviderError,
    ProviderTimeout,
    ProviderUnavailable,
)
from affiche.ports import Fetcher
from affiche.values.fetch import Fetched, FetchRequest
from affiche.values.secret import Secret

#: A 4K PNG in base64 has about 40 MB.
MAX_ANSWER_BYTES = 64_000_000
_FREE_TRIES = 4
Method = Literal["GET", "POST", "PUT"]
_LONG = re.compile(r"[A-Za-z0-9+/=_-]{120,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """How to reach a provider: `base` URL, `secrets` by name, and what the operator set. `timeout_s` for a whole picture.

    `provider`: its id in the catalog, where one adapter serves several.
    """

    base: str = ""
    provider: str = ""
    secrets: Mapping[str, Secret] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    timeout_s: float = 300.0
    #: Between two looks at a job.
    poll_s: float = 1.0

    def secret(self, name: str) -> str:
        """The value of a secret, empty when there is none."""
        return self.secrets.get(name, Secret()).reveal()


class Exchange:
    """Requests to one provider. `headers` carry keys and go to the host of `base` and its `friends` (domain suffixes) only."""

    def __init__(
        self, access: Access, fetcher: Fetcher, *, provider: str, headers: Mapping[str, str], signs: Signs | None = None,
        friends: tuple[str, ...] = (),
    ) -> None:  # fmt: skip
        self.access, self.provider = access, provider
        self._fetcher, self._headers, self._friends = fetcher, dict(headers), friends
        self._signs = signs or Signs()

    async def pay(
        self, path: str, body: Body, *, headers: Mapping[str, str] | None = None, method: Method = "POST"
    ) -> Fetched:
        """The answer (status 2xx) to the one request that may cost money. Raises ProviderError."""
        call = self._call(method, path, body, headers, timeout_s=self.access.timeout_s)
        try:
            answer = await self._fetcher.fetch(call)
        except FetchError as error:
            raise self._unpaid(error) from None
        if not answer.ok:
            raise self._refusal(answer)
        return answer

    def _unpaid(self, error: FetchError) -> ProviderError:
        """What it means for the money that a paid request has no answer."""
        if not error.sent:
            return self._error(ProviderUnavailable, f"could not be reached: {error}")
        if error.status == 0:
            return self._error(ProviderTimeout, f"took the request and did not answer: {error}")
        if error.status >= 300:
            return self._refusal(_bare(error.status))
        return self._error(BadOutput, f"answered and broke off: {error}")

    async def look(
        self, path: str, *, method: Method = "GET", body: Body = NOTHING, headers: Mapping[str, str] | None = None,
        submitted: bool = True, keyed: bool = True, tries: int = _FREE_TRIES,
    ) -> Fetched:  # fmt: skip
        """The answer (status 2xx) to a request that is free, asked again while the provider is only busy.

        `submitted`: a paid job is under way, so that nobody knows what it will cost when it cannot be asked for: that is a
        ProviderTimeout, whatever the reason. `keyed`: keys go along (to the provider's own hosts). Raises ProviderError.
        """
        error: ProviderError
        for turn in range(tries):
            try:
                return await self._free(self._call(method, path, body, headers, timeout_s=60.0, keyed=keyed))
            except ProviderError as wrong:
                error = wrong
            if turn == tries - 1 or error.retry != "later":
                break
            await asyncio.sleep(min(getattr(error, "retry_after_s", None) or self.access.poll_s * 2**turn, 20.0))
        if submitted and not isinstance(error, ContentBlocked | BadOutput):
            raise self._error(ProviderTimeout, f"has the job and cannot be asked for it: {error}") from None
        raise error

    async def _free(self, call: FetchRequest) -> Fetched:
        try:
            answer = await self._fetcher.fetch(call)
        except (AddressRefused, AnswerRefused) as error:
            raise self._error(BadOutput, f"answered with what is not taken: {error}") from None
        except FetchError as error:
            raise self._error(ProviderUnavailable, f"could not be asked: {error}") from None
        if not answer.ok:
            raise self._refusal(answer)
        return answer

    async def fetch(self, url: str) -> bytes:
        """The bytes of a finished picture at `url`, wherever it lies: no key goes along. Raises BadOutput, ProviderTimeout."""
        if urlsplit(url).scheme not in ("http", "https"):
            raise self._error(BadOutput, "named no address of the picture")
        return (await self.look(url, keyed=False, headers={"Accept": "image/*"})).body

    def bad(self, message: str) -> BadOutput:
        """BadOutput by this provider."""
        return BadOutput(self.clean(f"{self.provider} {message}"), provider=self.provider)

    def json(self, answer: Fetched) -> dict[str, Any]:
        """The JSON object of an answer. Raises BadOutput."""
        try:
            data = json.loads(answer.body)
        except ValueError:
            kind = answer.headers.get("content-type", "no media type").partition(";")[0]
            raise self.bad(f"answered with {kind[:60]} that is no JSON") from None
        if not isinstance(data, dict):
            raise self.bad("answered with JSON that is no object")
        return data

    def clean(self, text: str) -> str:
        """`text` without keys and without long encoded data, short."""
        for secret in self.access.secrets.values():
            if secret:
                text = text.replace(secret.reveal(), "***")
        for value in self._headers.values():
            text = text.replace(value, "***") if len(value) > 5 else text
        return _LONG.sub("…", text)[:400]

    async def close(self) -> None:
        await self._fetcher.close()

    def request_id(self, answer: Fetched) -> str:
        """The provider's name for this exchange."""
        return request_id_of(answer)

    def retry_after(self, answer: Fetched) -> float | None:
        """Seconds that the provider asks to wait."""
        return retry_after(answer)

    # -- inside ---------------------------------------------------------------------------------------------------------

    def _call(
        self, method: Method, path: str, body: Body, headers: Mapping[str, str] | None, *, timeout_s: float, keyed: bool = True
    ) -> FetchRequest:
        url = urljoin(self.access.base.rstrip("/") + "/", path)
        sent = {"Accept": "application/json", **(headers or {})}
        if keyed and self._at_home(url):
            sent |= self._headers
        if body.media_type:
            sent["Content-Type"] = body.media_type
        return FetchRequest(
            method=method, url=url, headers=sent, body=body.data, timeout_s=timeout_s, max_bytes=MAX_ANSWER_BYTES,
            redirects=0 if body.media_type else 3,
        )  # fmt: skip

    def _at_home(self, url: str) -> bool:
        """Whether keys may go to `url`: same scheme, host and port as the base, or a friend by https."""
        base, to = urlsplit(self.access.base), urlsplit(url)
        if (base.scheme, base.hostname, base.port) == (to.scheme, to.hostname, to.port):
            return True
        host = to.hostname or ""
        return to.scheme == "https" and any(host == friend or host.endswith(f".{friend}") for friend in self._friends)

    def _refusal(self, answer: Fetched) -> ProviderError:
        return refusal(answer, self._signs, provider=self.provider, clean=self.clean)

    def _error(self, kind: type[ProviderError], message: str) -> ProviderError:
        return kind(self.clean(f"{self.provider} {message}"), provider=self.provider)


def _bare(status: int) -> Fetched:
    """An answer of which nothing but its status is known."""
    return Fetched(url="", status=status, headers={}, media_type="", body=b"")
