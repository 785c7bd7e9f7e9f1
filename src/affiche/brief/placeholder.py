"""Template placeholders that somebody forgot to fill: `{{MARKET}}`, `<YOUR BRAND>`, `[INSERT HEADLINE]`, `TBD`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from affiche.notation.node import Node

_PLACEHOLDER = re.compile(
    r"\{\{\s*[^{}]{1,80}\s*\}\}"
    r"|\$\{[A-Za-z_][\w.]{0,60}\}"
    r"|<%[^%]{1,80}%>"
    r"|<(?:your|insert|enter|add|product|brand|campaign|region|market|audience|message|name|placeholder|todo|tbd)\b[^<>]{0,60}>"
    r"|\[(?:your|insert|enter|add|placeholder|todo|tbd)\b[^\[\]]{0,60}\]"
    r"|\b(?:YOUR|INSERT|ENTER)_[A-Z][A-Z_]{2,40}\b"
    r"|\A\s*(?:TODO|TBD|TBC|FIXME|(?-i:X{3,6})|lorem ipsum\b.*)\s*\Z",
    re.IGNORECASE,
)
#: Keys whose texts are recipes for other programs and may hold placeholders on purpose.
_RECIPES = ("template", "prompt", "instruction", "filename", "pattern", "format", "comment")


def placeholder_in(text: str) -> str:
    """The first placeholder in `text`, or nothing."""
    if not text or len(text) > 20_000:
        return ""
    match = _PLACEHOLDER.search(text)
    return match.group().strip()[:80] if match else ""


def placeholders(root: Node) -> Iterator[tuple[Node, str]]:
    """Every text with a placeholder, except recipes (`prompt_template`) and `extra`."""
    stack = [root]
    while stack:
        node = stack.pop()
        if node.is_text:
            found = placeholder_in(node.value)
            if found:
                yield node, found
        elif node.is_map:
            stack += [
                child
                for key, child in node.items()
                if key != "extra" and not any(r in key.lower() for r in _RECIPES)
            ]
        else:
            stack += list(node)
