"""Affiche: a build tool for ad campaigns. Nothing inside imports this root; read `produce.py` first."""
