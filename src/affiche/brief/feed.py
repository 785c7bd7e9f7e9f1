"""Product feeds (CSV, XLSX, JSONL) -> products + problems with the row they stand in. Pure: bytes come in as an argument.

Columns are understood by the importer's synonyms (`title`, `image_link`, `Preis`); `headline.de-DE` or `headline [de-DE]` is the
headline in German. A bad row is a problem of its own; the others are read.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator

from affiche.brief.importer.fields import Fields, Found, fields_of
from affiche.brief.importer.item import Item
from affiche.brief.importer.notes import Notes
from affiche.brief.importer.products import name_ids, product_of, read_product
from affiche.brief.importer.synonyms import fold_key, synonyms
from affiche.brief.model import Product
from affiche.brief.placeholder import placeholder_in
from affiche.market.resolve import resolve_locale
from affiche.notation.decode import cleaned, decode
from affiche.notation.from_json import parse_json
from affiche.notation.node import Node, adopt, scalar
from affiche.values.problem import Problem, Severity, Where, has_errors

MAX_ROWS = 50_000
MAX_COLUMNS = 300
MAX_UNPACKED = 200_000_000
MAX_ENTRIES = 2_000

#: Row number in the file, cells.
Row = tuple[int, list[str]]

_LOCALIZED = re.compile(
    r"^(?P<role>.+?)\s*[.:\[(_ -]\s*(?P<tag>[A-Za-z]{2,3}(?:[-_][A-Za-z]{4})?(?:[-_](?:[A-Za-z]{2}|\d{3}))?)[\])]?$"
)


class _Refused(Exception):
    """The file as a whole cannot be read; the message says why."""


def read_feed(data: bytes, *, file: str, source: str) -> tuple[tuple[Product, ...], tuple[Problem, ...]]:
    """The products of a feed whose texts are in `source` unless a column says otherwise. Never raises."""
    notes = Notes(file)
    try:
        nodes, problems = _nodes(data, file)
    except _Refused as refused:
        return (), (_problem("error", "feed.unreadable", file, 0, str(refused)),)
    except Exception as error:  # noqa: BLE001 - a damaged workbook can fail in any way inside its reader
        return (), (
            _problem("error", "feed.unreadable", file, 0, f"the feed cannot be read: {type(error).__name__}"),
        )
    items = [item for node in nodes for item in _item(node, notes)]
    name_ids(items, notes)
    problems = (*problems, *notes.problems)
    if not items and not has_errors(problems):
        problems = (
            *problems,
            _problem(
                "error", "feed.empty", file, 1, "the feed has no product", "the first row names the columns"
            ),
        )
    return tuple(product_of(item, source) for item in items), problems


def _nodes(data: bytes, file: str) -> tuple[list[Node], tuple[Problem, ...]]:
    if data[:4] == b"PK\x03\x04":
        return _from_rows(_xlsx_rows(data), file, ())
    text, problems = decode(data, file=file)
    if text is None:
        return [], problems
    if file.lower().endswith((".jsonl", ".ndjson", ".json")) or text.lstrip()[:1] in ("{", "["):
        return _json_nodes(text, file, problems)
    return _from_rows(_csv_rows(text), file, problems)


def _json_nodes(
    text: str, file: str, problems: tuple[Problem, ...]
) -> tuple[list[Node], tuple[Problem, ...]]:
    """One product in each line, or one JSON list of products."""
    if text.lstrip().startswith("["):
        documents, more = parse_json(text, file=file)
        return [child for node in documents for child in node if child.is_map], (*problems, *more)
    nodes: list[Node] = []
    for number, line in enumerate(text.splitlines(), 1):
        if number > MAX_ROWS:
            raise _Refused(f"the feed has more than {MAX_ROWS:,} rows")
        if not line.strip():
            continue
        documents, more = parse_json(line, file=file)
        nodes += [_moved(node, number) for node in documents if node.is_map]
        problems += tuple(_problem("warning", "feed.row", file, number, p.message, p.hint) for p in more)
    return nodes, problems


def _moved(node: Node, line: int) -> Node:
    node.line = line
    for child in (c for _, c in node.items()):
        child.line = line
    return node


def _csv_rows(text: str) -> Iterator[Row]:
    header = text.lstrip("\r\n").split("\n", 1)[0]
    bare = re.sub(r'"[^"]*"', "", header)
    delimiter = max(",;\t|", key=bare.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=False)
    start = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise _Refused(f"row {start} is not valid CSV: {error}") from None
        yield start, [cleaned(cell).strip() for cell in cells]
        start = reader.line_num + 1


def _xlsx_rows(data: bytes) -> Iterator[Row]:
    _inspect(data)
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    try:
        sheet = book.worksheets[0]
        rows = sheet.iter_rows(max_row=MAX_ROWS + 2, max_col=MAX_COLUMNS, values_only=True)
        for number, values in enumerate(rows, 1):
            yield number, [_cell(value) for value in values]
    finally:
        book.close()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return cleaned(str(value)).strip()


def _inspect(data: bytes) -> None:
    """Refuses workbooks that unpack to too much, climb out of their folder, or define XML entities."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise _Refused(f"this is not a readable workbook: {error}") from None
    with archive:
        entries = archive.infolist()
        if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
            raise _Refused("the workbook unpacks to too much; at most 200 MB")
        for entry in entries:
            parts = entry.filename.replace("\\", "/").split("/")
            if ".." in parts or entry.filename.startswith(("/", "\\")) or ":" in parts[0]:
                raise _Refused(f"the workbook holds a path that leaves its folder: {entry.filename[:60]!r}")
            if entry.flag_bits & 1:
                raise _Refused("the workbook is encrypted; save it without a password")
            if entry.filename.endswith((".xml", ".rels")):
                with archive.open(entry) as part:
                    if b"<!" in part.read(2048).replace(b"<!--", b""):
                        raise _Refused("the workbook's XML defines entities, which is not allowed")
        if not any(entry.filename == "xl/workbook.xml" for entry in entries):
            raise _Refused("this ZIP file is no Excel workbook")


