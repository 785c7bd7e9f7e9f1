"""`set.yaml` becomes a set, or says everything that is wrong with it."""

import pytest
import yaml

from affiche.compose.shipped_sets import shipped_sets, view_files
from affiche.compose.studio_read import read_set
from affiche.errors import StorageError
from affiche.values.geometry import Rect, Size

GOOD = {
    "set": 1, "id": "arch", "name": "Podium and arch", "mood": ["bold"], "materials": ["wall", "floor", "podium", "arch", "ball"],
    "roles": {"wall": "surface", "floor": "surface-2", "podium": "primary", "arch": "primary", "ball": "accent"},
    "light": {"azimuth_deg": -42, "elevation_deg": 46, "shadow_softness": 0.3, "shadow_strength": 0.45},
    "classes": {
        "square": {
            "size": [1000, 800], "canvas": [100, 100, 800, 600], "scale": 1.3, "hero": {"x": 0.5, "y": 0.75, "height": 0.4},
            "calm": [[0.1, 0.1, 0.3, 0.5]],
        }
    },
}  # fmt: skip


def read(change=None, load=lambda name: name.encode()):
    raw = yaml.safe_load(yaml.dump(GOOD))
    if change:
        change(raw)
    return read_set(yaml.dump(raw).encode(), file="arch/set.yaml", load=load)


def test_fractions_become_px_of_the_render():
    found, problems = read()
    view = found.views["square"]
    assert problems == () and view.size == Size(width=1000, height=800)
    assert (view.hero_x, view.hero_y, view.hero_height) == pytest.approx((500, 600, 320))
    assert view.calm == (Rect(100, 80, 300, 400),)
    assert view.mask_files == ("square.masks-0.png", "square.masks-1.png")


def test_the_digest_is_that_of_the_pixels():
    one, two = read()[0], read(load=lambda name: b"other" + name.encode())[0]
    assert one.views["square"].digest != two.views["square"].digest == read(load=lambda name: b"other" + name.encode())[0].views["square"].digest


@pytest.mark.parametrize(
    ("change", "code", "pointer"),
    [
        (lambda raw: raw.pop("roles"), "set.missing-key", "roles"),
        (lambda raw: raw.update(colour=1), "set.unknown-key", "colour"),
        (lambda raw: raw["roles"].update(ball="gold"), "set.role", "roles.ball"),
        (lambda raw: raw["roles"].pop("ball"), "set.role", "roles.ball"),
        (lambda raw: raw["classes"].update(round={}), "set.class", "classes.round"),
        (lambda raw: raw["classes"]["square"].pop("scale"), "set.missing-key", "classes.square.scale"),
        (lambda raw: raw["classes"]["square"].update(size=[1, "x"]), "set.value", "classes.square.size"),
        (lambda raw: raw.update(classes={}), "set.class", "classes"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(change, code, pointer):
    found, problems = read(change)
    assert found is None
    assert (code, pointer) in [(problem.code, problem.where.pointer) for problem in problems]


def test_a_missing_file_is_a_problem():
    def load(name):
        raise FileNotFoundError(name)

    found, problems = read(load=load)
    assert found is None and "square.light.jpg" in problems[0].message


@pytest.mark.parametrize("data", [b": [", b"- 1", b""])
def test_what_is_no_set_is_no_set(data):
    assert read_set(data, file="x", load=lambda name: b"")[0] is None


def test_shipped_sets_are_sound():
    assert "arch" in shipped_sets()
    for id, item in shipped_sets().items():
        assert item.id == id and item.views
        for aspect in item.views:
            view, light, masks = view_files(id, aspect)
            assert light[:2] == b"\xff\xd8" and all(mask[:4] == b"\x89PNG" for mask in masks) and 0.5 < view.scale < 8
    with pytest.raises(StorageError):
        view_files("nowhere", "square")
