"""DeepL's translation API, as raw HTTP.

It translates; it does not follow a brief: any other task than `transcreate` is refused. Words to keep, placeholders and
glossary terms are sent inside `<k>` tags that DeepL leaves alone (a glossary term already in the target language). Source:
https://developers.deepl.com/docs/api-reference/translate, read 2026-11-21 (facts of the project).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape, unescape
from typing import Any

import httpx2

from affiche.adapters.writers.access import Access
from affiche.errors import (
    AccessRefused,
    BadOutput,
    CapabilityError,
    ProviderError,
    ProviderTimeout,
    ProviderUnavailable,
    QuotaExhausted,
    RateLimited,
    RequestRefused,
)
from affiche.values.writing import WriteRequest, Written

_FREE, _PAID = "https://api-free.deepl.com", "https://api.deepl.com"
_KEPT = re.compile(r"</?k>")
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")
#: HTTP status -> what it means (456 is DeepL's own: characters used up).
_STATUS: dict[int, tuple[type[ProviderError], str]] = {
    401: (AccessRefused, "refuses the key"), 403: (AccessRefused, "refuses the key"),
    456: (QuotaExhausted, "has no characters left"),
    429: (RateLimited, "wants fewer requests"), 529: (RateLimited, "wants fewer requests"),
}  # fmt: skip
#: Target languages of which DeepL has several kinds; others are the language alone.
_TARGETS = {
    "en-GB": "EN-GB", "en": "EN-US", "pt-BR": "PT-BR", "pt": "PT-PT", "zh-Hant": "ZH-HANT", "zh": "ZH-HANS", "es-419": "ES-419",
}  # fmt: skip
_FORMALITY = {"formal": "prefer_more", "informal": "prefer_less"}


class DeepLWriter:
    """The translator. One request for all texts of a question."""

    def __init__(self, access: Access) -> None:
        url = access.base_url or (_FREE if access.key.endswith(":fx") else _PAID)
        headers = {"Authorization": f"DeepL-Auth-Key {access.key}"}
        self._client = httpx2.AsyncClient(base_url=url, headers=headers, timeout=access.timeout_s, follow_redirects=False)

    async def write(self, request: WriteRequest) -> Written:
        """One request on the wire. Raises CapabilityError for other tasks, ProviderError."""
        if request.task != "transcreate":
            raise CapabilityError(f"deepl translates and cannot {request.task}", hint="choose a language model as writer")
        roles = list(request.data["texts"])
        payload = _payload(request.data, roles)
        try:
            response = await self._client.post("/v2/translate", json=payload)
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout) as error:
            raise ProviderUnavailable("deepl cannot be reached", provider="deepl") from error
        except httpx2.HTTPError as error:
            raise ProviderTimeout("deepl did not answer a request that was sent", provider="deepl") from error
        if response.status_code != 200:
            raise _refused(response)
        return _written(response, roles, sum(len(text) for text in payload["text"]))

    async def close(self) -> None:
        """Closes connections."""
        await self._client.aclose()


def open_writer(model: str, access: Access) -> DeepLWriter:
    """The translator; `model` is only a name (`default`)."""
    del model
    return DeepLWriter(access)


def target_language(tag: str) -> str:
    """DeepL's name of a locale: `de-AT` -> `DE`, `pt-BR` -> `PT-BR`, `zh-TW` -> `ZH-HANT`, `es-MX` -> `ES-419`."""
    language, _, rest = tag.partition("-")
    if language == "zh" and rest.rpartition("-")[2] in ("TW", "HK", "MO", "Hant"):
        return _TARGETS["zh-Hant"]
    if language == "es" and rest not in ("", "ES"):
        return _TARGETS["es-419"]
    return _TARGETS.get(tag) or _TARGETS.get(language) or language.upper()


def _payload(data: Mapping[str, Any], roles: list[str]) -> dict[str, Any]:
    terms = {**{word: word for word in data.get("keep", ())}, **data.get("glossary", {})}
    payload: dict[str, Any] = {
        "text": [_marked(data["texts"][role]["text"], terms) for role in roles],
        "source_lang": str(data["source_locale"]).partition("-")[0].upper(),
        "target_lang": target_language(str(data["target_locale"])),
        "tag_handling": "xml", "ignore_tags": ["k"], "preserve_formatting": True,
    }  # fmt: skip
    formality = _FORMALITY.get(str(data.get("formality", "")))
    return {**payload, "formality": formality} if formality else payload


def _marked(text: str, terms: Mapping[str, str]) -> str:
    """`text` as XML with everything that must stay in `<k>`, longest term first."""
    words = sorted(terms, key=len, reverse=True)
    kept = re.compile("|".join([_PLACEHOLDER.pattern, *(rf"(?<!\w){re.escape(word)}(?!\w)" for word in words)]))
    made, at = [], 0
    for match in kept.finditer(text):
        made += [escape(text[at : match.start()], quote=False), f"<k>{escape(terms.get(match[0], match[0]), quote=False)}</k>"]
        at = match.end()
    return "".join([*made, escape(text[at:], quote=False)])


def _written(response: httpx2.Response, roles: list[str], sent: int) -> Written:
    try:
        rows = response.json()["translations"]
        texts = {role: unescape(_KEPT.sub("", row["text"])) for role, row in zip(roles, rows, strict=True)}
        billed = sum(int(row.get("billed_characters", 0)) for row in rows)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadOutput("deepl answered with something that is no translation", provider="deepl") from error
    return Written(
        answer={"texts": texts}, model="default", characters=billed or sent, request_id=response.headers.get("x-trace-id", "")
    )


def _refused(response: httpx2.Response) -> ProviderError:
    kind, what = _STATUS.get(
        response.status_code,
        (ProviderUnavailable, "failed") if response.status_code >= 500 else (RequestRefused, "refuses the request"),
    )
    message = f"deepl {what} ({response.status_code})"
    if kind is RateLimited:
        return RateLimited(message, retry_after_s=_seconds(response.headers.get("retry-after", "")), provider="deepl")
    return kind(message, provider="deepl")


def _seconds(text: str) -> float | None:
    return float(text) if text.replace(".", "", 1).isdigit() else None
