"""The keys of steps. Parts are keyed once, with the careful encoding of `values/digest.py`; the keys of a creative only
join the digests of its parts, because there are tens of thousands of them (all of one length: joining is unambiguous).
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

from affiche.brand.model import Brand
from affiche.compose.encode.search import OutputSpec
from affiche.placement.model import Placement
from affiche.values.digest import Digest, digest
from affiche.values.rights import Rights
from affiche.values.text import Text

#: Raised when keys themselves mean something else than before.
FORMAT = 1
_SHORT = 12


def short(value: str) -> str:
    """Enough of a digest to see that something changed."""
    return value[:_SHORT]


def picture_key(source: Digest, role: str, focal: tuple[float, float] | None, toolchain: Digest) -> Digest:
    """The key of preparing a picture or logo."""
    return digest("imagine", FORMAT, toolchain, source, role, focal)


def look_digest(brand: Brand) -> Digest:
    """What of a brand can be seen."""
    look = (brand.name, brand.colors, brand.display, brand.text, brand.logo, brand.radius, brand.numerals, brand.grade)
    return digest("look", *look)


def words_digest(locale: str, words: Mapping[str, Text]) -> Digest:
    """What of the words can be seen: the texts and the language they are set in."""
    return digest("words", locale, {role: (text.value, text.locale) for role, text in words.items()})


def origins_digest(words: Mapping[str, Text]) -> Digest:
    """Where words come from, for the rules that ask."""
    plain = {role: text.origin for role, text in words.items()}
    known = {role: text.evidence for role, text in words.items() if text.evidence is not None}
    return digest("origins", plain, known) if known else digest("origins", plain)


def surface_digest(placement: Placement, output: OutputSpec) -> Digest:
    """What of a placement can be seen in a file."""
    return digest(
        "surface", placement.id, placement.size, placement.safe, placement.safe_rtl, placement.shown_width, output
    )


def with_rights(check: Digest, rights: tuple[Rights, ...]) -> Digest:
    """`check` with how the rights to the pictures stand; itself when none are recorded."""
    return digest("rights", check, rights) if rights else check


def compose_key(campaign: Digest, product: Digest, words: Digest, placement: Digest) -> Digest:
    """The key of drawing and encoding one creative."""
    return Digest(sha256(f"compose{campaign}{product}{words}{placement}".encode()).hexdigest())


def check_key(compose: Digest, campaign: Digest, words: Digest, placement: Digest) -> Digest:
    """The key of its findings: the drawing and everything that rules compare it with."""
    return Digest(sha256(f"check{compose}{campaign}{words}{placement}".encode()).hexdigest())
