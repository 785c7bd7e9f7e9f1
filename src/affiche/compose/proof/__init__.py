"""Proof of templates: hard copy, ugly logos and every aspect class, laid out without drawing anything.

`stress.py` the cases and their requests (words in `stress.toml`), `examine.py` what is wrong with a frame. A template with
faults is not used: `affiche template check` tells its author the same before a brief is refused because of it.
"""
