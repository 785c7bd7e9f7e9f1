"""Assets over a real socket: sent at once or in parts, by what they are, named by briefs, out of reach when deleted."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from affiche import wire
from affiche.imagine.prepare import prepare
from affiche.imagine.store import serialize
from affiche.plan.keys import picture_key
from affiche.render.record import info_data
from affiche.values.digest import digest, digest_bytes
from affiche.versions import versions
from tests.flow.kit_build import write_can
from tests.flow.kit_service import BRIEF, Service, service

YAML = {"content-type": "application/yaml"}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with service(tmp_path_factory.mktemp("home"), work=True) as it:
        yield it


@pytest.fixture(scope="module")
def can(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path: Path = tmp_path_factory.mktemp("can") / "can.png"
    write_can(path, (200, 40, 40))
    return path.read_bytes()


@pytest.mark.slow
def test_a_brief_is_built_with_the_asset_that_it_names(shop: Service, can: bytes) -> None:
    made = shop.http.post("/v1/assets", params={"name": "can.png"}, content=can)
    assert made.status_code == 201, made.text
    asset = made.json()
    assert (asset["kind"], asset["media_type"], asset["digest"]) == ("picture", "image/png", hashlib.sha256(can).hexdigest())
    brief = BRIEF.replace("name: Sparkling Yuzu}", f"name: Sparkling Yuzu, picture: {asset['id']}}}")
    body = shop.http.post("/v1/campaigns", content=brief, headers=YAML).json()
    assert shop.wait(body["run"]["id"])["state"] == "needs-review"
    creative = shop.http.get("/v1/creatives", params={"run": body["run"]["id"]}).json()["items"][0]
    assert creative["origins"]["picture"] == "given"
    assert shop.http.get(asset["file_url"]).content == can
    again = shop.http.post("/v1/assets", params={"name": "same.png"}, content=can).json()
    assert again["duplicates"] == [asset["id"]]
    assert shop.http.delete(f"/v1/assets/{asset['id']}").status_code == 204
    gone = shop.http.post("/v1/campaigns", content=brief, headers=YAML).json()
    assert gone["problems"][0]["code"] == "asset.missing"


def test_a_photograph_that_came_is_ready_for_the_first_campaign_and_a_packshot_is_made_ready_by_it(shop: Service, tmp_path: Path) -> None:
    grain = np.random.default_rng(3).normal(0, 14, (600, 800, 3))
    pixels = (np.linspace(40, 210, 800)[None, :, None] + grain).clip(0, 255).astype(np.uint8)
    photo = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, 90])[1].tobytes()
    write_can(tmp_path / "can.png", (30, 90, 160))
    for data, name, ready in ((photo, "scene.jpg", 1), ((tmp_path / "can.png").read_bytes(), "packshot.png", 0)):
        asset = shop.http.post("/v1/assets", params={"name": name}, content=data).json()["id"]
        brief = BRIEF.replace("name: Sparkling Yuzu}", f"name: {name} alone, picture: {asset}}}")
        plan = shop.http.post("/v1/plans", json={"brief": brief}).json()
        kinds = plan["steps"]["by_kind"]["imagine"]
        assert (kinds["total"], kinds["reused"]) == (1, ready)
    key = picture_key(digest_bytes(photo), "picture", None, digest("toolchain", versions()))
    with wire.ledger(shop.house.settings, write=False) as ledger:
        kept = ledger.find([key])[key]
    made = prepare(photo, codec=wire.file_codec(), digest=key)
    assert json.loads(json.dumps(info_data(made.info))) == kept.data
    assert kept.blobs == {"pixels": digest_bytes(serialize(made, photo))}


def test_what_is_no_picture_font_or_feed_is_refused(shop: Service, can: bytes) -> None:
    for data, name in ((b"MZ\x90\x00" + bytes(100), "can.png"), (can[:50], "can.png"), (can[:-200], "can.png"), (b"<html></html>", "a.html"), (b"\xff\xfe", "x.csv")):
        answer = shop.http.post("/v1/assets", params={"name": name}, content=data)
        assert (answer.status_code, answer.json()["code"]) == (422, "asset"), name
    assert shop.http.post("/v1/assets", params={"name": "feed.csv"}, content=b"id,name\n1,x\n").json()["kind"] == "feed"


@pytest.mark.parametrize(
    ("title", "named"),
    [
        ("can.png", 'inline; filename="can.png"'),
        ("Summer can.exe", 'inline; filename="Summer can.exe.png"'),
        ("夏の缶.png", "inline; filename=\"file.png\"; filename*=UTF-8''%E5%A4%8F%E3%81%AE%E7%BC%B6.png"),
        (
            '../../a"; filename="evil.sh\r\nX-Evil: 1',
            "inline; filename=\"a _ filename_ evil.sh X-Evil 1.png\"; filename*=UTF-8''a%20%3B%20filename%3D%20evil.sh%20X-Evil%201.png",
        ),
        ("can\u202egnp.exe", 'inline; filename="can gnp.exe.png"'),
        ("缶" * 99, "inline; filename=\"file.png\"; filename*=UTF-8''" + "%E7%BC%B6" * 66 + ".png"),
    ],
)
def test_a_download_is_named_by_its_title_and_what_it_is(shop: Service, can: bytes, title: str, named: str) -> None:
    id = shop.http.post("/v1/assets", params={"name": "can.png"}, content=can).json()["id"]
    changed = shop.http.patch(f"/v1/assets/{id}", json={"name": title})
    assert changed.status_code == 200, changed.text
    headers = shop.http.get(f"/v1/assets/{id}/file").headers
    assert headers["content-disposition"] == named
    assert "x-evil" not in headers


def test_a_broken_upload_goes_on_where_it_was(shop: Service, can: bytes) -> None:
    wanted = {"name": "can.png", "bytes": len(can), "sha256": hashlib.sha256(can).hexdigest()}
    upload = shop.http.post("/v1/uploads", json=wanted).json()
    half = len(can) // 2

    def send(offset: int, data: bytes):
        return shop.http.patch(upload["url"], content=data, headers={"upload-offset": str(offset)})

    assert send(0, can[:half]).json()["received"] == half
    assert send(0, can[:half]).json()["code"] == "precondition-failed"
    assert shop.http.post(f"{upload['url']}/complete").status_code == 409
    assert shop.http.get(upload["url"]).json()["received"] == half
    assert send(half, can[half:] + b"more").status_code == 400
    assert send(half, can[half:]).json()["received"] == len(can)
    asset = shop.http.post(f"{upload['url']}/complete")
    assert (asset.status_code, asset.json()["digest"]) == (201, wanted["sha256"])
    assert shop.http.post(f"{upload['url']}/complete").json()["id"] == asset.json()["id"]


def test_an_upload_with_other_bytes_than_announced_is_refused(shop: Service, can: bytes) -> None:
    upload = shop.http.post("/v1/uploads", json={"name": "can.png", "bytes": len(can), "sha256": "0" * 64}).json()
    shop.http.patch(upload["url"], content=can, headers={"upload-offset": "0"})
    assert shop.http.post(f"{upload['url']}/complete").json()["code"] == "asset"


def test_people_say_what_they_know_of_an_asset(shop: Service, can: bytes) -> None:
    asset = shop.http.post("/v1/assets", params={"name": "blue can.png"}, content=can).json()
    place = f"/v1/assets/{asset['id']}"
    changed = shop.http.patch(place, json={"focal": [0.5, 0.25], "tags": ["summer"], "rights_expire_at": "2030-01-01T00:00:00Z"}).json()
    assert (changed["focal"], changed["tags"], changed["rights_expire_at"]) == ([0.5, 0.25], ["summer"], "2030-01-01T00:00:00Z")
    assert shop.http.patch(place, json={"focal": None}).json()["focal"] is None
    assert shop.http.patch(place, json={"focal": [2, 0]}).status_code == 400
    assert [a["id"] for a in shop.http.get("/v1/assets", params={"text": "blue"}).json()["items"]] == [asset["id"]]


def test_a_picture_is_looked_at_when_it_comes(shop: Service, can: bytes) -> None:
    from tests.unit.codec.test_metadata import XMP, full_exif, picture

    asset = shop.http.post("/v1/assets", params={"name": "looked.jpg"}, content=picture(xmp=XMP, exif=full_exif())).json()
    assert asset["metadata"]["xmp"]["credit"] == "Studio Nord"
    assert (asset["rights"]["licence"], asset["rights"]["from"], asset["rights"]["generated"]) == ("Web only", "the file itself", True)
    assert asset["rights_expire_at"].startswith("2027-01-01T00:00:00")
    seen = shop.http.post("/v1/assets", params={"name": "can again.png"}, content=can).json()
    assert seen["palette"]
    assert shop.http.get(seen["thumbnail_url"]).headers["content-type"] == "image/jpeg"
    assert [a["id"] for a in shop.http.get("/v1/assets", params={"text": "studio nord"}).json()["items"]] == [asset["id"]]
    assert asset["id"] in {hit["id"] for hit in shop.http.get("/v1/search", params={"text": "yuzu", "kind": "asset"}).json()["items"]}


def test_the_same_bytes_are_recognised_and_versions_follow(shop: Service, tmp_path: Path) -> None:
    for name, color in (("one", (10, 120, 60)), ("two", (10, 124, 60))):
        write_can(tmp_path / f"{name}.png", color)
    one, two = ((tmp_path / f"{name}.png").read_bytes() for name in ("one", "two"))
    first = shop.http.post("/v1/assets", params={"name": "green.png", "reuse": True}, content=one)
    again = shop.http.post("/v1/assets", params={"name": "other name.png", "reuse": True}, content=one)
    assert (first.status_code, again.status_code, again.json()["id"]) == (201, 200, first.json()["id"])
    newer = shop.http.post("/v1/assets", params={"name": "green 2.png", "replaces": first.json()["id"]}, content=two).json()
    assert (newer["version"], newer["previous"]) == (2, first.json()["id"])
    assert first.json()["id"] in newer["near"]
    uses = shop.http.get(f"/v1/assets/{newer['id']}/uses").json()
    assert [v["id"] for v in uses["versions"]] == [first.json()["id"], newer["id"]]
    alike = shop.http.get(f"/v1/assets/{newer['id']}/alike").json()["items"]
    assert ("copy", first.json()["id"]) in [(item["how"], item["asset"]["id"]) for item in alike]
    related = shop.http.post(f"/v1/assets/{newer['id']}/relations", json={"relation": "derived-from", "other": first.json()["id"]})
    assert {r["relation"] for r in related.json()["relations"]} == {"version-of", "derived-from"}
    green = shop.http.get("/v1/assets", params={"color": "0A783C"}).json()["items"]
    assert {newer["id"], first.json()["id"]} <= {a["id"] for a in green}


def test_a_campaign_is_found_by_its_asset_and_by_its_words(shop: Service, tmp_path: Path) -> None:
    write_can(tmp_path / "can.png", (80, 20, 120))
    asset = shop.http.post("/v1/assets", params={"name": "violet.png"}, content=(tmp_path / "can.png").read_bytes()).json()
    brief = BRIEF.replace("name: Sparkling Yuzu}", f"name: Sparkling Violet, picture: {asset['id']}}}")
    params = {"run": False}
    made = shop.http.post("/v1/campaigns", content=brief, headers=YAML, params=params).json()["campaign"]
    like = shop.http.post("/v1/campaigns", content=BRIEF, headers=YAML, params=params).json()["campaign"]
    assert [u["id"] for u in shop.http.get(f"/v1/assets/{asset['id']}/uses").json()["campaigns"]] == [made["id"]]
    assert [c["id"] for c in shop.http.get("/v1/campaigns", params={"text": "violet spark"}).json()["items"]] == [made["id"]]
    alike = shop.http.get(f"/v1/campaigns/{made['id']}/alike").json()["items"]
    assert like["id"] in [item["campaign"]["id"] for item in alike]


def test_a_file_is_fetched_from_an_address_but_not_from_a_private_one(shop: Service) -> None:
    for url in ("http://127.0.0.1:1/x.png", "http://169.254.169.254/latest/meta-data", "http://[::1]/x", "http://localhost/x.png"):
        answer = shop.http.post("/v1/assets/fetch", json={"url": url})
        assert (answer.status_code, answer.json()["code"]) == (422, "address-refused"), url


def test_a_link_works_without_a_key_until_it_ends_and_for_nothing_else(shop: Service, can: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    import httpx2

    asset = shop.http.post("/v1/assets", params={"name": "linked.png", "reuse": True}, content=can).json()
    link = shop.http.post("/v1/links", json={"asset": asset["id"], "seconds": 120}).json()
    with httpx2.Client(base_url=shop.url, headers={"host": "cdn.example"}) as stranger:
        assert stranger.get("/v1/assets").status_code == 401
        answer = stranger.get(link["url"])
        assert (answer.status_code, answer.content, answer.headers["content-type"]) == (200, can, "image/png")
        assert answer.headers["cache-control"].startswith("public, max-age=1")
        for old, new in (("kind=png", "kind=jpeg"), ("expires=", "expires=9"), (asset["digest"], "0" * 64), ("signature=", "signature=0")):
            assert stranger.get(link["url"].replace(old, new)).status_code in (404, 422), old
        assert stranger.put(link["url"], content=b"x").status_code == 405
        moment = time.time()
        monkeypatch.setattr("affiche.api.signed.time.time", lambda: moment + 121)
        assert stranger.get(link["url"]).status_code == 404


def test_a_whole_file_can_be_put_without_a_key_only_as_it_was_announced(shop: Service, tmp_path: Path) -> None:
    import httpx2

    write_can(tmp_path / "can.png", (120, 90, 10))
    data = (tmp_path / "can.png").read_bytes()
    upload = shop.http.post("/v1/uploads", json={"name": "put.png", "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}).json()
    with httpx2.Client(base_url=shop.url, headers={"host": "cdn.example"}) as stranger:
        place = upload["direct_url"]
        assert stranger.put(place, content=data[:-1]).status_code == 400
        assert stranger.put(place, content=bytes(len(data))).status_code == 422
        assert stranger.put(place, content=data + b"x").status_code == 413
        assert stranger.put(place.replace(f"bytes={len(data)}", "bytes=5"), content=b"hello").status_code == 404
        assert stranger.get(place).status_code == 405
        assert [stranger.put(place, content=data).json() for _ in range(2)] == [{"received": len(data)}] * 2
    made = shop.http.post(f"{upload['url']}/complete").json()
    assert made["digest"] == upload["direct_url"].partition("sha256=")[2][:64]
