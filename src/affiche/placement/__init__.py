"""Placements: where an ad appears and what must hold there, as data with sources.

`catalog.py` finds them by name, `model.py` says what one is.
"""
