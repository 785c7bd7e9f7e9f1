"""Likeness of a back-translation: equal is 100, nothing in common is 0, order and small changes lie between."""

from __future__ import annotations

from affiche.write.review import likeness


def test_likeness() -> None:
    source = "Wake up the afternoon"
    assert likeness(source, source) == likeness("WAKE UP  the afternoon", source) == 100
    assert likeness("xyz", source) == 0 and likeness("", source) == 0
    near, far = likeness("Wake the afternoon", source), likeness("Sleep all day long", source)
    assert 60 < near < 100 and far < 25
