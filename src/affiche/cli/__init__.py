"""The command line: one file per command, each parse -> call -> format. `main.py` has the table."""
