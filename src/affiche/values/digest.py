"""Keys: tagged canonical digests of plain values (DESIGN: keys, ledger, sheets).

May live here: the encoding and nothing else. No pickle, no `repr`: every supported type has a tag, so that values of
different kinds can never collide (`1`, `1.0`, `"1"` and `True` differ). Floats are rounded to 1e-6 first, so that
results of different but equal arithmetic agree.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any, NewType

#: 64 lower-case hex digits: sha256 of a canonical encoding (a *key*) or of bytes (a *blob digest*).
Digest = NewType("Digest", str)


def digest_bytes(data: bytes | bytearray | memoryview) -> Digest:
    """The blob digest of `data`: sha256 in hex."""
    return Digest(hashlib.sha256(data).hexdigest())


def digest(kind: str, *parts: Any) -> Digest:
    """The key of `parts` under the tag `kind`.

    Supported: None, bool, int, float, str, bytes, Enum, list/tuple, set/frozenset, Mapping with str keys, frozen
    dataclasses. Raises TypeError for anything else, so that nothing is keyed by accident.
    """
    out = bytearray()
    _encode(kind, out)
    for part in parts:
        _encode(part, out)
    return Digest(hashlib.sha256(out).hexdigest())


def _encode(value: Any, out: bytearray) -> None:
    if value is None:
        out += b"n;"
    elif isinstance(value, str):
        raw = value.encode("utf-8", "surrogatepass")
        out += b"s%d:" % len(raw)
        out += raw
    elif isinstance(value, bool):
        out += b"t;" if value else b"f;"
    elif isinstance(value, Enum):
        _encode(value.value, out)
    elif isinstance(value, int):
        out += b"i%d;" % value
    elif isinstance(value, float):
        out += b"d%s;" % format(round(value, 6) + 0.0, ".6f").encode()
    elif isinstance(value, bytes | bytearray):
        out += b"b%d:" % len(value)
        out += value
    else:
        _encode_compound(value, out)


def _encode_compound(value: Any, out: bytearray) -> None:
    if isinstance(value, list | tuple):
        out += b"l%d:" % len(value)
        for item in value:
            _encode(item, out)
    elif isinstance(value, set | frozenset):
        out += b"S%d:" % len(value)
        for item in sorted(value):
            _encode(item, out)
    elif isinstance(value, Mapping):
        out += b"m%d:" % len(value)
        for key in sorted(value):
            _encode(key, out)
            _encode(value[key], out)
    elif is_dataclass(value) and not isinstance(value, type):
        _encode(type(value).__name__, out)
        for field in fields(value):
            if field.metadata.get("keyed", True):
                _encode(field.name, out)
                _encode(getattr(value, field.name), out)
        out += b"e;"
    else:
        raise TypeError(f"cannot key a {type(value).__name__}: give its plain parts")
