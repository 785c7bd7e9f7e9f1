"""Rights to a picture: the record of where it came from and what may be done with it, and how it stands on a day.

Stdlib only, no clock: the day is an argument.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

#: What is added to the name of a picture for the file beside it that holds its record.
SUFFIX = ".rights.toml"
#: Rights that end within so many days are told before they do.
SOON = timedelta(days=30)

#: valid; `ending` within SOON; expired; altered: the picture is not the one that was recorded; unreadable record.
Standing = Literal["valid", "ending", "expired", "altered", "unreadable"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What is known of a picture. `rights`: what may be done with it, in words; `generated`: a model made it.

    `until`: the last day on which it may be used; None: no end is known.
    """

    sha256: str
    rights: str
    source: str
    generated: bool
    imported: date
    by: str = ""
    prompt: str = ""
    original: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """How the rights to the picture `name` stand on the day of a plan."""

    name: str
    standing: Standing
    says: str = ""
    source: str = ""
    generated: bool = False
    until: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON data, for manifests."""
        return {
            "name": self.name, "standing": self.standing, "rights": self.says, "source": self.source,
            "generated": self.generated, "until": self.until,
        }  # fmt: skip


def read_record(text: str) -> Record:
    """The record in a TOML file. ValueError when it is none."""
    data: Mapping[str, Any] = tomllib.loads(text)
    try:
        record = Record(**data)
    except TypeError as error:
        raise ValueError(str(error)) from None
    if type(record.until) not in (date, type(None)) or not isinstance(record.rights, str):
        raise ValueError("`until` must be a day such as 2027-12-31, `rights` a text")
    return record


def write_record(record: Mapping[str, Any]) -> str:
    """The TOML text of a record; what is None is left out."""
    return "".join(f"{name} = {_value(value)}\n" for name, value in record.items() if value is not None)


def standing_of(name: str, record: Record, sha256: str, today: date) -> Rights:
    """How a picture with these bytes stands on `today`."""
    until = record.until
    standing: Standing = "valid"
    if record.sha256 and record.sha256 != sha256:
        standing = "altered"
    elif until is not None and until < today:
        standing = "expired"
    elif until is not None and until <= today + SOON:
        standing = "ending"
    return Rights(
        name=name, standing=standing, says=record.rights, source=record.source, generated=record.generated,
        until=until.isoformat() if until else "",
    )  # fmt: skip


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date):
        return value.isoformat()
    import json

    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
