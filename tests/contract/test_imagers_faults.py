"""What goes wrong between us and a provider, for every adapter: the right error, and the truth about the bill.

The faults are made by the server on the socket. The table says what each means for the money: `False` surely not billed, `True`
billed, `None` nobody knows, which is what stops a run from paying twice.
"""

from __future__ import annotations

import asyncio
import importlib
import socket
import time

import pytest

from affiche.errors import (
    AccessRefused,
    BadOutput,
    ProviderError,
    ProviderTimeout,
    ProviderUnavailable,
    QuotaExhausted,
    RateLimited,
    RequestRefused,
)
from tests.contract.kit_imagers import CASES, plain, run, scene
from tests.doubles import server as doubles
from tests.doubles.server import Reply, enormous_png

#: Fault on the paid request -> (error, billed).
MEANS: dict[str, tuple[type[ProviderError], bool | None]] = {
    "unread": (ProviderTimeout, None), "reset": (ProviderTimeout, None), "hang": (ProviderTimeout, None),
    "drip": (ProviderTimeout, None), "half": (BadOutput, True), "html": (BadOutput, True), "flood": (BadOutput, True),
    "429": (RateLimited, False), "429-after": (RateLimited, False), "500": (ProviderUnavailable, False),
    "503": (ProviderUnavailable, False), "504": (ProviderTimeout, None), "401": (AccessRefused, False),
    "402": (QuotaExhausted, False), "404": (RequestRefused, False),
}  # fmt: skip
NAMES = list(CASES)
WITH_RESULTS = ["firefly", "bfl", "fal", "replicate", "ideogram", "gateway", "comfyui"]
POLLED = [name for name, case in CASES.items() if case.double.jobs]


@pytest.mark.parametrize("fault", MEANS)
@pytest.mark.parametrize("name", NAMES)
def test_a_fault_of_the_paid_request(name: str, fault: str, tmp_path) -> None:
    case, (kind, billed) = CASES[name], MEANS[fault]

    async def story() -> None:
        async with scene(case, tmp_path, timeout_s=0.3 if fault in ("hang", "drip") else 10.0) as here:
            offer, hits = case.offers()[0], []

            def wrong(request):
                if not here.double.pays(request):
                    return ""
                hits.append(request)
                return fault

            here.server.fault = wrong
            started = time.monotonic()
            with pytest.raises(ProviderError) as raised:
                await here.make(plain(offer), offer)
            error = raised.value
            assert type(error) is kind, error
            assert error.billed is billed and error.provider == name
            assert len(here.paid) <= 1 and len({id(r) for r in hits if r.body}) <= 1, "exactly one attempt"
            assert time.monotonic() - started < 5
            if isinstance(error, RateLimited):
                assert error.retry_after_s == (7 if fault == "429-after" else None)

    run(story())


