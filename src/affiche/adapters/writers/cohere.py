"""Cohere's chat. Its SDK speaks through the older httpx."""

from __future__ import annotations

import httpx
from cohere import AsyncClientV2
from pydantic_ai.models.cohere import CohereModel
from pydantic_ai.providers.cohere import CohereProvider

from affiche.adapters.writers.access import Access
from affiche.adapters.writers.chat import ChatWriter

_URL = "https://api.cohere.com"


def open_writer(model: str, access: Access) -> ChatWriter:
    """The writer of a Cohere model."""
    http = httpx.AsyncClient(timeout=access.timeout_s)
    client = AsyncClientV2(api_key=access.key, base_url=access.base_url or _URL, httpx_client=http, timeout=access.timeout_s)
    chat = CohereModel(model, provider=CohereProvider(cohere_client=client))
    return ChatWriter(chat, provider="cohere", form="tool", timeout_s=access.timeout_s, close=http.aclose,
                      settings={"max_retries": 0})
