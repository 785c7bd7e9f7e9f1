"""Providers that answer at once: Hugging Face, Recraft, Ideogram; and the operator's own: ComfyUI, a private gateway."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

from tests.doubles.double import Double, drawn, need, need_header, need_picture, need_shape
from tests.doubles.server import Reply, Request, reply_json

_SEED = {"type": "integer", "minimum": 0}


def _shape(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "properties": properties, "required": list(required)}


class HuggingFace(Double):
    name = "huggingface"
    MODELS = {"stabilityai/stable-diffusion-xl-base-1.0", "black-forest-labs/FLUX.1-schnell"}

    def route(self, request: Request) -> Reply:
        need_header(request, "authorization", f"Bearer {self.key}")
        if request.path == "/api/whoami-v2":
            return reply_json({"type": "user", "name": "acme"})
        model = request.path.removeprefix("/hf-inference/models/")
        need(request.method == "POST" and model in self.MODELS, f"Model {model} is no longer supported", 404)
        value = request.json()
        numbers = {name: {"type": "integer", "minimum": 1} for name in ("width", "height", "num_inference_steps")}
        parameters = _shape({**numbers, "negative_prompt": {"type": "string"}, "seed": _SEED, "guidance_scale": {"type": "number"}})
        need_shape(value, _shape({"inputs": {"type": "string", "minLength": 1}, "parameters": parameters}, "inputs"))
        self.asked += 1
        if self.refusing:
            where = "Prompt" if self.refusing == "input" else "Generated image"
            return reply_json({"error": f"{where} was refused: NSFW content detected"}, 400)
        self.bill(value["inputs"])
        given = value["parameters"]
        return Reply(body=drawn(given["width"], given["height"], json.dumps(value, sort_keys=True)), media_type="image/png")

    def error(self, status: int, message: str) -> Reply:
        return reply_json({"error": message}, status)


class Recraft(Double):
    name, base = "recraft", "/v1/"
    SIZES = set("1024x1024 1365x1024 1024x1365 1536x1024 1024x1536 1820x1024 1024x1820 2048x1024 1024x2048 1280x1024 1024x1280".split())

    def route(self, request: Request) -> Reply:
        need_header(request, "authorization", f"Bearer {self.key}")
        if request.path == "/v1/users/me":
            return reply_json({"credits": 900, "id": "u1"})
        if request.path == "/v1/images/removeBackground":
            fields, files = request.form()
            need(fields == {"response_format": "b64_json"} and [f[0] for f in files] == ["file"], "one file")
            return self.made("", *need_picture(files[0][3]), alpha=True)
        need(request.method == "POST" and request.path == "/v1/images/generations", "not found", 404)
        value = request.json()
        rgb = _shape({"rgb": {"type": "array", "minItems": 3, "maxItems": 3, "items": {"type": "integer", "maximum": 255}}}, "rgb")
        controls = _shape({"colors": {"type": "array", "items": rgb}, "background_color": rgb})
        properties = {
            "model": {"enum": ["recraftv4_1", "recraftv4_1_pro"]}, "prompt": {"type": "string", "minLength": 1, "maxLength": 1000},
            "size": {"type": "string"}, "n": {"const": 1}, "response_format": {"enum": ["b64_json", "url"]}, "random_seed": _SEED,
            "controls": controls,
        }  # fmt: skip
        need_shape(value, _shape(properties, "prompt"))
        need(value["size"] in (self.SIZES if value["model"] == "recraftv4_1" else {"2048x2048"}), "size is not supported")
        width, height = (int(part) for part in value["size"].split("x"))
        return self.made(json.dumps(value, sort_keys=True), width, height)

    def made(self, text: str, width: int, height: int, *, alpha: bool = False) -> Reply:
        self.asked += 1
        if self.refusing:
            where = "prompt" if self.refusing == "input" else "output"
            return reply_json({"code": "unsafe_content", "message": f"unsafe content in the {where}"}, 400)
        self.bill(text)
        data = base64.b64encode(drawn(width, height, text, alpha=alpha)).decode()
        shape = {"image": {"b64_json": data}} if alpha else {"data": [{"b64_json": data}]}
        return reply_json({"created": 1_790_000_000, "credits": 10 if alpha else 35, **shape})

    def error(self, status: int, message: str) -> Reply:
        return reply_json({"code": "invalid_request", "message": message}, status)


class Ideogram(Double):
    name = "ideogram"
    V4 = set("2048x2048 2560x1440 1440x2560 2304x1728 1728x2304".split())
    V3 = set("1024x1024 1344x768 768x1344 1280x800 800x1280 1152x864 864x1152 1120x896 896x1120".split())
    _V3 = {"prompt", "rendering_speed", "magic_prompt", "num_images", "seed", "negative_prompt", "resolution", "color_palette"}
    TAKES = {
        "/v1/ideogram-v4/generate": ({"text_prompt", "resolution", "rendering_speed"}, V4),
        "/v1/ideogram-v3/generate": (_V3, V3), "/v1/ideogram-v3/generate-transparent": (_V3, V3),
    }  # fmt: skip

    def route(self, request: Request) -> Reply:
        if request.path.startswith("/files/"):
            return self.kept(request)
        need_header(request, "api-key", self.key)
        need(request.method == "POST" and request.path in self.TAKES, "not found", 404)
        fields, files = request.form()
        takes, sizes = self.TAKES[request.path]
        need(set(fields) <= takes, f"unknown fields {set(fields) - takes}")
        need(fields.get("resolution") in sizes, "resolution")
        need(fields.get("rendering_speed") in ("TURBO", "DEFAULT", "QUALITY"), "rendering_speed")
        need(all(f[0] == "style_reference_images" and "v3" in request.path for f in files), "files")
        if "color_palette" in fields:
            members = {"type": "array", "items": _shape({"color_hex": {"pattern": "^#[0-9A-Fa-f]{6}$"}}, "color_hex")}
            need_shape(json.loads(fields["color_palette"]), _shape({"members": members}, "members"))
        self.asked += 1
        prompt = fields.get("text_prompt") or fields.get("prompt") or ""
        need(bool(prompt), "a prompt")
        if self.refusing == "input":
            return reply_json({"error": "Prompt failed safety check"}, 422)
        if self.refusing == "output":
            return reply_json({"created": "2026-11-25T10:00:00Z", "data": [{"is_image_safe": False, "url": None, "seed": 1}]})
        self.bill(prompt)
        width, height = (int(part) for part in fields["resolution"].split("x"))
        text = str(sorted(fields.items())) + str(len(files))
        url = self.keep(drawn(width, height, text, alpha=request.path.endswith("transparent")))
        item = {"is_image_safe": True, "url": url, "seed": int(fields.get("seed", 4711)), "prompt": prompt, "resolution": fields["resolution"]}
        return reply_json({"created": "2026-11-25T10:00:00Z", "data": [item]})

    def error(self, status: int, message: str) -> Reply:
        return reply_json({"error": message}, status)


class ComfyUI(Double):
    """Runs no nodes, but checks the graph like the server: known classes, links to nodes that exist, types of inputs."""

    name, jobs = "comfyui", True
    NODES = {
        "CheckpointLoaderSimple": {"ckpt_name": str}, "CLIPTextEncode": {"text": str, "clip": list},
        "EmptyLatentImage": {"width": int, "height": int, "batch_size": int},
        "KSampler": {"model": list, "positive": list, "negative": list, "latent_image": list, "seed": int, "steps": int},
        "VAEDecode": {"samples": list, "vae": list}, "SaveImage": {"images": list, "filename_prefix": str},
        "LoadImage": {"image": str}, "LoadImageMask": {"image": str, "channel": str},
    }  # fmt: skip

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.running: dict[str, bytes] = {}
        self.uploads: dict[str, bytes] = {}

    def pays(self, request: Request) -> bool:
        return request.path == "/prompt"

    def fetches(self, request: Request) -> bool:
        return request.path == "/view"

    def route(self, request: Request) -> Reply:
        if request.path == "/system_stats":
            return reply_json({"system": {"os": "posix"}, "devices": []})
        if request.path == "/upload/image":
            fields, files = request.form()
            need(fields.get("overwrite") == "true" and len(files) == 1 and files[0][0] == "image", "one image")
            need_picture(files[0][3])
            self.uploads[files[0][1]] = files[0][3]
            return reply_json({"name": files[0][1], "subfolder": "", "type": "input"})
        if request.path.startswith("/history/"):
            return self.history(request.path.rpartition("/")[2])
        if request.path == "/view":
            need(request.query.get("type") == "output", "type", 404)
            id = request.query["filename"].removesuffix("_00001_.png")
            need(id in self.running, "no such file", 404)
            return Reply(body=self.running[id], media_type="image/png")
        need(request.method == "POST" and request.path == "/prompt", "not found", 404)
        return self.queue(request.json())

    def queue(self, value: dict[str, Any]) -> Reply:
        need_shape(value, _shape({"prompt": {"type": "object"}, "client_id": {"type": "string"}, "prompt_id": {"type": "string"}}, "prompt"))
        graph = value["prompt"]
        for node in graph.values():
            inputs = self.NODES.get(node["class_type"])
            need(inputs is not None, f"unknown node {node['class_type']}")
            for name, given in node["inputs"].items():
                need(name in inputs and isinstance(given, inputs[name]), f"{node['class_type']}.{name}: {given!r}")
                need(not isinstance(given, list) or given[0] in graph, f"link to {given}")
                need(node["class_type"] not in ("LoadImage", "LoadImageMask") or name != "image" or given in self.uploads, f"no upload {given}")
        self.asked += 1
        id = value["prompt_id"]
        if id not in self.running:
            self.bill(json.dumps(graph, sort_keys=True))
        box = next(n["inputs"] for n in graph.values() if n["class_type"] == "EmptyLatentImage")
        self.running[id] = drawn(box["width"], box["height"], json.dumps(graph, sort_keys=True))
        return reply_json({"prompt_id": id, "number": self.asked, "node_errors": {}})

    def history(self, id: str) -> Reply:
        self.pending -= 1
        if self.pending >= 0 or id not in self.running:
            return reply_json({})
        image = {"filename": f"{id}_00001_.png", "subfolder": "", "type": "output"}
        return reply_json({id: {"outputs": {"9": {"images": [image]}}, "status": {"status_str": "success", "completed": True}}})

    def error(self, status: int, message: str) -> Reply:
        return reply_json({"error": {"type": "prompt_outputs_failed_validation", "message": message}, "node_errors": {}}, status)


class Gateway(Double):
    """A private gateway with jobs, which takes an idempotency key and never charges twice for the same one."""

    name, jobs = "gateway", True

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.running: dict[str, str] = {}
        #: PNG of width, height and what was sent.
        self.draw: Callable[[int, int, str], bytes] = drawn

    def pays(self, request: Request) -> bool:
        return request.method == "POST"

    def route(self, request: Request) -> Reply:
        if request.path.startswith("/files/"):
            return self.kept(request)
        need_header(request, "authorization", f"Bearer {self.key}")
        if request.path == "/healthz":
            return reply_json({"ok": True})
        if request.path.startswith("/v1/jobs/"):
            return self.job(request.path.rpartition("/")[2])
        need(request.method == "POST" and request.path == "/v1/pictures", "not found", 404)
        value = request.json()
        properties = {
            "text": {"type": "string", "minLength": 1}, "avoid": {"type": "string"}, "width": {"type": "integer"},
            "height": {"type": "integer"}, "seed": _SEED, "model": {"const": "house-1"}, "init": {"type": "string"},
            "mask": {"type": "string"}, "grade": {"enum": ["draft", "standard", "high"]}, "colors": {"type": "array"},
        }  # fmt: skip
        need_shape(value, _shape(properties, "text", "width", "height", "model"))
        key = request.headers.get("idempotency-key", "")
        need(len(key) == 64, "Idempotency-Key is missing")
        self.asked += 1
        if self.refusing == "input":
            return reply_json({"error": {"code": "policy", "message": "the prompt is against the policy of the house"}}, 422)
        if key not in self.running:
            if not self.refusing:
                self.bill(key)
            self.running[key] = self.keep(self.draw(value["width"], value["height"], json.dumps(value, sort_keys=True)))
        return reply_json({"job": {"id": key}}, 202)

    def job(self, id: str) -> Reply:
        need(id in self.running, "not found", 404)
        self.pending -= 1
        if self.pending >= 0:
            return reply_json({"state": "working"})
        if self.refusing:
            return reply_json({"state": "refused"})
        return reply_json({"state": "done", "result": {"url": self.running[id], "seed": 4711, "usd": 0.021}})
