"""OpenAI Images. Requests are held against the official API description (which lags: newer values are added here), plus what it only
says in words: sizes in steps of 16, bounds, transparent only as PNG or WebP, a mask of the size of the first picture, with alpha.
"""

from __future__ import annotations

import base64
from typing import Any

from tests.doubles.double import Double, drawn, need, need_header, need_picture, need_shape
from tests.doubles.official import schema_of
from tests.doubles.server import Reply, Request, reply_json

MODELS = {"gpt-image-2.6-flare", "gpt-image-2.6-sunburst", "gpt-image-2", "gpt-image-1.5"}
SPEC = "openai-images-text.json"
_ORIGINAL = {
    "type": "object", "required": ["prompt"], "additionalProperties": False,
    "properties": {
        "prompt": {"type": "string", "minLength": 1, "maxLength": 32000}, "model": {"type": "string"},
        "n": {"type": "integer", "minimum": 1, "maximum": 10}, "size": {"type": "string"},
        "quality": {"enum": ["low", "medium", "high", "auto", "xhigh", "max"]},
        "background": {"enum": ["transparent", "opaque", "auto"]},
        "output_format": {"enum": ["png", "jpeg", "webp"]}, "moderation": {"enum": ["low", "auto"]},
        "image": {}, "mask": {},
    },
}  # fmt: skip


class OpenAI(Double):
    name, base = "openai", "/v1/"

    def route(self, request: Request) -> Reply:
        self.auth(request)
        if request.method == "GET" and request.path == "/v1/models":
            return reply_json({"object": "list", "data": [{"id": model, "object": "model"} for model in sorted(MODELS)]})
        need(request.method == "POST", "method not allowed", 405)
        if request.path == "/v1/images/generations":
            return self.made(self.known(request.json(), "CreateImageRequest"))
        need(request.path == "/v1/images/edits", "not found", 404)
        return self.made(self.edit(request))

    def auth(self, request: Request) -> None:
        need_header(request, "authorization", f"Bearer {self.key}")

    def edit(self, request: Request) -> dict[str, Any]:
        fields, files = request.form()
        pictures = [data for field, _, media, data in files if field in ("image", "image[]") and media.startswith("image/")]
        masks = [data for field, _, _, data in files if field == "mask"]
        need(len(pictures) + len(masks) == len(files), "a file that nobody asked for")
        need(1 <= len(pictures) <= 16, "1 to 16 pictures")
        sizes = [need_picture(data) for data in pictures]
        for data in masks:
            need(len(data) < 4_000_000, "a mask is smaller than 4 MB")
            need(need_picture(data, alpha=True) == sizes[0], "a mask has the size of the first picture")
        need("moderation" not in fields, "Unknown parameter: 'moderation'.")
        value = {**fields, "image": ["x"] * len(pictures)}
        if "n" in fields:
            value["n"] = int(fields["n"])
        return self.known(value, "CreateImageEditRequest")

    def known(self, value: dict[str, Any], schema: str) -> dict[str, Any]:
        need_shape(value, schema_of(SPEC, schema) or _ORIGINAL)
        need_shape(value, _ORIGINAL)
        need(value.get("model") in self.models(), f"The model '{value.get('model')}' does not exist", 404)
        if value["model"] in ("gpt-image-1.5",):
            need(value["size"] in ("1024x1024", "1536x1024", "1024x1536", "auto"), "Invalid size")
            return value
        width, height = (int(part) for part in value["size"].split("x"))
        need(width % 16 == 0 and height % 16 == 0, "Invalid size: both sides must be divisible by 16")
        need(655_360 <= width * height <= 8_294_400 and max(width, height) <= 3840, "Invalid size: out of bounds")
        need(1 / 3 <= width / height <= 3, "Invalid size: ratio")
        return value

    def models(self) -> set[str]:
        return MODELS

    def made(self, value: dict[str, Any]) -> Reply:
        self.asked += 1
        if self.refusing:
            return self.blocked()
        self.bill(value["prompt"])
        width, height = (int(part) for part in value["size"].split("x"))
        data = drawn(width, height, str(sorted(value.items(), key=str)), alpha=value.get("background") == "transparent")
        usage = {
            "input_tokens": 60, "output_tokens": {"low": 196, "medium": 439, "high": 1756}[value["quality"]], "total_tokens": 499,
            "input_tokens_details": {"text_tokens": 20, "image_tokens": 40},
        }  # fmt: skip
        answer = {"created": 1_790_000_000, "data": [{"b64_json": base64.b64encode(data).decode()}], "usage": usage}
        return reply_json(answer, x_request_id="req_1")

    def blocked(self) -> Reply:
        where = "prompt" if self.refusing == "input" else "generated image"
        error = {
            "message": f"Your request was rejected by the safety system: the {where}.", "type": "image_generation_user_error",
            "param": None, "code": "moderation_blocked",
        }  # fmt: skip
        return reply_json({"error": error}, 400, x_request_id="req_2")

    def error(self, status: int, message: str) -> Reply:
        code = {401: "invalid_api_key", 404: "model_not_found" if "model" in message else None}.get(status)
        return reply_json({"error": {"message": message, "type": "invalid_request_error", "param": None, "code": code}}, status)


class Azure(OpenAI):
    """The same at a resource of Azure: deployments instead of models, `api-key`, a content filter with categories."""

    name = "azure-openai"

    def auth(self, request: Request) -> None:
        need_header(request, "api-key", self.key)
        need("authorization" not in request.headers, "two ways to say who you are")

    def models(self) -> set[str]:
        return {"our-pictures"}

    def blocked(self) -> Reply:
        results = {"violence": {"filtered": True, "severity": "high"}, "hate": {"filtered": False, "severity": "safe"}}
        inner = {"code": "ResponsibleAIPolicyViolation", "content_filter_results": results}
        where = "prompt" if self.refusing == "input" else "generated image"
        message = f"The {where} was filtered due to the content management policy"
        return reply_json({"error": {"code": "contentFilter", "message": message, "inner_error": inner}}, 400)
