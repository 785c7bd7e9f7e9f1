"""Where a foreign brief wants its ads: ratios, pixel sizes, maps with width and height, else channels by name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from affiche.brief.importer.fields import Fields, Found
from affiche.brief.importer.notes import Notes
from affiche.brief.importer.synonyms import fold_key, is_comment, synonyms
from affiche.brief.ratios import plain_ratio
from affiche.notation.node import Node

DEFAULT_RATIOS = ("1:1", "9:16", "16:9")
_SPLIT = re.compile(r"[,;|\n]|\s(?:and|und|et|y|e|&|\+)\s")
#: So long a name at the beginning of a text says which channel it is.
_SURE_NAME = 6
_WIDTH, _HEIGHT = (
    ("width", "w", "breite", "largeur", "ancho"),
    ("height", "h", "hohe", "hoehe", "hauteur", "alto"),
)
_FILE_FORMATS = frozenset({"png", "jpg", "jpeg", "webp", "avif", "gif", "pdf", "mp4", "svg", "html5", "psd"})


def placements_of(fields: Fields, notes: Notes) -> tuple[str, ...]:
    """Ratios (`9:16`) and sizes (`970x250`), each once; the three usual ratios when the brief names none."""
    exact = {item.key: [ratio for ratio, _, _ in _read(item.node) if ratio] for item in _asked(fields)}
    found: dict[str, None] = {}
    for item in _asked(fields):
        for ratio, text, node in _read(item.node):
            if ratio:
                found.setdefault(ratio)
            elif fold_key(text) not in _FILE_FORMATS and (exact[item.key] or not any(exact.values())):
                # sizes beside a list of channels say how the channels are made; sizes among them are further wishes
                found.update(dict.fromkeys(_channel(text, node, notes)))
    if not found:
        notes.note("placements", fields.node, f"no ratios are named: made as {', '.join(DEFAULT_RATIOS)}")
    return tuple(found) or DEFAULT_RATIOS


def _asked(fields: Fields) -> tuple[Found, ...]:
    return (*fields.all("ratios"), *fields.all("channels"))


def _channel(text: str, node: Node, notes: Notes) -> tuple[str, ...]:
    """What a channel by name (`Instagram Story`, `Pinterest ads`) wants, with a note."""
    known, folded = synonyms().channels, fold_key(text)
    begins = [name for name in known if len(name) >= _SURE_NAME and folded.startswith(name)]
    wanted = known.get(folded, ()) or known.get(max(begins, key=len, default=""), ())
    if not wanted:
        message = f"{text[:60]!r} is no ratio, size or channel that Affiche knows; left out"
        notes.note("placements", node, message, "`affiche placements` lists what can be named")
        return ()
    message = f"{text[:60]!r} read as {', '.join(wanted)}"
    notes.note("placements", node, message, "name placements to be exact (`affiche placements`)")
    return wanted


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
        parts = [part.strip() for part in _SPLIT.split(node.value) if part.strip()]
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
