"""What a request needs and an offer lacks; which size to ask of an offer."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from affiche.imagine.catalog.read import shipped_catalog
from affiche.values.demand import lacks, size_for
from affiche.values.digest import digest
from affiche.values.geometry import Size
from affiche.values.imagery import Capabilities, ImageRequest, Margins, Reference

FREE = Capabilities(size_rule="free", multiple=16, min_pixels=655_360, max_pixels=8_294_400, max_side=3840, max_aspect=3.0)
BARE = ImageRequest(key=digest("t"), operation="generate", prompt="a wall", size=Size(width=1024, height=1024))
SOURCE = Reference(data=b"x", media_type="image/png", role="source")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"negative": "no"}, "no negative prompt"), ({"seed": 1}, "no seed"), ({"mask": b"m"}, "no mask"),
        ({"transparent": True}, "no transparent"), ({"colors": ("#fff",)}, "no colours"), ({"quality": "high"}, "qualities"),
        ({"references": (SOURCE,)}, "0 pictures as source"), ({"size": Size(width=1030, height=1024)}, "multiples of 16"),
        ({"size": Size(width=64, height=64)}, "at least"), ({"size": Size(width=3840, height=3840)}, "at most 8294400"),
        ({"size": Size(width=4000, height=1600)}, "at most 3840 px"), ({"size": Size(width=3840, height=640)}, "3 times"),
        ({"operation": "upscale"}, "needs a source"), ({"operation": "expand", "references": (SOURCE,)}, "needs margins"),
    ],
)  # fmt: skip
def test_each_thing_that_an_offer_lacks_is_named(change, said: str) -> None:
    assert any(said in text for text in lacks(replace(BARE, **change), FREE))


def test_nothing_is_lacking_when_nothing_is() -> None:
    assert lacks(BARE, FREE) == ()
    able = replace(
        FREE, mask=True, negative=True, seed=True, transparent=True, colors=True, qualities=("high",), references={"source": 1}
    )
    request = replace(
        BARE, operation="expand", references=(SOURCE,), margins=Margins(left=1), negative="n", seed=1, mask=b"m",
        transparent=True, colors=("#fff",), quality="high",
    )  # fmt: skip
    assert lacks(request, able) == ()


def test_a_ratio_is_met_by_its_shape_at_any_size() -> None:
    wide = Capabilities(size_rule="ratio", ratios=((16, 9), (1, 1)))
    assert lacks(replace(BARE, size=Size(width=1376, height=768)), wide) == ()
    assert lacks(replace(BARE, size=Size(width=1200, height=628)), wide)


def test_exact_sizes_are_chosen_by_shape_then_by_cover() -> None:
    can = Capabilities(size_rule="exact", sizes=(Size(width=512, height=512), Size(width=2048, height=2048), Size(width=1024, height=1024)))
    assert size_for(Size(width=1000, height=1000), can) == Size(width=1024, height=1024)
    assert size_for(Size(width=4000, height=4000), can) == Size(width=2048, height=2048)
    assert size_for(Size(width=4000, height=1000), can) is None


@given(st.integers(50, 6000), st.integers(50, 6000), st.sampled_from(shipped_catalog().offers))
def test_a_size_that_is_proposed_is_never_lacking(width: int, height: int, offer) -> None:
    size = size_for(Size(width=width, height=height), offer.can)
    if size is not None:
        plain = replace(BARE, size=size, quality=offer.can.qualities[0])
        assert not [text for text in lacks(plain, offer.can) if "source" not in text and "needs a picture" not in text], (offer.id, size)


@given(st.integers(300, 3000), st.integers(300, 3000))
def test_a_free_size_keeps_the_shape(width: int, height: int) -> None:
    wanted = Size(width=width, height=height)
    size = size_for(wanted, FREE)
    if size is not None and max(wanted.ratio, 1 / wanted.ratio) <= 3:
        assert abs(size.ratio / wanted.ratio - 1) < 0.06
