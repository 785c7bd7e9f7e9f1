"""How long connections wait: to PostgreSQL for a host that has fallen silent, to a file of SQLite for others that open it.

A host that dies, a network that splits and a database that fails over send no goodbye: without limits of its own TCP waits for
a quarter of an hour (Linux: `tcp_retries2`), a reader without anything to send for two hours, and so does the server, with every
lock of the silent one. Parameters of libpq and of the server, by PostgreSQL's documentation ("Parameter Key Words", "Client
Connection Defaults").
"""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import parse_qsl, quote, urlencode

#: Silence of 15 s is asked about three times, 5 s apart; what was sent and not taken within 20 s ends the connection.
_LIMITS = {
    "connect_timeout": "10", "tcp_user_timeout": "20000",
    "keepalives_idle": "15", "keepalives_interval": "5", "keepalives_count": "3",
    # The same for the server's side, and what a frozen worker holds it holds for half a minute at most.
    "options": "-c tcp_keepalives_idle=15 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3 -c tcp_user_timeout=20000 "
    "-c idle_in_transaction_session_timeout=30000",
}  # fmt: skip


def write_ahead(execute: Callable[[str], object], *, within_s: float) -> None:
    """Lets a file of SQLite be written ahead, by `execute` of a connection to it. Raises what that raises.

    SQLite does not wait by itself here: of several that open a new file at once some are told that it is locked, and ask again.
    """
    ends = time.monotonic() + within_s
    while True:
        try:
            execute("PRAGMA journal_mode=WAL")
        except Exception as error:
            if "locked" not in str(error) or time.monotonic() > ends:
                raise
            time.sleep(0.01)
        else:
            return


def patient(url: str) -> str:
    """`url` with these limits; those that it sets itself stay (`options=` sets none). What is no PostgreSQL stays as it is."""
    if not url.startswith("postgresql"):
        return url
    address, _, query = url.partition("?")
    given = parse_qsl(query, keep_blank_values=True)
    known = {name for name, _ in given}
    asked = [*given, *((name, value) for name, value in _LIMITS.items() if name not in known)]
    return f"{address}?{urlencode(asked, quote_via=quote)}"  # libpq reads no "+" as a space
