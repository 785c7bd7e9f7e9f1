"""Plain immutable values shared by every phase: standard library only, frozen, no effects.

Where to look next: `frame.py` (the neutral value between layout and drawing), `problem.py` and `finding.py`
(the two kinds of bad news), `digest.py` (how everything is keyed).
"""
