"""The ids of assets in a file of text."""

from __future__ import annotations

import re

_ASSET = re.compile(rb"ast_[0-9A-HJKMNP-TV-Z]{26}(?:\.[a-z0-9]{1,5})?")


def named_in(document: bytes) -> tuple[str, ...]:
    """The assets that a brand file names, as it writes them: its logos and fonts lie beside the brief, too."""
    return tuple(dict.fromkeys(match.group().decode() for match in _ASSET.finditer(document)))
