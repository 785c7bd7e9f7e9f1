"""Where a foreign brief wants its ads: ratios, pixel sizes, maps with width and height, else channels by name."""

from __future__ import annotations

from collections.abc import Iterator

from affiche.brief.importer.fields import Fields
from affiche.brief.importer.notes import Notes
from affiche.brief.importer.synonyms import fold_key, is_comment, synonyms
from affiche.brief.ratios import plain_ratio
from affiche.notation.node import Node

DEFAULT_RATIOS = ("1:1", "9:16", "16:9")
_WIDTH, _HEIGHT = (
    ("width", "w", "breite", "largeur", "ancho"),
    ("height", "h", "hohe", "hoehe", "hauteur", "alto"),
)
_FILE_FORMATS = frozenset({"png", "jpg", "jpeg", "webp", "avif", "gif", "pdf", "mp4", "svg", "html5", "psd"})


def placements_of(fields: Fields, notes: Notes) -> tuple[str, ...]:
    """Ratios (`9:16`) and sizes (`970x250`), each once; the three usual ratios when the brief names none."""
    found: dict[str, None] = {}
    channels: list[tuple[str, Node]] = []
    for item in (*fields.all("ratios"), *fields.all("channels")):
        for ratio, text, node in _read(item.node):
            if ratio:
                found.setdefault(ratio)
            elif fold_key(text) not in _FILE_FORMATS:
                channels.append((text, node))
    for text, node in channels:
        wanted = synonyms().channels.get(fold_key(text), ())
        if found and wanted:
            continue
        if wanted:
            notes.note(
                "placements",
                node,
                f"{text!r} read as {', '.join(wanted)}",
                "name placements to be exact (`affiche placements`)",
            )
        elif not found:
            notes.note(
                "placements", node, f"{text[:60]!r} is no ratio, size or channel that Affiche knows; left out"
            )
    if not found:
        found = dict.fromkeys(r for text, _ in channels for r in synonyms().channels.get(fold_key(text), ()))
    if not found:
        notes.note("placements", fields.node, f"no ratios are named: made as {', '.join(DEFAULT_RATIOS)}")
    return tuple(found) or DEFAULT_RATIOS


def _read(node: Node, depth: int = 0) -> Iterator[tuple[str | None, str, Node]]:
    """(ratio or None, text, place) for everything that looks like one format."""
    if depth > 4:
        return
    if node.is_list:
        for child in node:
            yield from _read(child, depth + 1)
    elif node.is_map:
        yield from _read_map(node, depth)
    elif node.is_text and node.value.strip():
        parts = [part.strip() for part in node.value.replace(";", ",").split(",") if part.strip()]
        for part in parts:
            yield plain_ratio(part), part, node


def _read_map(node: Node, depth: int) -> Iterator[tuple[str | None, str, Node]]:
    by_key = {fold_key(key): child for key, child in node.items() if not is_comment(key)}
    width = next((by_key[key] for key in _WIDTH if key in by_key), None)
    height = next((by_key[key] for key in _HEIGHT if key in by_key), None)
    if width is not None and height is not None:
        yield plain_ratio(f"{width.text}x{height.text}"), f"{width.text}x{height.text}", node
        return
    for key in ("ratio", "aspectratio", "aspect", "size", "dimensions", "resolution", "format"):
        if key in by_key:
            yield from _read(by_key[key], depth + 1)
            return
    for key in ("id", "name", "channel", "platform", "type"):
        if key in by_key and by_key[key].is_text:
            yield plain_ratio(by_key[key].value), by_key[key].value, node
            return
    for key, child in node.items():
        ratio = plain_ratio(key)
        if ratio and not is_comment(key) and child.value is not False:
            yield ratio, key, child
        elif not is_comment(key) and not isinstance(child.value, bool):
            before = list(_read(child, depth + 1))
            yield from before or [(None, key, child)]
