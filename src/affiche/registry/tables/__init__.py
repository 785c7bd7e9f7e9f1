"""Every table of the registry, by what it is about: `people`, `material`, `work`, `review`, `flow`, `search`.

One `MetaData` for all. A changed table needs a migration (`migrations/`); a test compares both.
"""

from __future__ import annotations

from affiche.registry.tables import flow, material, people, review, search, work
from affiche.registry.tables.columns import METADATA

__all__ = ["METADATA", "flow", "material", "people", "review", "search", "work"]
