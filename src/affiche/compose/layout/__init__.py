"""Layout: a bound template and a request -> a frame.

Theory of operation. Everything is laid out left to right; for right-to-left locales the finished items are mirrored, so
that no box knows about direction (`mirror.py`). Boxes that do not depend on the copy get their rectangles first; texts are
then fitted into what their stack has left (`stack.py`), the display text last, because its size carries the design.
Colours of type come from the brand, first one with enough contrast on the estimated ground (`ground.py`).
Recipe: `arrange.py`.
"""
