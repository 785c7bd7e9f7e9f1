"""Signatures of webhooks: HMAC-SHA256 over `timestamp.body`, in `Affiche-Signature: t=..., v1=...`.

The receiver computes the same and refuses a timestamp that is older than five minutes, so nobody can replay what he overheard.
"""

from __future__ import annotations

import hashlib
import hmac

HEADER = "Affiche-Signature"
#: How old a signed message may be, s.
FRESH_S = 300


def signature(secret: bytes, body: bytes, timestamp: int) -> str:
    """The value of the header."""
    code = hmac.new(secret, f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={timestamp},v1={code}"


def is_genuine(secret: bytes, body: bytes, header: str, *, now: int) -> bool:
    """Whether `header` was made with `secret` for `body`, lately."""
    parts = dict(part.strip().partition("=")[::2] for part in header.split(","))
    try:
        timestamp = int(parts.get("t", ""))
    except ValueError:
        return False
    fresh = abs(now - timestamp) <= FRESH_S
    return fresh and hmac.compare_digest(signature(secret, body, timestamp), f"t={timestamp},v1={parts.get('v1', '')}")
