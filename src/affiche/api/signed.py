"""Addresses that work without a key for a while: signed by us where the store cannot sign.

An address says until when it holds, and its signature (HMAC-SHA256 with a key of the ring, for this purpose alone) covers the
method,
the path and everything that it says: another method, file, size or digest is refused, and so is a link whose key has left the
ring.
"""

from __future__ import annotations

import hmac
import time
from collections.abc import Mapping
from hashlib import sha256
from urllib.parse import urlencode

from affiche.errors import NotFound
from affiche.ports import Sealer

#: What the keys are derived for.
_PURPOSE = "signed urls"


def signed(sealer: Sealer, method: str, path: str, *, seconds: int, **said: str | int) -> str:
    """The address of `path` for `method`, valid for so long."""
    plain = {"expires": str(int(time.time()) + seconds), **{name: str(value) for name, value in said.items()}}
    return f"{path}?{urlencode({**plain, 'signature': _signature(sealer.derive(_PURPOSE)[0], method, path, plain)})}"


def check(sealer: Sealer, method: str, path: str, *, signature: str, expires: int, **said: str | int) -> int:
    """How many seconds the address still holds. Raises NotFound: a wrong link and an ended one look the same."""
    plain = {"expires": str(expires), **{name: str(value) for name, value in said.items()}}
    left = expires - int(time.time())
    genuine = any(hmac.compare_digest(_signature(key, method, path, plain), signature) for key in sealer.derive(_PURPOSE))
    if not genuine or left <= 0:
        raise NotFound("this link is not valid, or has ended", hint="ask for a new one")
    return left


def _signature(key: bytes, method: str, path: str, said: Mapping[str, str]) -> str:
    text = "\n".join((method, path, *(f"{name}={said[name]}" for name in sorted(said))))
    return hmac.new(key, text.encode(), sha256).hexdigest()
