"""What people are told of a picture: around what it is cropped, and how sure that was."""

from dataclasses import replace

import pytest

from affiche.ports import Outcome, PictureInfo
from affiche.publish.model import PublishedCreative, creative_as_dict, creative_from_dict
from affiche.render.draw import notes_of
from affiche.render.record import info_data, info_of
from affiche.values.geometry import Rect, Size

PHOTO = PictureInfo(
    digest="p", kind="photo", size=Size(width=100, height=80), bounds=Rect(0, 0, 100, 80), focal=(0.5, 0.36), focal_origin="face",
    subject=Rect(40, 20, 20, 30), keep=Rect(30, 10, 40, 60), confidence=1.0,
)  # fmt: skip

BARE = PublishedCreative(
    product="p", product_name="P", locale="en", placement="square", placement_name="Square", channel="web", ratio="1x1",
    variant="a", status="passed", files=(), thumbnail=None, reused=False, findings=(),
)  # fmt: skip


@pytest.mark.parametrize(
    ("origin", "said"),
    [("given", "the point that the brief gives (50%, 36%)"), ("face", "a face"), ("subject", "stands out"), ("centre", "no point is given")],
)
def test_a_photograph_says_around_what_it_is_cropped(origin, said):
    assert said in notes_of(replace(PHOTO, focal_origin=origin))[0]


def test_packshots_are_never_cropped_and_say_nothing_of_it():
    assert notes_of(replace(PHOTO, kind="cutout", notes=("cut out",))) == ("cut out",)
    assert notes_of(None) == ()


@pytest.mark.parametrize("info", [PHOTO, replace(PHOTO, subject=None, keep=None, confidence=0.0, focal=None, focal_origin="centre")])
def test_what_was_found_outlives_the_ledger(info):
    assert info_of(Outcome(key="p", kind="imagine", blobs={}, data=info_data(info))) == info


def test_manifests_without_notes_are_still_read():
    data = creative_as_dict(replace(BARE, notes=("around a face",)))
    assert creative_from_dict(data).notes == ("around a face",)
    del data["notes"]
    assert creative_from_dict(data).notes == ()
