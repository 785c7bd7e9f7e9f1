"""Every provider of words and what opens it. Each module is imported when it is asked for: SDKs take a second to load."""

from __future__ import annotations

from importlib import import_module

from affiche.adapters.writers.access import Access
from affiche.errors import CapabilityError
from affiche.ports import Writer

#: Provider -> module of this package with `open_writer(model, access)`.
PROVIDERS: dict[str, str] = {
    "openai": "openai",
    "anthropic": "anthropic",
    "google": "google",
    "mistral": "mistral",
    "cohere": "cohere",
    "bedrock": "bedrock",
    "compatible": "compatible",
    "deepl": "deepl",
}


def open_writer(provider: str, model: str, access: Access) -> Writer:
    """The writer of `provider`. Raises CapabilityError when nobody knows it or its library is not installed."""
    if provider not in PROVIDERS:
        raise CapabilityError(f"there is no writer {provider!r}", hint=f"there are {', '.join(PROVIDERS)}")
    try:
        module = import_module(f"affiche.adapters.writers.{PROVIDERS[provider]}")
    except ModuleNotFoundError as error:
        hint = "install Affiche with its extra `models`"
        raise CapabilityError(f"the writer {provider} needs {error.name}, which is not installed", hint=hint) from error
    opened: Writer = module.open_writer(model, access)
    return opened
