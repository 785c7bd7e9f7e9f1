"""`when:` conditions: a small total language over facts of a request (no calls, no loops, no errors at layout time).

    expression := term ("or" term)*            term := factor ("and" factor)*
    factor     := "not" factor | "(" expression ")" | name [op value]
    op         := == != < <= > >= in           value := number | word | 'text' | [value, ...]

Names are checked when the template is read; a bare name is true when its fact is present and not empty or zero.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Fact = str | float

#: Every fact a condition may name. `has.X` and `len.X` (graphemes) take a text role, or `logo`, `picture`.
FACTS = ("width", "height", "ratio", "locale", "market", "language", "script", "direction", "placement", "channel", "class",
         "picture", "before", "focal_x", "focal_y", "clear", "calm", "product_ratio",
         "subject_ratio")  # fmt: skip
_PREFIXES = ("has.", "len.")

_TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d+)?)|'([^']*)'|([A-Za-z_][\w.:-]*)|(==|!=|<=|>=|<|>|[()\[\],]))")
_COMPARE: dict[str, Callable[[Fact, Fact], bool]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip

_Test = Callable[[Mapping[str, Fact]], bool]


@dataclass(frozen=True, slots=True)
class Condition:
    """A parsed condition; equal when its text is equal. `names` are the facts that it asks for."""

    text: str
    names: frozenset[str] = field(compare=False, repr=False, metadata={"keyed": False})
    _test: _Test = field(compare=False, repr=False, metadata={"keyed": False})

    def holds(self, facts: Mapping[str, Fact]) -> bool:
        """Whether it is true for these facts (an absent fact counts as empty)."""
        return self._test(facts)

    def __reduce__(self) -> tuple[Callable[[str], Condition], tuple[str]]:
        return parse, (self.text,)


def parse(text: str) -> Condition:
    """The condition, or ValueError naming what is wrong and what is allowed."""
    tokens = _tokens(text)
    test, rest = _expression(tokens)
    if rest:
        raise ValueError(f"unexpected {rest[0][1]!r} in condition {text!r}")
    names = frozenset(word for kind, word in tokens if kind == "name" and (word in FACTS or word.startswith(_PREFIXES)))
    return Condition(text, names, test)


_Tokens = list[tuple[str, str]]


def _tokens(text: str) -> _Tokens:
    tokens, at = [], 0
    while at < len(text.rstrip()):
        match = _TOKEN.match(text, at)
        if match is None:
            raise ValueError(f"cannot read condition {text!r} at {text[at:].strip()!r}")
        kind = ("number", "text", "name", "op")[(match.lastindex or 1) - 1]
        tokens.append((kind, match.group(match.lastindex or 1)))
        at = match.end()
    return tokens


def _expression(tokens: _Tokens) -> tuple[_Test, _Tokens]:
    left, tokens = _term(tokens)
    while tokens and tokens[0] == ("name", "or"):
        right, tokens = _term(tokens[1:])
        left = _either(left, right)
    return left, tokens


def _term(tokens: _Tokens) -> tuple[_Test, _Tokens]:
    left, tokens = _factor(tokens)
    while tokens and tokens[0] == ("name", "and"):
        right, tokens = _factor(tokens[1:])
        left = _both(left, right)
    return left, tokens


def _factor(tokens: _Tokens) -> tuple[_Test, _Tokens]:
    if not tokens:
        raise ValueError("the condition ends too early")
    kind, word = tokens[0]
    if (kind, word) == ("name", "not"):
        inner, rest = _factor(tokens[1:])
        return (lambda facts: not inner(facts)), rest
    if word == "(":
        inner, rest = _expression(tokens[1:])
        if not rest or rest[0][1] != ")":
            raise ValueError("missing ')' in condition")
        return inner, rest[1:]
    if kind != "name":
        raise ValueError(f"a condition starts with a name, not {word!r}")
    return _comparison(_fact_name(word), tokens[1:])


def _fact_name(word: str) -> str:
    if word in FACTS or word.startswith(_PREFIXES):
        return word
    raise ValueError(f"unknown fact {word!r}; known are {', '.join(FACTS)}, has.SLOT, len.SLOT")


def _comparison(name: str, tokens: _Tokens) -> tuple[_Test, _Tokens]:
    if tokens and tokens[0][1] in _COMPARE:
        if len(tokens) < 2:
            raise ValueError(f"missing value after {tokens[0][1]!r}")
        return _compare(name, tokens[0][1], _value(tokens[1])), tokens[2:]
    if tokens and tokens[0] == ("name", "in"):
        values, rest = _list(tokens[1:])
        return (lambda facts: facts.get(name, "") in values), rest
    return (lambda facts: bool(facts.get(name))), tokens


def _compare(name: str, op: str, value: Fact) -> _Test:
    compare = _COMPARE[op]

    def test(facts: Mapping[str, Fact]) -> bool:
        fact = facts.get(name, "")
        if isinstance(fact, str) != isinstance(value, str):
            return op == "!="
        return compare(fact, value)

    return test


def _value(token: tuple[str, str]) -> Fact:
    kind, word = token
    if kind == "op":
        raise ValueError(f"expected a value, found {word!r}")
    return float(word) if kind == "number" else word


def _list(tokens: _Tokens) -> tuple[frozenset[Fact], _Tokens]:
    if not tokens or tokens[0][1] != "[":
        raise ValueError("'in' wants a list like [ar, he]")
    values, at = [], 1
    while at < len(tokens) and tokens[at][1] != "]":
        if tokens[at][1] != ",":
            values.append(_value(tokens[at]))
        at += 1
    if at >= len(tokens):
        raise ValueError("missing ']' in condition")
    return frozenset(values), tokens[at + 1 :]


def _either(left: _Test, right: _Test) -> _Test:
    return lambda facts: left(facts) or right(facts)


def _both(left: _Test, right: _Test) -> _Test:
    return lambda facts: left(facts) and right(facts)
