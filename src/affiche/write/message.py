"""Copy with values in it:

`Save {discount, number, percent} until {ends, date, long}`. ICU MessageFormat, as far as ads need it. Theory of operation. A
text is parsed into strings and arguments (`Argument`); numbers, amounts, dates and lists are written as CLDR has them for the
locale (babel), plural and ordinal categories are CLDR's too. Apostrophes quote as in ICU: only right before a brace or `#`;
`''` is one apostrophe. Understood: `{x}`, `{x, number[, integer|percent|currency]}`, `{x, date[, short|medium|long|full]}`,
`{x, list[, or]}`, `{x, plural, ...}`, `{x, selectordinal, ...}`, `{x, select, ...}`. Anything else is refused, never passed
over. Source: https://unicode-org.github.io/icu/userguide/format_parse/messages/ (read 2026-11-21); equal to ICU's own in the
tests.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from affiche.write.amounts import cldr_locale, localized, money_of

Values = Mapping[str, str | tuple[str, ...]]
Parts = tuple["str | Argument", ...]

_STYLES: dict[str, frozenset[str]] = {
    "": frozenset({""}),
    "number": frozenset({"", "integer", "percent", "currency"}),
    "date": frozenset({"", "short", "medium", "long", "full"}),
    "list": frozenset({"", "or"}),
}
_CHOICES = frozenset({"plural", "selectordinal", "select"})
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,39}")
_KEY = re.compile(r"=\d{1,9}|[A-Za-z_]{1,40}")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_MAX_DEPTH = 6


class MessageError(ValueError):
    """A text with values that cannot be read or filled; the message says where or which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """One value to fill in. `style` of numbers, dates, lists; `options` of choices: key -> parts (`other` always there)."""

    name: str
    kind: str = ""
    style: str = ""
    options: Mapping[str, Parts] = field(default_factory=dict)


def parse(text: str) -> Parts:
    """The parts of `text`. Raises MessageError."""
    parts, at = _parts(text, 0, 0)
    if at != len(text):
        raise MessageError(f"a closing brace without an opening one at character {at + 1}")
    return parts


def has_values(text: str) -> bool:
    """Whether `text` asks for values (a quick look; `parse` knows)."""
    return "{" in text


def signature(text: str) -> tuple[str, ...]:
    """What a translation must keep: each argument with kind and style, sorted. Raises MessageError."""
    return tuple(sorted({_signed(argument) for argument in arguments(parse(text)) if argument.name != "#"}))


def arguments(parts: Parts) -> Iterator[Argument]:
    """Every argument, those inside choices included."""
    for part in parts:
        if isinstance(part, Argument):
            yield part
            for inner in part.options.values():
                yield from arguments(inner)


def filled(text: str, values: Values, tag: str) -> str:
    """`text` with its values as the locale writes them. Raises MessageError naming what is missing or does not fit."""
    return _filled(parse(text), values, tag, "")


# -- reading --------------------------------------------------------------------------------------------------------------


def _signed(argument: Argument) -> str:
    return ":".join(part for part in (argument.name, argument.kind, argument.style) if part)


def _parts(text: str, at: int, depth: int) -> tuple[Parts, int]:
    """Parts from `at` to the closing brace of the surrounding choice, or the end."""
    parts: list[str | Argument] = []
    plain: list[str] = []
    while at < len(text) and text[at] != "}":
        if text[at] == "'":
            quoted, at = _quoted(text, at)
            plain.append(quoted)
        elif text[at] == "{":
            if plain:
                parts.append("".join(plain))
                plain = []
            argument, at = _argument(text, at + 1, depth)
            parts.append(argument)
        elif text[at] == "#" and depth:
            parts += ["".join(plain)] if plain else []
            plain = []
            parts.append(Argument(name="#"))
            at += 1
        else:
            plain.append(text[at])
            at += 1
    return (*parts, *(["".join(plain)] if plain else [])), at


def _quoted(text: str, at: int) -> tuple[str, int]:
    """What an apostrophe at `at` means, and where it goes on."""
    if text[at : at + 2] == "''":
        return "'", at + 2
    if text[at + 1 : at + 2] not in ("{", "}", "#"):
        return "'", at + 1
    end = text.find("'", at + 1)
    return (text[at + 1 :], len(text)) if end < 0 else (text[at + 1 : end], end + 1)


