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


@pytest.mark.parametrize("name", CUTOUTS)
def test_packshots_are_cut_out(pictures, name):
    assert prepare(pictures[name].read_bytes(), codec=CODEC).info.kind == "cutout"


@pytest.mark.parametrize("name", PHOTOS)
def test_doubtful_ones_stay_photos(pictures, name):
    assert prepare(pictures[name].read_bytes(), codec=CODEC).info.kind == "photo"


@pytest.mark.parametrize("name", FACES)
def test_faces_are_kept(pictures, name):
    info = prepare(pictures[name].read_bytes(), codec=CODEC).info
    assert info.focal_origin == "face" and info.focal == pytest.approx(FACES[name], abs=0.06)


@pytest.mark.slow
def test_no_picture_breaks_and_objects_have_no_faces(pictures):
    for name, path in sorted(pictures.items()):
        info = prepare(path.read_bytes(), codec=CODEC, role="logo" if name.startswith("logo") else "picture").info
        assert info.palette, name
        if not name.startswith("people"):
            assert info.focal_origin in ("centre", "subject"), f"{name} has no face"
