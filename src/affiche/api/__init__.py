"""The HTTP API (`/v1`): who asks, what is wanted, one registry transaction, an answer. Same verbs and shapes as the CLI.

`app.py` puts it together, `house.py` is what it stands on, `caller.py` says who asks, `problem.py` how errors look, `answer.py`
how requests are remembered; `schema/` are the shapes in and out, `routes/` one file per kind of thing.
"""
