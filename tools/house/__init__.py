"""House checks: the shape of the code, who may use what, and words that must not stand in the project.

`python -m house` (with `tools` on the path) prints every complaint and exits 1 when there is one; `./run lint` and
`tests/unit/house` call it. `shape` measures files and functions, `borders` knows which package may use which library or
effect, `words` reads every committed text file. Import order between packages is import-linter's (pyproject.toml).
"""
