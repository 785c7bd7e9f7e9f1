"""A brief written as a Markdown page (`**Brand:** AquaFizz`, `## Products` with a list, tables) -> a Node tree with places.

What is read: lines `Key: value` (bold, in a list or not), headings with the list, the table or the text below them, and
tables of two columns as keys and values. A page with fewer than two keys is prose, not a brief, and gives nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from affiche.notation.decode import cleaned
from affiche.notation.node import Node, adopt

_KEYED = re.compile(
    r"\s*(?:[-*+]\s+)?(?:\*\*|__)?([^\W\d][^:*|`#,]{1,60}?)\s*(?:\*\*|__)?\s*:\s*(?:\*\*|__)?\s*(.*)"
)
_HEADING = re.compile(r"(#{1,6}) (.*)")
_ITEM = re.compile(r"\s*(?:[-*+]|\d+[.)])\s+(?:\[[ xX]\]\s+)?(.*)")
_MARKS = re.compile(r"\*\*|__|`")
_LINK = re.compile(r"!?\[([^\]]*)\]\(([^)\s]*)[^)]*\)")
#: A page's title may name it: `# Campaign brief: Summer Splash`.
_TITLE = re.compile(
    r"(?:campaign|creative|marketing|ad)?\s*(?:brief|campaign)\s*[:–—-]\s*(.+)", re.IGNORECASE
)
#: `Mango Fizz (assets/mango.png)`: an entry with its picture.
_PICTURED = re.compile(
    r"(.*\S) ?[(\[–—-] ?([^\s()\[\]]+\.(?:png|jpe?g|webp|avif|svg|tiff?))[)\]]?", re.IGNORECASE
)
_MIN_KEYS, _MAX_LINES, _MAX_LINE = 2, 5000, 2000


def parse_markdown(text: str) -> Node | None:
    """The map that a page says; None when it says fewer than two keys."""
    page = _Page()
    for number, line in enumerate(text.splitlines()[:_MAX_LINES], 1):
        # Runs of blanks become one, so that no pattern can be made to try them in many ways.
        page.take(number, " ".join(cleaned(line[:_MAX_LINE]).split()))
    root = page.root()
    return root if len(root.value) >= _MIN_KEYS else None


class _Page:
    """The sections of a page as they are read, line by line."""

    def __init__(self) -> None:
        self._entries: dict[str, Node] = {}
        self._places: dict[str, tuple[int, int]] = {}
        self._title = ""
        self._below: list[tuple[int, str]] = []
        self._line = 1

    def take(self, number: int, line: str) -> None:
        """One more line."""
        heading = _HEADING.fullmatch(line)
        if heading:
            self._close()
            title = _plain(heading[2].strip("# "))
            named = _TITLE.fullmatch(title) if heading[1] == "#" else None
            self._title, self._line = title.rstrip(":"), number
            if named:
                self._add("campaign", named[1], number)
                self._title = ""
        elif line.strip():
            self._below.append((number, line))

    def root(self) -> Node:
        """Everything read."""
        self._close()
        node = Node(self._entries, 1, 1)
        node.key_places = self._places
        return adopt(node)

    def _close(self) -> None:
        """The lines below a heading: keys of their own; else, under the heading's name, a list or a text."""
        rows: list[tuple[int, str]] = []
        items: list[tuple[int, str]] = []
        for number, line in self._below:
            item = None if _is_keyed(line) else _ITEM.fullmatch(line)
            if item:
                items.append((number, _plain(item[1])))
            else:
                rows.append((number, line))
        loose = []
        for number, key, value in _keyed(rows):
            if key:
                self._add(key, value, number)
            else:
                loose.append((number, value))
        if items and self._title:
            entries = [_entry(text, number) for number, text in items if text]
            self._put(self._title, adopt(Node(entries, items[0][0], 1)), self._line)
        elif loose and self._title:
            self._add(self._title, "\n".join(value for _, value in loose), loose[0][0])
        self._below, self._title = [], ""

    def _add(self, key: str, value: str, number: int) -> None:
        text = _plain(value)
        if text:
            self._put(key, Node(text, number, 1, text), number)

    def _put(self, key: str, node: Node, number: int) -> None:
        if key not in self._entries:
            self._entries[key] = node
            self._places[key] = (number, 1)


def _entry(text: str, line: int) -> Node:
    """An entry of a list: a text, or a name with its picture."""
    pictured = _PICTURED.fullmatch(text)
    if pictured is None:
        return Node(text, line, 1, text)
    return adopt(
        Node(
            {key: Node(t, line, 1, t) for key, t in zip(("name", "image"), pictured.groups(), strict=True)},
            line,
            1,
        )
    )


def _is_rule(line: str) -> bool:
    """`|---|:--:|`"""
    return "-" in line and not line.strip("|:- ")


def _is_keyed(line: str) -> bool:
    return bool(re.match(r"\s*[-*+]\s+(?:\*\*|__)[^*_:]+(?::\s*(?:\*\*|__)|(?:\*\*|__)\s*:)", line))


def _keyed(rows: list[tuple[int, str]]) -> Iterator[tuple[int, str, str]]:
    """(line, key, value) of each line; the key is empty for prose. A row of a table of two columns is a key and its value."""
    for at, (number, line) in enumerate(rows):
        if line.lstrip().startswith("|"):
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            is_head = at + 1 < len(rows) and _is_rule(rows[at + 1][1])
            if len(cells) == 2 and not is_head and not _is_rule(line):
                yield number, _plain(cells[0]).rstrip(":"), cells[1]
            continue
        match = _KEYED.fullmatch(line)
        if match and len(match[1].split()) <= 6 and "//" not in match[2][:2]:
            yield number, _plain(match[1]), match[2]
        else:
            yield number, "", line


def _plain(text: str) -> str:
    """Text without its marks; of a picture or link, the address for pictures and the words for links."""
    text = _LINK.sub(lambda m: m[2] if m[0].startswith("!") else m[1], text)
    return _MARKS.sub("", text).strip()
