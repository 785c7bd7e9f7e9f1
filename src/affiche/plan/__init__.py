"""Plan: product x locale x placement x variant as named steps with keys. Pure, quick, spends nothing.

`model.py` holds the values, `expand.py` makes a plan from the inputs, `keys.py` the keys, `quote.py` compares it with
what the ledger has, `fit.py` is the overflow report, `explain.py` says what led to a creative.
"""
