"""The translation memory as a file: YAML beside the brief (`translations.yaml`), sorted so that it diffs well.

May live here: reading and rendering. The values and the matching: `entries.py`.
"""

from __future__ import annotations

from affiche.notation.parse import parse
from affiche.notation.validate import validate
from affiche.values.locale import Locale
from affiche.values.problem import Problem, has_errors
from affiche.write.entries import Entry, TranslationMemory
from affiche.write.schema import MemoryFile

_HEAD = "# Approved words. `affiche words approve` and `affiche words import` add to it; edit it by hand as you like.\n"


def read_memory(data: bytes, *, file: str) -> tuple[TranslationMemory, tuple[Problem, ...]]:
    """The memory and what is wrong with the file; empty beside an error."""
    documents, problems = parse(data, file=file)
    if has_errors(problems):
        return TranslationMemory(), problems
    parsed, shape = validate(MemoryFile, documents[0], file=file, kind="memory")
    if parsed is None:
        return TranslationMemory(), (*problems, *shape)
    entries = [
        Entry(source=row.source, source_locale=row.locale, locale=_tag(tag), text=made.text, by=made.by, on=made.on)
        for row in parsed.texts
        for tag, made in row.into.items()
    ]
    return TranslationMemory().with_entries(entries), problems


def _tag(text: str) -> str:
    try:
        return Locale.parse(text).tag
    except ValueError:
        return text


def render(memory: TranslationMemory) -> str:
    """The file: one text after the other, each with its translations by locale."""
    import yaml  # only when something is approved

    rows: dict[tuple[str, str], dict[str, object]] = {}
    for entry in sorted(memory.entries):
        into = rows.setdefault((entry.source, entry.source_locale), {})
        facts = {name: value for name, value in (("by", entry.by), ("on", entry.on)) if value}
        into[entry.locale] = {"text": entry.text, **facts} if facts else entry.text
    texts = [{"source": source, "locale": locale, "into": into} for (source, locale), into in rows.items()]
    return _HEAD + yaml.dump({"memory": 1, "texts": texts}, allow_unicode=True, sort_keys=False, width=120, Dumper=_dumper())


def _dumper() -> type:
    """Dates and numbers among the texts stay texts; nothing is aliased."""
    import yaml

    class Dumper(yaml.SafeDumper):
        def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - the name is the library's
            return True

    return Dumper