@pytest.mark.parametrize("name", NAMES)
def test_nobody_listens(name: str, tmp_path) -> None:
    """A refused connection: surely not billed."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        closed = f"http://127.0.0.1:{held.getsockname()[1]}"

        async def story() -> None:
            async with scene(CASES[name], tmp_path) as here:
                offer = here.case.offers()[0]
                with pytest.raises(ProviderUnavailable) as raised:
                    await here.make(plain(offer), offer, imager=here.imager(offer, url=closed))
                assert raised.value.billed is False

        run(story())


@pytest.mark.parametrize("name", NAMES)
def test_an_enormous_picture_is_refused_before_it_is_decoded(name: str, tmp_path, monkeypatch) -> None:
    module = importlib.import_module(CASES[name].double.__module__)
    monkeypatch.setattr(module, "drawn", lambda *_, **__: enormous_png())

    async def story() -> None:
        async with scene(CASES[name], tmp_path) as here:
            offer = here.case.offers()[0]
            with pytest.raises(BadOutput, match="than we decode") as raised:
                await here.make(plain(offer), offer)
            assert raised.value.billed is True

    run(story())


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("cut", "said"), [(lambda data: data[:-200], "cut off|damaged"), (lambda data: b"GIF89a" + data, "no PNG"), (lambda data: data[:30], "damaged|cut off")],
    ids=["cut", "foreign", "stub"],
)  # fmt: skip
def test_a_damaged_picture_is_bad_output(name: str, cut, said: str, tmp_path, monkeypatch) -> None:
    module = importlib.import_module(CASES[name].double.__module__)
    whole = module.drawn
    monkeypatch.setattr(module, "drawn", lambda *a, **k: cut(whole(*a, **k)))

    async def story() -> None:
        async with scene(CASES[name], tmp_path) as here:
            offer = here.case.offers()[0]
            with pytest.raises(BadOutput, match=said):
                await here.make(plain(offer), offer)

    run(story())


@pytest.mark.parametrize("name", NAMES)
def test_another_shape_than_was_asked_is_bad_output(name: str, tmp_path, monkeypatch) -> None:
    module = importlib.import_module(CASES[name].double.__module__)
    whole = module.drawn
    monkeypatch.setattr(module, "drawn", lambda *a, **k: whole(900, 300))

    async def story() -> None:
        async with scene(CASES[name], tmp_path) as here:
            offer = here.case.offers()[0]
            with pytest.raises(BadOutput, match="900x300"):
                await here.make(plain(offer), offer)

    run(story())


@pytest.mark.parametrize("name", POLLED)
@pytest.mark.parametrize("fault", ["503", "reset", "429", "half"])
def test_a_burst_while_a_job_is_asked_for_is_waited_out(name: str, fault: str, tmp_path) -> None:
    """Asking is free and may be repeated; the paid request may not."""

    async def story() -> None:
        async with scene(CASES[name], tmp_path) as here:
            offer, left = here.case.offers()[0], [2]

            def wrong(request):
                if here.double.pays(request) or not here.jobs or not request.path or left[0] == 0:
                    return ""
                left[0] -= 1
                return fault

            here.server.fault = wrong
            await here.make(plain(offer), offer)
            assert len(here.paid) == 1 and left[0] == 0

    run(story())


@pytest.mark.parametrize("name", POLLED)
@pytest.mark.parametrize("fault", ["503", "reset", "401", "404", "html"])
def test_a_job_that_cannot_be_asked_for_leaves_the_bill_open(name: str, fault: str, tmp_path) -> None:
    async def story() -> None:
        async with scene(CASES[name], tmp_path) as here:
            offer = here.case.offers()[0]
            here.server.fault = lambda request: fault if here.jobs and not here.double.pays(request) and "upload" not in request.path else ""
            with pytest.raises((ProviderTimeout, BadOutput)) as raised:
                await here.make(plain(offer), offer)
            assert raised.value.billed is not False and len(here.jobs) == 1
            here.server.fault = lambda request: ""
            result = await here.make(plain(offer), offer, job=here.jobs[0])
            assert result.data and len(here.paid) == 1 and len(here.double.bills) == 1

    run(story())


@pytest.mark.parametrize("name", WITH_RESULTS)
@pytest.mark.parametrize(("fault", "kind"), [("half", ProviderTimeout), ("404", ProviderTimeout), ("html", BadOutput), ("flood", BadOutput)])
def test_a_finished_picture_that_does_not_arrive(name: str, fault: str, kind: type[ProviderError], tmp_path) -> None:
    async def story() -> None:
        async with scene(CASES[name], tmp_path) as here:
            offer = here.case.offers()[0]
            here.server.fault = lambda request: fault if here.double.fetches(request) else ""
            with pytest.raises(kind) as raised:
                await here.make(plain(offer), offer)
            assert raised.value.billed is not False and len(here.paid) == 1

    run(story())


@pytest.mark.parametrize("name", NAMES)
def test_keys_show_neither_in_errors_nor_in_values(name: str, tmp_path, monkeypatch) -> None:
    """A provider that repeats our headers in its error, as debugging proxies do."""
    case = CASES[name]

    async def story() -> None:
        async with scene(case, tmp_path) as here:
            offer, imager = case.offers()[0], here.imager(case.offers()[0])
            honest = here.double.respond
            here.server.respond = lambda r: _echo(r) if here.double.pays(r) else honest(r)
            with pytest.raises(ProviderError) as raised:
                await here.make(plain(offer), offer, imager=imager)
            secrets = [v for k, v in case.secrets.items() if not (name == "bedrock" and k == "id")]
            shown = f"{raised.value} {raised.value!r} {imager!r} {vars(imager)!r} {raised.value.hint}"
            assert not [value for value in secrets if value in shown]

    run(story())


def _echo(request) -> Reply:
    """Headers whole, and their last words alone: a key without what stands before it."""
    text = " ".join(f"{name}: {value} {value.split(' ')[-1]}" for name, value in request.headers.items())
    return doubles.reply_json({"error": {"message": text}}, 400)


@pytest.mark.parametrize("name", NAMES)
def test_cancelling_stops_waiting(name: str, tmp_path) -> None:
    async def story() -> None:
        async with scene(CASES[name], tmp_path) as here:
            offer = here.case.offers()[0]
            here.server.fault = lambda request: "hang" if here.double.pays(request) and request.body else ""
            task = asyncio.ensure_future(here.make(plain(offer), offer))
            async with asyncio.timeout(10):
                while not here.paid:
                    await asyncio.sleep(0.01)
            task.cancel()
            started = time.monotonic()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert time.monotonic() - started < 1 and len(here.paid) == 1

    run(story())


def test_keys_do_not_follow_to_another_host(tmp_path) -> None:
    """A provider whose answer names an address elsewhere for polling: asked without keys, so nothing is learnt there."""
    case = CASES["bfl"]

    async def story() -> None:
        async with scene(case, tmp_path) as here, scene(case, tmp_path) as elsewhere:
            offer, honest = case.offers()[0], here.double.respond

            def lured(request):
                reply = honest(request)
                return Reply(status=reply.status, body=reply.body.replace(here.server.url.encode(), elsewhere.server.url.encode()))

            here.server.respond = lured
            with pytest.raises(ProviderTimeout):
                await here.make(plain(offer), offer)
            assert elsewhere.server.seen and not [r for r in elsewhere.server.seen if "x-key" in r.headers]

    run(story())


def test_a_redirect_of_a_paid_request_is_not_followed(tmp_path) -> None:
    async def story() -> None:
        async with scene(CASES["openai"], tmp_path) as here, scene(CASES["openai"], tmp_path) as elsewhere:
            offer = here.case.offers()[0]
            here.server.respond = lambda request: Reply(status=307, headers={"Location": f"{elsewhere.server.url}/v1/images/generations"})
            with pytest.raises(RequestRefused):
                await here.make(plain(offer), offer)
            assert len(here.server.seen) == 1 and elsewhere.server.seen == []

    run(story())
