"""One page for humans: every template in every aspect class and six locales, proof sheets, both example campaigns.

`python -m gallery [OUT]` (with `tools` on the path) or `./run gallery`. Nothing is judged here: look at it, at full size.
"""
