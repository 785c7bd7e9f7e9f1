"""Inlets: what files come in by. With `wire.py` and `outfit.py` one of the modules that import adapters."""

from __future__ import annotations

from typing import Any


def metadata_of(data: bytes) -> dict[str, Any]:
    """What a picture file says of itself (EXIF, IPTC, XMP, ICC), bounded. Never raises."""
    from affiche.adapters.codec.metadata import metadata

    return metadata(data)
