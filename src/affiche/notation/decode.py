"""Bytes -> text: byte-order marks, UTF-8, UTF-16, Windows-1252; and a plain word about files that are no text at all."""

from __future__ import annotations

import re

from affiche.notation.node import MAX_BYTES
from affiche.values.problem import Problem, Severity, Where

_MAGIC = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "an Office or ZIP file"),
    (b"\xd0\xcf\x11\xe0", "an old Office file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"RIFF", "a picture or sound"),
    (b"{\\rtf", "an RTF document"),
)
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


def decode(data: bytes, *, file: str) -> tuple[str | None, tuple[Problem, ...]]:
    """The text without its byte-order mark, or None with the reason."""
    if len(data) > MAX_BYTES:
        size = f"{len(data) / 1e6:.0f} MB; at most {MAX_BYTES / 1e6:.0f} MB can be read"
        return None, (_problem("error", "file.too-large", file, f"the file has {size}"),)
    kind = next((name for magic, name in _MAGIC if data.startswith(magic)), "")
    if kind:
        hint = "copy its text into a YAML or JSON file"
        return None, (_problem("error", "file.not-text", file, f"this is {kind}, not a text file", hint),)
    text, problems = _decoded(data, file)
    controls = len(_CONTROLS.findall(text[:4096]))
    if controls > 8 and controls * 20 > len(text[:4096]):
        return None, (_problem("error", "file.not-text", file, "this is not a text file"),)
    return text, problems


def _decoded(data: bytes, file: str) -> tuple[str, tuple[Problem, ...]]:
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8"),
        (b"\xff\xfe", "utf-16-le"),
        (b"\xfe\xff", "utf-16-be"),
    ):
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace"), ()
    if data[:4].count(0) == 2:  # UTF-16 without a mark: every other byte of the first ASCII letters is 0
        return data.decode("utf-16-be" if data[0] == 0 else "utf-16-le", "replace"), ()
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - data.rfind(b"\n", 0, error.start)
        where = Where(file=file, line=line, column=column)
        message = "the file is not UTF-8; read as Windows-1252"
        hint = "check accented letters, or save the file as UTF-8"
        note = Problem(severity="warning", code="file.encoding", where=where, message=message, hint=hint)
        return data.decode("cp1252", "replace"), (note,)


def _problem(severity: Severity, code: str, file: str, message: str, hint: str = "") -> Problem:
    return Problem(severity=severity, code=code, where=Where(file=file), message=message, hint=hint)


def cleaned(text: str) -> str:
    """Text without control characters and lone surrogates, which no line of copy can hold."""
    if text.isascii() and text.isprintable():
        return text
    text = _CONTROLS.sub("", text)
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
