"""Gemini `generateContent`: strict shape, refusals as 200 without parts, `RESOURCE_EXHAUSTED` with a delay."""

from __future__ import annotations

import base64
import json

from tests.doubles.double import Double, by_ratio, drawn, need, need_header, need_picture, need_shape
from tests.doubles.server import Reply, Request, reply_json

MODELS = {"gemini-nano-banana-2.1", "gemini-2.5-flash-image"}
RATIOS = "1:1 2:3 3:2 3:4 4:3 4:5 5:4 9:16 16:9 21:9 1:4 4:1 1:8 8:1".split()
_INLINE = {
    "type": "object", "additionalProperties": False, "required": ["mimeType", "data"],
    "properties": {"mimeType": {"enum": ["image/png", "image/jpeg", "image/webp"]}, "data": {"type": "string"}},
}  # fmt: skip
_PART = {
    "type": "object", "additionalProperties": False, "minProperties": 1, "maxProperties": 1,
    "properties": {"text": {"type": "string", "minLength": 1}, "inlineData": _INLINE},
}  # fmt: skip
_CONFIG = {
    "type": "object", "additionalProperties": False,
    "properties": {
        "responseModalities": {"const": ["IMAGE"]}, "seed": {"type": "integer"},
        "imageConfig": {
            "type": "object", "additionalProperties": False,
            "properties": {"aspectRatio": {"enum": RATIOS}, "imageSize": {"enum": ["1K", "2K", "4K"]}},
        },
    },
}  # fmt: skip
SHAPE = {
    "type": "object", "additionalProperties": False, "required": ["contents"],
    "properties": {
        "generationConfig": _CONFIG,
        "contents": {
            "type": "array", "minItems": 1,
            "items": {
                "type": "object", "additionalProperties": False, "required": ["parts"],
                "properties": {"role": {"enum": ["user", "model"]}, "parts": {"type": "array", "items": _PART, "maxItems": 15}},
            },
        },
    },
}  # fmt: skip


class Gemini(Double):
    name = "gemini"

    def route(self, request: Request) -> Reply:
        need_header(request, "x-goog-api-key", self.key, 400)
        need("key" not in request.query, "keys do not belong into addresses")
        if request.path == "/v1/models":
            return reply_json({"models": [{"name": f"models/{model}"} for model in sorted(MODELS)]})
        model = request.path.removeprefix("/v1/models/").removesuffix(":generateContent")
        need(request.method == "POST" and model in MODELS, f"models/{model} is not found or no longer available", 404)
        value = request.json()
        need_shape(value, SHAPE)
        for part in value["contents"][0]["parts"]:
            if "inlineData" in part:
                need_picture(base64.b64decode(part["inlineData"]["data"]))
        self.asked += 1
        usage = {"promptTokenCount": 30, "candidatesTokenCount": 1120, "totalTokenCount": 1150}
        if self.refusing == "input":
            return reply_json({"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}, "usageMetadata": usage})
        if self.refusing == "output":
            return reply_json({"candidates": [{"finishReason": "IMAGE_SAFETY", "index": 0}], "usageMetadata": usage})
        self.bill(value["contents"][0]["parts"][0]["text"])
        config = value["generationConfig"]["imageConfig"]
        side = {"1K": 1376, "2K": 2752, "4K": 5504}[config["imageSize"]]
        data = drawn(*by_ratio(config["aspectRatio"], side), json.dumps(value, sort_keys=True))
        inline = {"mimeType": "image/png", "data": base64.b64encode(data).decode()}
        candidate = {"content": {"role": "model", "parts": [{"inlineData": inline}]}, "finishReason": "STOP", "index": 0}
        return reply_json({"candidates": [candidate], "usageMetadata": usage, "responseId": "g-1", "modelVersion": model})

    def error(self, status: int, message: str) -> Reply:
        names = {400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 404: "NOT_FOUND"}
        return reply_json({"error": {"code": status, "message": message, "status": names.get(status, "UNKNOWN")}}, status)
