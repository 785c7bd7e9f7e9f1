"""Adapters: each knows one library or service and implements one port. Siblings are strangers; `wire.py` joins them."""
