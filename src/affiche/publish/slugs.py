"""Names from briefs turned into parts of paths that are safe on every file system.

May live here: text to text, nothing that touches a disk. A part has only `A-Z a-z 0-9 . -`, never begins or
ends with a dot, is never a device name of Windows and never longer than asked; `_` is kept free as the
separator between parts. What cannot be kept (other scripts, long names) is replaced by the first digits of the
digest of the whole name, so that two names that differ stay two names. `tree.py` makes paths of the parts.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from affiche.values.digest import digest_bytes

_OTHER = re.compile(r"[^A-Za-z0-9.]+")
_DOTS = re.compile(r"\.{2,}|-\.|\.-")
#: Device names that Windows refuses with any extension (Microsoft, "Naming Files, Paths, and Namespaces").
_DEVICES = frozenset({"con", "prn", "aux", "nul"} | {f"{d}{n}" for d in ("com", "lpt") for n in range(10)})


# A build asks for the same few names for each of its creatives.
@lru_cache(maxsize=4096)
def slug(name: str, *, limit: int = 40, lower: bool = True) -> str:
    """A path part of 1..`limit` characters for `name`; the same name gives the same part, always."""
    plain = unicodedata.normalize("NFKD", name)
    kept = plain.encode("ascii", "ignore").decode()
    text = _DOTS.sub("-", _OTHER.sub("-", kept)).strip("-.")
    text = text.lower() if lower else text
    if text.split(".")[0].lower() in _DEVICES:
        text = f"x-{text}"
    if _lost_letters(plain) or not text:
        text = f"{text}-{short_digest(name)}".lstrip("-")
    if len(text) > limit:
        text = f"{text[: limit - 9].rstrip('-.')}-{short_digest(name)}"
    return text


def short_digest(name: str) -> str:
    """Eight hex digits that stand for `name`."""
    return digest_bytes(name.encode("utf-8", "surrogatepass"))[:8]


def _lost_letters(plain: str) -> bool:
    """Whether decomposed text has letters, digits or symbols that ASCII has not (accents do not count)."""
    return any(c > "\x7f" and unicodedata.category(c)[0] in "LNS" for c in plain)


def is_safe(path: str) -> bool:
    """Whether a relative path that was read from a file stays inside its folder: no `.` or `..` part, no root."""
    if not path or "\\" in path or ":" in path or "\0" in path:
        return False
    return all(part not in {"", ".", ".."} for part in path.split("/"))
