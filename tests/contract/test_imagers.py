"""One contract for every provider of pictures, over a real socket, against doubles that refuse what the provider would refuse."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import pytest

from affiche.errors import CapabilityError, ContentBlocked
from affiche.imagine.catalog.read import retired
from affiche.values.geometry import Size
from affiche.values.imagery import ImageRequest, Margins, Offer, Reference
from tests.contract.kit_imagers import CASES, Case, mask_png, plain, png, run, scene, source

ALL = [pytest.param(case, id=name) for name, case in CASES.items()]
OFFERS = [pytest.param(case, offer, id=offer.id) for case in CASES.values() for offer in case.offers()]
REFUSALS = [pytest.param(case, stage, id=f"{name}-{stage}") for name, case in CASES.items() for stage in case.refusals]
JOBS = [pytest.param(case, id=name) for name, case in CASES.items() if case.double.jobs]


@pytest.mark.parametrize(("case", "offer"), OFFERS)
def test_every_offer_of_the_catalog_makes_a_picture(case: Case, offer: Offer, tmp_path) -> None:
    """Once on the wire, once on the bill; what comes back is what was asked for."""

    async def story() -> None:
        async with scene(case, tmp_path) as here:
            request = plain(offer)
            result = await here.make(request, offer)
            assert len(here.paid) == 1 and len(here.double.bills) == 1
            assert result.media_type == "image/png" and result.data.startswith(b"\x89PNG")
            assert abs(result.size.ratio / request.size.ratio - 1) < 0.06
            assert result.model == offer.model
            assert bool(here.jobs) == (offer.repeat == "job" or case.double.jobs)

    run(story())


def variations(request: ImageRequest, offer: Offer) -> Iterator[tuple[str, ImageRequest]]:
    """One request per declared option, differing from `request` in that option alone."""
    can = offer.can
    if can.max_prompt:
        yield "prompt", replace(request, prompt="Another wall")
    if can.negative:
        yield "negative", replace(request, negative="people, text")
    if can.seed:
        yield "seed", replace(request, seed=77)
    if can.transparent and offer.operation == "generate":
        yield "transparent", replace(request, transparent=True)
    if can.colors:
        yield "colors", replace(request, colors=("#112233", "#ddeeff"))
    for quality in can.qualities[1:]:
        yield f"quality {quality}", replace(request, quality=quality)
    for role in can.references:
        if role == "source" or role not in {r.role for r in request.references}:
            yield role, _shown(request, role)
    if can.mask and offer.operation == "edit":
        mask = mask_png(request.size) if request.mask is None else png(request.size.width, request.size.height, "white", mode="L")
        yield "mask", replace(request, mask=mask)
    if offer.operation == "expand":
        yield "margins", replace(request, margins=Margins(left=64, right=128, top=32, bottom=16))
    if offer.operation == "generate":
        yield from _sizes(request, offer)


def _shown(request: ImageRequest, role) -> ImageRequest:
    if role == "source":
        old = request.source
        from affiche.adapters.imagers.outcome import size_of

        return replace(request, references=(source(size_of(old.data), "#113355"),))
    return replace(request, references=(*request.references, Reference(data=png(640, 640), media_type="image/png", role=role)))


def _sizes(request: ImageRequest, offer: Offer) -> Iterator[tuple[str, ImageRequest]]:
    can = offer.can
    other = can.sizes[1:2] or tuple(Size(width=w * 64, height=h * 64) for w, h in can.ratios[1:2]) or (Size(width=1280, height=960),)
    if can.size_rule == "free" or other != (Size(width=1280, height=960),):
        if "control-structure" not in offer.model and not (can.size_rule == "exact" and len(can.sizes) == 1):
            yield "size", replace(request, size=other[0])


@pytest.mark.parametrize(("case", "offer"), OFFERS)
def test_every_declared_option_changes_the_wire(case: Case, offer: Offer, tmp_path) -> None:
    """A capability that is declared and not sent would be dropped silently: the paid requests must differ."""

    async def wire(request: ImageRequest) -> tuple[str, bytes, str]:
        async with scene(case, tmp_path) as here:
            await here.make(request, offer)
            sent = here.paid[0]
            uploads = b"".join(r.body for r in here.server.seen if "upload" in r.path or "storage" in r.path)
            return sent.path, sent.body + uploads, sent.headers.get("x-model-version", "")

    async def story() -> None:
        request = plain(offer)
        bare = await wire(request)
        if offer == case.offers()[0]:
            assert bare == await wire(request), "the same request must be the same on the wire"
        for option, other in variations(request, offer):
            assert await wire(other) != bare, f"{offer.id} declares {option} and does not send it"

    run(story())


@pytest.mark.parametrize("case", ALL)
def test_what_an_offer_cannot_do_is_refused_before_anything_is_sent(case: Case, tmp_path) -> None:
    async def story() -> None:
        async with scene(case, tmp_path) as here:
            for offer in case.offers():
                request = plain(offer)
                for wrong in _beyond(request, offer):
                    with pytest.raises(CapabilityError, match="cannot do this|has no|no place"):
                        await here.make(wrong, offer)
            assert here.server.seen == [] and here.double.bills == []

    run(story())


def _beyond(request: ImageRequest, offer: Offer) -> Iterator[ImageRequest]:
    can = offer.can
    other = "upscale" if offer.operation != "upscale" else "generate"
    yield replace(request, operation=other)
    if not can.negative:
        yield replace(request, negative="people")
    if not can.seed:
        yield replace(request, seed=1)
    if not can.transparent:
        yield replace(request, transparent=True)
    if not can.colors:
        yield replace(request, colors=("#ffffff",))
    if not can.mask:
        yield replace(request, mask=mask_png(request.size))
    if can.max_prompt:
        yield replace(request, prompt="x" * (can.max_prompt + 1))
    if can.size_rule != "free" or can.multiple > 1:
        yield replace(request, size=Size(width=1111, height=333))
    if offer.operation == "expand":
        yield replace(request, margins=Margins(left=1))
    elif can.references.get("source"):
        yield replace(request, references=())


@pytest.mark.parametrize(("case", "stage"), REFUSALS)
def test_refused_content_is_one_typed_error(case: Case, stage: str, tmp_path) -> None:
    """Whatever the provider's way to say it: asked once, not sent again, no picture."""

    async def story() -> None:
        async with scene(case, tmp_path) as here:
            for offer in case.offers()[:3]:
                here.server.seen.clear()
                here.double.refusing, here.double.pending = stage, 1
                with pytest.raises(ContentBlocked) as raised:
                    await here.make(plain(offer), offer)
                assert raised.value.stage in (stage, "unknown") and raised.value.billed is not True
                assert raised.value.retry == "never" and raised.value.provider == case.provider
                assert len(here.paid) == 1

    run(story())


