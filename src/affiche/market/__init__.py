"""Markets: which locales a region speaks, what people call countries, groups, places and languages.

Data is in `data/*.toml`; `atlas.py` loads it once; `resolve.py` understands prose such as `UAE / Saudi Arabia`.
"""
