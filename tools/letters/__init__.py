"""A labelled set for the recognition of letters in pictures: clean ones, and such into which words were set. See `score.py`."""
