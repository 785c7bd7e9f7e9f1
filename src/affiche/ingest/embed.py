"""Meaning: vectors of pictures and phrases, made in a process of its own so that neither the server nor a look at a file waits
for a model, or dies of one.

A picture's vector is made from its thumbnail, which is ours: no file of a stranger comes near the model, and what is made when a
picture comes in is, bit for bit, what is made of it later. Next: `registry/vectors.py` keeps and compares them.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from affiche import inlets, wire
from affiche.errors import AfficheError, CapabilityError
from affiche.ingest.aside import Aside
from affiche.registry import vectors
from affiche.registry.open import Registry
from affiche.settings import Settings
from affiche.values.digest import Digest
from affiche.values.vector import Vector

#: What one picture or phrase may take, the first with loading and hashing the model, s. No limit of memory: how large the
#: model is was the operator's choice, and the pictures are our own thumbnails.
_LONGEST_S = 120.0
#: So many vectors are written at once: what a kill loses at most.
_BATCH = 20

log = logging.getLogger("affiche.ingest")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Meaning:
    """A unit vector in the space of `model`."""

    model: Digest
    vector: Vector


@dataclass(frozen=True, slots=True, kw_only=True)
class Embedded:
    """What became of a picture; `problem` says why it has no vector."""

    id: str
    name: str
    problem: str = ""


class Meanings:
    """Makes vectors with the model of the settings. The process is started when it is first asked."""

    def __init__(self, settings: Settings) -> None:
        self._folder = settings.embedding_model
        self._aside = Aside(longest_s=_LONGEST_S, memory_bytes=0)

    def check(self) -> None:
        """Raises CapabilityError, with what to do, when meaning cannot be asked for. Quick: no model is loaded."""
        inlets.check_embedder(self._folder)

    def model(self) -> Digest:
        """Which model it is. Raises CapabilityError."""
        self.check()
        return self._aside.run(_model, self._folder)

    def of_phrase(self, text: str) -> Meaning:
        """What a phrase means. Raises CapabilityError, RenderCrash."""
        self.check()
        return self._aside.run(_of_phrase, self._folder, text)

    def of_thumbnail(self, jpeg: bytes) -> Meaning:
        """What a picture means. Raises CapabilityError, AssetError, RenderCrash."""
        self.check()
        return self._aside.run(_of_thumbnail, self._folder, jpeg)

    def if_set_up(self, jpeg: bytes) -> Meaning | None:
        """As `of_thumbnail`; None where there is no model. One that does not work is no reason to refuse a picture."""
        if self._folder == Path() or not jpeg:
            return None
        try:
            return self.of_thumbnail(jpeg)
        except AfficheError as error:
            log.warning("a picture came in without a vector: %s", error.public)
            return None

    def close(self) -> None:
        """Ends the process."""
        self._aside.close()


def embed_missing(
    registry: Registry, thumbnail: Callable[[Digest], bytes], meanings: Meanings
) -> Iterator[Embedded]:
    """Makes the vectors that pictures of the registry lack, oldest first. What a kill leaves, the next call goes on with.

    Raises CapabilityError when the model cannot be used at all.
    """
    model, after = meanings.model(), ""
    with registry.write() as c:
        vectors.prepare(c)
    while True:
        with registry.read() as c:
            rows = vectors.missing(c, model, after=after, limit=_BATCH)
        if not rows:
            return
        made = []
        for row in rows:
            try:
                made.append((row, meanings.of_thumbnail(thumbnail(Digest(row["thumbnail"])))))
            except CapabilityError:
                raise
            except AfficheError as error:
                yield Embedded(id=row["id"], name=row["name"], problem=error.public)
        with registry.write() as c:
            for row, meaning in made:
                vectors.put(c, row, meaning.model, meaning.vector)
        yield from (Embedded(id=row["id"], name=row["name"]) for row, _ in made)
        after = rows[-1]["id"]


# -- in the process beside ------------------------------------------------------------------------------------------------


def _model(folder: Path) -> Digest:
    return inlets.embedder(folder).model


def _of_phrase(folder: Path, text: str) -> Meaning:
    embedder = inlets.embedder(folder)
    return Meaning(model=embedder.model, vector=embedder.phrase(text))


def _of_thumbnail(folder: Path, jpeg: bytes) -> Meaning:
    embedder = inlets.embedder(folder)
    return Meaning(model=embedder.model, vector=embedder.picture(wire.file_codec().decode(jpeg)))
