"""What operators write themselves: descriptions of gateways and workflows of ComfyUI. Wrong ones are refused with what to do."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from affiche.adapters.imagers.comfyui import ComfyUI, filled
from affiche.adapters.imagers.description import pointed, read_description
from affiche.adapters.imagers.exchange import Access
from affiche.adapters.imagers.table import ADAPTERS, open_imager
from affiche.errors import CapabilityError, UsageError
from tests.contract.kit_imagers import CASES, GATEWAY, plain, run, scene


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('path = "v1/pictures"', "", "request.path is missing"), ('kind = "json"', 'kind = "xml"', "json or multipart"),
        ('kind = "json"', 'method = "DELETE"', "POST or PUT"), ("[health]", "[helth]", "no table 'helth'"),
        ('image = "/result/url"', "", "response.image is missing"), ('image = "/result/url"', 'image = "result.url"', "JSON pointer"),
        ('"{seed}"', '"{sed}"', r"\{sed\} is not a word"), ('"{model}"', '"{secret}"', "belongs into request.keys"),
        ('done = ["done"]', "", "status and done"), ('id = "/job/id"', "", "url, or id and path"),
        ('seed = "/result/seed"', "seed = 3", "response.seed is not understood"), ("[request]", "[request", "no TOML"),
        ('image_is = "url"', 'image_is = "gif"', "base64 or url"),
    ],
)  # fmt: skip
def test_a_wrong_description_is_refused(old: str, new: str, said: str) -> None:
    assert old in GATEWAY
    with pytest.raises(UsageError, match=said):
        read_description(GATEWAY.replace(old, new, 1), file="gateway.toml")


@pytest.mark.parametrize(
    ("pointer", "found"),
    [("/a/0/b", 1), ("/a/1", None), ("/x~1y", 2), ("/m~0n", 3), ("/a/b", None), ("", None), ("/none/at/all", None)],
)
def test_pointers_lead_where_the_standard_says(pointer: str, found: object) -> None:
    assert pointed({"a": [{"b": 1}], "x/y": 2, "m~n": 3}, pointer) == found


def test_a_description_without_a_place_for_something_refuses_it(tmp_path) -> None:
    case = CASES["gateway"]

    async def story() -> None:
        async with scene(case, tmp_path) as here:
            offer = here.case.offers()[0]
            imager = here.imager(offer)
            (tmp_path / "gateway.toml").write_text(GATEWAY.replace('avoid = "{negative}"\n', ""))
            lacking = replace(case, options=lambda f, u, o: {"description": str(tmp_path / "gateway.toml")})
            here.case = lacking
            with pytest.raises(CapabilityError, match="no place for negative"):
                await here.make(replace(plain(offer), negative="people"), offer)
            assert here.server.seen == []
            await here.make(replace(plain(offer), negative="people"), offer, imager=imager)

    run(story())


def test_a_multipart_gateway_gets_files(tmp_path) -> None:
    """The same adapter, another wire: a form with a file, and the picture as the whole answer."""
    from affiche.adapters.fetch import GuardedFetcher
    from affiche.imagine.catalog.read import read_catalog
    from affiche.values.secret import Secret
    from tests.contract.kit_imagers import GATEWAY_OFFERS
    from tests.doubles.double import drawn
    from tests.doubles.server import Reply, Server

    (tmp_path / "d.toml").write_text(
        '[request]\npath = "x/{model}"\nkind = "multipart"\n[request.keys]\nX-Key = "{secret}"\n'
        '[request.body]\ntext = "{prompt}"\nsize = "{size}"\n[request.files]\nphoto = "source"\nmatte = "mask"\n'
        '[response]\nimage = "body"\n'
    )
    offer = read_catalog(GATEWAY_OFFERS, file="x").offers[1]
    request = replace(plain(offer), references=plain(offer).references)

    async def story() -> None:
        server = Server(respond=lambda r: Reply(body=drawn(1024, 1024), media_type="image/png"))
        async with server.running():
            access = Access(base=server.url, provider="gateway", options={"description": str(tmp_path / "d.toml")}, secrets={"key": Secret("k-123456")})
            imager = open_imager("generic", access, GuardedFetcher(allow=("127.0.0.1",)))

            async def nobody(job: str) -> None:
                raise AssertionError

            await imager.make(request, offer, on_job=nobody)
            await imager.close()
        sent = server.seen[0]
        fields, files = sent.form()
        assert sent.path == "/x/house-1" and sent.headers["x-key"] == "k-123456"
        assert fields == {"text": request.prompt, "size": "1024x1024"}
        assert [(file[0], file[3]) for file in files] == [("photo", request.references[0].data)]

    run(story())


def test_words_in_a_workflow_keep_their_kind() -> None:
    graph = {"1": {"class_type": "X", "inputs": {"seed": "{seed}", "text": "a {prompt} b {seed}", "link": ["2", 0], "none": "{mask}"}}}
    made = filled(graph, {"seed": 7, "prompt": "{seed} wall"})
    assert made["1"]["inputs"] == {"seed": 7, "text": "a {seed} wall b 7", "link": ["2", 0], "none": ""}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nothing", "no JSON"), ("[]", "API format"), (json.dumps({"nodes": [1]}), "API format"),
        (json.dumps({"1": {"class_type": "X", "inputs": {}}}), r"no \{prompt\}"),
    ],
)  # fmt: skip
def test_a_wrong_workflow_is_refused(text: str, said: str, tmp_path) -> None:
    (tmp_path / "w.json").write_text(text)
    with pytest.raises(UsageError, match=said):
        ComfyUI(Access(base="http://127.0.0.1:1/", options={"workflow": str(tmp_path / "w.json")}), None)
    with pytest.raises(UsageError, match="cannot be read"):
        ComfyUI(Access(base="http://127.0.0.1:1/", options={"workflow": str(tmp_path / "none.json")}), None)


def test_a_workflow_without_a_place_for_the_mask_refuses_it(tmp_path) -> None:
    from tests.contract.kit_imagers import mask_png

    async def story() -> None:
        async with scene(CASES["comfyui"], tmp_path) as here:
            generate, edit = here.case.offers()
            with pytest.raises(CapabilityError, match=r"no \{source\}"):
                await here.make(plain(edit), edit, imager=here.imager(generate))
            with pytest.raises(CapabilityError, match="needs a source"):
                await here.make(plain(generate), generate, imager=here.imager(edit))
            assert mask_png(plain(edit).size) and here.server.seen == []

    run(story())


def test_every_adapter_of_the_table_is_there() -> None:
    from importlib import import_module

    for module, name in ADAPTERS.values():
        assert hasattr(import_module(f"affiche.adapters.imagers.{module}"), name)
    with pytest.raises(CapabilityError, match="no adapter 'midjourney'"):
        open_imager("midjourney", Access(), None)
