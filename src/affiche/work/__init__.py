"""Workers: processes that do what the engine hands out. `worker.py` lives and ends, `hands.py` gives tasks to render processes,
`perform.py` is what such a process does with the ids it gets, `board.py` tells people what is in hand."""
