"""Ids of rows: a prefix that says the kind, then 26 characters that sort by time (48 bits of ms, 80 random bits)."""

from __future__ import annotations

import secrets
import time
from typing import Literal

Kind = Literal[
    "ten", "per", "gra", "key", "ses", "brd", "ast", "upl", "cmp", "run", "cre", "apr", "cmt", "pkg", "whk", "dlv", "sch", "req",
    "rel", "arr", "bat", "acp",
]
#: Crockford's base 32: no I, L, O, U.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PATTERN = r"^[a-z]{3}_[0-9A-HJKMNP-TV-Z]{26}$"


def new_id(kind: Kind) -> str:
    """A new id such as `cmp_01JD...`; later ids of one kind sort after earlier ones (to the millisecond)."""
    number = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
    digits = "".join(_ALPHABET[number >> shift & 31] for shift in range(125, -1, -5))
    return f"{kind}_{digits}"


def pattern(kind: Kind) -> str:
    """The regular expression of ids of one kind."""
    return PATTERN.replace("[a-z]{3}", kind)
