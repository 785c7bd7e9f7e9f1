"""The catalog that ships with Affiche. Touches the disk (its own data files); nothing else in this package does."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from affiche.placement.catalog import Catalog

_DATA = Path(__file__).parent / "data"


@cache
def shipped_catalog() -> Catalog:
    """The shipped catalog, one per process."""
    return Catalog(lambda name: (_DATA / f"{name}.toml").read_text(encoding="utf-8"))
