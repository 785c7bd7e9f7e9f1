"""Passwords: what is kept of them (scrypt of the standard library), and which are taken.

    scrypt$15$8$3$<salt>$<hash>      log2 N, r, p; 32 MB and about a third of a second a guess

Cost: OWASP Password Storage Cheat Sheet (2025), scrypt N=2^15, r=8, p=3. Parameters stand in each digest, so they can grow; an
older digest is made anew when its owner signs in.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import threading
import unicodedata

from affiche.errors import UsageError

LEAST, MOST = 12, 200
_LOG_N, _R, _P = 15, 8, 3
_MEMORY = 64_000_000
#: Digests that are made at once: each takes its memory.
_TURNS = threading.BoundedSemaphore(4)


def check(password: str, *, about: tuple[str, ...] = ()) -> None:
    """Raises UsageError for a password that is too short, too long, or little more than `about` (name, address)."""
    text = _plain(password)
    if not LEAST <= len(text) <= MOST:
        raise UsageError(f"a password has {LEAST} to {MOST} characters", hint="a sentence of four words is easy to keep in mind")
    known = [part for name in about for part in (name.casefold(), name.casefold().partition("@")[0]) if len(part) > 3]
    rest = text.casefold()
    for part in sorted(known, key=len, reverse=True):
        rest = rest.replace(part, "")
    if len(set(rest)) < 5:
        raise UsageError("this password is too easy to guess", hint="not your name, your address, or one letter again and again")


def digest_of(password: str) -> str:
    """What is kept."""
    salt = secrets.token_bytes(16)
    return f"scrypt${_LOG_N}${_R}${_P}${_text(salt)}${_text(_scrypt(password, salt, _LOG_N, _R, _P))}"


def fits(password: str, kept: str) -> bool:
    """Whether `password` is the one that `kept` stands for. As slow when nothing is kept: nobody learns who has an account."""
    parts = (kept or _NOBODY).split("$")
    log_n, r, p = (int(part) for part in parts[1:4])
    made = _scrypt(password, base64.b64decode(parts[4]), log_n, r, p)
    return hmac.compare_digest(made, base64.b64decode(parts[5])) and bool(kept)


def is_old(kept: str) -> bool:
    """Whether `kept` was made with other parameters than today's."""
    return kept.split("$")[1:4] != [str(_LOG_N), str(_R), str(_P)]


def _scrypt(password: str, salt: bytes, log_n: int, r: int, p: int) -> bytes:
    with _TURNS:
        return hashlib.scrypt(_plain(password).encode(), salt=salt, n=1 << log_n, r=r, p=p, maxmem=_MEMORY, dklen=32)


def _plain(password: str) -> str:
    """The same letters typed on another keyboard are the same password."""
    return unicodedata.normalize("NFKC", password)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


#: Stands in for the digest of an account that does not exist; nothing fits it.
_NOBODY = f"scrypt${_LOG_N}${_R}${_P}${_text(bytes(16))}${_text(bytes(32))}"
