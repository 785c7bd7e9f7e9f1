"""Description: the TOML file of the generic adapter, read strictly. `docs/providers.md` shows one."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from affiche.errors import UsageError

_WORDS = frozenset(
    "prompt negative width height size seed quality model key colors transparent mask source source_url product product_url "
    "style style_url structure structure_url operation left top right bottom".split()
)
_ROLES = ("source", "product", "style", "structure", "mask")
_BRACED = re.compile(r"\{([^{}]*)\}")
_MISSING = object()


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """One provider's wire. Pointers are RFC 6901; an empty one means that there is nothing to be read."""

    path: str
    method: Literal["POST", "PUT"] = "POST"
    kind: Literal["json", "multipart"] = "json"
    headers: Mapping[str, str] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    image: str = ""
    image_is: Literal["base64", "url"] = "base64"
    seed: str = ""
    cost: str = ""
    blocked_flag: str = ""
    job_url: str = ""
    job_id: str = ""
    job_path: str = ""
    job_status: str = ""
    job_done: tuple[str, ...] = ()
    job_failed: tuple[str, ...] = ()
    job_blocked: tuple[str, ...] = ()
    blocked_codes: tuple[str, ...] = ()
    blocked_words: tuple[str, ...] = ()
    blocked_statuses: tuple[int, ...] = ()
    health: str = ""


#: Table of the file -> its keys -> (field, type). Anything else is refused.
_KEYS: dict[str, dict[str, tuple[str, type]]] = {
    "request": {
        "path": ("path", str), "method": ("method", str), "kind": ("kind", str), "headers": ("headers", dict),
        "keys": ("keys", dict), "body": ("body", dict), "files": ("files", dict),
    },
    "response": {
        "image": ("image", str), "image_is": ("image_is", str), "seed": ("seed", str), "cost": ("cost", str),
        "blocked_flag": ("blocked_flag", str),
    },
    "job": {
        "url": ("job_url", str), "id": ("job_id", str), "path": ("job_path", str), "status": ("job_status", str),
        "done": ("job_done", list), "failed": ("job_failed", list), "blocked": ("job_blocked", list),
    },
    "refusal": {
        "codes": ("blocked_codes", list), "words": ("blocked_words", list), "statuses": ("blocked_statuses", list),
    },
    "health": {"path": ("health", str)},
}  # fmt: skip


def read_description(text: str, *, file: str) -> Description:
    """The description in a TOML `text`. Raises UsageError naming what is wrong."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{file} is no TOML: {error}") from None
    fields = {}
    for table, members in data.items():
        known = _KEYS.get(table)
        if known is None or not isinstance(members, dict):
            raise UsageError(f"{file}: there is no table {table!r}", hint=f"there are {', '.join(_KEYS)}")
        for key, value in members.items():
            if key not in known or not isinstance(value, known[key][1]):
                raise UsageError(f"{file}: {table}.{key} is not understood", hint=f"{table} has {', '.join(known)}")
            name = known[key][0]
            fields[name] = tuple(value) if isinstance(value, list) else value
    return _checked(fields, file)


def _checked(fields: dict[str, Any], file: str) -> Description:
    wrong = (
        "request.path is missing" if not fields.get("path") else
        "request.method is POST or PUT" if fields.get("method", "POST") not in ("POST", "PUT") else
        "request.kind is json or multipart" if fields.get("kind", "json") not in ("json", "multipart") else
        "response.image is missing (a JSON pointer, or body)" if not fields.get("image") else
        "response.image_is is base64 or url" if fields.get("image_is", "base64") not in ("base64", "url") else
        "job needs a status and done" if _job(fields) and not (fields.get("job_status") and fields.get("job_done")) else
        "job needs url, or id and path" if _job(fields) and not _askable(fields) else
        f"files go with one of {', '.join(_ROLES)}" if set(fields.get("files", {}).values()) - set(_ROLES) else
        _pointers(fields) or _braces(fields)
    )  # fmt: skip
    if wrong:
        raise UsageError(f"{file}: {wrong}")
    return Description(**fields)


def _job(fields: dict[str, Any]) -> bool:
    return any(name.startswith("job_") for name in fields)


def _askable(fields: dict[str, Any]) -> bool:
    return bool(fields.get("job_url") or (fields.get("job_id") and "{job}" in fields.get("job_path", "")))


def _pointers(fields: dict[str, Any]) -> str:
    names = ("image", "seed", "cost", "blocked_flag", "job_url", "job_id", "job_status")
    wrong = next((n for n in names if fields.get(n) and not fields[n].startswith("/") and fields[n] != "body"), "")
    return f"{fields[wrong]!r} is no JSON pointer: it begins with /" if wrong else ""


def _braces(fields: dict[str, Any]) -> str:
    """What is wrong with a word in braces; the secret belongs into `keys` only, so that it goes to the provider's host only."""
    texts = str([fields.get("path"), fields.get("headers"), fields.get("body")])
    stranger = next((word for word in _BRACED.findall(re.sub(r"'[^']*': ", "", texts)) if _odd(word)), "")
    if stranger == "secret":
        return "{secret} belongs into request.keys"
    return f"{{{stranger}}} is not a word; there are {', '.join(sorted(_WORDS))}" if stranger else ""


def _odd(word: str) -> bool:
    return re.fullmatch(r"[a-z_]+", word) is not None and word not in _WORDS


def pointed(data: Any, pointer: str) -> Any:
    """What `pointer` leads to in `data`; None when there is nothing, or no pointer."""
    if not pointer:
        return None
    for part in pointer.removeprefix("/").split("/"):
        name = part.replace("~1", "/").replace("~0", "~")
        if isinstance(data, dict):
            data = data.get(name)
        elif isinstance(data, list) and name.isdigit() and int(name) < len(data):
            data = data[int(name)]
        else:
            return None
    return data
