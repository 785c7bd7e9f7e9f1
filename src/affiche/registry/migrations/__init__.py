"""Migrations of the registry. A new one: change `tables/`, write `versions/NNNN_what.py`, see the test compare both."""
