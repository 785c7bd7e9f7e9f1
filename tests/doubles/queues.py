"""Providers with queues and JSON: Black Forest Labs, fal, Replicate."""

from __future__ import annotations

import base64
import json
from typing import Any

from tests.doubles.double import Double, by_ratio, drawn, need, need_header, need_picture, need_shape
from tests.doubles.server import Reply, Request, reply_json

_SEED = {"type": "integer", "minimum": 0}


class Bfl(Double):
    name, jobs = "bfl", True
    MODELS = {"flux-2-klein-4b", "flux-2-klein-9b", "flux-2-pro", "flux-2-flex", "flux-2-max"}

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.running: dict[str, tuple[str, dict[str, Any]]] = {}

    def pays(self, request: Request) -> bool:
        return request.method == "POST"

    def route(self, request: Request) -> Reply:
        if request.path.startswith("/files/"):
            return self.kept(request)
        need_header(request, "x-key", self.key, 403)
        if request.path == "/v1/credits":
            return reply_json({"credits": 120.5})
        if request.path == "/v1/get_result":
            return self.result(request.query.get("id", ""))
        model = request.path.removeprefix("/v1/")
        need(request.method == "POST" and model in self.MODELS, "Not Found", 404)
        value = request.json()
        pictures = ["input_image", *(f"input_image_{at}" for at in range(2, 5 if "klein" in model else 9))]
        extra = {"disable_pup": {"type": "boolean"}} if model.endswith(("pro", "max")) else {}
        extra |= {"prompt_upsampling": {"type": "boolean"}, "guidance": {}, "steps": {}} if model.endswith("flex") else {}
        side = {"type": "integer", "minimum": 64, "multipleOf": 16}
        properties = {
            "prompt": {"type": "string", "minLength": 1}, "width": side, "height": side, "seed": _SEED,
            "output_format": {"enum": ["png", "jpeg", "webp"]}, "safety_tolerance": {"type": "integer", "minimum": 0, "maximum": 6},
            **extra, **{name: {"type": "string"} for name in pictures},
        }  # fmt: skip
        need_shape(value, {"type": "object", "additionalProperties": False, "properties": properties, "required": ["prompt"]}, 422)
        need(value["width"] * value["height"] <= 4_000_000, "at most 4 megapixels", 422)
        for name in pictures:
            if name in value:
                need_picture(base64.b64decode(value[name]))
        return self.accepted(model, value)

    def accepted(self, model: str, value: dict[str, Any]) -> Reply:
        self.asked += 1
        if not self.refusing:
            self.bill(value["prompt"])
        id = f"bfl-{len(self.running) + 1}"
        self.running[id] = (self.keep(drawn(value["width"], value["height"], json.dumps([model, value], sort_keys=True))), value)
        return reply_json({"id": id, "polling_url": f"{self.url}/v1/get_result?id={id}", "cost": 3.0, "input_mp": 0.0, "output_mp": 1.0})

    def result(self, id: str) -> Reply:
        if id not in self.running:
            return reply_json({"id": id, "status": "Task not found", "result": None})
        self.pending -= 1
        if self.pending >= 0:
            return reply_json({"id": id, "status": "Pending", "result": None, "progress": 0.2})
        if self.refusing:
            status = "Request Moderated" if self.refusing == "input" else "Content Moderated"
            return reply_json({"id": id, "status": status, "result": None})
        url, value = self.running[id]
        result = {"sample": url, "prompt": value["prompt"], "seed": value.get("seed", 4711)}
        return reply_json({"id": id, "status": "Ready", "result": result})

    def error(self, status: int, message: str) -> Reply:
        return reply_json({"detail": message if status != 422 else [{"loc": ["body"], "msg": message, "type": "value_error"}]}, status)


