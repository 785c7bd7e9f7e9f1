"""Adobe Firefly by its official API description, read by somebody else: Prism stands between the adapter and our double.

What our own reading of the description would get wrong twice, in the adapter and in its double, is seen here: a request that is not
described does not reach the double, an answer that is not does not come back unmarked. What the description says in prose only (sizes, which
members exclude each other) remains to the double. Sign-in and finished pictures lie elsewhere and are not described.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from affiche.adapters.fetch import GuardedFetcher
from affiche.errors import ContentBlocked, ProviderError
from affiche.values.fetch import Fetched, FetchRequest
from affiche.values.geometry import Size
from affiche.values.imagery import ImageRequest, ImageResult, Offer
from tests.contract.kit_imagers import CASES, Scene, plain, run
from tests.contract.kit_servers import PRISM_VERSION, Unfetched, from_npm, prism
from tests.contract.test_imagers import variations
from tests.doubles.firefly import SCHEMAS, SPEC, Firefly
from tests.doubles.official import SPECS, spec
from tests.doubles.server import Reply, Request, Server, reply_json

CASE = CASES["firefly"]
OFFERS = {offer.id: offer for offer in CASE.offers()}
UPLOAD = "/v2/storage/image"
KEYS = {"authorization": f"Bearer {Firefly.token}", "x-api-key": Firefly.id}
ALL = [pytest.param(offer, id=name) for name, offer in OFFERS.items()]


class Behind(Firefly):
    """The double behind Prism, which reads bodies as text: the bytes of a picture that arrived are looked up among those `sent`.

    `instead`: what it answers to whatever is asked under a path.
    """

    def __init__(self) -> None:
        super().__init__()
        self.sent: dict[bytes, bytes] = {}
        self.instead: dict[str, Reply] = {}

    def route(self, request: Request) -> Reply:
        found = next((path for path in self.instead if request.path.startswith(path)), "")
        if found:
            return self.instead[found]
        if request.path == UPLOAD:
            request = replace(request, body=self.sent[request.body])
        return super().route(request)


@dataclass(kw_only=True)
class Front:
    """Prism at `url` before a double. `answers` are those that came through Prism; `good` are paid requests by their offer."""

    url: str
    double: Behind
    server: Server
    answers: list[Fetched] = field(default_factory=list)
    good: dict[str, Request] = field(default_factory=dict)

    def scene(self, folder: Path) -> Scene:
        """One adapter and what it is told, from an empty page."""
        self.double.refusing, self.double.pending = "", 1
        self.double.instead.clear()
        for seen in (self.answers, self.server.seen, self.double.bills):
            seen.clear()
        case = replace(CASE, options=lambda folder, url, offer: {"ims_url": self.server.url})
        return Scene(case=case, double=self.double, server=self.server, folder=folder, fetcher=lambda: Watched(self))

    def violations(self) -> list[str]:
        """What Prism holds against answers that it let through nevertheless."""
        return [answer.headers["sl-violations"] for answer in self.answers if "sl-violations" in answer.headers]


class Watched(GuardedFetcher):
    """The fetcher that adapters use; notes what comes by `front`."""

    def __init__(self, front: Front) -> None:
        super().__init__(allow=("127.0.0.1",))
        self._front = front

    async def fetch(self, request: FetchRequest) -> Fetched:
        if request.url.endswith(UPLOAD):
            self._front.double.sent[request.body.decode("utf-8", "replace").encode()] = request.body
        answer = await super().fetch(request)
        if request.url.startswith(self._front.url):
            self._front.answers.append(answer)
        return answer


def described() -> dict[str, Any]:
    """The schemas of the official description."""
    found = spec(SPEC)
    if found is None:
        pytest.skip(f"NOT RUN: the official description of Firefly's API is not at {SPECS / SPEC}")
    return found["components"]["schemas"]  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    described()
    try:
        from_npm("@stoplight/prism-cli", PRISM_VERSION)
    except Unfetched as error:
        pytest.skip(f"NOT RUN: {error}")
    double = Behind()
    with (
        Server(respond=double.respond).threaded() as server,
        prism(tmp_path_factory.mktemp("prism"), SPECS / SPEC, server.url) as url,
    ):
        double.url, double.front = server.url, url
        yield Front(url=url, double=double, server=server)


def made(front: Front, here: Scene, request: ImageRequest, offer: Offer) -> ImageResult:
    """The picture by an adapter of its own, through Prism."""

    async def story() -> ImageResult:
        imager = here.imager(offer, url=front.url)
        try:
            return await here.make(request, offer, imager=imager)
        finally:
            await imager.close()

    return run(story())  # type: ignore[no-any-return]


@pytest.mark.parametrize("offer", ALL)
def test_every_offer_with_each_of_its_options_is_as_adobe_describes_it(front: Front, offer: Offer, tmp_path: Path) -> None:
    """Uploads, the job, asking for it: all went through Prism, both ways."""
    accepted = 200 if offer.model == "image5" else 202
    for option, request in [("plain", plain(offer)), *variations(plain(offer), offer)]:
        here = front.scene(tmp_path)
        result = made(front, here, request, offer)
        assert result.media_type == "image/png" and abs(result.size.ratio / request.size.ratio - 1) < 0.06, option
        uploads = len(request.references) + (request.mask is not None)
        assert [answer.status for answer in front.answers] == [200] * uploads + [accepted, 200, 200], option
        assert front.violations() == [] and len(here.paid) == len(here.double.bills) == 1, option
        front.good.setdefault(offer.id, here.paid[0])


@pytest.mark.parametrize("stage", CASE.refusals)
@pytest.mark.parametrize("offer", ALL)
def test_refused_content_is_told_as_adobe_describes_it(front: Front, offer: Offer, stage: str, tmp_path: Path) -> None:
    """By 451 where the description has one, else by a job that failed."""
    here = front.scene(tmp_path)
    here.double.refusing = stage
    with pytest.raises(ContentBlocked) as raised:
        made(front, here, plain(offer), offer)
    assert raised.value.stage in (stage, "unknown") and raised.value.billed is not True
    assert front.answers[-1].status == (451 if offer.model == "image5" and stage == "input" else 200)
    assert front.violations() == [] and here.double.bills == []


def test_a_job_that_ended_by_any_word_for_refused_content_is_blocked(front: Front, tmp_path: Path) -> None:
    """The words of Adobe's description; `output_media_unsafe` is in Adobe's own library only."""
    here, offer = front.scene(tmp_path), OFFERS["firefly/image4_standard/generate"]
    stages = {}
    for code in [*described()["ContentPolicyErrorCode451"]["enum"], "output_media_unsafe"]:
        here.double.instead["/v3/status/"] = reply_json({"status": "failed", "jobId": "urn:ff:jobs:1", "error_code": code})
        with pytest.raises(ContentBlocked, match=code) as raised:
            made(front, here, plain(offer), offer)
        stages[code] = raised.value.stage
    assert front.violations() == []
    assert (stages["prompt_unsafe"], stages["input_media_unsafe"], stages["output_media_unsafe"]) == ("input", "input", "output")


Break = Callable[[dict[str, Any]], object]
#: Offer -> what makes its request wrong, by the member that Prism then names.
BROKEN: list[tuple[str, str, Break]] = [
    ("firefly/image4_standard/generate", "prompt", lambda body: body.pop("prompt")),
    ("firefly/image4_ultra/generate", "seeds", lambda body: body.update(seeds=[1.5])),
    ("firefly/image4_standard/generate", "numVariations", lambda body: body.update(numVariations=5)),
    ("firefly/image4_ultra/generate", "width", lambda body: body["size"].pop("width")),
    ("firefly/image5/generate", "prompt", lambda body: body.pop("prompt")),
    ("firefly/image5/generate", "aspectRatio", lambda body: body.update(aspectRatio="2:1")),
    ("firefly/image5/edit", "referenceBlobs", lambda body: body.update(referenceBlobs=body["referenceBlobs"] * 2)),
    ("firefly/image5/edit", "source", lambda body: body["referenceBlobs"][0].pop("source")),
    ("firefly/expand/expand", "image", lambda body: body.pop("image")),
    ("firefly/expand/expand", "inset", lambda body: body["placement"]["inset"].update(left="wide")),
    ("firefly/fill/edit", "mask", lambda body: body.pop("mask")),
    ("firefly/fill/edit", "height", lambda body: body["size"].update(height=5000)),
]


@pytest.mark.parametrize(("name", "member", "spoil"), BROKEN, ids=[f"{name}-{member}" for name, member, _ in BROKEN])
def test_prism_refuses_what_is_not_described(front: Front, name: str, member: str, spoil: Break, tmp_path: Path) -> None:
    """The adapter's own request with one mistake: 422 by Prism, which names it, and nothing reaches the double."""
    good = paid(front, OFFERS[name], tmp_path)
    body = good.json()
    spoil(body)
    reached = len(front.server.seen)
    told = posted(front, good.path, {**_headers(good), **KEYS}, json.dumps(body).encode())
    assert told.status == 422 and len(front.server.seen) == reached
    problem = json.loads(told.body)
    assert problem["type"].endswith("#UNPROCESSABLE_ENTITY") and member in str(problem["validation"])


