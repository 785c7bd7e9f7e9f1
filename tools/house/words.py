"""Words that must not stand in a committed text: hosts of package registries, and paths of the machine it was made on.

A lock or a script that names a host stops working behind a mirror; a path of one machine is noise on every other.
The names are put together from parts here, so that this file does not complain about itself.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from house.complaint import ROOT, Complaint

_HOSTS = (
    ("pypi", "org"),
    ("pythonhosted", "org"),
    ("npmjs", "org"),
    ("npmjs", "com"),
    ("yarnpkg", "com"),
    ("deb.debian", "org"),
    ("registry", "npmjs"),
    ("crates", "io"),
    ("proxy.golang", "org"),
)
_HOMES = (("/ho" + "me", r"[a-z][\w-]*/"), ("/Us" + "ers", r"\w+/"), ("/ro" + "ot", "/"))
BINARY = {
    ".png",
    ".jpg",
    ".jpeg",
    ".webp",
    ".avif",
    ".ttf",
    ".otf",
    ".woff2",
    ".xlsx",
    ".npz",
    ".ico",
    ".gz",
    ".zip",
    ".bin",
}


def patterns() -> re.Pattern[str]:
    """What to look for: registry hosts, home folders, and where this checkout happens to lie."""
    hosts = [re.escape(".".join(parts)) for parts in _HOSTS]
    homes = [rf"(?<![\w.]){top}/{rest}".replace("//", "/") for top, rest in _HOMES]
    here = [re.escape(str(ROOT)) + r"\b"] if len(ROOT.parts) > 2 else []
    return re.compile("|".join([*hosts, *homes, *here]))


def check() -> Iterator[Complaint]:
    """Complaints about committed (or about to be committed) text files."""
    wanted = patterns()
    for path in committed():
        if path.suffix.lower() in BINARY or not path.is_file():
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        for match in wanted.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            name = path.relative_to(ROOT).as_posix()
            message = f"names {match[0]!r}: no registry hosts, no paths of a machine"
            yield Complaint(path=name, line=line, message=message)


def committed() -> list[Path]:
    """The files that git tracks; every file when this is not a git checkout."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if done.returncode == 0:
        return [ROOT / name for name in done.stdout.decode().split("\0") if name]
    files = [p for p in ROOT.rglob("*") if p.is_file()]
    return [p for p in files if not any(part.startswith(".") for part in p.relative_to(ROOT).parts)]
