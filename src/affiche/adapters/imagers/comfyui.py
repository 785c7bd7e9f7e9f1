"""ComfyUI: the operator's own workflow, in the format of its API, with words in braces where a request goes.

`{prompt} {negative} {width} {height} {seed} {source} {mask}` are replaced: a text that is one of them becomes the value
itself (numbers stay numbers), inside a longer text it is put in. The prompt's id is made from the request's key, before
anything is sent: an interrupted run asks for it again. Has no keys: bind it to loopback. Shapes: server.py, 2025-10.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from affiche.adapters.imagers.body import File, as_json, as_multipart
from affiche.adapters.imagers.exchange import Access, Exchange
from affiche.adapters.imagers.jobs import finished
from affiche.adapters.imagers.outcome import picture, refuse_misfit
from affiche.adapters.imagers.provider import HttpImager
from affiche.errors import CapabilityError, UsageError
from affiche.ports import Fetcher
from affiche.values.imagery import ImageRequest, ImageResult, Offer

_WORD = re.compile(r"\{(prompt|negative|width|height|seed|source|mask)\}")
#: A workflow without a seed gets the same picture for the same request.
_SEED_BITS = 2**63 - 1


class ComfyUI(HttpImager):
    """Pictures by a workflow on a ComfyUI server. Option `workflow`: file in the API format."""

    def __init__(self, access: Access, fetcher: Fetcher) -> None:
        super().__init__(Exchange(access, fetcher, provider="comfyui", headers={}), probe="system_stats")
        self._workflow = _read(Path(str(access.options.get("workflow") or "")))
        self._places = set(_WORD.findall(json.dumps(self._workflow)))

    async def make(
        self, request: ImageRequest, offer: Offer, *, on_job: Callable[[str], Awaitable[None]], job: str = ""
    ) -> ImageResult:
        refuse_misfit(request, offer)
        self._refuse_unused(request, offer)
        if not job:
            job = str(uuid.UUID(hex=request.key[:32]))
            await on_job(job)
            graph = filled(self._workflow, await self._values(request))
            body = {"prompt": graph, "client_id": job, "prompt_id": job}
            told = self._http.json(await self._http.pay("prompt", as_json(body)))
            job = str(told.get("prompt_id") or job)
        image = await finished(self._http, lambda: self._ask(job))
        answer = await self._http.look(f"view?{urlencode(image)}", headers={"Accept": "image/*"})
        return picture(answer.body, request, offer, seed=request.seed, request_id=job)

    def _refuse_unused(self, request: ImageRequest, offer: Offer) -> None:
        """Raises CapabilityError when the workflow has no place for something that the request holds, or lacks its source."""
        given = {"negative": request.negative, "seed": request.seed is not None, "source": request.source, "mask": request.mask}
        missing = [word for word, value in given.items() if value and word not in self._places]
        if missing:
            raise CapabilityError(f"{offer.id}: the workflow has no {{{missing[0]}}}", hint="put it where the value goes")
        if "source" in self._places and request.source is None:
            raise CapabilityError(f"{offer.id}: the workflow needs a source picture")

    async def _values(self, request: ImageRequest) -> dict[str, str | int]:
        seed = int(request.key[:16], 16) & _SEED_BITS if request.seed is None else request.seed
        values: dict[str, str | int] = {
            "prompt": request.prompt, "negative": request.negative, "width": request.size.width, "height": request.size.height,
            "seed": seed,
        }  # fmt: skip
        if request.source is not None:
            values["source"] = await self._upload(request.key[:24], request.source.data, request.source.media_type)
        if request.mask is not None:
            values["mask"] = await self._upload(f"{request.key[:24]}-mask", request.mask, "image/png")
        return values

    async def _upload(self, name: str, data: bytes, media_type: str) -> str:
        file = File(field="image", name=f"affiche-{name}.{media_type.removeprefix('image/')}", media_type=media_type, data=data)
        body = as_multipart({"overwrite": "true"}, [file])
        told = self._http.json(await self._http.look("upload/image", method="POST", body=body, submitted=False))
        folder = str(told.get("subfolder") or "")
        return f"{folder}/{told.get('name')}" if folder else str(told.get("name"))

    async def _ask(self, job: str) -> dict[str, str] | None:
        """Where the first picture of the finished job lies."""
        told = self._http.json(await self._http.look(f"history/{job}")).get(job)
        if not isinstance(told, dict):
            return None
        status = told.get("status")
        if isinstance(status, dict) and status.get("status_str") == "error":
            raise self._http.bad("ended the workflow with an error: see its own log")
        outputs = told.get("outputs")
        for output in outputs.values() if isinstance(outputs, dict) else ():
            for image in output.get("images") or ():
                if image.get("type") == "output":
                    return {name: str(image.get(name) or "") for name in ("filename", "subfolder", "type")}
        raise self._http.bad("ended the workflow without a saved picture: it needs a SaveImage node")


def filled(workflow: Mapping[str, Any], values: Mapping[str, str | int]) -> dict[str, Any]:
    """The workflow with `values` in it. Words that have no value become empty."""
    return {name: _filled(item, values) for name, item in workflow.items()}


def _filled(item: Any, values: Mapping[str, str | int]) -> Any:
    if isinstance(item, dict):
        return {name: _filled(value, values) for name, value in item.items()}
    if isinstance(item, list):
        return [_filled(value, values) for value in item]
    if not isinstance(item, str):
        return item
    whole = _WORD.fullmatch(item)
    if whole:
        return values.get(whole[1], "")
    return _WORD.sub(lambda match: str(values.get(match[1], "")), item)


def _read(path: Path) -> dict[str, Any]:
    """The workflow. Raises UsageError with what to do."""
    hint = "in ComfyUI choose 'Export (API)', then set `workflow` of the provider to that file"
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"the ComfyUI workflow {str(path)!r} cannot be read: {error.strerror}", hint=hint) from None
    except ValueError:
        raise UsageError(f"the ComfyUI workflow {str(path)!r} is no JSON", hint=hint) from None
    nodes = data.values() if isinstance(data, dict) else ()
    if not nodes or not all(isinstance(node, dict) and "class_type" in node for node in nodes):
        raise UsageError(f"{str(path)!r} is no ComfyUI workflow in the API format", hint=hint)
    if "{prompt}" not in path.read_text(encoding="utf-8"):
        message = f"{str(path)!r} has no {{prompt}} in it: every picture would be the same"
        raise UsageError(message, hint="put {prompt} where the text goes")
    return dict(data)
