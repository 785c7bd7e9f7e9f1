"""Imagers: providers of pictures, one file each (`Imager` in `ports.py`).

Theory of operation. A provider's file says three things: how a request is written on its wire, how its answer is read, and which
of its words mean "refused", "nothing left" or "gone" (`Signs`). Everything else is shared: `exchange.py` sends exactly one paid
request and knows afterwards whether it can have been billed; `refusal.py` turns answers into the typed errors; `outcome.py`
looks at the picture before anyone decodes it; `jobs.py` waits for providers with queues. What goes out goes through a `Carrier`
(`carrier.py`), so that addresses are guarded in one place and keys never reach another host.

Which models there are, what they can and cost is data: `imagine/catalog`. Next: `exchange.py`, then any provider.
"""
