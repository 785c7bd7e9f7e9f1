"""Art direction that can be overruled: `choose.py` which template shows a product, `bind.py` which of its layouts a request
gets and what its conditions see. Reads pictures and words, places nothing; next: `layout/`.
"""
