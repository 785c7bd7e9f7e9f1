"""What compose is asked for: everything that determines one creative's frame, as plain values. No files, no clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from affiche.brand.model import Brand
from affiche.compose.studio import StudioSet
from affiche.compose.template.model import Template
from affiche.ports import PictureInfo
from affiche.values.geometry import Insets, Size
from affiche.values.locale import Locale
from affiche.values.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class ComposeRequest:
    """One creative to lay out. `safe` in px; `words` by role; pictures already prepared (digests of their content)."""

    size: Size
    safe: Insets
    locale: Locale
    words: Mapping[str, Text]
    brand: Brand
    template: Template
    picture: PictureInfo | None = None
    #: How it was before, for templates that compare two pictures.
    before: PictureInfo | None = None
    logo: PictureInfo | None = None
    logo_on_dark: PictureInfo | None = None
    #: The brand name, set as type when there is no logo file.
    wordmark: str = ""
    #: The brief's other products with cut-out pictures, for templates that show a line-up.
    companions: tuple[PictureInfo, ...] = ()
    set: StudioSet | None = None
    #: Why this template, when the brief does not simply ask for it.
    why: str = ""
    placement: str = ""
    #: The region of the brief's market that this is for, as the brief writes it (`US`, `DACH`).
    market: str = ""
    #: How wide the ad is shown, css px (0 = one to one); type is never set smaller than legible there.
    shown_width: int = 0
    #: Largest size px by group, when the template declares groups (`plan/request.py` works it out over all locales).
    sizes: Mapping[str, float] = field(default_factory=dict)
    extra: Mapping[str, str] = field(default_factory=dict)
