"""Shadows: where they lie, how they fade, and what they must not touch."""

import cv2
import numpy as np
import pytest

from affiche.adapters.paint import shadow
from affiche.adapters.paint.footing import Stage, footprint, levelled
from affiche.values.color import Color
from affiche.values.frame import Fill, Shadow
from affiche.values.geometry import Rect
from tests.unit.paint.pictures import Shelf, frame, painter

SIDE = 400
GROUND = 300


def can() -> np.ndarray:
    pixels = np.zeros((300, 120, 4), np.uint8)
    pixels[:292] = (20, 120, 90, 255)
    cv2.ellipse(pixels, (60, 290), (59, 9), 0, 0, 360, (20, 120, 90, 255), -1)
    return pixels


def table(feet=((10, 298), (270, 298))) -> np.ndarray:
    """A wide top on thin legs; each foot (x, lowest row)."""
    pixels = np.zeros((300, 300, 4), np.uint8)
    pixels[100:180] = (60, 40, 30, 255)
    for x, low in feet:
        pixels[180:low, x : x + 20] = (60, 40, 30, 255)
    return pixels


def drawn(kind: str, picture: np.ndarray, *, ground="#E8E0D0", color="#0A0A10", **more) -> np.ndarray:
    height, width = picture.shape[:2]
    tall = 200.0
    wide = tall * width / height
    rect = Rect(SIDE / 2 - wide / 2, GROUND - tall, wide, tall)
    shadow = Shadow(
        kind=kind, picture="p", rect=rect, source=Rect(0, 0, width, height), ground_y=GROUND, color=Color.parse(color).with_alpha(0.8),
        softness=more.pop("softness", 8.0), **more,
    )  # fmt: skip
    it = frame(SIDE, SIDE, base=[Fill(rect=Rect(0, 0, SIDE, SIDE), paint=Color.parse(ground)), shadow])
    return painter().base(it, Shelf(p=picture))


def darkness(pixels: np.ndarray) -> np.ndarray:
    """How much darker than the untouched corner, 0..255, shape (h, w)."""
    grey = pixels[..., :3].astype(float).mean(axis=2)
    return grey[0, 0] - grey


