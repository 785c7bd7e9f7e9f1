"""The guarded fetcher: the only way to an address that came from outside (DESIGN: what keeps it safe).

`address.py` says which addresses are nobody's business, `network.py` connects to exactly the address that was looked at,
`guarded.py` follows redirects and keeps the limits.
"""

from affiche.adapters.fetch.guarded import GuardedFetcher

__all__ = ["GuardedFetcher"]
