"""Refusal: what a provider's error answer means, as one of the typed errors. Tables, not branches per provider.

Providers differ in where they put code and message and in the words for "content refused"; a provider's `Signs` name its words,
the rest is HTTP. Doubt is decided for the money: a gateway that lost the answer may have let the request through.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, Literal

from affiche.errors import (
    AccessRefused,
    ContentBlocked,
    ModelRetired,
    ProviderError,
    ProviderTimeout,
    ProviderUnavailable,
    QuotaExhausted,
    RateLimited,
    RequestRefused,
)
from affiche.values.fetch import Fetched

Stage = Literal["input", "output", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """How one provider says things in error answers. Codes are compared without case; words are looked for in the message."""

    blocked_codes: frozenset[str] = frozenset()
    blocked_words: tuple[str, ...] = ()
    blocked_statuses: frozenset[int] = frozenset({451})
    quota_codes: frozenset[str] = frozenset({"insufficient_quota", "billing_hard_limit_reached"})
    quota_words: tuple[str, ...] = ("exceeded your current quota", "insufficient credit", "exhausted balance", "out of credits")
    retired_codes: frozenset[str] = frozenset({"model_not_found", "deploymentnotfound"})
    retired_words: tuple[str, ...] = ("no longer available", "has been retired", "has been shut down", "end of life")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What an error answer says, wherever it says it."""

    codes: tuple[str, ...]
    message: str
    categories: tuple[str, ...] = ()


#: Codes and messages stand in one of these members, in this order; `error`, `detail` and `errors` may hold more members.
_CODES = ("code", "error_code", "status", "type", "name", "errorType", "error_type", "__type")
_MESSAGES = ("message", "detail", "title", "msg", "error", "errors", "reason")
_NESTS = ("error", "detail", "inner_error", "innererror", "errors")

_BY_STATUS: Mapping[int, type[ProviderError]] = {
    401: AccessRefused, 402: QuotaExhausted, 403: AccessRefused, 407: AccessRefused, 408: ProviderTimeout, 410: ModelRetired,
    502: ProviderTimeout, 504: ProviderTimeout, 520: ProviderTimeout, 522: ProviderUnavailable, 524: ProviderTimeout,
}  # fmt: skip


def told(answer: Fetched) -> Told:
    """What the body of `answer` says; its first words when it is no JSON."""
    try:
        data = json.loads(answer.body)
    except ValueError:
        return Told(codes=(), message=answer.body[:300].decode("utf-8", "replace"))
    members = list(_members(data))
    codes = [str(m[name]) for m in members for name in _CODES if isinstance(m.get(name), str | int)]
    messages = (_text(m.get(name)) for m in members for name in _MESSAGES)
    return Told(
        codes=tuple(codes),
        message=next((text for text in messages if text), "" if isinstance(data, dict) else str(data)[:300]),
        categories=tuple(sorted(_categories(members))),
    )


def refusal(answer: Fetched, signs: Signs, *, provider: str, clean: Callable[[str], str]) -> ProviderError:
    """The error that `answer` (status 300 and above) stands for."""
    said = told(answer)
    message = clean(f"{provider} answered {answer.status}: {said.message or 'nothing more'}")
    request_id = request_id_of(answer)
    codes = {code.lower() for code in said.codes}
    words = said.message.lower()
    if answer.status in signs.blocked_statuses or codes & signs.blocked_codes or _any(signs.blocked_words, words):
        return blocked(provider, message, words=words, categories=said.categories, request_id=request_id)
    if codes & signs.quota_codes or (answer.status < 500 and _any(signs.quota_words, words)):
        return QuotaExhausted(message, provider=provider, request_id=request_id, hint=f"add credit at {provider}")
    if codes & signs.retired_codes or (answer.status in (400, 404, 410) and _any(signs.retired_words, words)):
        return ModelRetired(message, provider=provider, request_id=request_id)
    if answer.status == 429:
        return RateLimited(message, retry_after_s=retry_after(answer), provider=provider, request_id=request_id)
    kind = _BY_STATUS.get(answer.status) or (ProviderUnavailable if answer.status >= 500 else RequestRefused)
    return kind(message, provider=provider, request_id=request_id)


def blocked(
    provider: str, message: str, *, words: str = "", stage: Stage = "unknown", categories: Iterable[str] = (),
    request_id: str = "",
) -> ContentBlocked:  # fmt: skip
    """The one refusal of content. Where the provider does not say which side it looked at, its words may."""
    before, after = _any(("prompt", "input"), words), _any(("output", "generated"), words)
    if stage == "unknown" and before != after:
        stage = "input" if before else "output"
    return ContentBlocked(
        message, stage=stage, categories=tuple(categories), billed=False if stage == "input" else None,
        provider=provider, request_id=request_id,
        hint="change the prompt or the pictures; it is not sent again as it is",
    )  # fmt: skip


def retry_after(answer: Fetched) -> float | None:
    """Seconds to wait as the provider says: `Retry-After` (seconds or a date), or Google's `retryDelay`."""
    given = answer.headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,6}(\.\d+)?", given):
        return float(given)
    if given and (until := _date(given)) and (now := _date(answer.headers.get("date", ""))):
        return max(0.0, (until - now).total_seconds())
    delay = re.search(rb'"retryDelay"\s*:\s*"(\d+(?:\.\d+)?)s"', answer.body)
    return float(delay[1]) if delay else None


def request_id_of(answer: Fetched) -> str:
    """The provider's name for this exchange, for its support."""
    names = ("x-request-id", "request-id", "apim-request-id", "x-fal-request-id", "x-amzn-requestid", "cf-ray")
    return next((answer.headers[name][:100] for name in names if answer.headers.get(name)), "")


def _members(data: Any) -> Iterable[dict[str, Any]]:
    if isinstance(data, list):
        for item in data[:5]:
            yield from _members(item)
    if isinstance(data, dict):
        yield data
        for name in _NESTS:
            yield from _members(data.get(name))


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        return "; ".join(value)
    return ""


def _categories(members: Iterable[dict[str, Any]]) -> set[str]:
    """Categories that filtered the content (the shape of Azure: category -> {filtered, severity})."""
    found = set()
    for member in members:
        results = member.get("content_filter_results") or member.get("content_filter_result") or {}
        for name, result in results.items() if isinstance(results, dict) else ():
            if isinstance(result, dict) and result.get("filtered"):
                found.add(str(name))
    return found


def _any(phrases: Iterable[str], words: str) -> bool:
    return any(phrase in words for phrase in phrases)


def _date(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