def test_contact_is_darkest_at_the_base_and_fades_both_ways():
    dark = darkness(drawn("contact", can()))
    column = dark[:, SIDE // 2]
    assert 290 <= int(np.argmax(column)) <= 304
    assert column[GROUND + 2] > column[GROUND + 12] > column[GROUND + 24] >= 0
    assert dark[GROUND - 60, :].max() < 2


def test_contact_is_as_wide_as_the_base_not_as_the_product():
    flask = can()
    flask[200:, :40] = flask[200:, 80:] = 0
    wide = (darkness(drawn("contact", can()))[GROUND] > 25).sum()
    narrow = (darkness(drawn("contact", flask))[GROUND] > 25).sum()
    assert narrow < 0.65 * wide


def test_each_foot_has_its_own_contact():
    dark = darkness(drawn("contact", table(), softness=3.0))
    row = dark[GROUND + 1]
    left, middle, right = row[100:130].max(), row[185:215].max(), row[270:300].max()
    assert left > 2 * middle and right > 2 * middle


def test_cast_lies_away_from_the_light():
    to_the_right = darkness(drawn("cast", can(), angle_deg=60, length=0.7))
    to_the_left = darkness(drawn("cast", can(), angle_deg=-60, length=0.7))
    half = SIDE // 2 + 40
    assert to_the_right[:, half:].sum() > 8 * to_the_right[:, : SIDE - half].sum()
    assert np.abs(to_the_left[:, ::-1] - to_the_right).mean() < 1.5


def test_cast_is_paler_and_softer_far_from_the_base():
    dark = darkness(drawn("cast", can(), angle_deg=70, length=0.9))
    near, far = dark[:, 255].max(), dark[:, 330].max()
    assert near > 1.6 * far > 0


@pytest.mark.parametrize(("kind", "more"), [("contact", {}), ("cast", {"angle_deg": 50, "length": 0.6})])
def test_shadows_leave_the_rest_untouched(kind, more):
    out = drawn(kind, can(), **more)
    assert (out[:40] == out[0, 0]).all() and (out[:, :20] == out[0, 0]).all()


def test_a_shadow_ends_with_the_panel_that_the_product_stands_on():
    panel = Fill(rect=Rect(120, 40, 160, 275), paint=Color.parse("#E8E0D0"), radius=80.0)
    free = darkness(drawn("cast", can(), angle_deg=60, length=0.7))
    held = darkness(drawn("cast", can(), angle_deg=60, length=0.7, panel=panel))
    assert free[:, 285:].max() > 10 and held[:, 280:].max() == 0
    assert np.array_equal(free[240:260, 140:260], held[240:260, 140:260])
    # The corner of the panel is round: beside it nothing is dark either.
    assert free[295:300, 262:275].max() > 5 and held[295:300, 262:275].max() == 0


def test_a_shadow_multiplies_so_that_dark_grounds_stay_coloured():
    out = drawn("contact", can(), ground="#123A63")
    at = out[GROUND + 3, SIDE // 2, :3].astype(int)
    assert at.sum() < out[0, 0, :3].astype(int).sum() and at[2] > at[0]


def test_the_falloff_has_no_steps():
    out = drawn("contact", can(), softness=30.0)[..., 0].astype(float)
    column = cv2.GaussianBlur(out, (0, 0), 2)[GROUND + 12 : GROUND + 60, SIDE // 2]
    assert np.abs(np.diff(column, 2)).max() < 1.2


def test_a_reflection_is_the_product_upside_down_and_fades():
    picture = can()
    picture[250:] = np.where(picture[250:, :, 3:] > 0, np.array([200, 30, 30, 255], np.uint8), 0)
    out = drawn("reflection", picture, length=0.5, color="#FFFFFF", softness=0.5)
    below = out[GROUND + 2 : GROUND + 8, SIDE // 2, :3].astype(int).mean(axis=0)
    deep = out[GROUND + 60, SIDE // 2, :3].astype(int)
    assert below[0] > below[1] + 40
    assert np.abs(deep - out[0, 0, :3].astype(int)).sum() < np.abs(below - out[0, 0, :3].astype(int)).sum()
    assert (out[: GROUND - 20] == out[0, 0]).all()


def test_a_product_seen_from_a_corner_is_levelled_and_a_round_base_is_not():
    def stage(picture):
        alpha = cv2.copyMakeBorder(picture[..., 3].astype(np.float32) / 255, 60, 60, 60, 60, cv2.BORDER_CONSTANT)
        return Stage(alpha=alpha, ground=360.0, left=0, top=0, step=1, height=300, width=float(picture.shape[1]))

    assert not levelled(stage(can()))[1].any()
    corner = stage(table(feet=((10, 230), (140, 298), (270, 240))))
    level, rise = levelled(corner)
    assert rise[80] > 50 and rise[340] > 40 and rise[210] < 12
    assert len(footprint(level)) == 3 and len(footprint(corner)) == 1


def test_strips_join_without_a_seam(monkeypatch):
    whole = {}
    for rows in (10_000, 7):
        monkeypatch.setattr(shadow, "_STRIP", rows)
        whole[rows] = drawn("cast", can(), length=0.9, angle_deg=40.0)
    assert np.array_equal(whole[7], whole[10_000])


@pytest.mark.parametrize("kind", ["contact", "cast"])
@pytest.mark.parametrize("picture", [can(), table(), table(((10, 298), (270, 250)))], ids=["can", "table", "corner"])
def test_nothing_of_a_shadow_is_cut_off_by_the_room_it_is_given(kind, picture, monkeypatch):
    more = {"angle_deg": -55.0, "length": 0.4, "softness": 14.0} if kind == "cast" else {"softness": 5.0}
    given = drawn(kind, picture, **more).astype(int)
    monkeypatch.setattr(shadow, "_FAR", 12.0)
    assert np.abs(given - drawn(kind, picture, **more)).max() <= 3
