"""Any server that speaks OpenAI's chat completions (Ollama, vLLM, llama.cpp, a gateway). The operator sets its address."""

from __future__ import annotations

from openai import AsyncOpenAI
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.profiles.openai import OpenAIModelProfile
from pydantic_ai.providers.openai import OpenAIProvider

from affiche.adapters.writers.access import Access
from affiche.adapters.writers.chat import ChatWriter
from affiche.errors import CapabilityError


def open_writer(model: str, access: Access) -> ChatWriter:
    """The writer of a compatible server. Raises CapabilityError without an address."""
    if not access.base_url:
        raise CapabilityError("the writer `compatible` has no address", hint="set AFFICHE_WRITER_URL, such as http://127.0.0.1:11434/v1")
    client = AsyncOpenAI(api_key=access.key or "none", base_url=access.base_url, timeout=access.timeout_s, max_retries=0)
    # Such servers know `system` and `max_tokens`, and often nothing newer.
    profile = OpenAIModelProfile(supports_json_schema_output=True, openai_system_prompt_role="system",
                                 openai_chat_supports_max_completion_tokens=False)
    chat = OpenAIChatModel(model, provider=OpenAIProvider(openai_client=client), profile=profile)
    return ChatWriter(chat, provider="compatible", form="native", timeout_s=access.timeout_s, close=client.close)
