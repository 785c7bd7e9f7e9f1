"""The folder of a model: `embedding.toml` says which files are its encoders and how they want to be asked (docs/meaning.md).

Nothing is loaded here. What is wrong is told with the file, the place in it and what to do. Next: `encoders.py`.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, NoReturn

from affiche.errors import CapabilityError
from affiche.values.digest import Digest, digest

FILE = "embedding.toml"
_HINT = "docs/meaning.md says what belongs into the folder of AFFICHE_EMBEDDING_MODEL"
Fit = Literal["crop", "stretch"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureEncoder:
    """How pictures are given: `side` px square, by `fit`; each channel 0..1, less `mean`, by `std`. `output` may be empty."""

    file: Path
    side: int
    fit: Fit
    mean: tuple[float, ...]
    std: tuple[float, ...]
    output: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PhraseEncoder:
    """How phrases are given: at most `length` tokens; with `pad` filled up to exactly that many."""

    file: Path
    tokenizer: Path
    length: int
    pad: int | None
    output: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFolder:
    """What `embedding.toml` says. Every file of it was there when it was read."""

    path: Path
    name: str
    dimensions: int
    picture: PictureEncoder
    phrase: PhraseEncoder

    def digest(self) -> Digest:
        """Of the bytes of all files: hashed once per process and state of a file. Raises CapabilityError."""
        files = (self.path / FILE, self.picture.file, self.phrase.file, self.phrase.tokenizer)
        return digest("embedding model", *(_hashed(file, *_state(file)) for first in files for file in _with_weights(first)))


def read_folder(path: Path) -> ModelFolder:
    """The model in a folder. Raises CapabilityError with file, place and what to do."""
    file = path / FILE
    if not file.is_file():
        what = "there is no such folder" if not path.is_dir() else f"{FILE} is not in it"
        raise CapabilityError(f"the embedding model {path} cannot be used: {what}", hint=_HINT)
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CapabilityError(f"{file} cannot be read: {error}", hint=_HINT) from error
    return _model(_Table(file, "", data))


def _model(said: _Table) -> ModelFolder:
    picture, phrase = said.table("picture"), said.table("phrase")
    made = ModelFolder(
        path=said.file.parent, name=said.text("name"), dimensions=said.number("dimensions", 1, 8192),
        picture=PictureEncoder(
            file=picture.path("file"), side=picture.number("side", 8, 1024), fit=picture.fit(), mean=picture.channels("mean"),
            std=picture.channels("std"), output=picture.text("output", ""),
        ),
        phrase=PhraseEncoder(
            file=phrase.path("file"), tokenizer=phrase.path("tokenizer"), length=phrase.number("length", 1, 4096),
            pad=phrase.number("pad", 0, 2**31) if "pad" in phrase.data else None, output=phrase.text("output", ""),
        ),
    )  # fmt: skip
    for table in (said, picture, phrase):
        table.nothing_else()
    if min(made.picture.std) <= 0:
        picture.refuse("std", "must be above 0")
    return made


class _Table:
    """A table of the file whose values are taken out by kind; what is wrong is told with its place."""

    def __init__(self, file: Path, name: str, data: Mapping[str, Any]) -> None:
        self.file, self.data = file, data
        self._name, self._taken = name, set[str]()

    def table(self, name: str) -> _Table:
        """A table in it."""
        value = self._get(name)
        if not isinstance(value, dict):
            self.refuse(name, "must be a table")
        return _Table(self.file, f"{name}.", value)

    def text(self, name: str, otherwise: str | None = None) -> str:
        """A text; `otherwise` when it may be missing."""
        value: object = self._get(name, otherwise)
        if not isinstance(value, str) or (otherwise is None and not value):
            self.refuse(name, "must be text")
        return value

    def number(self, name: str, least: int, most: int) -> int:
        """A whole number within limits."""
        value: object = self._get(name)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.refuse(name, f"must be a whole number from {least} to {most}")
        return value

    def channels(self, name: str) -> tuple[float, ...]:
        """Three numbers: red, green, blue."""
        value = self._get(name)
        numbers = isinstance(value, list) and all(isinstance(one, int | float) and not isinstance(one, bool) for one in value)
        if not numbers or len(value) != 3:
            self.refuse(name, "must be three numbers: red, green, blue")
        return tuple(float(one) for one in value)

    def fit(self) -> Fit:
        """How a picture becomes square."""
        value = self.text("fit")
        if value not in ("crop", "stretch"):
            self.refuse("fit", "must be crop or stretch")
        return "crop" if value == "crop" else "stretch"

    def path(self, name: str) -> Path:
        """A file of the folder that is there."""
        value = self.text(name)
        path = self.file.parent / value
        if not path.resolve().is_relative_to(self.file.parent.resolve()):
            self.refuse(name, f"must be a file of this folder, not {value!r}")
        if not path.is_file():
            self.refuse(name, f"names {value}, which is not in the folder")
        return path

    def nothing_else(self) -> None:
        """Raises CapabilityError when something was said that nobody reads."""
        for name in self.data.keys() - self._taken:
            self.refuse(name, "is not known here")

    def refuse(self, name: str, why: str) -> NoReturn:
        """Raises CapabilityError."""
        raise CapabilityError(f"{self.file}: {self._name}{name} {why}", hint=_HINT)

    def _get(self, name: str, otherwise: Any = None) -> Any:
        self._taken.add(name)
        value = self.data.get(name, otherwise)
        if value is None:
            self.refuse(name, "is missing")
        return value


def _with_weights(file: Path) -> Iterator[Path]:
    """A file, and the files beside it in which ONNX keeps weights that are too large for one."""
    yield file
    yield from (beside for end in ("_data", ".data") if (beside := file.with_name(file.name + end)).is_file())


def _state(file: Path) -> tuple[int, int]:
    try:
        stat = file.stat()
    except OSError as error:
        raise CapabilityError(f"{file} cannot be read: {error.strerror}", hint=_HINT) from error
    return stat.st_size, stat.st_mtime_ns


@lru_cache(maxsize=64)
def _hashed(file: Path, _size: int, _modified: int) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
