"""What a house check says, and how a tree of Python files is walked."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "affiche"


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """One thing to mend. `path` relative to the checkout; `line` counts from 1; `soft` ones are shown, not counted."""

    path: str
    line: int
    message: str
    soft: bool = False

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {'(note) ' if self.soft else ''}{self.message}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """A parsed source file."""

    path: str
    lines: int
    tree: ast.Module


def modules(root: Path) -> Iterator[Module]:
    """Every Python file below `root`, in order of path."""
    for file in sorted(root.rglob("*.py")):
        text = file.read_text(encoding="utf-8")
        name = file.relative_to(ROOT).as_posix() if file.is_relative_to(ROOT) else file.name
        yield Module(path=name, lines=text.count("\n"), tree=ast.parse(text))
