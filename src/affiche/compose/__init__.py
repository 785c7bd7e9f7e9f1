"""Compose: a request becomes a frame. `compose.py` is the recipe; `template/`, `layout/`, `typeset/`, `encode/` its verbs."""
