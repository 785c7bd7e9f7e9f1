"""What the bench, the tools and the tests import of our packages is there: they are not type-checked, and some run seldom."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from house.complaint import ROOT, Complaint, Module

_FOLDERS = ("src", "tools", "")
_OURS = {"bench", "tests", *(place.stem for folder in ("src", "tools") for place in (ROOT / folder).iterdir())}


def check(module: Module) -> Iterator[Complaint]:
    """Complaints about names that `module` imports from a module of ours that does not have them."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if _is_ours(alias.name) and not _files(alias.name):
                    yield Complaint(path=module.path, line=node.lineno, message=f"there is no module {alias.name}")
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module and _is_ours(node.module):
            yield from _imported(module, node, node.module)


def _imported(module: Module, node: ast.ImportFrom, source: str) -> Iterator[Complaint]:
    files = _files(source)
    if not files:
        yield Complaint(path=module.path, line=node.lineno, message=f"there is no module {source}")
        return
    known = frozenset().union(*map(_top_names, files))
    for alias in node.names:
        if alias.name not in known and "*" not in known and not _files(f"{source}.{alias.name}"):
            yield Complaint(path=module.path, line=node.lineno, message=f"{source} has no {alias.name}")


def _is_ours(name: str) -> bool:
    return name.partition(".")[0] in _OURS


def _files(name: str) -> tuple[Path, ...]:
    """The files of a module (its folder, for one without `__init__.py`); empty if there is none."""
    places = [ROOT / folder / name.replace(".", "/") for folder in _FOLDERS]
    found = [place.with_suffix(".py") for place in places] + [place / "__init__.py" for place in places] + places
    return tuple(place for place in found if place.exists())


@cache
def _top_names(file: Path) -> frozenset[str]:
    """Names a module has after its import; `*` among them if it makes names when asked (`__getattr__`)."""
    if file.is_dir():
        return frozenset()
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return frozenset(name for node in _outside_functions(tree) for name in _bound(node))


def _outside_functions(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            yield from _outside_functions(child)


def _bound(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.FunctionDef(name="__getattr__"):
            yield "*"
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            yield node.name
        case ast.Name(ctx=ast.Store()):
            yield node.id
        case ast.Import() | ast.ImportFrom():
            yield from (alias.asname or alias.name.partition(".")[0] for alias in node.names)
        case _:
            return
