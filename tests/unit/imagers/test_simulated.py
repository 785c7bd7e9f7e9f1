"""Simulated providers: honest drawings, the same for the same request, with bills, failures and refusals to learn from."""

from __future__ import annotations

import asyncio
import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from affiche.adapters.imagers.exchange import Access
from affiche.adapters.imagers.simulated import Simulated
from affiche.errors import ContentBlocked, ProviderUnavailable
from affiche.imagine.catalog.read import simulated_catalog
from affiche.values.imagery import ImageResult
from tests.contract.kit_imagers import plain

OFFERS = simulated_catalog().offers
BY_OPERATION = {offer.operation: offer for offer in OFFERS if offer.provider == "simulated-steady"}


def make(imager: Simulated, request, offer, *, job: str = "", jobs: list[str] | None = None) -> ImageResult:
    async def remember(id: str) -> None:
        (jobs if jobs is not None else []).append(id)

    return asyncio.run(imager.make(request, offer, on_job=remember, job=job))


def opened(provider: str = "simulated-steady") -> Simulated:
    return Simulated(Access(provider=provider, options={"latency_s": 0}))


@pytest.mark.parametrize("operation", BY_OPERATION)
def test_the_same_request_gives_the_same_drawing(operation: str) -> None:
    offer = BY_OPERATION[operation]
    request, imager = plain(offer), opened()
    first, again = make(imager, request, offer), make(imager, request, offer)
    assert first.data == again.data and first.size == request.size
    assert float(first.paid.amount) == offer.price.base["standard"] and len(imager.bills) == 2


def test_a_drawing_says_that_it_is_one() -> None:
    """The dark band with the writing: no drawing can be taken for a photograph by accident."""
    offer = BY_OPERATION["generate"]
    result = make(opened(), plain(offer), offer)
    pixels = np.asarray(Image.open(io.BytesIO(result.data)).convert("L"))
    band = pixels[-60:, :]
    assert band.min() < 40 and band.max() > 220


def test_other_words_seeds_and_colors_give_other_drawings() -> None:
    offer, imager = BY_OPERATION["generate"], opened()
    bare = plain(offer)
    others = [replace(bare, prompt="hills"), replace(bare, seed=3), replace(bare, colors=("#cc0000", "#00cc00"))]
    assert len({make(imager, request, offer).data for request in (bare, *others)}) == 4


def test_the_original_stays_where_it_was_when_a_picture_is_expanded() -> None:
    offer = BY_OPERATION["expand"]
    request = plain(offer)
    made = Image.open(io.BytesIO(make(opened(), request, offer).data)).convert("RGB")
    inner = Image.open(io.BytesIO(request.source.data)).convert("RGB")
    box = made.crop((request.margins.left, request.margins.top, request.margins.left + inner.width, request.margins.top + 600))
    assert np.array_equal(np.asarray(box), np.asarray(inner)[:600])


def test_the_swift_one_fails_every_third_time() -> None:
    offer = next(offer for offer in OFFERS if offer.provider == "simulated-swift")
    imager, failed = opened("simulated-swift"), 0
    for _ in range(6):
        try:
            make(imager, plain(offer), offer)
        except ProviderUnavailable:
            failed += 1
    assert failed == 2 and len(imager.bills) == 4


def test_the_grand_one_has_jobs_that_are_picked_up_without_a_second_bill() -> None:
    offer = next(offer for offer in OFFERS if offer.provider == "simulated-grand")
    imager, jobs = opened("simulated-grand"), []
    first = make(imager, plain(offer), offer, jobs=jobs)
    assert make(imager, plain(offer), offer, job=jobs[0]).data == first.data and len(imager.bills) == 1


def test_a_refusal_can_be_tried_out() -> None:
    offer, imager = BY_OPERATION["generate"], opened()
    with pytest.raises(ContentBlocked):
        make(imager, replace(plain(offer), prompt="Please simulate a refusal."), offer)
    assert imager.bills == []
