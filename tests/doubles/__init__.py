"""Protocol doubles of picture providers on a real socket: strict about what comes in, honest shapes in what goes out.

`server.py` is the socket with its faults; each provider has a file. `python -m tests.doubles NAME --bills FILE` runs one as a
process of its own, which survives a killed client and writes down every picture it would have charged for.
"""
