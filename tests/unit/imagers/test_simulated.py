"""Simulated providers over a real socket: honest drawings, the same for the same request, with bills, failures and refusals."""

from __future__ import annotations

import asyncio
import io
import json
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from affiche.adapters.fetch import GuardedFetcher
from affiche.adapters.imagers.double import MANNERS, Double
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


@contextmanager
def opened(folder: Path, provider: str = "simulated-steady", latency_s: float = 0.0) -> Iterator[Simulated]:
    double = Double(provider, folder, latency_s)
    imager = Simulated(Access(provider=provider, poll_s=0.02), GuardedFetcher(allow=(double.address,)), double)
    try:
        yield imager
    finally:
        asyncio.run(imager.close())


@pytest.mark.parametrize("operation", BY_OPERATION)
def test_the_same_request_gives_the_same_drawing_and_is_billed_once(operation: str, tmp_path: Path) -> None:
    offer = BY_OPERATION[operation]
    with opened(tmp_path) as imager:
        request = plain(offer)
        first, again = make(imager, request, offer), make(imager, request, offer)
        assert first.data == again.data and first.size == request.size
        assert float(first.paid.amount) == offer.price.base["standard"] and len(imager.double.bills) == 1


def test_who_knows_no_keys_bills_every_time(tmp_path: Path) -> None:
    offer = next(offer for offer in OFFERS if offer.provider == "simulated-swift")
    with opened(tmp_path, "simulated-swift") as imager:
        make(imager, plain(offer), offer), make(imager, plain(offer), offer)
        assert len(imager.double.bills) == 2


def test_prices_and_times_are_those_of_the_catalog() -> None:
    assert {o.provider: (o.price.base["standard"], o.latency_s, o.repeat) for o in OFFERS} == {
        name: (m.price, m.latency_s, "job" if m.jobs else "idempotent" if m.once else "none") for name, m in MANNERS.items()
    }


def test_a_drawing_says_that_it_is_one(tmp_path: Path) -> None:
    """The dark band with the writing: no drawing can be taken for a photograph by accident."""
    offer = BY_OPERATION["generate"]
    with opened(tmp_path) as imager:
        result = make(imager, plain(offer), offer)
    pixels = np.asarray(Image.open(io.BytesIO(result.data)).convert("L"))
    band = pixels[-60:, :]
    assert band.min() < 40 and band.max() > 220


def test_other_words_seeds_and_colors_give_other_drawings(tmp_path: Path) -> None:
    offer = BY_OPERATION["generate"]
    bare = plain(offer)
    others = [replace(bare, prompt="hills"), replace(bare, seed=3), replace(bare, colors=("#cc0000", "#00cc00"))]
    with opened(tmp_path) as imager:
        assert len({make(imager, request, offer).data for request in (bare, *others)}) == 4


def test_the_original_stays_where_it_was_when_a_picture_is_expanded(tmp_path: Path) -> None:
    offer = BY_OPERATION["expand"]
    request = plain(offer)
    with opened(tmp_path) as imager:
        made = Image.open(io.BytesIO(make(imager, request, offer).data)).convert("RGB")
    inner = Image.open(io.BytesIO(request.source.data)).convert("RGB")
    box = made.crop((request.margins.left, request.margins.top, request.margins.left + inner.width, request.margins.top + 600))
    assert np.array_equal(np.asarray(box), np.asarray(inner)[:600])


def test_the_swift_one_fails_every_third_time(tmp_path: Path) -> None:
    offer, failed = next(offer for offer in OFFERS if offer.provider == "simulated-swift"), 0
    with opened(tmp_path, "simulated-swift") as imager:
        for _ in range(6):
            try:
                make(imager, plain(offer), offer)
            except ProviderUnavailable:
                failed += 1
        assert failed == 2 and len(imager.double.bills) == 4


def test_the_grand_one_has_jobs_that_are_picked_up_without_a_second_bill_after_its_end(tmp_path: Path) -> None:
    offer, jobs = next(offer for offer in OFFERS if offer.provider == "simulated-grand"), []
    with opened(tmp_path, "simulated-grand", 0.1) as imager:
        first = make(imager, plain(offer), offer, jobs=jobs)
    with opened(tmp_path, "simulated-grand", 0.1) as imager:
        again = make(imager, plain(offer), offer, job=jobs[0])
        assert again.data == first.data and len(imager.double.bills) == 1


def test_a_refusal_can_be_tried_out(tmp_path: Path) -> None:
    offer = BY_OPERATION["generate"]
    with opened(tmp_path) as imager:
        with pytest.raises(ContentBlocked):
            make(imager, replace(plain(offer), prompt="Please simulate a refusal."), offer)
        assert imager.double.bills == []


def test_it_is_a_server_that_anybody_can_ask(tmp_path: Path) -> None:
    with opened(tmp_path) as imager:
        with urllib.request.urlopen(f"{imager.double.url}health", timeout=5) as answer:
            assert json.load(answer) == {"state": "ok"}
        assert asyncio.run(imager.health()) == "ok"
