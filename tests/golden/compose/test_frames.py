"""Golden frames: every template in every aspect class, each with another script, as text."""

from __future__ import annotations

from dataclasses import replace

import pytest

from affiche.compose.compose import compose
from affiche.compose.shipped_sets import shipped_sets
from affiche.compose.template.shipped import shipped_ids
from affiche.values.text import Text
from tests.conftest import Golden
from tests.golden.frames import dump
from tests.unit.compose.requests import CAN, JAR, PHOTO, request, told

CLASSES = {
    "skyscraper": ((160, 600), "de-DE"), "tall": ((1080, 1920), "ar-SA"), "portrait": ((1080, 1350), "ja-JP"),
    "square": ((1080, 1080), "en-US"), "wide": ((1200, 628), "th-TH"), "banner": ((728, 90), "de-DE"),
}  # fmt: skip
LABELS = {"label1": Text(value="Before", locale="en"), "label2": Text(value="After", locale="en")}
PICTURES = {"window": PHOTO, "grid": PHOTO, "hero": PHOTO, "type": None, "countdown": None, "lockup": None, "quote": PHOTO}


@pytest.mark.parametrize("template", shipped_ids())
@pytest.mark.parametrize("aspect_class", CLASSES)
def test_frame(template: str, aspect_class: str, golden: Golden) -> None:
    size, locale = CLASSES[aspect_class]
    asked = request(template, size, locale, picture=PICTURES.get(template, CAN), **told(locale))
    if template == "before-after":
        asked = replace(asked, before=JAR, words={**asked.words, **LABELS})
    if template == "lineup":
        asked = replace(asked, companions=(JAR,), set=shipped_sets()["bench"])
    frame = compose(asked)
    golden.text(f"{template}-{aspect_class}.txt", dump(frame))
