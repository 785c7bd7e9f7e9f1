"""Focal points, heads with their room, subjects: the order of precedence and the boxes."""

import cv2
import numpy as np
import pytest

from affiche.compose.layout.crop import cover
from affiche.imagine import faces, focal, subject
from affiche.imagine.faces import Face
from affiche.values.geometry import Rect
from tests.unit.imagine import scenes

FACE = Rect(0.4, 0.3, 0.2, 0.2)


def opaque(rgb: np.ndarray) -> np.ndarray:
    return np.dstack([rgb, np.full(rgb.shape[:2], 255, np.uint8)])


def aside() -> np.ndarray:
    """The bottle of the scenes at the right of a wide plain wall."""
    wall = np.full((480, 900, 3), 214, np.uint8)
    shot = scenes.packshot(ground=np.full((480, 480, 3), 214, np.uint8), shadow=False)
    wall[:, 420:] = shot
    return opaque(wall)


def shown(monkeypatch, *boxes: Face) -> focal.Attention:
    monkeypatch.setattr(faces, "found", lambda pixels: boxes)
    return focal.found(aside())


def test_a_subject_is_boxed_where_it_is():
    found = subject.located(aside())
    truth = Rect((420 + 185) / 900, 60 / 480, 110 / 900, 360 / 480)
    assert found.confidence > subject.SURE
    assert found.box.intersection(truth).area / found.box.union(truth).area > 0.8


def test_a_sure_subject_is_the_focal_point():
    found = focal.found(aside())
    assert found.origin == "subject"
    assert found.point == pytest.approx(((420 + 240) / 900, 240 / 480), abs=0.04)
    assert found.keep.contains(found.subject, tolerance=0)


def test_a_picture_without_a_subject_has_none():
    assert focal.found(opaque(scenes.street())) == focal.Attention(point=None, origin="centre")


def test_a_face_goes_before_a_subject(monkeypatch):
    found = shown(monkeypatch, Face(box=FACE))
    assert (found.origin, found.point) == ("face", (0.5, 0.4))


def test_a_given_point_goes_before_everything(monkeypatch):
    shown(monkeypatch, Face(box=FACE))
    assert focal.found(aside(), (0.5, 0.35)).origin == "given"
    assert focal.found(aside(), (0.5, 0.35)).subject is not None
    elsewhere = focal.found(aside(), (0.05, 0.95))
    assert (elsewhere.point, elsewhere.subject, elsewhere.keep) == ((0.05, 0.95), None, None)


def test_a_head_has_room_above_it(monkeypatch):
    found = shown(monkeypatch, Face(box=FACE))
    assert found.subject.y < FACE.y - 0.05, "hair belongs to the head"
    assert found.keep.y < found.subject.y - 0.05
    assert found.keep.bottom > FACE.bottom + 0.1


@pytest.mark.parametrize("gaze", ["left", "right"])
def test_a_head_has_more_room_where_it_looks(monkeypatch, gaze):
    keep = shown(monkeypatch, Face(box=FACE, gaze=gaze)).keep
    left, right = FACE.x - keep.x, keep.right - FACE.right
    assert (left > 2 * right) if gaze == "left" else (right > 2 * left)


def test_the_crop_of_a_head_that_looks_aside_gives_it_room(monkeypatch):
    """A square of a wide picture: the face stands off the middle, away from where it looks."""
    keep = shown(monkeypatch, Face(box=Rect(0.45, 0.3, 0.1, 0.18), gaze="right")).keep
    bounds = Rect(0, 0, 1600, 900)
    crop = cover(bounds, Rect(0, 0, 4, 9), (0.5, 0.39), keep=Rect(keep.x * 1600, keep.y * 900, keep.width * 1600, keep.height * 900))
    assert (800 - crop.x) / crop.width < 0.45
    straight = cover(bounds, Rect(0, 0, 4, 9), (0.5, 0.39))
    assert (800 - straight.x) / straight.width == pytest.approx(0.5)


def test_profiles_tell_the_gaze(monkeypatch):
    """The profile cascade itself is the library's; which of its two passes hit decides."""
    box = (40, 40, 60, 60)
    assert faces._gaze(box, [box], []) == "left"
    assert faces._gaze(box, [], [box]) == "right"
    assert faces._gaze(box, [box], [box]) == faces._gaze(box, [(200, 200, 60, 60)], []) == ""


def test_real_profiles_look_the_right_way(corpus):
    path = corpus / "pictures" / "people-76.jpg"
    if not path.is_file():
        pytest.skip(f"NOT RUN: there is no picture at {path}")
    pixels = opaque(cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB))
    assert [face.gaze for face in faces.found(pixels)] == ["right", "right"]
    left, right = faces._turned(faces._proxy(np.ascontiguousarray(pixels[:, ::-1])))
    assert len(left) == 2 and not right


def test_what_is_too_large_for_a_crop_keeps_its_middle():
    crop = cover(Rect(0, 0, 1000, 1000), Rect(0, 0, 9, 16), (0.5, 0.5), keep=Rect(100, 0, 800, 1000))
    assert crop.center_x == pytest.approx(500)


def test_a_crop_moves_only_as_far_as_it_must():
    bounds, into = Rect(0, 0, 1000, 1000), Rect(0, 0, 1, 2)
    assert cover(bounds, into, (0.5, 0.5), keep=Rect(300, 100, 300, 500)).x == 250
    assert cover(bounds, into, (0.5, 0.5), keep=Rect(600, 100, 300, 500)).right == 900


def test_nobody_looks_for_faces_where_there_is_no_skin(monkeypatch):
    def looked(*_):
        raise AssertionError("the cascade was asked")

    blue = np.full((400, 500, 4), (40, 90, 200, 255), np.uint8)
    monkeypatch.setattr(faces, "_hits", looked)
    assert faces.found(blue) == ()
    skin = blue.copy()
    skin[150:190, 200:240] = (205, 150, 120, 255)
    with pytest.raises(AssertionError, match="was asked"):
        faces.found(skin)
