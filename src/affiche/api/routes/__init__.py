"""One file per kind of thing; `ROUTERS` of `app.py` is the list. A route's operation id is the action that roles are granted."""