def test_the_categories_of_azure_are_told(tmp_path) -> None:
    async def story() -> None:
        async with scene(CASES["azure-openai"], tmp_path) as here:
            here.double.refusing = "input"
            offer = here.case.offers()[0]
            with pytest.raises(ContentBlocked) as raised:
                await here.make(plain(offer), offer)
            assert raised.value.categories == ("violence",) and raised.value.stage == "input"

    run(story())


@pytest.mark.parametrize("case", JOBS)
def test_a_job_is_picked_up_again_without_paying_twice(case: Case, tmp_path) -> None:
    """What `on_job` was told is all that another process needs."""

    async def story() -> None:
        async with scene(case, tmp_path) as here:
            offer = case.offers()[0]
            request = plain(offer)
            first = await here.make(request, offer)
            again = await here.make(request, offer, job=here.jobs[-1])
            assert again.data == first.data and len(here.paid) == 1 and len(here.double.bills) == 1

    run(story())


@pytest.mark.parametrize("case", JOBS)
def test_the_job_is_told_before_it_is_waited_for(case: Case, tmp_path) -> None:
    async def story() -> None:
        async with scene(case, tmp_path) as here:
            offer = case.offers()[0]
            here.double.pending = 10_000
            task = asyncio.ensure_future(here.make(plain(offer), offer))
            async with asyncio.timeout(10):
                while not here.jobs or len(here.server.seen) < 2:
                    await asyncio.sleep(0.01)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            asked = len(here.server.seen)
            await asyncio.sleep(0.1)
            assert len(here.server.seen) <= asked + 1, "a cancelled task must not go on asking"

    run(story())


