"""Search by meaning from end to end, with real encoders: pictures come in, are found by phrases and pictures, and a model changes."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import httpx2
import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from affiche.adapters.embed import OnnxEmbedder, read_folder
from affiche.cli import assets as command
from affiche.client import Affiche
from affiche.ingest import embed
from affiche.ingest.embed import Meanings, embed_missing
from affiche.mcp.server import make_server
from affiche.registry import vectors
from affiche.registry.tables import material
from affiche.settings import Settings
from tests.doubles.meaning import COLORS, model_folder, plain
from tests.flow.kit_service import Service, service

pytestmark = pytest.mark.slow


def png(color: tuple[int, int, int], size: tuple[int, int] = (60, 40)) -> bytes:
    return cv2.imencode(".png", cv2.cvtColor(plain(color, size), cv2.COLOR_RGBA2BGRA))[1].tobytes()


def send(at: Service, name: str, color: tuple[int, int, int], **params: Any) -> str:
    answer = at.http.post("/v1/assets", params={"name": name, **params}, content=png(color))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def names(at: Service, **wanted: Any) -> list[str]:
    answer = at.http.get("/v1/assets", params=wanted)
    assert answer.status_code == 200, answer.text
    return [item["name"] for item in answer.json()["items"]]


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    model = model_folder(tmp_path_factory.mktemp("model"))
    with service(tmp_path_factory.mktemp("home"), embedding_model=model, portal=True) as it:
        brand = it.http.post("/v1/brands", params={"slug": "aurora"}, content="brand: 1\nname: Aurora\ncolors: {primary: '#0B3D2E'}", headers={"content-type": "application/yaml"}).json()
        for name, color in COLORS.items():
            send(it, f"{name}.png", color, **({"brand": brand["id"]} if name in ("red", "blue") else {}))
        it.brand = brand["id"]  # type: ignore[attr-defined]
        yield it


def test_what_comes_in_is_found_by_a_phrase(at: Service) -> None:
    assert at.http.get("/v1/search/meaning").json() == {"available": True, "reason": "", "hint": ""}
    for color in COLORS:
        assert names(at, meaning=f"something {color}", limit=1) == [f"{color}.png"]
    assert len(names(at, meaning="red")) == len(COLORS)
    assert names(at, meaning="red", text="blue") == ["blue.png"]
    assert sorted(names(at, meaning="green", brand=at.brand)) == ["blue.png", "red.png"]  # type: ignore[attr-defined]
    with at.registry.read() as c:
        assert c.execute(sa.select(sa.func.count()).select_from(material.asset_vectors)).scalar() == len(COLORS)


def test_what_means_the_same_as_a_picture_is_found(at: Service) -> None:
    red = at.http.get("/v1/assets", params={"meaning": "red", "limit": 1}).json()["items"][0]["id"]
    model = OnnxEmbedder(read_folder(at.house.settings.embedding_model))
    means = {f"{name}.png": model.picture(plain(color)) for name, color in COLORS.items()}
    assert names(at, like=red) == sorted(means.keys() - {"red.png"}, key=lambda name: -float(means[name] @ means["red.png"]))

    async def asked() -> list[tuple[Any, float]]:
        async with Affiche(at.url) as affiche:
            assert [asset.name async for asset in affiche.assets(meaning="blue", limit="1")] == ["blue.png"]
            answer = await make_server(affiche).call_tool("find_pictures", {"about": "green", "limit": 1})
            assert "green.png" in str(answer)
            assert "red.png" not in str(answer)
            return await affiche.like_picture(png((40, 80, 190)))

    found = asyncio.run(asked())
    assert found[0][0].name == "blue.png"
    assert found[0][1] > 0.97
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)
    assert len(at.http.get("/v1/assets").json()["items"]) == len(COLORS)  # what was shown is not kept


@pytest.mark.parametrize(
    ("wanted", "status", "told"),
    [
        ({"meaning": "red", "color": "ff0000"}, 400, "one order"),
        ({"like": "ast_" + "0" * 26}, 404, "no asset"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused(at: Service, wanted: dict[str, str], status: int, told: str) -> None:
    answer = at.http.get("/v1/assets", params=wanted)
    assert answer.status_code == status
    assert told in answer.text


def test_a_font_or_damaged_file_is_like_nothing(at: Service) -> None:
    assert at.http.post("/v1/search/picture", content=b"sku,name\n1,a\n").status_code == 422
    assert at.http.post("/v1/search/picture", content=png((1, 2, 3))[:60]).status_code == 422


def shown(page: str) -> list[str]:
    return re.findall(r'<a class="tile asset".*?<bdi>(.*?)</bdi>', page)


def test_the_library_page_searches_by_meaning(at: Service) -> None:
    with httpx2.Client(base_url=at.url, follow_redirects=True, timeout=60) as browser:
        assert "by meaning" in browser.get("/library").text
        page = browser.get("/library", params={"text": "green", "by_meaning": "1"}).text
        assert (shown(page)[0], len(shown(page))) == ("green.png", len(COLORS))
        assert "by_meaning=1" in page  # the filters beside keep it
        assert shown(browser.get("/library", params={"text": "green"}).text) == ["green.png"]  # by words
        id = at.http.get("/v1/assets", params={"text": "red"}).json()["items"][0]["id"]
        assert f"/library?like={id}" in browser.get(f"/library/{id}").text
        page = browser.get("/library", params={"like": id}).text
        assert "Nearest in meaning to red.png" in page
        assert "red.png" not in shown(page)
        assert len(shown(page)) == len(COLORS) - 1


@pytest.mark.logs
def test_a_model_that_does_not_work_refuses_no_picture_and_what_was_missed_is_made_up_for(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    model, home = tmp_path / "model", tmp_path / "home"
    model_folder(model)
    whole = (model / "picture.onnx").read_bytes()
    (model / "picture.onnx").write_bytes(b"half a download")
    with caplog.at_level(logging.WARNING), service(home, embedding_model=model) as at:
        send(at, "red.png", COLORS["red"])
        assert "without a vector" in caplog.text
        assert names(at, meaning="red") == []
    (model / "picture.onnx").write_bytes(whole)
    with service(home, embedding_model=model) as at:
        assert names(at, meaning="red") == []
        assert [one.problem for one in embed_missing(at.registry, at.house.blobs.get, at.house.meanings)] == [""]
        assert names(at, meaning="red") == ["red.png"]


def test_without_a_model_everything_else_works_and_it_is_said_what_to_do(tmp_path: Path) -> None:
    with service(tmp_path / "home", portal=True) as at:
        id = send(at, "red.png", COLORS["red"])
        assert names(at, text="red") == ["red.png"]
        with httpx2.Client(base_url=at.url, follow_redirects=True, timeout=60) as browser:
            for page in ("/library", f"/library/{id}", f"/library?text=red&by_meaning=1&like={id}"):
                assert "red.png" in browser.get(page).text
                assert not re.search("by meaning|More like this|Nearest in meaning", browser.get(page).text)
        answer = at.http.get("/v1/assets", params={"meaning": "red"})
        assert (answer.status_code, answer.json()["code"]) == (422, "capability")
        assert "AFFICHE_EMBEDDING_MODEL" in answer.json()["hint"]
        told = at.http.get("/v1/search/meaning").json()
        assert (told["available"], told["reason"]) == (False, "search by meaning is not set up")
        assert at.http.post("/v1/search/picture", content=png(COLORS["red"])).status_code == 422


def test_another_model_embeds_anew_in_steps_that_a_kill_does_not_undo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embed, "_BATCH", 2)
    home = tmp_path / "home"
    with service(home, embedding_model=model_folder(tmp_path / "one")) as at:
        for name, color in COLORS.items():
            send(at, f"{name}.png", color)
        before = at.house.meanings.model()
        other = Meanings(Settings(home=home, embedding_model=model_folder(tmp_path / "two", "siglip", dimensions=12, seed=3)))
        model = other.model()
        assert model != before
        going = embed_missing(at.registry, at.house.blobs.get, other)
        assert [next(going).problem for _ in range(3)] == [""] * 3  # killed in the second step
        going.close()
        with at.registry.read() as c:
            assert (vectors.counts(c, before)[0], vectors.counts(c, model)[0]) == (2, 4)
        assert len(list(embed_missing(at.registry, at.house.blobs.get, other))) == 2
        assert list(embed_missing(at.registry, at.house.blobs.get, other)) == []
        with at.registry.read() as c:
            assert (vectors.counts(c, before), vectors.counts(c, model)) == ((0, 6), (6, 6))
        other.close()
        assert names(at, meaning="red") == []  # the service still asks in the space of the first
    with service(home, embedding_model=tmp_path / "two") as at:
        assert names(at, meaning="green", limit=1) == ["green.png"]


def test_the_command_makes_what_is_missing_and_finds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    with service(home) as at:
        for name in ("red", "blue"):
            send(at, f"{name}.png", COLORS[name])
    monkeypatch.setenv("AFFICHE_HOME", str(home))
    run = CliRunner()
    missing = run.invoke(command.app, ["embed"])
    assert "not set up" in str(missing.exception)
    monkeypatch.setenv("AFFICHE_EMBEDDING_MODEL", str(model_folder(tmp_path / "model")))
    made = run.invoke(command.app, ["embed"])
    assert (made.exit_code, made.output) == (0, "2 vectors made; 2 of 2 pictures are found by meaning\n")
    assert run.invoke(command.app, ["find", "all blue"]).output.splitlines()[0].endswith("blue.png")
    (tmp_path / "shown.png").write_bytes(png((230, 20, 20)))
    assert run.invoke(command.app, ["find", "--picture", str(tmp_path / "shown.png")]).output.splitlines()[0].endswith("red.png")
