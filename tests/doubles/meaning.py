"""A model folder for tests whose space can be checked by eye: a picture is its mean colour, a phrase the sum of its colour words.

Both encoders are real ONNX networks and the tokenizer is a real tokenizer.json; only their size is a toy.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import numpy as np
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.normalizers import Lowercase
from tokenizers.pre_tokenizers import Whitespace

from tests.doubles import onnx

DIMENSIONS = 8
COLORS = {"red": (220, 30, 30), "green": (30, 170, 60), "blue": (30, 60, 210), "yellow": (240, 210, 40), "white": (250, 250, 250), "black": (8, 8, 8)}
_WORDS = ["[PAD]", "[UNK]", *COLORS]
_TOML = """\
name = "mean colours, {like}"
dimensions = {dimensions}

[picture]
file = "picture.onnx"
side = 16
fit = "{fit}"
mean = [0.5, 0.5, 0.5]
std = [0.5, 0.5, 0.5]

[phrase]
file = "phrase.onnx"
tokenizer = "tokenizer.json"
length = 6
{pad}
"""


def model_folder(folder: Path, like: Literal["clip", "siglip"] = "clip", *, dimensions: int = DIMENSIONS, seed: int = 7) -> Path:
    """`clip`: crops, takes a mask, gives hidden states too. `siglip`: stretches, pads to a fixed length, counts in 32 bits."""
    folder.mkdir(parents=True, exist_ok=True)
    space = np.random.default_rng(seed).normal(size=(4, dimensions)).astype(np.float32)
    (folder / "picture.onnx").write_bytes(_picture(space, hidden=like == "clip"))
    (folder / "phrase.onnx").write_bytes(_phrase(space, mask=like == "clip"))
    splits = Tokenizer(WordLevel({word: n for n, word in enumerate(_WORDS)}, unk_token="[UNK]"))
    splits.normalizer, splits.pre_tokenizer = Lowercase(), Whitespace()
    splits.save(str(folder / "tokenizer.json"))
    told = _TOML.format(like=like, dimensions=dimensions, fit="crop" if like == "clip" else "stretch", pad="" if like == "clip" else "pad = 0")
    (folder / "embedding.toml").write_text(told, encoding="utf-8")
    return folder


def _picture(space: np.ndarray, *, hidden: bool) -> bytes:
    """The mean of each channel (-1..1) and a constant, turned into the space."""
    nodes = [
        onnx.node("ReduceMean", ["pixel_values"], "mean", axes=[2, 3], keepdims=0),
        onnx.node("Gemm", ["mean", "turn", "always"], "image_embeds"),
    ]
    outputs = [onnx.value("image_embeds", np.float32, ["batch", space.shape[1]])]
    if hidden:
        nodes.append(onnx.node("Identity", ["pixel_values"], "last_hidden_state"))
        outputs.insert(0, onnx.value("last_hidden_state", np.float32, ["batch", 3, 16, 16]))
    weights = {"turn": space[:3].copy(), "always": space[3] * np.float32(0.2)}
    return onnx.model(nodes, weights, [onnx.value("pixel_values", np.float32, ["batch", 3, 16, 16])], outputs)


def _phrase(space: np.ndarray, *, mask: bool) -> bytes:
    """The sum of what its words mean; padding means nothing, an unknown word only the constant."""
    meant = np.zeros((len(_WORDS), 4), np.float32)
    meant[1:, 3] = 0.2
    meant[2:, :3] = np.array(list(COLORS.values()), np.float32) / 127.5 - 1
    if mask:  # it is the mask, and not the row, that makes padding mean nothing
        meant[0] = 5
    kind = np.int64 if mask else np.int32
    nodes = [onnx.node("Gather", ["words", "input_ids"], "each", axis=0)]
    inputs = [onnx.value("input_ids", kind, ["batch", "length" if mask else 6])]
    if mask:
        nodes += [onnx.node("Cast", ["attention_mask"], "real", to=1), onnx.node("Unsqueeze", ["real", "last"], "column"), onnx.node("Mul", ["each", "column"], "seen")]
        inputs.append(onnx.value("attention_mask", kind, ["batch", "length"]))
    nodes.append(onnx.node("ReduceSum", ["seen" if mask else "each", "along"], "text_embeds", keepdims=0))
    weights = {"words": meant @ space, "along": np.array([1], np.int64), **({"last": np.array([2], np.int64)} if mask else {})}
    return onnx.model(nodes, weights, inputs, [onnx.value("text_embeds", np.float32, ["batch", space.shape[1]])])


def plain(color: tuple[int, int, int], size: tuple[int, int] = (60, 40)) -> np.ndarray:
    """A picture of one colour with a little grain, RGBA."""
    width, height = size
    grain = np.random.default_rng(sum(color)).integers(-6, 7, (height, width, 3))
    pixels = np.full((height, width, 4), 255, np.uint8)
    pixels[..., :3] = (np.array(color) + grain).clip(0, 255)
    return pixels
