"""Check: what holds for a finished creative, said as findings. One rule per file in `rules/`, all named in `table.py`.

Recipe: a producer fills a `Subject`, takes the rules in force (`profile.py`, `shipped.py`) and calls `run.check`.
Pure: no clock, disk or network (`shipped.py` reads this package's own data).
"""