def _from_rows(
    rows: Iterable[Row], file: str, problems: tuple[Problem, ...]
) -> tuple[list[Node], tuple[Problem, ...]]:
    header: list[str] = []
    nodes: list[Node] = []
    found = list(problems)
    for count, (number, cells) in enumerate(rows):
        if count > MAX_ROWS:
            raise _Refused(f"the feed has more than {MAX_ROWS:,} rows")
        if not any(cells):
            continue
        if not header:
            header = cells[:MAX_COLUMNS]
            found += _doubles(header, file, number)
            continue
        if len(cells) > len(header) and any(cells[len(header) :]):
            message = f"row has {len(cells)} cells, the header {len(header)}: the rest is left out"
            found.append(
                _problem(
                    "warning",
                    "feed.row",
                    file,
                    number,
                    message,
                    "a text with the separator in it needs quotes",
                )
            )
        nodes.append(_node(header, cells, number))
    return nodes, tuple(found)


def _doubles(header: list[str], file: str, number: int) -> list[Problem]:
    names = [name for name in header if name]
    twice = sorted({name for name in names if names.count(name) > 1})
    return [
        _problem("warning", "feed.column", file, number, f"column {name!r} stands twice; the first counts")
        for name in twice
    ]


def _node(header: list[str], cells: list[str], number: int) -> Node:
    """A row as a map node; localized columns become maps by locale."""
    node = Node({}, number, 1)
    node.key_places = {}
    for column, (name, text) in enumerate(zip(header, cells, strict=False), 1):
        if not name or not text:
            continue
        child = Node(text if not text.replace(".", "", 1).isdigit() else scalar(text), number, column, text)
        role, tag = _localized(name)
        if tag:
            group = node.value.setdefault(f"{role} localized", Node({}, number, column))
            group.key_places = group.key_places or {}
            group.value.setdefault(tag, child)
            continue
        node.key_places.setdefault(name, (number, column))
        node.value.setdefault(name, child)
    for child in node.value.values():
        if child.is_map:
            adopt(child)
    adopt(node)
    node.parent, node.key = None, ""
    return node


def _localized(name: str) -> tuple[str, str]:
    """`headline.de-DE` -> (`headline`, `de-DE`); nothing for columns that are no localized role."""
    match = _LOCALIZED.match(name)
    if (
        match is None
        or fold_key(name) in synonyms().product
        or fold_key(match["role"]) not in synonyms().product
    ):
        return "", ""
    tag = resolve_locale(match["tag"])
    return (match["role"], tag) if tag else ("", "")


def _item(node: Node, notes: Notes) -> list[Item]:
    fields = fields_of(node, synonyms().product)
    empty = next((key for key, child in node.items() if child.is_text and placeholder_in(child.value)), "")
    if empty:
        message = f"column {empty!r} holds a placeholder that was never filled in: the row is left out"
        notes.add("warning", "placeholder", node, message, key=empty)
        return []
    if not fields.text("name", "id"):
        message = "this row has neither a name nor an id: it is left out"
        notes.add("warning", "product", node, message, "fill the column `name`")
        return []
    names = _names(fields)
    item = read_product(fields, notes)
    item.copy.names.update(names)
    return [item]


def _names(fields: Fields) -> dict[str, str]:
    """Localized name columns: they are names, not headlines."""
    names: dict[str, str] = {}
    for role in ("name", "description"):
        kept: list[Found] = []
        for found in fields.roles.get(role, []):
            if found.localized and found.node.is_map:
                names |= {tag: child.text for tag, child in found.node.items() if role == "name"}
            else:
                kept.append(found)
        fields.roles[role] = kept
    return names


def _problem(severity: Severity, code: str, file: str, line: int, message: str, hint: str = "") -> Problem:
    where = Where(file=file, line=line, column=1 if line else 0)
    return Problem(severity=severity, code=code, where=where, message=message, hint=hint)
