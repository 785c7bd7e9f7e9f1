"""Real pictures, read in place: none may break, and these may not be mistaken for something else."""

import pytest

from affiche.adapters.codec import FileCodec
from affiche.imagine.prepare import prepare

CODEC = FileCodec()
CUTOUTS = ("packshot-alpha-00", "packshot-alpha-22", "packshot-alpha-34", "packshot-alpha-35", "packshot-plain-61", "packshot-plain-70")
#: Pale products on pale grounds and busy grounds: a cut-out here would be a bad one.
PHOTOS = ("packshot-plain-07", "packshot-plain-66", "packshot-plain-67", "scene-05", "scene-79", "scene-82", "scene-84", "people-28")
FACES = {"people-21": (0.50, 0.36), "people-76": (0.48, 0.19)}


@pytest.fixture(scope="module")
def pictures(corpus):
    folder = corpus / "pictures"
    if not folder.is_dir():
        pytest.skip(f"NOT RUN: there are no test pictures at {folder}")
    return {path.stem: path for path in folder.iterdir() if path.suffix in {".png", ".jpg"}}


@pytest.mark.slow
def test_real_pictures_are_taken_for_what_they_are(pictures):
    """One test, so that each picture is prepared once."""
    for name, path in sorted(pictures.items()):
        info = prepare(path.read_bytes(), codec=CODEC, role="logo" if name.startswith("logo") else "picture").info
        assert info.palette, name
        if name in CUTOUTS:
            assert info.kind == "cutout", f"{name} is cut out"
        if name in PHOTOS:
            assert info.kind == "photo", f"{name} is doubtful and stays a photo"
        if name in FACES:
            assert info.focal_origin == "face" and info.focal == pytest.approx(FACES[name], abs=0.06), f"{name}: the face is kept"
        if not name.startswith("people"):
            assert info.focal_origin in ("centre", "subject"), f"{name} has no face"
    assert {*CUTOUTS, *PHOTOS, *FACES} <= set(pictures)
