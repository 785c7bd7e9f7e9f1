"""A brief file's bytes -> `Brief` + problems. Pure: files that a brief names are opened by `inputs.py`, never here.

`affiche: 1` at the top means our own format, which is strict: unknown keys, wrong types and bad ids are errors, all reported
at once. Anything else is somebody else's brief and goes through `importer/`, which notes what it assumed.
"""

from __future__ import annotations

from affiche.brief.model import Brief
from affiche.notation.node import Node
from affiche.notation.parse import parse
from affiche.values.problem import Problem, Where, has_errors

Reading = tuple[Brief | None, tuple[Problem, ...]]


def read_brief(data: bytes, *, file: str) -> Reading:
    """The first brief of a file, or None with at least one error. Never raises; further briefs are named in a warning."""
    readings = read_briefs(data, file=file)
    brief, problems = readings[0]
    if len(readings) > 1:
        others = (
            ", ".join(other.campaign for other, _ in readings[1:] if other) or f"{len(readings) - 1} more"
        )
        message = f"this file holds {len(readings)} campaigns; only the first is read here, not: {others}"
        hint = "split the file to build all of them"
        note = Problem(
            severity="warning",
            code="brief.several",
            where=Where(file=file, line=1, column=1),
            message=message,
            hint=hint,
        )
        problems = (note, *problems)
    return brief, problems


def read_briefs(data: bytes, *, file: str) -> tuple[Reading, ...]:
    """Every brief of a file (documents of one YAML file, a list of campaigns), at least one reading. Never raises."""
    documents, problems = parse(data, file=file)
    if has_errors(problems):
        return ((None, problems),)
    readings: list[Reading] = []
    for document in documents:
        if document.is_empty and len(documents) > 1:
            continue
        readings += _read(document, file)
    if not readings:
        where = Where(file=file, line=1, column=1)
        readings = [
            (None, (Problem(severity="error", code="file.empty", where=where, message="the file is empty"),))
        ]
    first = readings[0]
    return ((first[0], (*problems, *first[1])), *readings[1:])


def _read(document: Node, file: str) -> list[Reading]:
    """Each way of reading is imported when it is needed: pydantic for ours, the importer's tables for others."""
    if is_ours(document):
        from affiche.brief.strict import read_strict

        return [read_strict(document, file=file)]
    from affiche.brief.importer.read import import_briefs

    return import_briefs(document, file=file)


def is_ours(document: Node) -> bool:
    """Whether the author says that it is our format."""
    return document.get("affiche") is not None
