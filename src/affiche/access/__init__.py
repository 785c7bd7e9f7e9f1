"""Access: who asks (`keys.py`), what they may (`table.py`), how often (`limits.py`); `gate.py` puts them together for the API."""