def test_a_gateway_that_takes_keys_is_paid_once_for_the_same_request(tmp_path) -> None:
    async def story() -> None:
        async with scene(CASES["gateway"], tmp_path) as here:
            offer = here.case.offers()[0]
            for _ in range(3):
                await here.make(plain(offer), offer)
            assert len(here.paid) == 3 and len(here.double.bills) == 1

    run(story())


@pytest.mark.parametrize("case", ALL)
def test_health_is_free_and_says_what_is_wrong(case: Case, tmp_path) -> None:
    async def story() -> None:
        async with scene(case, tmp_path) as here:
            said = await here.imager().health()
            assert said == "ok" or "not tested" in said
            assert here.double.bills == [] and not here.paid
            if case.secrets and "not tested" not in said:
                wrong = replace(case, secrets=dict.fromkeys(case.secrets, "wrong-key-000000"))
                here.case = wrong
                said = await here.imager().health()
                assert said != "ok" and "wrong-key" not in said

    run(story())


def test_image_5_keeps_to_what_it_can_do_with_a_picture(tmp_path) -> None:
    """Firefly: the answer has the shape of the picture that goes along, which may be neither small nor large."""
    offer = next(offer for offer in CASES["firefly"].offers() if offer.id == "firefly/image5/edit")

    async def story() -> None:
        async with scene(CASES["firefly"], tmp_path) as here:
            wide = replace(plain(offer), size=Size(width=1600, height=900))
            for picture, said in [((1024, 1024), "in the shape of"), ((640, 360), "230400"), ((2752, 1548), "4260096")]:
                given = replace(wide, references=(source(Size(width=picture[0], height=picture[1])),))
                with pytest.raises(CapabilityError, match=said):
                    await here.make(given, offer)
            assert here.server.seen == []
            result = await here.make(replace(wide, references=(source(Size(width=1344, height=756)),)), offer)
            assert result.size == Size(width=2048, height=1152)
            assert here.paid[0].json()["aspectRatio"] == "auto"

    run(story())


def test_a_token_is_kept_until_shortly_before_its_end(tmp_path) -> None:
    """Firefly: one sign-in for many pictures at once, another one when the first is nearly over."""
    from affiche.adapters.fetch import GuardedFetcher
    from affiche.adapters.imagers.exchange import Access
    from affiche.adapters.imagers.firefly import Firefly
    from affiche.values.secret import Secret

    case, clock = CASES["firefly"], [0.0]

    async def story() -> None:
        async with scene(case, tmp_path) as here:
            secrets = {name: Secret(value) for name, value in case.secrets.items()}
            access = Access(base=f"{here.server.url}/", secrets=secrets, options={"ims_url": here.server.url}, poll_s=0.01)
            imager = Firefly(access, GuardedFetcher(allow=("127.0.0.1",)), now=lambda: clock[0])
            here.opened.append(imager)
            offer = case.offers()[0]
            await asyncio.gather(*(here.make(plain(offer), offer, imager=imager) for _ in range(3)))
            assert here.double.tokens == 1
            clock[0] = 86_399 - 599
            await here.make(plain(offer), offer, imager=imager)
            assert here.double.tokens == 2

    run(story())


def test_what_was_paid_is_what_the_provider_reports(tmp_path) -> None:
    expected = {"openai": "0.00630", "bfl": "0.030", "recraft": "0.035", "gateway": "0.021", "gemini": "0.0336090"}

    async def story() -> None:
        for name, amount in expected.items():
            async with scene(CASES[name], tmp_path) as here:
                offer = here.case.offers()[0]
                result = await here.make(plain(offer), offer)
                assert result.paid is not None, name
                assert float(result.paid.amount) == pytest.approx(float(amount), rel=1e-6), name

    run(story())


def test_every_live_offer_of_the_catalog_is_in_this_suite() -> None:
    """A model that nobody tried is a promise nobody keeps. Local pipelines have a suite of their own (`./run diffusion`)."""
    from datetime import date

    from affiche.imagine.catalog.read import shipped_catalog

    tried = {offer.id for case in CASES.values() for offer in case.offers()}
    live = {o.id for o in shipped_catalog().offers if not retired(o, date(2026, 11, 25)) and o.provider != "diffusers"}
    assert live <= tried