def test_prism_refuses_requests_without_keys_or_with_a_wrong_model(front: Front, tmp_path: Path) -> None:
    good = paid(front, OFFERS["firefly/image5/generate"], tmp_path)
    reached = len(front.server.seen)
    for missing in KEYS:
        keys = {name: value for name, value in KEYS.items() if name != missing}
        assert posted(front, good.path, {**_headers(good), **keys}, good.body).status == 401, missing
    assert posted(front, good.path, {"content-type": "application/json", **KEYS}, good.body).status == 422
    assert posted(front, good.path, {**_headers(good), **KEYS, "x-model-version": "image6"}, good.body).status == 422
    assert posted(front, UPLOAD, {"content-type": "image/gif", **KEYS}, b"GIF89a").status == 422
    assert posted(front, "/v3/images/paint-async", {**_headers(good), **KEYS}, good.body).status == 404
    assert len(front.server.seen) == reached
    assert posted(front, good.path, {**_headers(good), **KEYS}, good.body).status == 200, "unspoilt it passes"


#: Path of the double -> an answer that is not described, what Prism says of it, and the status that comes back.
WRONG: list[tuple[str, Reply, str, int]] = [
    ("/v3/images/", reply_json({"jobId": "urn:ff:jobs:1", "statusUrl": "x"}, 202), "cancelUrl", 500),
    ("/v3/images/", reply_json({"error_code": "prompt_unsafe"}, 451), "status code", 451),
    ("/v3/status/", reply_json({"status": "done", "jobId": "urn:ff:jobs:1"}), "status", 500),
    (UPLOAD, reply_json({"images": [{"uploadId": "1"}]}), "'id'", 500),
]


