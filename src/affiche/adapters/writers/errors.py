"""Failures of language models as ours. Only status, code and phase are looked at; bodies may quote the brief and stay out.

What is billed: a request that surely was not taken is free, one that was sent and not answered may have been billed
(`ProviderTimeout`), an answer that cannot be used was billed (`BadOutput`).
"""

from __future__ import annotations

from pydantic_ai import exceptions as theirs

from affiche.errors import (
    AccessRefused,
    BadOutput,
    ContentBlocked,
    ModelRetired,
    ProviderError,
    ProviderTimeout,
    ProviderUnavailable,
    QuotaExhausted,
    RateLimited,
    RequestRefused,
)

#: Parts of error codes by which providers say that the content, not the request, is refused.
_CONTENT = ("content_filter", "contentfilter", "content_policy", "moderation", "safety", "prohibited", "guardrail")

#: Classes of the HTTP libraries (httpx, httpx2) that some SDKs let through: nothing was sent, or nobody knows.
_UNSENT = frozenset({"ConnectError", "ConnectTimeout", "PoolTimeout"})
_LOST = "TransportError"

#: Their class -> ours, first match wins; what needs more than the class is handled in `ours`.
_KINDS: tuple[tuple[type[Exception], type[ProviderError], str], ...] = (
    (theirs.ModelRequestTimeout, ProviderTimeout, "did not answer in time"),
    (theirs.ModelQuotaExceededError, QuotaExhausted, "says that nothing is left to spend"),
    (theirs.ModelServerError, ProviderUnavailable, "failed"),
    (theirs.ModelUnavailableError, ProviderUnavailable, "is not available"),
    (theirs.ModelAuthenticationError, AccessRefused, "refuses the key"),
    (theirs.ModelNotFoundError, ModelRetired, "does not have this model"),
    (theirs.ModelRequestRejectedError, RequestRefused, "refuses the request"),
    (theirs.ModelHTTPError, ProviderUnavailable, "failed"),
    (theirs.ModelAPIError, BadOutput, "answered with something that cannot be read"),
    (theirs.UnexpectedModelBehavior, BadOutput, "answered with something that cannot be used"),
)


def ours(error: Exception, *, provider: str, model: str) -> ProviderError:
    """`error` of a request to `model` in our tree."""
    who = f"{provider} {model}"
    if isinstance(error, theirs.ContentFilterError) or _about_content(error):
        return ContentBlocked(f"{who} refuses the content", stage="input", provider=provider)
    if isinstance(error, theirs.ModelRateLimitError):
        return RateLimited(f"{who} wants fewer requests", retry_after_s=error.retry_after, provider=provider)
    if isinstance(error, theirs.ModelConnectionError):
        return _unanswered(error.phase in ("pool", "connect"), who, provider)
    names = {kind.__name__ for kind in type(error).__mro__}
    if _LOST in names:
        return _unanswered(bool(names & _UNSENT), who, provider)
    for kind, made, what in _KINDS:
        if isinstance(error, kind):
            return made(f"{who} {what}{_said(error)}", provider=provider)
    return BadOutput(f"{who} answered with something that cannot be read ({type(error).__name__})", provider=provider)


def _unanswered(unsent: bool, who: str, provider: str) -> ProviderError:
    """A connection that failed before anything was sent costs nothing; after that nobody knows."""
    if unsent:
        return ProviderUnavailable(f"{who} cannot be reached", provider=provider)
    return ProviderTimeout(f"{who} did not answer a request that was sent", provider=provider)


def _about_content(error: Exception) -> bool:
    codes = (getattr(error, "provider_error_code", ""), getattr(error, "provider_error_type", ""))
    return any(sign in str(code or "").lower() for code in codes for sign in _CONTENT)


def _said(error: Exception) -> str:
    status, code = getattr(error, "status_code", ""), getattr(error, "provider_error_code", "")
    said = ", ".join(str(part) for part in (status, code) if part)
    return f" ({said[:80]})" if said else ""
