"""One run of the registry, carried out: its brief and assets laid into a folder, planned, built, and what was made written back.

`folder.py` lays out, `references.py` says which files a brief may name, `planned.py` plans, `record.py` writes results into the
registry. `work/perform.py` joins them; *when* and *where* runs are carried out is the engine's.
"""
