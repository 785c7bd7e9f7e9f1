"""Text files to located values: bytes -> `Node` tree, each node knowing its line, column and pointer.

May live here: decoding, YAML and JSON (and YAML front matter in Markdown) under limits; nothing that knows what a brief is.
Brief, brand, template and profile readers stand on it. Start with `parse.py`; the value is in `node.py`.
"""
