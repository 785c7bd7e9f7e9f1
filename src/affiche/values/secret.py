"""Secrets: keys and tokens that must never be seen. Their value is read in one way only, on purpose: `reveal`."""

from __future__ import annotations


class Secret:
    """A key. Neither `repr`, `str`, formatting, pickling nor comparison shows it; empty means that there is none."""

    __slots__ = ("_value",)

    def __init__(self, value: str = "") -> None:
        self._value = value

    def reveal(self) -> str:
        """The value, for the one header or parameter that carries it."""
        return self._value

    def __bool__(self) -> bool:
        return bool(self._value)

    def __repr__(self) -> str:
        return "Secret(***)" if self._value else "Secret()"

    def __str__(self) -> str:
        return "***" if self._value else ""

    def __reduce__(self) -> str:
        raise TypeError("a secret is not pickled")
