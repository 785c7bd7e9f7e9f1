"""Mistral's chat completions."""

from __future__ import annotations

import httpx2
from pydantic_ai.models.mistral import MistralModel
from pydantic_ai.providers.mistral import MistralProvider

from affiche.adapters.writers.access import Access
from affiche.adapters.writers.chat import ChatWriter


def open_writer(model: str, access: Access) -> ChatWriter:
    """The writer of a Mistral model."""
    http = httpx2.AsyncClient(timeout=access.timeout_s)
    chat = MistralModel(model, provider=MistralProvider(api_key=access.key, base_url=access.base_url or None, http_client=http))
    return ChatWriter(chat, provider="mistral", form="tool", timeout_s=access.timeout_s, close=http.aclose)
