"""Prompt: a purpose and what the campaign says -> what a model is asked to draw. Pure; the same inputs give the same words.

A prompt is built, never written by an author of a brief: what the picture is for, what is in it, light and colours, where
words will stand and must find calm, what must not be in it. Words of a brief go in as a description between quotation marks,
cut to a length and without line breaks or quotation marks of their own: they describe, they cannot instruct.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

#: `hero`: the whole picture, the product described in words. `backdrop`: a stage without the product, whose pixels come later.
Purpose = Literal["hero", "backdrop"]
#: Where calm is needed for words, as people say it.
Calm = Literal["top", "bottom", "start", "end", "none"]

_LONGEST = 400
_QUOTES = dict.fromkeys(map(ord, '"“”„«»`'), "'")
_CALM = {
    "top": "Keep the upper third calm and plain, in one soft tone: words will be set there.",
    "bottom": "Keep the lower third calm and plain, in one soft tone: words will be set there.",
    "start": "Keep the left third calm and plain, in one soft tone: words will be set there.",
    "end": "Keep the right third calm and plain, in one soft tone: words will be set there.",
    "none": "",
}
_WORDS = ("text", "letters", "numbers")
_NEVER = ("logos", "watermarks", "user interface", "frames", "borders", "collage")
_PEOPLE = ("people", "hands", "faces")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What a prompt is made of. `mood`: of the brand; `colors`: hex, the first counts most; `people`, `letters`: if wanted."""

    purpose: Purpose
    product: str
    description: str = ""
    audience: str = ""
    market: str = ""
    mood: Sequence[str] = ()
    colors: Sequence[str] = ()
    calm: Calm = "none"
    people: bool = False
    letters: bool = False


def prompt_of(scene: Scene) -> str:
    """What is asked for."""
    lines = [_subject(scene)]
    if scene.mood:
        lines.append(f"Mood: {', '.join(quoted(word) for word in scene.mood[:6])}.")
    if scene.audience:
        lines.append(f"It is seen by: {quoted(scene.audience)}.")
    if scene.market:
        lines.append(f"It is shown in {scene.market}; nothing in it may look out of place there.")
    if scene.colors:
        lines.append(f"Colours in harmony with {', '.join(scene.colors[:4])}.")
    lines += [_CALM[scene.calm], "High-end advertising photography: natural light, one clear idea, shallow depth of field."]
    lines.append(f"No {', no '.join(never(scene))}.")
    return "\n".join(line for line in lines if line)


def continued(scene: Scene) -> str:
    """What is asked for when a photograph gets more canvas."""
    described = f", described as {quoted(scene.description)}" if scene.description else ""
    lines = [
        "Continue this photograph beyond its edges, as if the camera had seen more: same place, light, focus, colours and grain.",
        "What is there stays as it is.",
        f"It shows {quoted(scene.product)}{described}.",
        _CALM[scene.calm],
        f"Add no {', no '.join((*_words(scene), *_NEVER, *_PEOPLE, 'products', 'packaging'))}.",
    ]
    return "\n".join(line for line in lines if line)


def never(scene: Scene) -> tuple[str, ...]:
    """What must not be in the picture."""
    empty = ("products", "packaging") if scene.purpose == "backdrop" else ()
    return (*_words(scene), *_NEVER, *(() if scene.people else _PEOPLE), *empty)


def _words(scene: Scene) -> tuple[str, ...]:
    return () if scene.letters else _WORDS


def quoted(text: str) -> str:
    """Words of a brief as a description: one line, no quotation marks, cut to length."""
    plain = re.sub(r"[\s\x00-\x1f\x7f]+", " ", text).strip().translate(_QUOTES)
    return f"“{plain[:_LONGEST]}”"


def _subject(scene: Scene) -> str:
    described = f", described as {quoted(scene.description)}" if scene.description else ""
    if scene.purpose == "hero":
        return f"A photograph for an advertisement of {quoted(scene.product)}{described}."
    return (
        f"An empty stage for a product photograph: a surface in the lower third and a softly lit background, fit for "
        f"{quoted(scene.product)}{described}. The product itself is not in the picture; its place, in the middle of the surface, "
        "is free and evenly lit."
    )
