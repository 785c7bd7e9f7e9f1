"""Google's Gemini API."""

from __future__ import annotations

from google.genai import Client
from google.genai.types import HttpOptions, HttpRetryOptions
from pydantic_ai.models.google import GoogleModel
from pydantic_ai.providers.google import GoogleProvider

from affiche.adapters.writers.access import Access
from affiche.adapters.writers.chat import ChatWriter


def open_writer(model: str, access: Access) -> ChatWriter:
    """The writer of a Gemini model."""
    options = HttpOptions(
        base_url=access.base_url or None, timeout=int(access.timeout_s * 1000), retry_options=HttpRetryOptions(attempts=1)
    )
    client = Client(api_key=access.key, http_options=options)
    chat = GoogleModel(model, provider=GoogleProvider(client=client))
    return ChatWriter(chat, provider="google", form="native", timeout_s=access.timeout_s, close=client.aio.aclose)
