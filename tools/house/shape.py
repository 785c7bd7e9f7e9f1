"""The shape of the code (STYLE.md): length of files and functions, module docstrings, positional parameters, names."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from house.complaint import Complaint, Module

FILE_SOFT, FILE_HARD = 300, 500
FUNCTION_SOFT, FUNCTION_HARD = 40, 60
POSITIONAL_SOFT, POSITIONAL_HARD = 4, 6
#: Words that say nothing about what a module holds.
EMPTY_NAMES = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "base",
    "manager",
    "service",
    "handler",
    "processor",
    "misc",
}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def check(module: Module) -> Iterator[Complaint]:
    """Complaints about one file."""
    yield from _file(module)
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _function(module, node)


def _file(module: Module) -> Iterator[Complaint]:
    if ast.get_docstring(module.tree) is None:
        yield Complaint(
            path=module.path, line=1, message="no module docstring: say its role and where to look next"
        )
    if module.lines > FILE_SOFT:
        message = f"{module.lines} lines, more than {FILE_SOFT} (hard limit {FILE_HARD}): split it by verb"
        yield Complaint(path=module.path, line=1, message=message, soft=module.lines <= FILE_HARD)
    words = set(module.path.removesuffix(".py").replace("/", "_").split("_"))
    for word in sorted(words & EMPTY_NAMES):
        yield Complaint(path=module.path, line=1, message=f"the name says {word!r}, which says nothing")


def _function(module: Module, node: Function) -> Iterator[Complaint]:
    length = body_lines(node)
    if length > FUNCTION_SOFT:
        message = f"{node.name} has {length} lines, more than {FUNCTION_SOFT} (hard limit {FUNCTION_HARD})"
        yield Complaint(path=module.path, line=node.lineno, message=message, soft=length <= FUNCTION_HARD)
    positional = [a.arg for a in (*node.args.posonlyargs, *node.args.args) if a.arg not in {"self", "cls"}]
    if len(positional) > POSITIONAL_SOFT and not _is_command(node):
        message = f"{node.name} takes {len(positional)} positional parameters, more than {POSITIONAL_SOFT}"
        soft = len(positional) <= POSITIONAL_HARD
        yield Complaint(
            path=module.path, line=node.lineno, message=f"{message}: make some keyword-only", soft=soft
        )


def body_lines(node: Function) -> int:
    """Lines of a function without its docstring."""
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    return 0 if not body else (body[-1].end_lineno or 0) - node.lineno + 1 - _docstring_lines(node)


def _docstring_lines(node: Function) -> int:
    if ast.get_docstring(node) is None:
        return 0
    return (node.body[0].end_lineno or 0) - node.body[0].lineno + 1


def _is_command(node: Function) -> bool:
    """Whether a framework reads the parameters as options: a command, or all annotated as options."""
    named = [ast.unparse(d) for d in node.decorator_list]
    options = [ast.unparse(a.annotation) for a in node.args.args if a.annotation is not None]
    return any(".command" in d or ".callback" in d or d.startswith("router.") for d in named) or (
        bool(options) and all("typer." in text or text.startswith("Annotated[") for text in options)
    )
