"""Envelope encryption with AES-256-GCM: each value has a key of its own, which the ring's current key wraps.

    "AFS1" | n, id of the ring's key | 12 nonce | 48 wrapped key | 12 nonce | ciphertext and tag

What the value is about (table, row, column) is authenticated with it: a value copied into another row does not open. Rotation
wraps the small key anew and leaves the rest (`rewrap`). Source: NIST SP 800-38D; random nonces are safe here because
a value's key seals one message, and a ring's key wraps far fewer than 2^32.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from affiche.adapters.seal.ring import KEY_BYTES, Ring, WatchedRing
from affiche.errors import SealBroken

_MAGIC, _NONCE, _WRAPPED = b"AFS1", 12, KEY_BYTES + 16


@dataclass(frozen=True, slots=True)
class _Parts:
    key_id: str
    wrapped: bytes
    rest: bytes


class RingSealer:
    """`ports.Sealer` with the keys of a ring; with `watched` a ring that changes on disk is read anew before the next use."""

    def __init__(self, ring: Ring, watched: WatchedRing | None = None) -> None:
        self._known, self._watched = ring, watched

    @property
    def _ring(self) -> Ring:
        if self._watched is not None:
            self._known = self._watched.changed() or self._known
        return self._known

    @property
    def key_id(self) -> str:
        return self._ring.current

    def seal(self, data: bytes, *, about: str) -> bytes:
        key, nonce = secrets.token_bytes(KEY_BYTES), secrets.token_bytes(_NONCE)
        return self._wrapped(key) + nonce + AESGCM(key).encrypt(nonce, data, about.encode())

    def open(self, sealed: bytes, *, about: str) -> bytes:
        parts = _parts(sealed)
        key = self._unwrapped(parts)
        return _decrypted(key, parts.rest, about.encode(), "was altered, or belongs to something else")

    def rewrap(self, sealed: bytes) -> bytes:
        parts = _parts(sealed)
        return sealed if parts.key_id == self.key_id else self._wrapped(self._unwrapped(parts)) + parts.rest

    def derive(self, purpose: str) -> tuple[bytes, ...]:
        ring = self._ring
        ids = [ring.current, *(id for id in ring.keys if id != ring.current)]
        return tuple(_derived(ring.keys[id], purpose) for id in ids)

    def _wrapped(self, key: bytes) -> bytes:
        ring = self._ring
        nonce, id = secrets.token_bytes(_NONCE), ring.current.encode()
        head = _MAGIC + bytes([len(id)]) + id
        return head + nonce + AESGCM(ring.keys[ring.current]).encrypt(nonce, key, head)

    def _unwrapped(self, parts: _Parts) -> bytes:
        ring_key = self._ring.keys.get(parts.key_id)
        if ring_key is None:
            raise SealBroken(f"the key {parts.key_id[:40]!r} is not on the ring", hint="Put that key back.")
        id = parts.key_id.encode()
        return _decrypted(ring_key, parts.wrapped, _MAGIC + bytes([len(id)]) + id, "does not open with its key")


def _derived(key: bytes, purpose: str) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=b"affiche", info=purpose.encode()).derive(key)


def _parts(sealed: bytes) -> _Parts:
    end = 5 + sealed[4] if len(sealed) > 5 else 0
    cut = end + _NONCE + _WRAPPED
    if sealed[:4] != _MAGIC or len(sealed) < cut + _NONCE + 16:
        raise SealBroken("this is not a sealed value")
    try:
        return _Parts(key_id=sealed[5:end].decode("ascii"), wrapped=sealed[end:cut], rest=sealed[cut:])
    except UnicodeDecodeError as error:
        raise SealBroken("this is not a sealed value") from error


def _decrypted(key: bytes, data: bytes, about: bytes, wrong: str) -> bytes:
    try:
        return AESGCM(key).decrypt(data[:_NONCE], data[_NONCE:], about)
    except InvalidTag as error:
        raise SealBroken(f"a sealed value {wrong}") from error
