"""Finds the campaigns in a document: under wrappers (`campaign_brief:`), in lists (`campaigns: [...]`), or all of it."""

from __future__ import annotations

from affiche.brief.importer.synonyms import fold_key, is_comment, synonyms
from affiche.notation.node import Node, adopt


def unwrap(document: Node, depth: int = 0) -> list[Node]:
    """The nodes that hold one campaign each; the document itself when nothing wraps it."""
    if depth > 5:
        return [document]
    if document.is_list:
        maps = [child for child in document if child.is_map]
        if maps and all(_is_campaign(child) for child in maps):
            return [node for child in maps for node in unwrap(child, depth + 1)]
        return [document]
    if not document.is_map:
        return [document]
    known = synonyms()
    keys = [key for key in document.value if not is_comment(key)]
    for key in keys:
        child = document.value[key]
        maps = [item for item in child if item.is_map]
        if fold_key(key) in known.lists and maps and len(maps) == len(child.value):
            shared = {other: document.value[other] for other in keys if other != key}
            return [_with_shared(item, shared) for inner in maps for item in unwrap(inner, depth + 1)]
    if len(keys) == 1:
        child = document.value[keys[0]]
        if child.is_map and (fold_key(keys[0]) in known.wrappers or _is_campaign(child)):
            return unwrap(child, depth + 1)
    return [document]


def _is_campaign(node: Node) -> bool:
    """Whether a map has at least two of products, message, region."""
    roles = {synonyms().brief.get(fold_key(key), ("", 0))[0] for key in node.value} if node.is_map else set()
    wrapped = any(fold_key(key) in synonyms().wrappers for key in node.value) if node.is_map else False
    return wrapped or len(roles & {"products", "message", "headline", "region", "market", "audience"}) >= 2


def _with_shared(campaign: Node, shared: dict[str, Node]) -> Node:
    """A campaign with what stands beside the list of campaigns (`brand:` for all of them)."""
    if not campaign.is_map or not shared:
        return campaign
    joined = Node({**campaign.value}, campaign.line, campaign.column)
    joined.key_places = dict(campaign.key_places or {})
    for key, node in shared.items():
        joined.value.setdefault(key, node)
        joined.key_places.setdefault(key, (node.line, node.column))
    joined.parent, joined.key = campaign.parent, campaign.key
    return adopt(joined)
