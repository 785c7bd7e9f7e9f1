"""`If-Match`: change only what you know."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import Header

from affiche.errors import UsageError

IfMatch = Annotated[str, Header(alias="If-Match", max_length=40, description="The `ETag` that you know; another one is refused.")]


def expected(if_match: str) -> int | None:
    """The revision that must be the newest; None when nothing is expected. Raises UsageError."""
    text = if_match.strip()
    if text in ("", "*"):
        return None
    match = re.fullmatch(r'"(\d{1,9})"', text)
    if match is None:
        raise UsageError('If-Match takes one ETag of ours, such as "3"')
    return int(match.group(1))
