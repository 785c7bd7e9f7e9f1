"""A file of an inbox comes in: a picture, font or feed becomes an asset, a brief a campaign. One bad file never stops the rest.

What became of each is a row (`registry/arrivals.py`), written in the transaction that takes the file: the same state of a file is
never taken twice, whoever looks, however often it is said. What may work later is `failed` and tried again.
"""

from __future__ import annotations

from collections.abc import Iterator

from affiche.ingest import asset, brief
from affiche.ingest.dock import Dock, guarded
from affiche.ports import Inbox, InboxFile
from affiche.registry.scope import Row
from affiche.values.rights import SUFFIX

#: What may be a brief, by the end of its name.
BRIEFS = (".yaml", ".yml", ".json", ".md")


def all_of(dock: Dock, inbox: Inbox) -> Iterator[Row]:
    """What became of every file that is new or changed, briefs last: what they name is then here. Raises StorageError."""
    files = [file for file in inbox.listed() if not is_beside(file.name)]
    for file in sorted(files, key=lambda file: (is_brief(file.name), file.name)):
        row = one(dock, inbox, file)
        if row is not None:
            yield row


def one(dock: Dock, inbox: Inbox, file: InboxFile) -> Row | None:
    """What became of a file; None when this state of it was settled before. Raises RegistryUnavailable."""
    return guarded(dock, inbox, file, brief.take_in if is_brief(file.name) else asset.take_in)


def is_brief(name: str) -> bool:
    """Whether a file may be a brief, by its name."""
    return name.lower().endswith(BRIEFS)


def is_beside(name: str) -> bool:
    """Whether a file belongs to another one and is taken with it: a record of rights, a brand file."""
    last = name.rpartition("/")[2].lower()
    return last.endswith(SUFFIX) or (last.startswith("brand.") and is_brief(last))
