"""How files come in, whatever the way: looked at, stored once, found again. `take.py` is the one verb."""
