"""Anthropic's messages."""

from __future__ import annotations

from anthropic import AsyncAnthropic
from pydantic_ai.models.anthropic import AnthropicModel
from pydantic_ai.providers.anthropic import AnthropicProvider

from affiche.adapters.writers.access import Access
from affiche.adapters.writers.chat import ChatWriter

_URL = "https://api.anthropic.com"


def open_writer(model: str, access: Access) -> ChatWriter:
    """The writer of an Anthropic model."""
    client = AsyncAnthropic(
        api_key=access.key, base_url=access.base_url or _URL, timeout=access.timeout_s, max_retries=0,
    )  # fmt: skip
    chat = AnthropicModel(model, provider=AnthropicProvider(anthropic_client=client))
    return ChatWriter(chat, provider="anthropic", form="tool", timeout_s=access.timeout_s, close=client.close)
