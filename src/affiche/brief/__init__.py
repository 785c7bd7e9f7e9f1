"""Brief: what the client asks for, in any file.

`read` picks the reader (`strict` for ours, `importer/` for others'), `feed` reads product feeds; `model` is the value,
`normal` and `json` print it.
"""
