"""Encryption at rest: a key ring (`ring.py`) and what it seals (`envelope.py`). Briefs, copy and secrets, not pictures."""

from affiche.adapters.seal.envelope import RingSealer
from affiche.adapters.seal.ring import Ring, WatchedRing, add_key, open_ring

__all__ = ["Ring", "RingSealer", "WatchedRing", "add_key", "open_ring"]
