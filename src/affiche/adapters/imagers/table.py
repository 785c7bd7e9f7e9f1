"""Every adapter of a picture provider, and what opens it. Each module is imported when it is asked for."""

from __future__ import annotations

from importlib import import_module

from affiche.adapters.imagers.exchange import Access
from affiche.errors import CapabilityError
from affiche.ports import Fetcher, Imager

#: Adapter (a provider of the catalog names one) -> module of this package and its class.
ADAPTERS: dict[str, tuple[str, str]] = {
    "openai": ("openai", "OpenAIImages"),
    "azure-openai": ("azure", "AzureOpenAI"),
    "stability": ("stability", "Stability"),
    "bedrock": ("bedrock", "Bedrock"),
    "gemini": ("gemini", "Gemini"),
    "firefly": ("firefly", "Firefly"),
    "bfl": ("bfl", "BlackForestLabs"),
    "fal": ("fal", "Fal"),
    "replicate": ("replicate", "Replicate"),
    "huggingface": ("huggingface", "HuggingFace"),
    "recraft": ("recraft", "Recraft"),
    "ideogram": ("ideogram", "Ideogram"),
    "comfyui": ("comfyui", "ComfyUI"),
    "diffusers": ("local", "LocalDiffusers"),
    "generic": ("generic", "Generic"),
}


def open_imager(adapter: str, access: Access, fetcher: Fetcher) -> Imager:
    """The imager of `adapter`. Raises CapabilityError when nobody knows it, UsageError when its options are wrong."""
    if adapter not in ADAPTERS:
        raise CapabilityError(f"there is no adapter {adapter!r}", hint=f"there are {', '.join(ADAPTERS)}")
    module, name = ADAPTERS[adapter]
    opened: Imager = getattr(import_module(f"affiche.adapters.imagers.{module}"), name)(access, fetcher)
    return opened
