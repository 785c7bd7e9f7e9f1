"""What code says in English: every string and f-string of a module that reads like words, with its holes. By its source alone."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import affiche

SOURCE = Path(affiche.__file__).parent
_DOCUMENTED = (ast.Module, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True, slots=True)
class Spoken:
    """A text as code makes it: `parts` are its words and, None, its holes."""

    where: str
    parts: tuple[str | None, ...]

    def filled(self) -> str:
        """The text with a mark in each hole, ⟦1⟧ ⟦2⟧ ..."""
        numbers = itertools.count(1)
        return "".join(f"⟦{next(numbers)}⟧" if part is None else part for part in self.parts)


def spoken(*globs: str, without: tuple[str, ...] = ("RULE",)) -> Iterator[Spoken]:
    """The texts of every module that `globs` (below the package) name; what is assigned to the names `without` is left out."""
    for pattern in globs:
        files = sorted(SOURCE.glob(pattern))
        assert files, f"{pattern} names no module"
        for file in files:
            tree = ast.parse(file.read_text("utf-8"))
            skipped = {id(node) for part in _left_out(tree, without) for node in ast.walk(part)}
            for line, parts in _texts(tree, skipped):
                if _reads_like_words(parts):
                    yield Spoken(f"{file.relative_to(SOURCE)}:{line}", parts)


def raised(*globs: str, errors: frozenset[str]) -> Iterator[Spoken]:
    """The texts in calls of `errors` (class names) alone: messages and hints."""
    for pattern in globs:
        for file in sorted(SOURCE.glob(pattern)):
            tree = ast.parse(file.read_text("utf-8"))
            calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
            for call in calls:
                if isinstance(call.func, ast.Name) and call.func.id in errors:
                    given = [*call.args, *(word.value for word in call.keywords if word.arg == "hint")]
                    texts = [found for one in given for found in _texts(one, set())]
                    yield from (Spoken(f"{file.relative_to(SOURCE)}:{line}", p) for line, p in texts if _reads_like_words(p))


def _left_out(tree: ast.AST, without: tuple[str, ...]) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        first = node.body[0] if isinstance(node, _DOCUMENTED) and node.body else None
        if isinstance(first, ast.Expr):
            yield first
        if isinstance(node, ast.Assert):
            yield node
        targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        if any(isinstance(target, ast.Name) and target.id in without for target in targets):
            yield node


def _texts(node: ast.AST, skipped: set[int]) -> Iterator[tuple[int, tuple[str | None, ...]]]:
    if id(node) in skipped:
        return
    forms = _forms(node)
    if not forms:
        for child in ast.iter_child_nodes(node):
            yield from _texts(child, skipped)
        return
    yield from ((node.lineno, form) for form in forms)  # type: ignore[attr-defined]
    for hole in (part for part in ast.walk(node) if isinstance(part, ast.FormattedValue)):
        if not _forms(hole.value):
            yield from _texts(hole.value, skipped)


def _forms(node: ast.AST) -> list[tuple[str | None, ...]]:
    """Every text that an expression can be; empty when it is no text."""
    match node:
        case ast.Constant(value=str() as text):
            return [(text,)]
        case ast.JoinedStr(values=values):
            parts = [_forms(value.value) or [(None,)] if isinstance(value, ast.FormattedValue) else _forms(value) for value in values]
            return [_joined(itertools.chain(*chosen)) for chosen in itertools.product(*parts)]
        case ast.IfExp(body=body, orelse=orelse):
            return [*_forms(body), *_forms(orelse)] if _forms(body) and _forms(orelse) else []
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            before, after = _forms(left), _forms(right)
            pairs = itertools.product(before or [(None,)], after or [(None,)])
            return [_joined((*one, *other)) for one, other in pairs] if before or after else []
    return []


def _joined(parts: Iterator[str | None] | tuple[str | None, ...]) -> tuple[str | None, ...]:
    """`parts` with neighbouring words as one."""
    made: list[str | None] = []
    for part in parts:
        if part is not None and made and made[-1] is not None:
            made[-1] += part  # type: ignore[operator]
        else:
            made.append(part)
    return tuple(made)


def _reads_like_words(parts: tuple[str | None, ...]) -> bool:
    words = " ".join(part for part in parts if part)
    return bool(re.search(r"[a-zA-Z]{2}", words)) and " " in "".join("x" if part is None else part for part in parts).strip()
