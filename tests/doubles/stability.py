"""Stability AI v2beta: multipart only, one schema per endpoint, bytes with headers back, refusals as 403 or as a blurred 200."""

from __future__ import annotations

from typing import Any

from tests.doubles.double import Double, by_ratio, drawn, need, need_header, need_picture
from tests.doubles.server import Reply, Request, reply_json

RATIOS = {"16:9", "1:1", "21:9", "2:3", "3:2", "4:5", "5:4", "9:16", "9:21"}
_TEXT = {"prompt", "negative_prompt", "seed", "output_format"}
#: Path -> fields, files (all of them required), required fields.
ENDPOINTS: dict[str, tuple[set[str], set[str], set[str]]] = {
    "generate/core": (_TEXT | {"aspect_ratio", "style_preset"}, set(), {"prompt"}),
    "generate/ultra": (_TEXT | {"aspect_ratio", "strength"}, set(), {"prompt"}),
    "generate/sd3": (_TEXT | {"aspect_ratio", "model", "mode", "strength", "cfg_scale"}, set(), {"prompt", "model"}),
    "control/style": (_TEXT | {"aspect_ratio", "fidelity"}, {"image"}, {"prompt"}),
    "control/structure": (_TEXT | {"control_strength"}, {"image"}, {"prompt"}),
    "edit/inpaint": (_TEXT | {"grow_mask"}, {"image", "mask"}, {"prompt"}),
    "edit/outpaint": ({"prompt", "seed", "output_format", "left", "right", "up", "down", "creativity"}, {"image"}, set()),
    "edit/remove-background": ({"output_format"}, {"image"}, set()),
    "upscale/fast": ({"output_format"}, {"image"}, set()),
    "upscale/conservative": (_TEXT | {"creativity"}, {"image"}, {"prompt"}),
    "upscale/creative": (_TEXT | {"creativity"}, {"image"}, {"prompt"}),
}
SD3 = {"sd3.5-large", "sd3.5-large-turbo", "sd3.5-medium", "sd3.5-flash"}


class Stability(Double):
    name = "stability"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.results: dict[str, Reply] = {}

    def route(self, request: Request) -> Reply:
        need_header(request, "authorization", f"Bearer {self.key}")
        if request.path == "/v1/user/balance":
            return reply_json({"credits": 25})
        if request.path.startswith("/v2beta/results/"):
            return self.result(request.path.rpartition("/")[2])
        endpoint = request.path.removeprefix("/v2beta/stable-image/")
        need(request.method == "POST" and endpoint in ENDPOINTS, "not found", 404)
        fields, files = request.form()
        size = self.checked(endpoint, fields, {name: data for name, _, _, data in files if data})
        self.asked += 1
        if self.refusing == "input":
            return self.error(403, "Your request was flagged by our content moderation system", "content_moderation")
        self.bill(fields.get("prompt", endpoint))
        seed = fields.get("seed", "0")
        data = drawn(*size, str(sorted(fields.items())), alpha=endpoint.endswith("background"))
        reason = "CONTENT_FILTERED" if self.refusing == "output" else "SUCCESS"
        reply = Reply(body=data, media_type="image/png", headers={"seed": seed, "finish-reason": reason, "x-request-id": "st-1"})
        if endpoint != "upscale/creative":
            need("image/" in request.headers.get("accept", ""), "accept image/*")
            return reply
        id = f"{len(self.results):064x}"
        self.results[id] = reply
        return reply_json({"id": id})

    def result(self, id: str) -> Reply:
        need(id in self.results, "not found", 404)
        self.pending -= 1
        return reply_json({"id": id, "status": "in-progress"}, 202) if self.pending >= 0 else self.results[id]

    def checked(self, endpoint: str, fields: dict[str, str], files: dict[str, bytes]) -> tuple[int, int]:
        """The size of what will be made."""
        takes, pictures, required = ENDPOINTS[endpoint]
        need(set(fields) <= takes, f"unknown fields {set(fields) - takes}")
        need(required <= {name for name in fields if fields[name]}, f"required: {required}")
        optional = {"image"} if endpoint in ("generate/ultra", "generate/sd3") else set()
        need(pictures <= set(files) <= pictures | optional, f"files are {pictures}")
        need(fields.get("output_format") in ("png", "jpeg", "webp"), "output_format")
        need(0 <= int(fields.get("seed", 0)) <= 4_294_967_294, "seed")
        need(fields.get("aspect_ratio", "1:1") in RATIOS, "aspect_ratio")
        if endpoint == "generate/sd3":
            need(fields["model"] in SD3, "model")
            need((fields.get("mode") == "image-to-image") == ("image" in files) == ("strength" in fields), "mode, image and strength")
            need("image" not in files or "aspect_ratio" not in fields, "aspect_ratio is of text-to-image")
        if "image" not in files:
            return by_ratio(fields.get("aspect_ratio", "1:1"))
        width, height = need_picture(files["image"])
        need(width >= 64 and height >= 64 and width * height <= 9_437_184, "picture out of bounds")
        if "mask" in files:
            need_picture(files["mask"], alpha=False)
        return self.grown(endpoint, fields, width, height)

    def grown(self, endpoint: str, fields: dict[str, str], width: int, height: int) -> tuple[int, int]:
        if endpoint == "control/style":
            return by_ratio(fields.get("aspect_ratio", "1:1"))
        if endpoint == "edit/outpaint":
            left, right, up, down = (int(fields.get(side, 0)) for side in ("left", "right", "up", "down"))
            need(any((left, right, up, down)) and max(left, right, up, down) <= 2000, "outpaint 1 to 2000 px")
            return width + left + right, height + up + down
        factor = {"upscale/fast": 4, "upscale/conservative": 2, "upscale/creative": 2}.get(endpoint, 1)
        return width * factor, height * factor

    def error(self, status: int, message: str, name: str = "bad_request") -> Reply:
        return reply_json({"id": "e-1", "name": name, "errors": [message]}, status, x_request_id="st-2")
