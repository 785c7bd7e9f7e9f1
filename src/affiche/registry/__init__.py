"""The registry: people, brands, assets, campaigns, runs, approvals, events. One truth for everything that is not a result.

Tables are in `tables/`, how a database is opened and upgraded in `open.py` and `migrate.py`; the other modules are verbs on
one kind of row each. Every verb takes an open connection and a `Scope`, which keeps tenants and brands apart. Results of
steps are the ledger's, who runs what when is the engine's. Sees values and errors only. SQLite by default, PostgreSQL when set.
"""
