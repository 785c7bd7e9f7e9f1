"""Render: what happens inside a render process. Batches of jobs in, outcomes for the ledger out.

`jobs.py` holds the values that cross the border between processes, `draw.py` makes a sheet of creatives (compose, paint,
encode, check), `prepare.py` makes pictures ready, `shelf.py` keeps decoded pictures, `sheet_codec.py` encodes only the rows
in which a creative differs from its base, `record.py` turns values into the plain data of the ledger and back.

Nothing here knows of plans to come, other processes or output folders; `produce.py` does.
"""
