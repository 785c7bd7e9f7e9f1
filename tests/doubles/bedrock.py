"""Bedrock runtime: signatures are recomputed as AWS does it, bodies are held against Stability's shapes."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import unquote

from tests.doubles.double import Double, by_ratio, drawn, need, need_picture, need_shape
from tests.doubles.server import Reply, Request, reply_json

REGION = "us-west-2"
_B64 = {"type": "string", "minLength": 20, "pattern": "^[A-Za-z0-9+/=]+$"}
_TEXT = {
    "prompt": {"type": "string", "minLength": 1}, "negative_prompt": {"type": "string"},
    "seed": {"type": "integer", "minimum": 0, "maximum": 4_294_967_294}, "output_format": {"enum": ["png", "jpeg"]},
}  # fmt: skip
_RATIO = {"aspect_ratio": {"enum": ["16:9", "1:1", "21:9", "2:3", "3:2", "4:5", "5:4", "9:16", "9:21"]}}
_PX = {"type": "integer", "minimum": 0, "maximum": 2000}


def _shape(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "properties": properties, "required": list(required)}


SHAPES = {
    "stability.stable-image-core-v1:1": _shape({**_TEXT, **_RATIO}, "prompt"),
    "stability.stable-image-ultra-v1:1": _shape({**_TEXT, **_RATIO}, "prompt"),
    "stability.sd3-5-large-v1:0": _shape(
        {**_TEXT, **_RATIO, "mode": {"enum": ["text-to-image", "image-to-image"]}, "image": _B64, "strength": {"type": "number", "minimum": 0, "maximum": 1}}, "prompt"
    ),
    "us.stability.stable-image-style-guide-v1:0": _shape({**_TEXT, **_RATIO, "image": _B64}, "prompt", "image"),
    "us.stability.stable-image-control-structure-v1:0": _shape({**_TEXT, "image": _B64}, "prompt", "image"),
    "us.stability.stable-image-inpaint-v1:0": _shape({**_TEXT, "image": _B64, "mask": _B64}, "prompt", "image"),
    "us.stability.stable-outpaint-v1:0": _shape({**_TEXT, "image": _B64, "left": _PX, "right": _PX, "up": _PX, "down": _PX}, "image"),
    "us.stability.stable-image-remove-background-v1:0": _shape({"image": _B64, "output_format": {"enum": ["png"]}}, "image"),
    "us.stability.stable-fast-upscale-v1:0": _shape({"image": _B64, "output_format": {"enum": ["png", "jpeg"]}}, "image"),
    "us.stability.stable-conservative-upscale-v1:0": _shape({**_TEXT, "image": _B64}, "prompt", "image"),
}


class Bedrock(Double):
    name = "bedrock"
    id, secret = "AKIATESTTESTTESTTEST", "test-secret-0123456789abcdef"

    def route(self, request: Request) -> Reply:
        self.signed(request)
        if request.path == "/foundation-models":
            return reply_json({"modelSummaries": []})
        need(request.method == "POST" and request.path.endswith("/invoke"), "not found", 404)
        model = unquote(request.path.removeprefix("/model/").removesuffix("/invoke"))
        need(model in SHAPES, "Could not resolve the foundation model from the provided model identifier.", 404)
        value = request.json()
        need_shape(value, SHAPES[model])
        self.asked += 1
        if self.refusing:
            reason = "Filter reason: prompt" if self.refusing == "input" else "Filter reason: output image"
            return reply_json({"seeds": [], "finish_reasons": [reason], "images": []}, x_amzn_RequestId="aws-1")
        self.bill(value.get("prompt", model))
        data = drawn(*self.size(model, value), json.dumps(value, sort_keys=True), alpha="background" in model)
        answer = {"seeds": [value.get("seed", 4711)], "finish_reasons": [None], "images": [base64.b64encode(data).decode()]}
        return reply_json(answer, x_amzn_RequestId="aws-2")

    def size(self, model: str, value: dict[str, Any]) -> tuple[int, int]:
        if "image" not in value or "style-guide" in model:
            return by_ratio(value.get("aspect_ratio", "1:1"))
        width, height = need_picture(base64.b64decode(value["image"]))
        if "outpaint" in model:
            return width + value.get("left", 0) + value.get("right", 0), height + value.get("up", 0) + value.get("down", 0)
        factor = 4 if "fast" in model else 2 if "conservative" in model else 1
        return width * factor, height * factor

    def signed(self, request: Request) -> None:
        """Recomputes the signature (SigV4)."""
        from botocore.auth import SigV4Auth
        from botocore.awsrequest import AWSRequest
        from botocore.credentials import Credentials

        given = request.headers.get("authorization", "")
        need(given.startswith("AWS4-HMAC-SHA256 "), "Missing Authentication Token", 403)
        parts = dict(part.strip().split("=", 1) for part in given.removeprefix("AWS4-HMAC-SHA256 ").split(","))
        need(f"/{REGION}/bedrock/aws4_request" in parts["Credential"] and parts["Credential"].startswith(self.id), "credential", 403)
        headers = {name: request.headers[name] for name in parts["SignedHeaders"].split(";")}
        query = "&".join(f"{name}={value}" for name, value in sorted(request.query.items()))
        url = f"http://{headers['host']}{request.path}" + (f"?{query}" if query else "")
        again = AWSRequest(method=request.method, url=url, data=request.body or None, headers=headers)
        again.context["timestamp"] = headers["x-amz-date"]
        signer = SigV4Auth(Credentials(self.id, self.secret), "bedrock", REGION)
        wanted = signer.signature(signer.string_to_sign(again, signer.canonical_request(again)), again)
        need(wanted == parts["Signature"], "The request signature we calculated does not match", 403)

    def error(self, status: int, message: str) -> Reply:
        kind = {400: "ValidationException", 403: "AccessDeniedException", 404: "ResourceNotFoundException"}.get(status, "X")
        return reply_json({"message": message}, status, x_amzn_ErrorType=kind, x_amzn_RequestId="aws-3")
