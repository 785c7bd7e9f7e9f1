"""Exchange: a campaign's open texts as documents for translators, and what comes back as entries of the memory. Pure.

What comes back is held against the brief as it is now: a text whose source has changed since, or whose placeholders, numbers or
kept names were changed, is rejected and told; one that is only too long is taken and told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from affiche.values.digest import digest
from affiche.values.problem import Problem, Severity, Where
from affiche.values.text import Text
from affiche.write.entries import Entry
from affiche.write.valid import complaints
from affiche.write.voice import Voice
from affiche.write.words import Want
from affiche.write.xliff import Document, Unit

_DONE = ("translated", "reviewed", "final")


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """A text that is open:

    its want, what stands there now (a draft, or the source), how many characters fit, where it is seen.
    """

    want: Want
    text: Text | None
    max_characters: int = 0
    placements: tuple[str, ...] = ()
    screenshot: str = ""


def unit_id(want: Want) -> str:
    """Stable for equal texts in equal roles: `headline-3f9a2c41`."""
    return f"{want.role}-{digest('unit', want.role, want.source, want.source_locale, want.product)[:8]}"


def documents(campaign: str, rows: Iterable[Open], voices: Mapping[str, Voice]) -> dict[str, Document]:
    """Target locale -> its document. A model's text stands there as `translated`, to be reviewed; what is open as `initial`."""
    by_locale: dict[str, list[Open]] = {}
    for row in rows:
        by_locale.setdefault(row.want.locale, []).append(row)
    return {
        locale: Document(
            campaign=campaign, source_locale=group[0].want.source_locale, target_locale=locale, keep=voices[locale].keep,
            units=tuple({unit.id: unit for unit in map(_unit, group)}.values()),
        )
        for locale, group in by_locale.items()
    }  # fmt: skip


def entries(
    document: Document, wants: Iterable[Want], voice: Callable[[str], Voice], *, file: str, on: str
) -> tuple[tuple[Entry, ...], tuple[Problem, ...]]:
    """What of a document goes into the memory, and what was rejected or is doubtful."""
    known = {unit_id(want): want for want in wants if want.locale == document.target_locale}
    taken: list[Entry] = []
    told: list[Problem] = []
    for unit in document.units:
        want = known.get(unit.id)
        where = Where(file=file, pointer=unit.id)
        if unit.state not in _DONE or not unit.target.strip():
            continue
        if want is None:
            told.append(_told("warning", "words.unknown", where, "the brief has no such open text in this language any more"))
            continue
        wrong = complaints(unit.target, want.source, source_locale=want.source_locale, voice=voice(want.locale))
        grave = [complaint.what for complaint in wrong if complaint.grave]
        if unit.source != want.source:
            told.append(_told("error", "words.stale", where, f"its source was changed to {unit.source[:80]!r}; rejected"))
        elif grave:
            told.append(_told("error", "words.rejected", where, f"rejected: {'; '.join(grave)}"))
        else:
            told += [_told("warning", "words.doubtful", where, f"taken, but {c.what}") for c in wrong]
            taken.append(
                Entry(source=want.source, source_locale=want.source_locale, locale=want.locale, text=unit.target.strip(),
                      by=f"xliff, {unit.state}", on=on)
            )  # fmt: skip
    return tuple(taken), tuple(told)


def _unit(row: Open) -> Unit:
    want, text = row.want, row.text
    drafted = text is not None and text.origin in ("model", "memory")
    notes = [("slot", want.role)]
    notes += [("product", want.product)] if want.product else []
    notes += [("audience", want.audience)] if want.audience else []
    notes += [("max-length", f"at most {row.max_characters} characters fit")] if row.max_characters else []
    notes += [("placements", ", ".join(row.placements))] if row.placements else []
    notes += [("screenshot", row.screenshot)] if row.screenshot else []
    if text is not None and text.evidence is not None:
        notes += [("written-by", text.evidence.model)] if text.evidence.model else []
        notes += [("near-match", f"{text.evidence.match} %: {text.evidence.source}")] if text.evidence.match != 100 else []
        notes += [("flaw", flag) for flag in text.evidence.flags]
    return Unit(
        id=unit_id(want), source=want.source, target=text.value if drafted and text is not None else "",
        state="translated" if drafted and text is not None and text.origin == "model" else "initial",
        max_characters=row.max_characters, notes=tuple(notes),
    )  # fmt: skip


def _told(severity: Severity, code: str, where: Where, message: str) -> Problem:
    return Problem(severity=severity, code=code, where=where, message=message)
