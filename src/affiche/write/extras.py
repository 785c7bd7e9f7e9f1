"""Extras:

words about a creative that are not set in it: a text alternative, a caption with hashtags. Only when a brief asks for them.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from affiche.errors import AfficheError, StorageError
from affiche.ports import Ledger
from affiche.values.digest import Digest, digest
from affiche.values.locale import Locale
from affiche.values.wording import contains
from affiche.values.writing import WriteRequest
from affiche.write import tasks
from affiche.write.ask import Asking, ask
from affiche.write.drafts import Keys, outcome_of
from affiche.write.valid import measured
from affiche.write.voice import Voice
from affiche.write.write import REPAIRS, Failure, Filled, asked

ExtraTask = Literal["alt", "caption"]
#: Pictures as a model is shown them, by digest: bytes and media type.
Shown = Mapping[Digest, tuple[bytes, str]]
_TAG = re.compile(r"#\w{1,60}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What an extra is about: the words of a product in a locale, its picture's digest, and whom it is for."""

    product: str
    locale: str
    words: tuple[tuple[str, str], ...]
    audience: str = ""
    picture: Digest = Digest("")


def key_of(task: ExtraTask, subject: Subject, keys: Keys) -> Digest:
    """The key of an extra. A picture counts only where the writer sees it."""
    seen = subject.picture if task == "alt" and keys.facts.pictures else ""
    return keys.other(task, subject.locale, subject.words, keys.about(subject.product), subject.audience, seen)


def asked_for(keys: Keys) -> tuple[ExtraTask, ...]:
    """The extras that the brief asks for."""
    writing = keys.brief.writing
    tasks: tuple[tuple[ExtraTask, bool], ...] = (("alt", writing.alt), ("caption", writing.captions))
    return tuple(task for task, on in tasks if on)


def load_extras(subjects: Iterable[Subject], keys: Keys, ledger: Ledger) -> dict[Subject, dict[str, Any]]:
    """What was written before: subject -> `alt`, `caption`, `hashtags`."""
    named = {key_of(task, subject, keys): subject for task in asked_for(keys) for subject in subjects}
    found: dict[Subject, dict[str, Any]] = {}
    for key, outcome in ledger.find(named).items():
        found.setdefault(named[key], {}).update(outcome.data.get("extra", {}))
    return found


async def write_extras(
    subjects: Sequence[Subject], pictures: Shown, keys: Keys, asking: Asking, ledger: Ledger
) -> Filled:
    """Every extra that is not there yet, asked for and recorded. `pictures` by digest. Raises StorageError."""
    wanted = list(_missing(subjects, keys, ledger))
    done = await asyncio.gather(
        *(_extra(task, subject, pictures, keys, asking=asking, ledger=ledger) for task, subject in wanted)
    )
    return sum(done, Filled())


def _missing(subjects: Sequence[Subject], keys: Keys, ledger: Ledger) -> Iterator[tuple[ExtraTask, Subject]]:
    wanted = {key_of(task, subject, keys): (task, subject) for task in asked_for(keys) for subject in subjects}
    there = ledger.find(wanted)
    return (what for key, what in wanted.items() if key not in there)


def count_missing(subjects: Sequence[Subject], keys: Keys, ledger: Ledger) -> int:
    """How many extras would be asked for."""
    return sum(1 for _ in _missing(subjects, keys, ledger))


async def _extra(
    task: ExtraTask,
    subject: Subject,
    pictures: Shown,
    keys: Keys,
    *,
    asking: Asking,
    ledger: Ledger,
) -> Filled:
    key, voice, filled = key_of(task, subject, keys), keys.voices[subject.locale], Filled()
    request = _request(task, subject, pictures, keys)
    wrong: list[str] = []
    extra: dict[str, Any] = {}
    by = keys.facts.id
    for round in range(1 + REPAIRS):
        try:
            answer = await ask(asking, digest("words-call", key, round, wrong), request, 300)
        except StorageError:
            raise
        except AfficheError as error:
            return filled + Filled(failures=(Failure(locale=subject.locale, texts=1, error=error),))
        filled, by = filled + asked(answer), answer.writer
        extra, wrong = _extra_of(task, answer.written.answer, voice)
        if not wrong:
            break
        request = replace(request, data={**request.data, "previous": extra, "complaints": wrong})
    kept = {} if wrong else {**extra, "model": by.replace(":", " ", 1)}
    ledger.record([outcome_of(key, extra=kept, flags=wrong)])
    return filled + Filled(written=int(not wrong), rejected=int(bool(wrong)))


def _request(task: ExtraTask, subject: Subject, pictures: Shown, keys: Keys) -> WriteRequest:
    voice, about, words = keys.voices[subject.locale], keys.about(subject.product), dict(subject.words)
    if task == "caption":
        return tasks.caption(words, about, voice=voice, audience=subject.audience)
    picture = pictures.get(subject.picture) if keys.facts.pictures else None
    return tasks.alt(words, about, voice=voice, pictures=(picture,) if picture else ())


def _extra_of(task: ExtraTask, answer: Mapping[str, Any], voice: Voice) -> tuple[dict[str, Any], list[str]]:
    """The extra in an answer and what is wrong with it."""
    text = answer.get(task)
    text = " ".join(text.split()) if isinstance(text, str) else ""
    most = tasks.ALT_CHARACTERS if task == "alt" else tasks.CAPTION_CHARACTERS
    locale = Locale.parse(voice.locale)
    wrong = [] if text else ["there is no text"]
    wrong += [f"it has {measured(text)} characters; at most {most} are wanted"] if measured(text) > most else []
    wrong += [f"“{word}” is forbidden" for word in voice.forbidden if contains(text, word, locale)]
    if task == "alt":
        return {"alt": text}, wrong
    given = answer.get("hashtags")
    tags = [tag for tag in given if isinstance(tag, str)] if isinstance(given, list) else []
    wrong += [] if tags and all(_TAG.fullmatch(tag) for tag in tags) else ["hashtags begin with # and have no blanks"]
    return {"caption": text, "hashtags": tags}, wrong
