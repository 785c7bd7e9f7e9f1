"""Pictures that foreign briefs name for their products: paths, folders, web addresses, maps by ratio, shared asset maps."""

from __future__ import annotations

import json

from affiche.brief.importer.fields import Fields, fields_of
from affiche.brief.importer.item import Item
from affiche.brief.importer.notes import Notes
from affiche.brief.importer.synonyms import fold_key, is_comment, synonyms
from affiche.brief.model import PictureRef
from affiche.notation.node import Node

#: Keys inside a picture map, best first; a logo is never the product's picture.
_BEST = (
    "hero",
    "heroimage",
    "file",
    "path",
    "src",
    "url",
    "image",
    "primary",
    "main",
    "default",
    "packshot",
    "1x1",
    "11",
    "square",
    "product",
)
_SKIPPED = (
    "logo",
    "brandlogo",
    "focus",
    "focal",
    "focalpoint",
    "alt",
    "alttext",
    "caption",
    "credit",
    "kind",
    "type",
    "width",
    "height",
)


def picture_of(fields: Fields, notes: Notes) -> PictureRef | None:
    """The picture of one product, or None."""
    for role, kind in (("cutout", "cutout"), ("picture", "")):
        for found in fields.all(role):
            paths = _paths(found.node)
            if not paths:
                continue
            if len(paths) > 1:
                notes.note(
                    "picture",
                    found.parent,
                    f"{len(paths)} pictures are named; {paths[0]!r} is used",
                    key=found.key,
                )
            focal = _focal(found.node)
            return PictureRef(
                path=paths[0], kind="cutout" if kind else "", focal=focal, where=found.node.where(notes.file)
            )
    return None


def _paths(node: Node, depth: int = 0) -> list[str]:
    if depth > 4:
        return []
    if node.is_text:
        return _from_text(node.value.strip())
    if node.is_list:
        return [path for child in node for path in _paths(child, depth + 1)]
    by_key = {fold_key(key): child for key, child in node.items() if not is_comment(key)}
    order = sorted(
        (key for key in by_key if key not in _SKIPPED),
        key=lambda key: _BEST.index(key) if key in _BEST else 99,
    )
    return [path for key in order for path in _paths(by_key[key], depth + 1)]


def _from_text(text: str) -> list[str]:
    if text.startswith("["):
        try:
            listed = json.loads(text)
        except ValueError:
            return []
        return [item for item in listed if isinstance(item, str)] if isinstance(listed, list) else []
    return (
        [text]
        if text
        and len(text) < 2000
        and text.lower() not in ("none", "null", "n/a", "na", "tbd", "yes", "no", "-")
        else []
    )


def _focal(node: Node) -> tuple[float, float] | None:
    for key, child in node.items():
        if fold_key(key) in ("focus", "focal", "focalpoint") and child.is_list and len(child.value) == 2:
            x, y = (item.value for item in child)
            if all(isinstance(v, int | float) and 0 <= v <= 1 for v in (x, y)):
                return float(x), float(y)
    return None


def shared_pictures(fields: Fields, items: list[Item], notes: Notes) -> dict[str, PictureRef]:
    """Product id -> picture, from a brief-wide asset map (`existing_assets: {yuzu: yuzu.png}`) or one reference picture."""
    shared: dict[str, PictureRef] = {}
    for found in fields.all("assets"):
        node = found.node
        for key, child in node.items():
            for item in items:
                if fold_key(key) in (
                    fold_key(item.id),
                    fold_key(item.name),
                    fold_key(str(item.extra.get("id", ""))),
                ):
                    shared |= _shared(item, child, notes)
        for key, child in node.items():
            if child.is_map and fold_key(key) in synonyms().brief and synonyms().brief[fold_key(key)][0] == "products":
                named = {fold_key(name): picture for name, picture in child.items()}
                for item in items:
                    picture = named.get(fold_key(item.id)) or named.get(fold_key(item.name))
                    shared |= _shared(item, picture, notes) if picture else {}
        for child in node:
            shared |= _listed(child, items, notes)
        if node.is_text and "/" not in node.value.rstrip("/")[-1:] and not shared:
            for path in _paths(node)[:1]:
                for item in items:
                    shared[item.id] = PictureRef(path=path, where=node.where(notes.file))
                notes.note("picture", found.parent, f"{path!r} is used for every product", key=found.key)
    return shared


def _shared(item: Item, node: Node, notes: Notes) -> dict[str, PictureRef]:
    paths = _paths(node)
    return {item.id: PictureRef(path=paths[0], where=node.where(notes.file))} if paths else {}


def _listed(child: Node, items: list[Item], notes: Notes) -> dict[str, PictureRef]:
    """An entry such as `{product: yuzu, path: yuzu.png}`, or a file whose name contains the product's."""
    if child.is_map:
        entry = fields_of(child, synonyms().product)
        keys = {fold_key(found.node.text) for role in ("id", "name") for found in entry.all(role)}
        paths = [
            path
            for key, value in child.items()
            if fold_key(key) in (*_BEST, "filename", "asset", "assetpath")
            for path in _paths(value)
        ]
        owners = [item for item in items if keys & {fold_key(item.id), fold_key(item.name)}]
        return {item.id: PictureRef(path=paths[0], where=child.where(notes.file)) for item in owners if paths}
    if child.is_text:
        stem = fold_key(child.value.replace("\\", "/").rsplit("/", 1)[-1].rsplit(".", 1)[0])
        owners = [
            item for item in items if stem and (fold_key(item.id) in stem or fold_key(item.name) in stem)
        ]
        return {
            item.id: PictureRef(path=child.value.strip(), where=child.where(notes.file)) for item in owners
        }
    return {}
