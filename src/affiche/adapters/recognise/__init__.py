"""Recognising things in pictures that we did not make. One thing per file."""
