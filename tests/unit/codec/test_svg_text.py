"""Live text in SVG logos: set in shipped fonts, whatever family is asked for; refused where there are none."""

from __future__ import annotations

import pytest

from affiche.adapters.codec import FileCodec
from affiche.errors import AssetError
from affiche_fonts import faces, path

FONTS = [str(path(alias)) for alias, face in faces().items() if face.family == "Inter"]
LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 80">{}<text x="10" y="60" font-size="40"{}>Acme</text></svg>'


@pytest.mark.parametrize(
    ("style", "attribute"),
    [
        ("", ""),
        ("", ' font-family="Inter"'),
        ("", ' font-family="Helvetica, Arial, sans-serif"'),
        ("", ' font-family="Georgia"'),
        ("", ' style="font-family:Gotham"'),
        ("<style>text{font-family:Gotham}</style>", ""),
    ],
)
def test_text_shows_in_any_family(style: str, attribute: str) -> None:
    pixels = FileCodec(font_files=FONTS).decode(LOGO.format(style, attribute).encode())
    assert 0.02 < (pixels[..., 3] > 128).mean() < 0.5


def test_text_without_fonts_is_refused_with_the_way_out() -> None:
    with pytest.raises(AssetError, match="live text") as told:
        FileCodec().decode(LOGO.format("", "").encode())
    assert "outlines" in told.value.hint
