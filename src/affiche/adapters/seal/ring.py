"""The key ring: a small TOML file with 256-bit keys by id, one of them current. It is a secret; keep it apart from backups.

    current = "k2"
    [keys]
    k1 = "base64..."
    k2 = "base64..."

New values are sealed with the current key, old ones are opened with the key that they name. A key leaves the ring only after
everything was sealed anew (`rewrap`).
"""

from __future__ import annotations

import base64
import binascii
import logging
import os
import secrets
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from affiche.errors import UsageError

KEY_BYTES = 32

log = logging.getLogger("affiche.seal")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """Keys by id. `current` seals; all open."""

    current: str
    keys: Mapping[str, bytes] = field(repr=False)


def open_ring(path: Path, *, create: bool = False) -> Ring:
    """The ring in `path`; with `create` a new one when there is none. Raises UsageError."""
    if create and not path.exists():
        _write(path, _with_new_key(None), exclusive=True)
    try:
        mode = path.stat().st_mode
        data = tomllib.loads(path.read_text(encoding="ascii"))
    except (OSError, ValueError) as error:
        raise UsageError(f"the key ring {path} cannot be read: {type(error).__name__}") from None
    if mode & (stat.S_IRWXG | stat.S_IRWXO) & ~stat.S_IRGRP:
        # Secrets that an orchestrator mounts may be readable by a group, never by everyone.
        raise UsageError(f"the key ring {path} is open to others", hint=f"chmod 600 {path}")
    return _read(data, path)


class WatchedRing:
    """A ring's file: whether it changed since it was read last. One that cannot be read, or is wrong, changes nothing."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp = self._now()

    def changed(self) -> Ring | None:
        """The ring as it is now, when its file is another one than before."""
        stamp = self._now()
        if stamp is None or stamp == self._stamp:
            return None
        self._stamp = stamp
        try:
            return open_ring(self._path)
        except UsageError as error:
            log.warning("the key ring changed and is not used: %s", error.public)
            return None

    def _now(self) -> tuple[int, int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_ino, found.st_size


def add_key(path: Path) -> Ring:
    """A new key in the ring, current from now on (atomic; old keys stay). Raises UsageError."""
    ring = _with_new_key(open_ring(path) if path.exists() else None)
    _write(path, ring, exclusive=not path.exists())
    return ring


def _read(data: Mapping[str, object], path: Path) -> Ring:
    current, named = data.get("current"), data.get("keys")
    if not isinstance(current, str) or not isinstance(named, dict) or current not in named:
        raise UsageError(f"the key ring {path} needs `current` and that key under [keys]")
    keys = {}
    for id, text in named.items():
        try:
            keys[id] = base64.b64decode(str(text), validate=True)
        except binascii.Error:
            keys[id] = b""
        if len(keys[id]) != KEY_BYTES or not 0 < len(id) <= 40 or not id.isascii():
            raise UsageError(f"key {id[:40]!r} of the ring {path} is not {KEY_BYTES} bytes in base64")
    return Ring(current=current, keys=keys)


def _with_new_key(ring: Ring | None) -> Ring:
    id = f"k{secrets.token_hex(4)}"
    return Ring(current=id, keys={**(ring.keys if ring else {}), id: secrets.token_bytes(KEY_BYTES)})


def _write(path: Path, ring: Ring, *, exclusive: bool) -> None:
    """Whole or not at all, readable by the owner alone; with `exclusive` a ring that somebody else made meanwhile stays."""
    lines = [f'current = "{ring.current}"', "[keys]"]
    lines += [f'{id} = "{base64.b64encode(key).decode()}"' for id, key in ring.keys.items()]
    staged = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as out:
            out.write("\n".join([*lines, ""]))
            out.flush()
            os.fsync(out.fileno())
        if exclusive:
            try:
                os.link(staged, path)
            except FileExistsError:
                return
        else:
            staged.replace(path)
    except OSError as error:
        raise UsageError(f"the key ring {path} cannot be written: {error.strerror}") from error
    finally:
        staged.unlink(missing_ok=True)
