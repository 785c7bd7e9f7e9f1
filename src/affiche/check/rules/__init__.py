"""The rules, one per file. A file holds one `RULE` with its function and its examples; `../table.py` lists them all."""
