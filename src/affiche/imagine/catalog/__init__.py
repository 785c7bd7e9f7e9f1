"""The catalog of picture providers: who there is, which models do what, what they cost, when they end.

Data with sources and dates.

`data/providers.toml` is the shipped one; `schema.py` says what may stand there, `read.py` makes values of it. No price,
model id or date of a provider stands in code.
"""
