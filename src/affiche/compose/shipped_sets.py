"""The studio sets that ship with Affiche, read once per process from the package's own data (never from the user's)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from affiche.compose.studio import SetView, StudioSet
from affiche.compose.studio_read import read_set
from affiche.compose.template.model import Template
from affiche.errors import StorageError


def set_file(set_id: str, name: str) -> bytes:
    """Bytes of one file of a shipped set. FileNotFoundError when there is none."""
    return (_folder() / set_id / name).read_bytes()


def view_files(set_id: str, aspect_class: str) -> tuple[SetView, bytes, tuple[bytes, ...]]:
    """One render of a set: its facts, the light JPEG and the mask PNGs. Raises StorageError."""
    try:
        view = shipped_sets()[set_id].views[aspect_class]
    except KeyError as missing:
        raise StorageError(f"There is no set {set_id!r} for {aspect_class} creatives.") from missing
    return view, set_file(set_id, view.light_file), tuple(set_file(set_id, name) for name in view.mask_files)


@cache
def shipped_sets() -> Mapping[str, StudioSet]:
    """Sets by id, in alphabetical order. Raises StorageError when an installed set is damaged."""
    found = {}
    for folder in sorted(_folder().iterdir(), key=lambda entry: entry.name):
        if (folder / "set.yaml").is_file():
            found[folder.name] = _read(folder)
    return found


def set_for(template: Template) -> StudioSet | None:
    """The set that proofs of `template` stand on: one for several products when it lines them up."""
    return next((one for one in shipped_sets().values() if one.row == template.lineup), None)


def _read(folder: Traversable) -> StudioSet:
    data = (folder / "set.yaml").read_bytes()
    read, problems = read_set(data, file=f"{folder.name}/set.yaml", load=lambda name: (folder / name).read_bytes())
    if read is None:
        said = "; ".join(f"{problem.where} {problem.message}" for problem in problems)
        raise StorageError(f"The set {folder.name} is damaged: {said}", hint="Install Affiche again.")
    return read


def _folder() -> Traversable:
    return files("affiche.compose") / "sets"
