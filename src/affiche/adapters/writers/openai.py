"""OpenAI's chat completions."""

from __future__ import annotations

from openai import AsyncOpenAI
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider

from affiche.adapters.writers.access import Access
from affiche.adapters.writers.chat import ChatWriter

_URL = "https://api.openai.com/v1"


def open_writer(model: str, access: Access) -> ChatWriter:
    """The writer of an OpenAI model."""
    client = AsyncOpenAI(
        api_key=access.key, base_url=access.base_url or _URL, timeout=access.timeout_s, max_retries=0,
        organization="", project="",
    )  # fmt: skip
    chat = OpenAIChatModel(model, provider=OpenAIProvider(openai_client=client))
    return ChatWriter(chat, provider="openai", form="native", timeout_s=access.timeout_s, close=client.close)
