"""The contract of an embedder, run by real networks of both kinds that are in use; and what is said when a folder is wrong."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from affiche.adapters.embed import OnnxEmbedder, read_folder
from affiche.errors import CapabilityError
from affiche.ports import Embedder
from tests.doubles.meaning import COLORS, DIMENSIONS, model_folder, plain


@pytest.fixture(params=["clip", "siglip"])
def embedder(request: pytest.FixtureRequest, tmp_path: Path) -> Embedder:
    return OnnxEmbedder(read_folder(model_folder(tmp_path / "model", request.param)))


def test_vectors_are_of_length_one_and_the_same_again(embedder: Embedder) -> None:
    for make in (lambda: embedder.picture(plain(COLORS["red"])), lambda: embedder.phrase("red and blue")):
        vector = make()
        assert (vector.dtype, vector.shape) == (np.float32, (DIMENSIONS,))
        assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-6)
        assert (make() == vector).all()


def test_a_phrase_lies_nearest_to_the_picture_that_it_is_about(embedder: Embedder) -> None:
    pictures = {name: embedder.picture(plain(color)) for name, color in COLORS.items()}
    for name in COLORS:
        phrase = embedder.phrase(f"Something {name}")
        near = sorted(pictures, key=lambda other: -float(pictures[other] @ phrase))
        assert near[0] == name, (name, near)


def test_what_is_transparent_counts_as_white(embedder: Embedder) -> None:
    clear = plain(COLORS["black"])
    clear[..., 3] = 0
    assert embedder.picture(clear) @ embedder.picture(plain((255, 255, 255))) > 0.99


def test_a_phrase_that_is_too_long_is_read_as_far_as_the_model_reads(embedder: Embedder) -> None:
    assert (embedder.phrase("red red red red red red blue blue blue") == embedder.phrase("red red red red red red")).all()


def test_padding_means_nothing_where_the_model_takes_a_mask(tmp_path: Path) -> None:
    folder = model_folder(tmp_path / "model")
    bare = OnnxEmbedder(read_folder(folder)).phrase("red and blue")
    _edit("length = 6", "length = 6\npad = 0")(folder)
    assert OnnxEmbedder(read_folder(folder)).phrase("red and blue") == pytest.approx(bare, abs=1e-6)


def test_threads_get_what_one_gets_alone(embedder: Embedder) -> None:
    names = list(COLORS) * 10
    alone = [embedder.phrase(name) for name in names]
    with ThreadPoolExecutor(4) as threads:
        assert all((one == two).all() for one, two in zip(alone, threads.map(embedder.phrase, names), strict=True))


def test_a_picture_is_cropped_or_stretched_as_the_model_was_trained(tmp_path: Path) -> None:
    wide = plain(COLORS["blue"], (120, 40))
    wide[:, 40:80] = plain(COLORS["red"], (40, 40))
    red = {}
    for like in ("clip", "siglip"):
        opened = OnnxEmbedder(read_folder(model_folder(tmp_path / like, like)))
        red[like] = float(opened.picture(wide) @ opened.phrase("red"))
    assert red["clip"] > 0.95
    assert red["siglip"] < 0.8


def test_another_file_is_another_model(tmp_path: Path) -> None:
    def digest(folder: Path) -> str:
        return OnnxEmbedder(read_folder(folder)).model

    first, same = digest(model_folder(tmp_path / "a")), digest(model_folder(tmp_path / "b"))
    assert first == same != digest(model_folder(tmp_path / "c", seed=8))
    with (tmp_path / "a" / "embedding.toml").open("a") as file:
        file.write("# other words\n")
    assert digest(tmp_path / "a") != first
    (tmp_path / "b" / "picture.onnx_data").write_bytes(b"weights beside")
    assert digest(tmp_path / "b") != first


def test_the_folder_that_the_docs_show_can_be_read(tmp_path: Path) -> None:
    text = (Path(__file__).resolve().parents[2] / "docs" / "meaning.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```toml\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    (tmp_path / "embedding.toml").write_text(block, encoding="utf-8")
    for name in ("vision_model.onnx", "text_model.onnx", "tokenizer.json"):
        (tmp_path / name).touch()
    read = read_folder(tmp_path)
    assert (read.dimensions, read.picture.side, read.phrase.length, read.phrase.pad) == (512, 224, 77, None)


def _edit(old: str, new: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        file = folder / "embedding.toml"
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new, 1))

    return change


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda folder: (folder / "embedding.toml").unlink(), "embedding.toml is not in it"),
        (lambda folder: (folder / "phrase.onnx").unlink(), "phrase.file names phrase.onnx, which is not in the folder"),
        (lambda folder: (folder / "embedding.toml").write_text("name = "), "cannot be read"),
        (_edit("side = 16", "side = 16.5"), "picture.side must be a whole number from 8 to 1024"),
        (_edit("side = 16", "size = 16"), "picture.side is missing"),
        (_edit("side = 16", "side = 16\nsides = 3"), "picture.sides is not known here"),
        (_edit('fit = "crop"', 'fit = "pad"'), "picture.fit must be crop or stretch"),
        (_edit("std = [0.5, 0.5, 0.5]", "std = [0.5, 0, 0.5]"), "picture.std must be above 0"),
        (_edit('"tokenizer.json"', '"../outside.json"'), "phrase.tokenizer must be a file of this folder"),
        (_edit("[phrase]", "[phrases]"), "phrase is missing"),
    ],
)  # fmt: skip
def test_a_wrong_folder_is_told_with_its_place(tmp_path: Path, damage: Callable[[Path], None], said: str) -> None:
    folder = model_folder(tmp_path / "model")
    damage(folder)
    with pytest.raises(CapabilityError, match=said.replace(".", r"\.")) as error:
        read_folder(folder)
    assert str(folder) in str(error.value)
    assert error.value.hint


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (_edit("dimensions = 8", "dimensions = 9"), r"picture\.onnx gives vectors of 8 numbers, embedding\.toml says dimensions = 9"),
        (_edit("side = 16", "side = 24"), r"picture\.onnx cannot be run"),
        (lambda folder: (folder / "picture.onnx").write_bytes(b"no network"), r"picture\.onnx cannot be loaded"),
        (_edit("std = [0.5, 0.5, 0.5]", 'std = [0.5, 0.5, 0.5]\noutput = "logits"'), r"has no output 'logits': last_hidden_state, image_embeds"),
        (lambda folder: (folder / "picture.onnx").write_bytes((folder / "phrase.onnx").read_bytes()), r"asks for input_ids, attention_mask; it must ask for one picture"),
    ],
)  # fmt: skip
def test_a_network_that_does_not_fit_is_told(tmp_path: Path, damage: Callable[[Path], None], said: str) -> None:
    folder = model_folder(tmp_path / "model")
    damage(folder)
    with pytest.raises(CapabilityError, match=said) as error:
        OnnxEmbedder(read_folder(folder)).picture(plain(COLORS["red"]))
    assert error.value.hint


def test_without_the_extra_it_is_said_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = read_folder(model_folder(tmp_path / "model"))
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(CapabilityError, match="needs onnxruntime") as error:
        OnnxEmbedder(folder)
    assert error.value.hint == "pip install 'affiche[embed]'"
