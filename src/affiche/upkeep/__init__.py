"""Upkeep of a service's state: `verify.py` hashes everything again, `backup.py` copies it and brings it back."""