def _argument(text: str, at: int, depth: int) -> tuple[Argument, int]:
    """The argument whose opening brace stands before `at`."""
    if depth >= _MAX_DEPTH:
        raise MessageError("choices inside choices are too deep")
    name, at = _word(text, at, _NAME, "a name")
    if text[at : at + 1] == "}":
        return Argument(name=name), at + 1
    kind, at = _word(text, _comma(text, at), _KEY, "what kind of value it is")
    if kind in _CHOICES:
        options, at = _options(text, _comma(text, at), depth + 1)
        if "other" not in options:
            raise MessageError(f"{{{name}, {kind}, ...}} has no `other`")
        return Argument(name=name, kind=kind, options=options), at + 1
    style = ""
    if text[at : at + 1] == ",":
        style, at = _word(text, at + 1, _KEY, "a style")
    if kind not in _STYLES or style not in _STYLES[kind]:
        raise MessageError(f"{{{name}}} asks for {kind} {style}".rstrip() + ", which is not understood")
    if text[at : at + 1] != "}":
        raise MessageError(f"{{{name}}} is not closed")
    return Argument(name=name, kind=kind, style=style), at + 1


def _options(text: str, at: int, depth: int) -> tuple[dict[str, Parts], int]:
    options: dict[str, Parts] = {}
    while True:
        at = _blank(text, at)
        if text[at : at + 1] == "}":
            return options, at
        key, at = _word(text, at, _KEY, "a case such as `one` or `other`")
        if text[at : at + 1] != "{":
            raise MessageError(f"the case {key} has no text in braces")
        options[key], at = _parts(text, at + 1, depth)
        if text[at : at + 1] != "}":
            raise MessageError(f"the case {key} is not closed")
        at += 1


def _word(text: str, at: int, pattern: re.Pattern[str], what: str) -> tuple[str, int]:
    match = pattern.match(text, _blank(text, at))
    if match is None:
        raise MessageError(f"{what} is missing at character {at + 1}")
    return match.group(), _blank(text, match.end())


def _blank(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def _comma(text: str, at: int) -> int:
    if text[at : at + 1] != ",":
        raise MessageError(f"a comma is missing at character {at + 1}")
    return at + 1


# -- filling --------------------------------------------------------------------------------------------------------------


def _filled(parts: Parts, values: Values, tag: str, number: str) -> str:
    return "".join(part if isinstance(part, str) else _value(part, values, tag, number) for part in parts)


def _value(argument: Argument, values: Values, tag: str, number: str) -> str:
    if argument.name == "#":
        return _number(_decimal(number, "#"), "", tag)
    if argument.name not in values:
        raise MessageError(f"{{{argument.name}}} has no value: give it under `values`")
    given = values[argument.name]
    if argument.options:
        return _chosen(argument, values, tag)
    return _written(argument, given, tag)


def _written(argument: Argument, given: str | tuple[str, ...], tag: str) -> str:
    kind, style, name = argument.kind or _kind_of(given), argument.style, argument.name
    if kind == "list":
        return _list(given if isinstance(given, tuple) else (given,), style, tag)
    text = _list(given, "", tag) if isinstance(given, tuple) else given
    if kind == "number" and style == "currency":
        if money_of(text) is None:
            raise MessageError(f"{{{name}}} is {text!r}, not an amount with its currency such as 12.99 EUR")
        return localized(text, tag)
    if kind == "number":
        return _number(_decimal(text, name), style, tag)
    return _date(text, name, style or "long", tag) if kind == "date" else localized(text, tag)


def _kind_of(given: str | tuple[str, ...]) -> str:
    if isinstance(given, tuple):
        return "list"
    if _DATE.fullmatch(given):
        return "date"
    return "number" if re.fullmatch(r"-?\d{1,15}(\.\d{1,9})?", given) else ""


def _chosen(argument: Argument, values: Values, tag: str) -> str:
    given = str(values[argument.name])
    if argument.kind == "select":
        return _filled(argument.options.get(given) or argument.options["other"], values, tag, "")
    number = _decimal(given, argument.name)
    exact = argument.options.get(f"={number.normalize():f}")
    cldr = cldr_locale(tag)
    form = cldr.plural_form if argument.kind == "plural" else cldr.ordinal_form
    parts = exact if exact is not None else argument.options.get(form(number)) or argument.options["other"]
    return _filled(parts, values, tag, given)


def _decimal(text: str, name: str) -> Decimal:
    try:
        return Decimal(text)
    except ArithmeticError:
        raise MessageError(f"{{{name}}} is {text!r}, not a number") from None


def _number(number: Decimal, style: str, tag: str) -> str:
    from babel.numbers import format_decimal, format_percent

    cldr: Any = cldr_locale(tag)
    if style == "percent":
        return str(format_percent(number, locale=cldr))
    return str(format_decimal(round(number) if style == "integer" else number, locale=cldr))


def _date(text: str, name: str, style: str, tag: str) -> str:
    from babel.dates import format_date

    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise MessageError(f"{{{name}}} is {text!r}, not a day such as 2026-12-24") from None
    return str(format_date(day, style, locale=cldr_locale(tag)))


def _list(items: tuple[str, ...], style: str, tag: str) -> str:
    from babel.lists import format_list

    return str(format_list([localized(item, tag) for item in items], style or "standard", locale=cldr_locale(tag)))