@pytest.mark.parametrize(("path", "reply", "said", "status"), WRONG, ids=[said for _, _, said, _ in WRONG])
def test_answers_that_are_not_described_are_seen(
    front: Front, path: str, reply: Reply, said: str, status: int, tmp_path: Path
) -> None:
    """So the double cannot drift from the description either."""
    here, offer = front.scene(tmp_path), OFFERS["firefly/expand/expand"]
    here.double.instead[path] = reply
    with pytest.raises(ProviderError):
        made(front, here, plain(offer), offer)
    assert said in "".join(front.violations()) and status in [answer.status for answer in front.answers]


def paid(front: Front, offer: Offer, folder: Path) -> Request:
    """The request that the adapter makes for `offer`, with nothing besides; made once."""
    if offer.id not in front.good:
        here = front.scene(folder)
        made(front, here, plain(offer), offer)
        front.good[offer.id] = here.paid[0]
    return front.good[offer.id]


def _headers(request: Request) -> dict[str, str]:
    return {name: request.headers[name] for name in ("content-type", "x-model-version") if name in request.headers}


def posted(front: Front, path: str, headers: dict[str, str], body: bytes) -> Fetched:
    """The answer to a request that no adapter makes."""

    async def story() -> Fetched:
        fetcher = GuardedFetcher(allow=("127.0.0.1",))
        try:
            return await fetcher.fetch(FetchRequest(method="POST", url=front.url + path, headers=headers, body=body))
        finally:
            await fetcher.close()

    return run(story())  # type: ignore[no-any-return]


@pytest.mark.parametrize("offer", ALL)
def test_the_catalog_has_the_limits_that_adobe_lists(offer: Offer) -> None:
    """Sizes stand in the prose of the description only, where Prism does not look."""
    path = {"image5": "/v4/images/generate-async", "expand": "/v3/images/expand-async", "fill": "/v3/images/fill-async"}
    properties = described()[SCHEMAS[path.get(offer.model, "/v3/images/generate-async")]]["properties"]
    assert offer.can.max_prompt == properties["prompt"]["maxLength"]
    if offer.model == "image5":
        ratios = described()["AspectRatio"]["enum"]
        assert [f"{width}:{height}" for width, height in offer.can.ratios] == [ratio for ratio in ratios if ratio != "auto"]
        return
    prose = properties["size"]["description"]
    if offer.model == "expand":
        assert f"{offer.can.max_side}px by {offer.can.max_side}px" in prose
        return
    listed = re.findall(r"width (\d+)px, height (\d+)px", prose.rpartition("`image4`")[2])
    assert {str(size) for size in offer.can.sizes} == {str(Size(width=int(width), height=int(height))) for width, height in listed}
