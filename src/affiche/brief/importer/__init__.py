"""The importer of foreign briefs: other names for the same things, each assumption a note. `read.py` is the recipe."""
