"""Backup and restore of a home: registry, ledger and blobs in one tar file. The key ring stays out: keep it apart.

The databases are copied first, each as one consistent snapshot while others go on writing; blobs come after, since a row is
written only when its blobs are there. PostgreSQL and object stores have backups of their own, which are better.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from affiche.errors import StorageError, UsageError
from affiche.ports import Depot

DATABASES = ("registry.db", "ledger.sqlite")
_LIST, _FORMAT = "backup.json", 1


def backup(home: Path, depot: Depot, target: Path) -> Mapping[str, Any]:
    """Writes the backup of `home` to `target` (whole or not at all) and returns its list. Raises UsageError, StorageError."""
    if target.exists():
        raise UsageError(f"{target} exists already")
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with tempfile.TemporaryDirectory(prefix="affiche-backup-") as folder, tarfile.open(part, "w") as tar:
            copies = {name: _snapshot(home / name, Path(folder) / name) for name in DATABASES if (home / name).is_file()}
            blobs = sorted(blob.digest for blob in depot.stored())
            listed = {"format": _FORMAT, "databases": copies, "blobs": len(blobs)}
            (Path(folder) / _LIST).write_text(json.dumps(listed))
            for name in (_LIST, *copies):
                tar.add(Path(folder) / name, name)
            for blob in blobs:
                tar.add(depot.path(blob), f"blobs/{blob[:2]}/{blob[2:]}")
        part.replace(target)
    except OSError as error:
        raise StorageError(f"the backup cannot be written: {error.strerror}") from error
    finally:
        part.unlink(missing_ok=True)
    return listed


def restore(source: Path, home: Path) -> Mapping[str, Any]:
    """Brings a backup into `home`, which must hold no state yet; every byte is checked before anything is there.

    Returns the backup's list. Raises UsageError.
    """
    if any((home / name).exists() for name in (*DATABASES, "blobs")):
        raise UsageError(f"{home} holds state already", hint="Restore into a home of its own.")
    home.mkdir(parents=True, exist_ok=True)
    staged = Path(tempfile.mkdtemp(prefix=".restoring-", dir=home))
    try:
        with tarfile.open(source) as tar:
            tar.extractall(staged, filter="data")
        listed = _checked(staged)
        for name in ("blobs", *listed["databases"]):
            if (staged / name).exists():
                (staged / name).replace(home / name)
    except (OSError, tarfile.TarError, ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{source} is not a whole backup: {error}") from error
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    return listed


def _snapshot(source: Path, target: Path) -> str:
    """A consistent copy of a database that may be in use; its sha256."""
    engine = sa.create_engine(f"sqlite:///{source}")
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("VACUUM INTO ?", (str(target),))
    except sa.exc.SQLAlchemyError as error:
        raise StorageError(f"{source.name} cannot be copied: {error}") from error
    finally:
        engine.dispose()
    return _sha256(target)


def _checked(folder: Path) -> dict[str, Any]:
    """The list of an extracted backup, when everything in it is what it was. Raises ValueError."""
    listed: dict[str, Any] = json.loads((folder / _LIST).read_text())
    if listed["format"] != _FORMAT or not set(listed["databases"]) <= set(DATABASES):
        raise ValueError("it is of another version")
    for name, digest in listed["databases"].items():
        if _sha256(folder / name) != digest:
            raise ValueError(f"{name} was altered")
    blobs = [path for path in (folder / "blobs").glob("*/*") if path.is_file()]
    if len(blobs) != listed["blobs"]:
        raise ValueError(f"{len(blobs)} of {listed['blobs']} blobs are there")
    for path in blobs:
        if _sha256(path) != path.parent.name + path.name:
            raise ValueError(f"blob {path.parent.name}{path.name[:10]} was altered")
    return listed


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
