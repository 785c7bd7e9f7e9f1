"""Adobe Firefly Services, held against Adobe's own API description: token, uploads, jobs, 451 for refused content."""

from __future__ import annotations

import json
import uuid
from typing import Any
from urllib.parse import parse_qs

from tests.doubles.double import Double, by_ratio, drawn, need, need_header, need_picture, need_shape
from tests.doubles.official import schema_of
from tests.doubles.server import Reply, Request, reply_json

SPEC = "firefly-api.json"
SCHEMAS = {
    "/v3/images/generate-async": "GenerateImagesRequestV3", "/v4/images/generate-async": "ImageGenerateRequestV3",
    "/v3/images/expand-async": "ExpandImageRequestV3", "/v3/images/fill-async": "FillImageRequestV3",
}  # fmt: skip
PAIRS = {(2048, 2048), (2304, 1792), (1792, 2304), (2688, 1536), (1440, 2560)}
FILL_PAIRS = {
    (2048, 2048), (1024, 1024), (2304, 1792), (1792, 2304), (2688, 1536), (1344, 768), (1152, 896), (896, 1152),
}  # fmt: skip
_FALLBACK = {"type": "object"}


class Firefly(Double):
    name, jobs = "firefly", True
    id, secret, token = "client-0123456789", "secret-0123456789abcdef", "token-0123456789abcdef"
    ims = True

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        #: Where jobs are asked for when something stands before the double; finished pictures lie here all the same.
        self.front = ""
        self.tokens = 0
        self.uploads: dict[str, tuple[int, int]] = {}
        self.running: dict[str, tuple[str, int]] = {}

    def pays(self, request: Request) -> bool:
        return request.method == "POST" and request.path in SCHEMAS

    def route(self, request: Request) -> Reply:
        if request.path.startswith("/files/"):
            return self.kept(request)
        if request.path == "/ims/token/v3":
            return self.give_token(request)
        need_header(request, "authorization", f"Bearer {self.token}")
        need_header(request, "x-api-key", self.id, 403)
        if request.path == "/v2/storage/image":
            need(request.headers.get("content-type") in ("image/png", "image/jpeg", "image/webp"), "media type")
            need(len(request.body) <= 15_000_000, "a file is larger than 15 MB")
            id = str(uuid.UUID(int=len(self.uploads) + 2**76 + 2**127, version=4))
            self.uploads[id] = need_picture(request.body)
            return reply_json({"images": [{"id": id}]})
        if request.path.startswith("/v3/status/"):
            return self.status(request.path.rpartition("/")[2])
        need(request.method == "POST" and request.path in SCHEMAS, "not found", 404)
        return self.job(request)

    def give_token(self, request: Request) -> Reply:
        need(request.headers.get("content-type") == "application/x-www-form-urlencoded", "a form", 415)
        form = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
        need(form.get("grant_type") == "client_credentials" and "firefly_api" in form.get("scope", ""), "grant and scope")
        need(form.get("client_id") == self.id and form.get("client_secret") == self.secret, "invalid_client", 401)
        self.tokens += 1
        return reply_json({"access_token": self.token, "token_type": "bearer", "expires_in": 86399})

    def job(self, request: Request) -> Reply:
        value = request.json()
        need_shape(value, schema_of(SPEC, SCHEMAS[request.path]) or _FALLBACK, 422)
        version = request.headers.get("x-model-version")
        if request.path.startswith("/v4"):
            need(version == "image5" and value.get("modelId") == "firefly_image", "x-model-version and modelId", 400)
        elif request.path.endswith("generate-async"):
            need(version in ("image3", "image4_standard", "image4_ultra"), "x-model-version", 400)
            need((value["size"]["width"], value["size"]["height"]) in PAIRS, "size is not one of the pairs")
        else:
            need(version is None, "x-model-version is not of this operation")
        if request.path.endswith("fill-async"):
            need((value["size"]["width"], value["size"]["height"]) in FILL_PAIRS, "size is not one of the pairs")
        self.known_uploads(value)
        self.asked += 1
        if self.refusing == "input" and request.path.startswith("/v4"):  # v3 describes no 451: its jobs fail
            return reply_json({"error_code": "prompt_unsafe", "message": "One or more prompts are not allowed"}, 451)
        return self.accepted(request.path, value)

    def known_uploads(self, value: Any) -> None:
        ids = [item["uploadId"] for item in _objects(value) if "uploadId" in item]
        need(all(id in self.uploads for id in ids), "unknown uploadId")
        if value.get("referenceBlobs"):
            need(value.get("aspectRatio", "auto") == "auto", "aspectRatio must be auto beside referenceBlobs", 422)
            width, height = self.uploads[value["referenceBlobs"][0]["source"]["uploadId"]]
            need(512 * 512 <= width * height <= 2048 * 2048, "pixels of a reference", 422)
        if "placement" in value:
            inset, size = value["placement"]["inset"], value["size"]
            width, height = self.uploads[value["image"]["source"]["uploadId"]]
            need(width + inset["left"] + inset["right"] == size["width"], "placement and size")
            need(height + inset["top"] + inset["bottom"] == size["height"], "placement and size")
            need(max(size.values()) <= 3999, "expanded size")

    def accepted(self, path: str, value: dict[str, Any]) -> Reply:
        size = self.by_shape(value) if path.startswith("/v4") else (value["size"]["width"], value["size"]["height"])
        id = f"urn:ff:jobs:{len(self.running) + 1}"
        if not self.refusing:
            self.bill(value.get("prompt", path))
        seed = (value.get("seeds") or [4711])[0]
        self.running[id] = (self.keep(drawn(*size, json.dumps([path, value], sort_keys=True))), seed)
        status, cancel = (f"{self.front or self.url}/v3/{what}/{id}" for what in ("status", "cancel"))
        if path.startswith("/v4"):
            return reply_json({"links": {"result": {"href": status}, "cancel": {"href": cancel}}, "progress": 0})
        return reply_json({"jobId": id, "statusUrl": status, "cancelUrl": cancel}, 202)

    def by_shape(self, value: dict[str, Any]) -> tuple[int, int]:
        """The size of Image 5: by name, or in the shape of the picture that goes along."""
        shown = [self.uploads[blob["source"]["uploadId"]] for blob in value.get("referenceBlobs", [])]
        return by_ratio(":".join(map(str, shown[0])) if shown else value["aspectRatio"], 2048)

    def status(self, id: str) -> Reply:
        need(id in self.running, "unknown job", 404)
        self.pending -= 1
        if self.pending >= 0:
            return reply_json({"status": "running", "jobId": id})
        if self.refusing:
            code = "prompt_unsafe" if self.refusing == "input" else "image_unsafe"
            return reply_json({"status": "failed", "jobId": id, "error_code": code, "message": "refused"})
        url, seed = self.running[id]
        return reply_json({"status": "succeeded", "jobId": id, "result": {"outputs": [{"seed": seed, "image": {"url": url}}]}})

    def error(self, status: int, message: str) -> Reply:
        code = {403: "access_error", 422: "validation_error"}.get(status, "bad_request")
        return reply_json({"error_code": code, "message": message}, status)


def _objects(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        return [value, *(found for item in value.values() for found in _objects(item))]
    return [found for item in value for found in _objects(item)] if isinstance(value, list) else []
