"""Local diffusers, really: a tiny random SDXL pipeline is built on the spot, saved, loaded by the adapter and asked for pictures.

The stack is gigabytes, so this runs in an environment of its own (`./run diffusion`) and is not part of `./run test`. Nothing is
downloaded: the weights are random, the pictures are noise, and the path through loading, text, image, mask and seed is real.
"""

from __future__ import annotations

import asyncio
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from affiche.adapters.imagers.exchange import Access
from affiche.adapters.imagers.local import LocalDiffusers
from affiche.errors import CapabilityError, ProviderUnavailable, UsageError
from affiche.imagine.catalog.read import shipped_catalog
from affiche.values.digest import digest
from affiche.values.geometry import Size
from affiche.values.imagery import ImageRequest, ImageResult, Reference

torch = pytest.importorskip("torch", reason="run ./run diffusion")
diffusers = pytest.importorskip("diffusers", reason="run ./run diffusion")

OFFERS = {offer.operation: offer for offer in shipped_catalog().offers if offer.provider == "diffusers"}
REQUEST = ImageRequest(
    key=digest("test"), operation="generate", prompt="a calm wall", size=Size(width=64, height=64), negative="people", seed=7
)


def tokenizer(folder: Path):
    """One token per byte: enough for a text encoder with random weights."""
    from transformers import CLIPTokenizer

    letters = [chr(number) for number in range(33, 127)]
    letters += [chr(number) for number in range(161, 173)] + [chr(number) for number in range(174, 256)]
    letters += [chr(256 + number) for number in range(256 - len(letters))]
    words = [*letters, *(f"{letter}</w>" for letter in letters), "<|startoftext|>", "<|endoftext|>"]
    folder.mkdir()
    (folder / "vocab.json").write_text(json.dumps({word: number for number, word in enumerate(words)}))
    (folder / "merges.txt").write_text("#version: 0.2\n")
    return CLIPTokenizer(str(folder / "vocab.json"), str(folder / "merges.txt"), model_max_length=77), len(words)


@pytest.fixture(scope="session")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a tiny random SDXL pipeline, about 10 MB."""
    from diffusers import (
        AutoencoderKL,
        EulerDiscreteScheduler,
        StableDiffusionXLPipeline,
        UNet2DConditionModel,
    )
    from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("pipeline")
    words, count = tokenizer(folder / "words")
    text = CLIPTextConfig(
        vocab_size=count, hidden_size=32, intermediate_size=37, num_attention_heads=4, num_hidden_layers=2,
        max_position_embeddings=77, projection_dim=32, hidden_act="gelu", bos_token_id=count - 2, eos_token_id=count - 1,
        pad_token_id=count - 1,
    )  # fmt: skip
    unet = UNet2DConditionModel(
        block_out_channels=(32, 64), layers_per_block=2, sample_size=32, in_channels=4, out_channels=4,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"), up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        attention_head_dim=(2, 4), use_linear_projection=True, addition_embed_type="text_time", addition_time_embed_dim=8,
        transformer_layers_per_block=(1, 2), projection_class_embeddings_input_dim=6 * 8 + 32, cross_attention_dim=64,
    )  # fmt: skip
    vae = AutoencoderKL(
        block_out_channels=(32, 64), in_channels=3, out_channels=3, latent_channels=4,
        down_block_types=("DownEncoderBlock2D", "DownEncoderBlock2D"), up_block_types=("UpDecoderBlock2D", "UpDecoderBlock2D"),
    )  # fmt: skip
    made = StableDiffusionXLPipeline(
        vae=vae, text_encoder=CLIPTextModel(text), text_encoder_2=CLIPTextModelWithProjection(text), tokenizer=words,
        tokenizer_2=words, unet=unet, scheduler=EulerDiscreteScheduler(), add_watermarker=False,
    )  # fmt: skip
    made.save_pretrained(folder / "sdxl", safe_serialization=True)
    return folder / "sdxl"


def make(folder: Path, *requests: ImageRequest) -> list[ImageResult]:
    """The pictures of one imager, one after another."""

    async def nobody(job: str) -> None:
        raise AssertionError("local pictures have no jobs")

    async def story() -> list[ImageResult]:
        imager = LocalDiffusers(Access(options={"path": str(folder), "steps": 2}))
        assert await imager.health() == "ok"
        made = [await imager.make(request, OFFERS[request.operation], on_job=nobody) for request in requests]
        await imager.close()
        return made

    return asyncio.run(story())


def png(color: str, size: Size, mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    Image.new(mode, (size.width, size.height), color).save(out, "PNG")
    return out.getvalue()


def test_the_same_seed_gives_the_same_picture(pipeline: Path) -> None:
    first, again, other = make(pipeline, REQUEST, REQUEST, replace(REQUEST, seed=8))
    assert first.data == again.data != other.data
    assert first.media_type == "image/png" and first.size == REQUEST.size and first.seed == 7


def test_a_fresh_process_would_make_the_same(pipeline: Path) -> None:
    """Loading again changes nothing: what determines the picture is the request."""
    assert make(pipeline, REQUEST)[0].data == make(pipeline, REQUEST)[0].data


def test_prompt_negative_and_size_count(pipeline: Path) -> None:
    bare, prompt, negative, wide = make(
        pipeline, REQUEST, replace(REQUEST, prompt="hills"), replace(REQUEST, negative="text"),
        replace(REQUEST, size=Size(width=96, height=64)),
    )  # fmt: skip
    assert len({bare.data, prompt.data, negative.data}) == 3
    assert wide.size == Size(width=96, height=64)


def test_without_a_seed_the_key_of_the_request_is_one(pipeline: Path) -> None:
    request = replace(REQUEST, seed=None)
    one, same, other = make(pipeline, request, request, replace(request, key=digest("another")))
    assert one.data == same.data != other.data and one.seed is not None


def test_a_picture_is_edited(pipeline: Path) -> None:
    def edit(color: str) -> ImageRequest:
        shown = Reference(data=png(color, REQUEST.size), media_type="image/png", role="source")
        return replace(REQUEST, operation="edit", references=(shown,))

    red, blue = make(pipeline, edit("#ff0000"), edit("#0000ff"))
    assert red.data != blue.data and red.size == REQUEST.size


def test_only_what_is_masked_is_painted(pipeline: Path) -> None:
    """Inpainting with these weights leaves the rest nearly alone: it passes the autoencoder, which is random."""
    shown = Reference(data=png("#ff0000", REQUEST.size), media_type="image/png", role="source")
    request = replace(REQUEST, operation="edit", references=(shown,))
    nothing, everything = make(
        pipeline, replace(request, mask=png("black", REQUEST.size, "L")), replace(request, mask=png("white", REQUEST.size, "L"))
    )
    assert nothing.data != everything.data


def test_a_mask_of_another_size_is_refused(pipeline: Path) -> None:
    shown = Reference(data=png("#ff0000", REQUEST.size), media_type="image/png", role="source")
    request = replace(REQUEST, operation="edit", references=(shown,), mask=png("white", Size(width=8, height=8), "L"))
    with pytest.raises(CapabilityError, match="equally large"):
        make(pipeline, request)


def test_a_folder_that_is_no_pipeline_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no diffusers pipeline"):
        LocalDiffusers(Access(options={"path": str(tmp_path)}))
    (tmp_path / "model_index.json").write_text("{}")
    said = asyncio.run(LocalDiffusers(Access(options={"path": str(tmp_path)})).health())
    assert "does not load" in said
    with pytest.raises(ProviderUnavailable):
        LocalDiffusers(Access(options={"path": str(tmp_path)}))._pipeline("text")
