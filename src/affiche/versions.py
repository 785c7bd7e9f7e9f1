"""The toolchain: everything beside the inputs that decides what a creative looks like, by name and version.

Libraries that draw, shape, decode and encode; the fonts; and Affiche's own drawing code, by its digest, so that nobody can
forget to raise a number. Looked up without loading any of them.
"""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path

#: Name in manifests -> distribution.
LIBRARIES = {
    "skia": "skia-python", "harfbuzz": "uharfbuzz", "icu": "icu4py", "pillow": "pillow",
    "opencv": "opencv-contrib-python-headless",
    "vips": "pyvips-binary", "simplejpeg": "simplejpeg", "resvg": "resvg-py", "cldr": "babel",
    "fonttools": "fonttools", "pyphen": "pyphen",
}  # fmt: skip
#: Packages whose code decides about pixels and measurements.
_DRAWING = ("compose", "adapters/paint", "adapters/codec", "imagine", "render", "values")
_SHORT = 12
_DIST = re.compile(r"(.+?)-([^-]+)\.dist-info")


@cache
def versions() -> Mapping[str, str]:
    """Part -> version. Changes when a library, the fonts or our drawing code change, and not otherwise."""
    installed = _installed()
    found = {name: installed.get(_plain(distribution)) or _asked(distribution) for name, distribution in LIBRARIES.items()}
    return {**found, "fonts": _fonts(), "drawing": _code()}


def _installed() -> dict[str, str]:
    """Distribution -> version, by the names of the metadata folders: a fifth of the time that importlib.metadata takes."""
    found: dict[str, str] = {}
    for place in sys.path:
        folder = Path(place)
        for entry in folder.iterdir() if place and folder.is_dir() else ():
            match = _DIST.fullmatch(entry.name)
            if match:
                found.setdefault(_plain(match.group(1)), match.group(2))
    return found


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _asked(distribution: str) -> str:
    """For installations without such folders (zip files, distributions' own packaging)."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(distribution)
    except PackageNotFoundError:
        return "unknown"


def _fonts() -> str:
    """The catalog of fonts names the digest of every file."""
    import affiche_fonts

    folder = Path(affiche_fonts.__file__).parent
    return _digest_of(sorted(folder.glob("*.toml")), folder)


def _code() -> str:
    root = Path(__file__).parent
    return _digest_of([path for part in _DRAWING for path in sorted((root / part).rglob("*.py"))], root)


def _digest_of(files: list[Path], root: Path) -> str:
    total = hashlib.sha256()
    for file in files:
        data = file.read_bytes()
        total.update(f"{file.relative_to(root).as_posix()}:{len(data)}:".encode())
        total.update(data)
    return total.hexdigest()[:_SHORT]


@cache
def checking() -> str:
    """The digest of the code and the profiles that findings depend on."""
    root = Path(__file__).parent / "check"
    return _digest_of(sorted([*root.rglob("*.py"), *root.rglob("*.toml")]), root)


@cache
def rules_have_dates() -> bool:
    """Whether any profile says from when, or until when, something counts; only then does the day matter."""
    profiles = (Path(__file__).parent / "check" / "profiles").glob("*.toml")
    return any(word in file.read_bytes() for file in profiles for word in (b"effective", b"expires"))


@cache
def own_version() -> str:
    """The version of Affiche itself."""
    return _installed().get("affiche") or _asked("affiche")
