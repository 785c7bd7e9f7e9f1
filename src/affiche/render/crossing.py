"""How templates cross the border between processes: as bytes that are made once, and read once by each process.

A template is a thousand small values, two thirds of what a batch of jobs would consist of. Loading this module is what makes
them cross so; `jobs.py` does.
"""

from __future__ import annotations

import copyreg
import pickle
from dataclasses import fields
from functools import lru_cache
from typing import Any

from affiche.compose.template.model import Template
from affiche.values.digest import Digest

_NAMES = tuple(field.name for field in fields(Template))
#: More than a campaign uses; a server that previews edits of templates sees a new one with every keystroke.
_KEPT = 32
_packed: dict[Digest, tuple[Template, bytes]] = {}


def _pack(template: Template) -> tuple[Any, ...]:
    # Only what was read from a file has a digest.
    if not template.digest:
        return _unpacked, (_bytes_of(template),)
    known = _packed.get(template.digest)
    # The very same: a copy with another ground has the digest of the file still.
    if known is None or known[0] is not template:
        if len(_packed) >= _KEPT:
            _packed.clear()
        known = _packed[template.digest] = template, _bytes_of(template)
    return _restored, (known[1],)


def _bytes_of(template: Template) -> bytes:
    return pickle.dumps([getattr(template, name) for name in _NAMES], protocol=pickle.HIGHEST_PROTOCOL)


def _unpacked(data: bytes) -> Template:
    return Template(**dict(zip(_NAMES, pickle.loads(data), strict=True)))  # noqa: S301 - made by our own process


@lru_cache(maxsize=_KEPT)
def _restored(data: bytes) -> Template:
    return _unpacked(data)


copyreg.pickle(Template, _pack)
