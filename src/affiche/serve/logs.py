"""Logs as one JSON object per line, with the id of the request or run that they belong to. Ours and those of libraries alike."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

#: What nobody should read in a log, wherever it stands in a text -> what stands there instead.
_HIDDEN = (
    (re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}"), "(address)"),
    (re.compile(r"(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"), "(password)"),
    (re.compile(r"aff_[0-9a-f]{8}_[A-Za-z0-9_-]+"), "(key)"),
    (re.compile(r"\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,}", re.IGNORECASE), r"\1 (hidden)"),
    (re.compile(r"\beyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*"), "(token)"),
    (re.compile(r"\b(ticket|state|code|token|signature|password|secret|affiche-(?:session|login))=[^&\s;\"']+"), r"\1=(hidden)"),
)
#: Fields that hold what people wrote, or what opens a door.
_FIELDS = frozenset(
    "password secret token ticket cookie authorization key email brief copy words headline body text comment prompt".split()
)


def set_up(level: str = "INFO") -> None:
    """Sends every log record of this process to standard error."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars, structlog.stdlib.add_log_level, structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(), structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info, _masked,
    ]  # fmt: skip
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, structlog.processors.JSONRenderer()],
    )
    out = logging.StreamHandler(sys.stderr)
    out.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [out]
    root.setLevel(level)


def _masked(_logger: object, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Addresses, keys, tokens and what people wrote are replaced, also inside lists and mappings."""
    for name, value in event.items():
        event[name] = "(hidden)" if name.lower() in _FIELDS and value else masked(value)
    return event


def masked(value: Any) -> Any:
    """`value` with what nobody should read replaced."""
    if isinstance(value, str):
        for pattern, instead in _HIDDEN:
            value = pattern.sub(instead, value)
        return value
    if isinstance(value, Mapping):
        return {k: "(hidden)" if str(k).lower() in _FIELDS and v else masked(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [masked(one) for one in value]
    return value
