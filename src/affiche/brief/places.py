"""Where the parts of a brief stand in its file, for later phases that must point at a line."""

from __future__ import annotations

from affiche.notation.node import Node
from affiche.values.problem import Where


def places(root: Node, file: str) -> dict[str, Where]:
    """Where the parts stand that later phases point at: top-level keys, items and their keys, locales of copy."""
    found: dict[str, Where] = {}

    def note(node: Node, key: str) -> None:
        where = node.where_key(key, file)
        found[where.pointer] = where

    for key, child in root.items():
        note(root, key)
        if key in ("products", "markets", "variants"):
            for item in child:
                found[item.pointer] = item.where(file)
                for name in item.value if item.is_map else ():
                    note(item, name)
        elif key in ("placements", "ratios"):
            found |= {item.pointer.replace("ratios", "placements"): item.where(file) for item in child}
        elif key in ("copy", "message", "design"):
            for name in child.value if child.is_map else ():
                note(child, name)
    return found
