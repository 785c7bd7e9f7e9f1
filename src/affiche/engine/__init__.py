"""The engine: decides who runs what when, and nothing else. Ids in, ids out.

`verbs.py` names its five verbs (submit, cancel, wait, schedule, recover) and what it asks of those who work; `durable.py` keeps
the verbs with DBOS on SQLite or PostgreSQL; `leases.py` finds workers that are dead or frozen; `tables.py` opens the database.
Results are the ledger's, runs the registry's: the engine's database may be deleted in mid-run, and nothing is lost.
"""
