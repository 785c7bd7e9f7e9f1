"""Bytes -> Node trees + problems; picks YAML, JSON or the front matter of a Markdown file. Pure.

Never raises for any input: what cannot be read is one problem of severity `error` with its place.
"""

from __future__ import annotations

import re
from typing import Literal

from affiche.notation.decode import decode
from affiche.notation.from_json import parse_json
from affiche.notation.from_markdown import parse_markdown
from affiche.notation.from_yaml import parse_yaml
from affiche.notation.node import Node
from affiche.values.problem import Problem, Where

_FENCE = re.compile(r"^```[ \t]*(ya?ml|json)[ \t]*\r?$\n(.*?)^```", re.MULTILINE | re.DOTALL)
_FRONT = re.compile(r"\A---[ \t]*\r?\n(.*?)^---[ \t]*\r?$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^(#{1,4} +\S|[A-Z*>][^:\n]*$)", re.MULTILINE)
#: What only a page has: headings, bold keys, rows of a table.
_PAGE = re.compile(r"^(?:#{1,6} \S|[ \t]*(?:[-*+][ \t]+)?\*\*[^*\n]+\*\*|\|)", re.MULTILINE)


def parse(data: bytes, *, file: str) -> tuple[tuple[Node, ...], tuple[Problem, ...]]:
    """The documents of a file (a JSON file has one) and what is wrong. Nothing is returned beside an error."""
    text, problems = decode(data, file=file)
    if text is None:
        return (), problems
    text, notation = _notation(text, file)
    page = parse_markdown(text) if notation == "markdown" else None
    if page is not None:
        where = Where(file=file, line=1, column=1)
        told = "a page of Markdown, read by its headings, lists and `Key: value` lines"
        note = Problem(severity="note", code="file.markdown", where=where, message=told, hint="check what was read")
        return (page,), (*problems, note)
    read = parse_json if notation == "json" else parse_yaml
    documents, more = read(text, file=file)
    problems += more
    if not documents and not any(p.severity == "error" for p in problems):
        where = Where(file=file, line=1, column=1)
        problems += (Problem(severity="error", code="file.empty", where=where, message="the file is empty"),)
    return documents, problems


def _notation(text: str, file: str) -> tuple[str, Literal["yaml", "json", "markdown"]]:
    """The part of the text to read (line numbers kept) and how it is written."""
    start = text.lstrip("\ufeff \t\r\n")[:1]
    fence = _FENCE.search(text) if start not in ("{", "[") else None
    if fence and (start == "`" or file.lower().endswith((".json", ".jsonc", ".json5"))):
        return _fenced(text, fence)  # an answer of a chat, pasted with the words around it
    if file.lower().endswith((".json", ".jsonc")) or (
        start in ("{", "[") and not file.lower().endswith((".yaml", ".yml"))
    ):
        return text, "json"
    front = _FRONT.match(text)
    if front and (
        file.lower().endswith((".md", ".markdown", ".txt")) or _HEADING.search(text[front.end() :])
    ):
        return _blank_before(text, front.start(1), front.end(1)), "yaml"
    if fence and file.lower().endswith((".md", ".markdown", ".txt")):
        return _fenced(text, fence)
    if not front and file.lower().endswith((".md", ".markdown", ".txt")) and _PAGE.search(text):
        return text, "markdown"
    return text, "yaml"


def _fenced(text: str, fence: re.Match[str]) -> tuple[str, Literal["yaml", "json"]]:
    return _blank_before(text, fence.start(2), fence.end(2)), "json" if fence.group(1) == "json" else "yaml"


def _blank_before(text: str, start: int, end: int) -> str:
    return "\n" * text.count("\n", 0, start) + text[start:end]
