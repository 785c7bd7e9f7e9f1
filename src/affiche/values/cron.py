"""Cron: times that recur, as five fields (minute, hour, day of month, month, day of week), in UTC.

Each field: `*`, a number, a range `1-5`, with a step `*/15`, or several by comma; 0 and 7 are Sunday. What different readers of
cron understand differently is refused: names, `@daily`, ranges of one, and a day of month together with a day of week.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

_FIELDS = (("minute", 0, 59), ("hour", 0, 23), ("day of month", 1, 31), ("month", 1, 12), ("day of week", 0, 7))
_PART = re.compile(r"(\*|\d{1,2})(?:-(\d{1,2}))?(?:/(\d{1,2}))?")
#: How far ahead a next time is looked for, days: 29 February comes within eight years.
_HORIZON = 8 * 366


@dataclass(frozen=True, slots=True, kw_only=True)
class Cron:
    """The minutes, hours, days, months and weekdays (0 = Sunday) that fit."""

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]

    def after(self, moment: datetime) -> datetime | None:
        """The first time after `moment`, in its zone; None when there is none (30 February)."""
        begin = moment.replace(second=0, microsecond=0) + timedelta(minutes=1)
        for number in range(_HORIZON):
            day = begin.replace(hour=0, minute=0) + timedelta(days=number)
            if not self._fits(day):
                continue
            times = (day.replace(hour=hour, minute=minute) for hour in sorted(self.hours) for minute in sorted(self.minutes))
            found = next((time for time in times if time >= begin), None)
            if found is not None:
                return found
        return None

    def _fits(self, day: datetime) -> bool:
        return day.month in self.months and day.day in self.days and day.isoweekday() % 7 in self.weekdays


def read(text: str) -> Cron:
    """The times that `text` names. Raises ValueError that says what is wrong."""
    parts = text.split()
    if len(parts) != len(_FIELDS):
        raise ValueError(f"five fields are wanted (minute hour day month weekday), not {len(parts)}")
    if "*" not in (parts[2], parts[4]):
        raise ValueError("a day of month and a day of week together are wanted by nobody in the same sense: one of them is `*`")
    minutes, hours, days, months, weekdays = (
        _numbers(part, name, low, high) for part, (name, low, high) in zip(parts, _FIELDS, strict=True)
    )
    return Cron(
        minutes=minutes, hours=hours, days=days, months=months, weekdays=frozenset(day % 7 for day in weekdays)
    )


def _numbers(field: str, name: str, low: int, high: int) -> frozenset[int]:
    found: set[int] = set()
    for part in field.split(","):
        match = _PART.fullmatch(part)
        if match is None or (match[1] == "*" and match[2]) or (match[3] and match[1] != "*" and not match[2]):
            raise ValueError(f"{part!r} is no {name}: *, a number, 1-5, */15, 1-31/2, or several by comma")
        first = low if match[1] == "*" else int(match[1])
        last = int(match[2]) if match[2] else (high if match[1] == "*" else first)
        step = int(match[3] or 1)
        if not low <= first <= last <= high or not step or (match[2] and first == last):  # `0-0` is every minute for some
            raise ValueError(f"{part!r} is no {name}: {low} to {high}, the lower one first")
        found.update(range(first, last + 1, step))
    return frozenset(found)
