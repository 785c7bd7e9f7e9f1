"""Kit: a brand file <-> the fields of its page. Pure. What the form does not show stays in the file as it is, comments too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from starlette.datastructures import FormData

from affiche.brand.model import COLOR_ROLES
from affiche.notation.node import Node
from affiche.notation.parse import parse
from affiche.notation.rewrite import Path, Value, rewritten
from affiche.portal.shape import Row

#: Empty rows at the end of each table of words, to write into.
_SPARE = 1
_FACE, _LOGO = ("family", "weight", "tracking", "case"), ("file", "on_dark", "clear_space", "min_width")
_TABLES = ("forbidden", "required")


def shown(document: str) -> Row:
    """The fields of a brand file as text: what a form shows. A file that cannot be read shows nothing."""
    data = _plain(document)
    words, voice = _map(data, "words"), _map(data, "voice")
    return {
        "name": _text(data.get("name")),
        "colors": {role: _text(_map(data, "colors").get(role)) for role in COLOR_ROLES},
        "type": {use: _map_or(_map(data, "type").get(use), "family") for use in ("display", "text")},
        "logo": _map_or(data.get("logo"), "file"),
        "fonts": [_text(font.get("family")) for font in _list(data.get("fonts")) if isinstance(font, dict)],
        "tone": _joined(voice.get("tone")), "never": _joined(voice.get("never")), "keep": _joined(words.get("keep")),
        "formality": [*_map(voice, "formality").items(), *[("", "")] * _SPARE],
        **{name: [*((tag, _joined(said)) for tag, said in _map(words, name).items()), *[("", "")] * _SPARE] for name in _TABLES},
        "glossary": [*_terms(words), *[("", "", "")] * _SPARE],
        "radius": _text(data.get("radius")), "grade": _text(data.get("grade")) or "none",
    }  # fmt: skip


def edits(document: str, fields: FormData) -> dict[Path, Value | None]:
    """What the form says otherwise than the file: path -> value, None for what goes. Fields that are not in the form stay."""
    data = _plain(document)
    wanted: dict[Path, Value | None] = {}
    _scalars(data, fields, wanted)
    for use in ("display", "text"):
        _short_or_map(data, ("type", use), {key: _field(fields, f"type.{use}.{key}") for key in _FACE}, "family", wanted)
    _short_or_map(data, ("logo",), {key: _field(fields, f"logo.{key}") for key in _LOGO}, "file", wanted)
    _lists(data, fields, wanted)
    _tables(data, fields, wanted)
    return wanted


def edited(document: str, fields: FormData) -> str:
    """The file with what the form says. Raises ValueError when the file is no brand file at all."""
    return rewritten(document, edits(document, fields))


def _scalars(data: Row, fields: FormData, wanted: dict[Path, Value | None]) -> None:
    paths: list[Path] = [("name",), ("radius",), ("grade",), *(("colors", role) for role in COLOR_ROLES)]
    for path in paths:
        said = _field(fields, ".".join(path))
        if said is None or said == _text(_at(data, path)) or (path == ("grade",) and said == "none" and "grade" not in data):
            continue
        wanted[path] = said or None


def _short_or_map(data: Row, path: Path, said: Mapping[str, str | None], short: str, wanted: dict[Path, Value | None]) -> None:
    """A value that is a map, or one of its fields alone."""
    if all(value is None for value in said.values()):
        return
    before = _at(data, path)
    old = _map_or(before, short)
    new = {key: old.get(key, "") if value is None else value for key, value in said.items()}
    new = {key: "" if key == "case" and value == "none" and not old.get(key) else value for key, value in new.items()}
    if all(new[key] == old.get(key, "") for key in new):
        return
    kept = {key: value for key, value in new.items() if value}
    if isinstance(before, dict) and new[short]:
        wanted.update({(*path, key): new[key] or None for key in new if new[key] != old.get(key, "")})
    else:
        wanted[path] = None if not kept or not new[short] else new[short] if set(kept) == {short} else kept


def _lists(data: Row, fields: FormData, wanted: dict[Path, Value | None]) -> None:
    for group, name in (("voice", "tone"), ("voice", "never"), ("words", "keep")):
        said = _field(fields, name)
        if said is not None and _split(said) != _split(_joined(_map(data, group).get(name))):
            wanted[group, name] = _split(said) or None


def _tables(data: Row, fields: FormData, wanted: dict[Path, Value | None]) -> None:
    for name in _TABLES:
        if f"{name}.0.tag" in fields:
            before = {tag: _split(_joined(old)) for tag, old in _map(_map(data, "words"), name).items()}
            after = {tag: _split(words) for tag, words in _rows(fields, name, "tag", "words") if tag and words}
            _differing(("words", name), before, after, wanted)
    if "formality.0.tag" in fields:
        formal = {tag: how for tag, how in _rows(fields, "formality", "tag", "how") if tag and how}
        _differing(("voice", "formality"), _map(_map(data, "voice"), "formality"), formal, wanted)
    if "glossary.0.term" in fields:
        terms: dict[str, dict[str, str]] = {}
        for term, tag, word in _rows(fields, "glossary", "term", "tag", "word"):
            if term and tag and word:
                terms.setdefault(term, {})[tag] = word
        _differing(("words", "glossary"), _map(_map(data, "words"), "glossary"), terms, wanted)


def _differing(path: Path, before: Mapping[str, Any], after: Mapping[str, Any], wanted: dict[Path, Value | None]) -> None:
    if not after and before:
        wanted[path] = None
        return
    for key in dict.fromkeys([*before, *after]):
        if before.get(key) != after.get(key):
            wanted[(*path, key)] = after.get(key)


# -- plain data -----------------------------------------------------------------------------------------------------------


def _plain(document: str) -> Row:
    documents, _ = parse(document.encode(), file="brand")
    found = _data(documents[0]) if documents else {}
    return found if isinstance(found, dict) else {}


def _data(node: Node) -> Any:
    if node.is_map:
        return {key: _data(child) for key, child in node.items()}
    return [_data(child) for child in node] if node.is_list else node.text


def _at(data: Any, path: Path) -> Any:
    for key in path:
        data = data.get(key) if isinstance(data, dict) else None
    return data


def _map(data: Any, key: str) -> Row:
    found = data.get(key) if isinstance(data, dict) else None
    return found if isinstance(found, dict) else {}


def _map_or(value: Any, short: str) -> Row:
    return {key: _text(one) for key, one in value.items()} if isinstance(value, dict) else {short: _text(value)}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _joined(value: Any) -> str:
    return ", ".join(map(_text, value)) if isinstance(value, list) else _text(value)


def _split(text: str) -> list[str]:
    return [one for part in text.replace("\n", ",").split(",") if (one := part.strip())]


def _terms(words: Row) -> Iterator[tuple[str, str, str]]:
    for term, by_tag in _map(words, "glossary").items():
        for tag, word in by_tag.items() if isinstance(by_tag, dict) else ():
            yield term, tag, _text(word)


def _field(fields: FormData, name: str) -> str | None:
    value = fields.get(name)
    return value.strip() if isinstance(value, str) else None


def _rows(fields: FormData, name: str, *columns: str) -> Iterator[tuple[str, ...]]:
    number = 0
    while f"{name}.{number}.{columns[0]}" in fields:
        yield tuple(_field(fields, f"{name}.{number}.{column}") or "" for column in columns)
        number += 1
