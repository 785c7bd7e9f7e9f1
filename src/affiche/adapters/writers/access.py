"""Access: how a provider is reached. May live here: plain values for the openers of `table.py`."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Key, address (empty = the provider's own) and time limit of one provider. The key never shows in a repr."""

    key: str = field(default="", repr=False)
    base_url: str = ""
    region: str = ""
    timeout_s: float = 60.0