class Fal(Double):
    name, jobs = "fal", True
    _FLUX = {
        "prompt": {"type": "string", "minLength": 1}, "num_images": {"const": 1}, "seed": _SEED, "output_format": {"enum": ["png", "jpeg"]},
        "enable_safety_checker": {"const": True},
        "image_size": {
            "type": "object", "additionalProperties": False, "required": ["width", "height"],
            "properties": {"width": {"type": "integer", "maximum": 14142}, "height": {"type": "integer", "maximum": 14142}},
        },
    }  # fmt: skip
    _BANANA = {
        "prompt": {"type": "string", "minLength": 1}, "num_images": {"const": 1}, "output_format": {"enum": ["png", "jpeg", "webp"]},
        "aspect_ratio": {"enum": "1:1 2:3 3:2 3:4 4:3 4:5 5:4 9:16 16:9 21:9".split()},
    }  # fmt: skip
    APPS = {
        "fal-ai/flux/schnell": (_FLUX, ["prompt"]), "fal-ai/flux/dev": (_FLUX, ["prompt"]),
        "fal-ai/nano-banana-2": (_BANANA, ["prompt"]),
        "fal-ai/nano-banana-2/edit": ({**_BANANA, "image_urls": {"type": "array", "minItems": 1, "items": {"type": "string", "pattern": "^(data:image/|https://)"}}}, ["prompt", "image_urls"]),
    }  # fmt: skip

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.running: dict[str, tuple[str, dict[str, Any]]] = {}

    def route(self, request: Request) -> Reply:
        if request.path.startswith("/files/"):
            return self.kept(request)
        need_header(request, "authorization", f"Key {self.key}")
        app, _, rest = request.path.removeprefix("/").partition("/requests/")
        if rest:
            return self.job(rest)
        need(request.method == "POST" and app in self.APPS, f"Application {app} not found", 404)
        value = request.json()
        properties, required = self.APPS[app]
        need_shape(value, {"type": "object", "additionalProperties": False, "properties": properties, "required": required}, 422)
        self.asked += 1
        if self.refusing == "input":
            detail = [{"loc": ["body", "prompt"], "msg": "The content could not be processed", "type": "content_policy_violation"}]
            return reply_json({"detail": detail}, 422)
        if not self.refusing:
            self.bill(value["prompt"])
        size = value.get("image_size")
        box = (size["width"], size["height"]) if size else by_ratio(value["aspect_ratio"])
        id = f"00000000-0000-4000-8000-{len(self.running) + 1:012d}"
        self.running[id] = (self.keep(drawn(*box, json.dumps([app, value], sort_keys=True))), value)
        root = f"{self.url}/{'/'.join(app.split('/')[:2])}/requests/{id}"
        urls = {"response_url": root, "status_url": f"{root}/status", "cancel_url": f"{root}/cancel"}
        return reply_json({"status": "IN_QUEUE", "request_id": id, "queue_position": 0, **urls})

    def job(self, rest: str) -> Reply:
        id, _, what = rest.partition("/")
        need(id in self.running, "Request not found", 404)
        if what == "status":
            self.pending -= 1
            return reply_json({"status": "IN_PROGRESS" if self.pending >= 0 else "COMPLETED", "request_id": id})
        url, value = self.running[id]
        image = {"url": url, "content_type": "image/png"}
        flags = {"has_nsfw_concepts": [self.refusing == "output"]} if "image_size" in value else {}
        if self.refusing == "output" and not flags:
            return reply_json({"detail": [{"msg": "blocked", "type": "content_policy_violation"}]}, 422)
        return reply_json({"images": [image], "seed": value.get("seed", 4711), "prompt": value["prompt"], **flags})

    def error(self, status: int, message: str) -> Reply:
        return reply_json({"detail": message if status != 422 else [{"loc": ["body"], "msg": message, "type": "value_error"}]}, status)


class Replicate(Double):
    name, jobs = "replicate", True
    _RATIO = {"enum": "1:1 16:9 21:9 3:2 2:3 4:5 5:4 3:4 4:3 9:16 9:21".split()}
    _INPUT = {
        "prompt": {"type": "string", "minLength": 1}, "aspect_ratio": _RATIO, "output_format": {"enum": ["webp", "jpg", "png"]}, "seed": _SEED,
    }  # fmt: skip
    MODELS = {
        "black-forest-labs/flux-schnell": _INPUT, "black-forest-labs/flux-1.1-pro": _INPUT,
        "black-forest-labs/flux-kontext-pro": {**_INPUT, "input_image": {"type": "string", "pattern": "^data:image/"}},
    }  # fmt: skip

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.running: dict[str, str] = {}

    def route(self, request: Request) -> Reply:
        if request.path.startswith("/files/"):
            return self.kept(request)
        need_header(request, "authorization", f"Bearer {self.key}")
        if request.path == "/v1/account":
            return reply_json({"type": "organization", "username": "acme"})
        if request.path.startswith("/v1/predictions/"):
            return self.prediction(request.path.rpartition("/")[2])
        model = request.path.removeprefix("/v1/models/").removesuffix("/predictions")
        need(request.method == "POST" and model in self.MODELS, "The requested resource could not be found.", 404)
        value = request.json()
        inputs = {"type": "object", "additionalProperties": False, "properties": self.MODELS[model], "required": ["prompt"]}
        need_shape(value, {"type": "object", "additionalProperties": False, "properties": {"input": inputs}, "required": ["input"]}, 422)
        self.asked += 1
        if not self.refusing:
            self.bill(value["input"]["prompt"])
        id = f"p{len(self.running) + 1}"
        data = drawn(*by_ratio(value["input"]["aspect_ratio"]), json.dumps([model, value], sort_keys=True))
        self.running[id] = self.keep(data)
        return self.told(id, "starting", 201)

    def prediction(self, id: str) -> Reply:
        need(id in self.running, "not found", 404)
        self.pending -= 1
        if self.pending >= 0:
            return self.told(id, "processing")
        if self.refusing:
            reason = "The input or output was flagged as sensitive. Please try again with different inputs. (E005)"
            reason = "NSFW content detected in generated image" if self.refusing == "output" else reason
            return self.told(id, "failed", error=reason)
        return self.told(id, "succeeded", output=[self.running[id]])

    def told(self, id: str, state: str, status: int = 200, **more: Any) -> Reply:
        urls = {"get": f"{self.url}/v1/predictions/{id}", "cancel": f"{self.url}/v1/predictions/{id}/cancel"}
        return reply_json({"id": id, "status": state, "urls": urls, "output": None, "error": None, **more}, status)

    def error(self, status: int, message: str) -> Reply:
        return reply_json({"title": "Error", "detail": message, "status": status}, status)
