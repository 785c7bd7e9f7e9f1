"""Affiche for assistants: a server of the Model Context Protocol with a few tools over the API. `server.py` has them."""
