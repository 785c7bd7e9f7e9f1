"""Official API descriptions beside the checkout, read in place; what is validated with them says so when they are absent."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

SPECS = Path(__file__).resolve().parents[3] / "shared" / "specs"


@cache
def spec(name: str) -> dict[str, Any] | None:
    path = SPECS / name
    return json.loads(path.read_text()) if path.is_file() else None


@cache
def schema_of(name: str, schema: str) -> dict[str, Any] | None:
    """The named schema, with all it refers to, and nothing allowed that it does not name."""
    found = spec(name)
    if found is None:
        return None
    parts = found["components"]["schemas"]
    return {"$ref": f"#/components/schemas/{schema}", "components": {"schemas": parts}, "unevaluatedProperties": False}
