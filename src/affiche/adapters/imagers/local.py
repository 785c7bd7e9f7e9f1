"""Local diffusers: a pipeline on disk, in this process. Free, offline, the same picture for the same seed.

`path` (option) is a folder that `DiffusionPipeline.save_pretrained` wrote; nothing is ever downloaded. diffusers and torch are
gigabytes and not in Affiche's locks: whoever wants this installs them beside it. Text to image, and with a mask inpainting, from
one set of weights. It runs in a thread, one picture at a time.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable, Callable
from pathlib import Path
from threading import Lock
from typing import Any

from affiche.adapters.imagers.exchange import Access
from affiche.adapters.imagers.outcome import picture, refuse_misfit
from affiche.adapters.imagers.pixels import refuse_other_size
from affiche.errors import BadOutput, CapabilityError, ProviderUnavailable, UsageError
from affiche.ports import Fetcher
from affiche.values.imagery import ImageRequest, ImageResult, Offer

_STEPS = {"draft": 12, "standard": 28, "high": 45}
#: How far an edit without a mask may leave the source, 0..1.
_STRENGTH = 0.6


class LocalDiffusers:
    """Pictures by a diffusers pipeline. Options: `path`, `device` (cpu, cuda, mps), `steps`."""

    provider = "diffusers"

    def __init__(self, access: Access, _: Fetcher | None = None) -> None:
        self._options = access.options
        self._path = Path(str(access.options.get("path") or ""))
        if not (self._path / "model_index.json").is_file():
            hint = "set `path` of the provider to a folder with model_index.json"
            raise UsageError(f"{str(self._path)!r} is no diffusers pipeline", hint=hint)
        self._pipelines: dict[str, Any] = {}
        self._busy = Lock()

    async def make(
        self, request: ImageRequest, offer: Offer, *, on_job: Callable[[str], Awaitable[None]], job: str = ""  # noqa: ARG002
    ) -> ImageResult:
        refuse_misfit(request, offer)
        if request.mask is not None and request.source is not None:
            refuse_other_size(request.mask, request.source.data)
        data, seed = await asyncio.to_thread(self._run, request)
        return picture(data, request, offer, seed=seed)

    async def health(self) -> str:
        """Whether the libraries are there and the pipeline loads."""
        try:
            await asyncio.to_thread(self._pipeline, "text")
        except (CapabilityError, ProviderUnavailable) as error:
            return str(error)
        return "ok"

    async def close(self) -> None:
        self._pipelines.clear()

    def _run(self, request: ImageRequest) -> tuple[bytes, int]:
        """PNG and the seed it was made with; in a thread."""
        with self._busy:
            pipeline = self._pipeline("text" if request.source is None else "mask" if request.mask else "image")
            import torch

            seed = int(request.key[:8], 16) if request.seed is None else request.seed
            arguments = {
                "prompt": request.prompt, "negative_prompt": request.negative or None, "num_images_per_prompt": 1,
                "num_inference_steps": int(self._options.get("steps") or _STEPS[request.quality]),
                "generator": torch.Generator(device="cpu").manual_seed(seed), **_pictures(request),
            }  # fmt: skip
            try:
                image = pipeline(**arguments).images[0]
            except (RuntimeError, ValueError, TypeError) as error:
                raise BadOutput(f"the pipeline failed: {str(error)[:200]}", provider=self.provider) from error
        out = io.BytesIO()
        image.save(out, "PNG")
        return out.getvalue(), seed

    def _pipeline(self, kind: str) -> Any:
        """The pipeline for text, image or mask; all share the weights of the first."""
        if "text" not in self._pipelines:
            self._pipelines["text"] = self._loaded()
        if kind not in self._pipelines:
            import diffusers

            made = {"image": diffusers.AutoPipelineForImage2Image, "mask": diffusers.AutoPipelineForInpainting}[kind]
            self._pipelines[kind] = made.from_pipe(self._pipelines["text"])
            self._pipelines[kind].set_progress_bar_config(disable=True)
        return self._pipelines[kind]

    def _loaded(self) -> Any:
        try:
            import diffusers
            import torch
        except ImportError as error:
            hint = "install diffusers, transformers and torch into the environment of Affiche"
            raise CapabilityError(f"local pictures need {error.name}, which is not installed", hint=hint) from None
        device = str(self._options.get("device") or ("cuda" if torch.cuda.is_available() else "cpu"))
        kind = torch.float16 if device == "cuda" else torch.float32
        try:
            pipeline = diffusers.AutoPipelineForText2Image.from_pretrained(
                str(self._path), dtype=kind, local_files_only=True, use_safetensors=True
            )
        except (OSError, ValueError, RuntimeError, KeyError) as error:
            raise ProviderUnavailable(f"the pipeline does not load: {str(error)[:200]}", provider=self.provider) from error
        pipeline.set_progress_bar_config(disable=True)
        return pipeline.to(device)


def _pictures(request: ImageRequest) -> dict[str, Any]:
    """Size, or the pictures that the size follows from."""
    from PIL import Image

    size = {"width": request.size.width, "height": request.size.height}
    source = request.source
    if source is None:
        return size
    box = (request.size.width, request.size.height)
    image = Image.open(io.BytesIO(source.data), formats=["PNG", "JPEG", "WEBP"]).convert("RGB").resize(box)
    if request.mask is None:
        return {"image": image, "strength": _STRENGTH}
    mask = Image.open(io.BytesIO(request.mask), formats=["PNG"]).convert("L").resize(box)
    return {"image": image, "mask_image": mask, **size}
