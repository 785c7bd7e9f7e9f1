"""The bench: what a creative costs, against a floor measured in the same run (`./run bench`).

`measure` alternates subject and floor and counts CPU of the process tree; `material` makes briefs and requests that
nobody has seen before; one module per group of rows (`stills`, `campaigns`, `memory`, `pair`); `rows` is the table. It uses
the product as a user or a worker process does, and repeats none of its code.
"""
