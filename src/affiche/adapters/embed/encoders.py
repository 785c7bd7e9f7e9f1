"""The encoders of a model folder, run by ONNX Runtime on the processor; phrases are split by the model's own tokenizer.

Theory of operation: two networks were trained together (CLIP, SigLIP and their kin) so that a picture and words about it come
to lie near each other. Each is loaded when it is first asked: who takes pictures in never loads the one of phrases, and the
other way round. Pictures are scaled as in training (bicubic with antialiasing); every vector is brought to length 1.
"""

from __future__ import annotations

import threading
from functools import cached_property
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from affiche.adapters.embed.folder import ModelFolder, PictureEncoder
from affiche.adapters.embed.network import Network
from affiche.errors import CapabilityError
from affiche.values.digest import Digest
from affiche.values.vector import Vector

if TYPE_CHECKING:
    from affiche.ports import Pixels

_INSTALL = "pip install 'affiche[embed]'"


class OnnxEmbedder:
    """The model of a folder. Safe to share between threads."""

    def __init__(self, folder: ModelFolder) -> None:
        """Raises CapabilityError when the libraries that run it are not installed."""
        missing = [name for name in ("onnxruntime", "tokenizers") if find_spec(name) is None]
        if missing:
            raise CapabilityError(f"search by meaning needs {missing[0]}, which is not installed", hint=_INSTALL)
        self._folder, self._loading = folder, threading.RLock()

    @cached_property
    def model(self) -> Digest:
        """Of all files of the folder, as they were when this was first asked."""
        return self._folder.digest()

    def picture(self, pixels: Pixels) -> Vector:
        """The vector of a picture; what is transparent counts as white."""
        with self._loading:
            network = self._pictures
        name = network.only_input
        return self._direction(network, network.run({name: _prepared(pixels, self._folder.picture)}))

    def phrase(self, text: str) -> Vector:
        """The vector of a phrase; what is longer than the model reads is left away."""
        with self._loading:
            network, encoded = self._phrases, self._tokenizer.encode(text)
        given = {"input_ids": encoded.ids, "attention_mask": encoded.attention_mask}
        return self._direction(network, network.run({name: [ids] for name, ids in given.items() if name in network.inputs}))

    def _direction(self, network: Network, vector: Vector) -> Vector:
        """`vector` in length 1. Raises CapabilityError for one that cannot be compared."""
        import numpy as np

        wanted, shape = self._folder.dimensions, "x".join(map(str, vector.shape))
        if vector.shape != (wanted,):
            message = f"{network.file} gives vectors of {shape} numbers, embedding.toml says dimensions = {wanted}"
            raise CapabilityError(message, hint="both encoders must be of the same model, and `output` the vector of the whole")
        length = float(np.linalg.norm(vector.astype(np.float64)))
        if not np.isfinite(length) or length == 0:
            raise CapabilityError(f"{network.file} gives a vector without direction", hint="is the file whole?")
        return (vector / length).astype(np.float32)

    @cached_property
    def _pictures(self) -> Network:
        wants = self._folder.picture
        network = Network(wants.file, wants.output)
        if len(network.inputs) != 1:
            network.refuse(f"asks for {', '.join(network.inputs)}; it must ask for one picture")
        return network

    @cached_property
    def _phrases(self) -> Network:
        wants = self._folder.phrase
        network = Network(wants.file, wants.output)
        if "input_ids" not in network.inputs or network.inputs.keys() - {"input_ids", "attention_mask"}:
            network.refuse(f"asks for {', '.join(network.inputs)}; it must ask for input_ids, and at most attention_mask besides")
        return network

    @cached_property
    def _tokenizer(self) -> Any:
        from tokenizers import Tokenizer

        wants = self._folder.phrase
        try:
            made = Tokenizer.from_file(str(wants.tokenizer))
        except Exception as error:
            hint = "a tokenizer.json is expected, as the library tokenizers writes it"
            raise CapabilityError(f"{wants.tokenizer} cannot be read: {error}", hint=hint) from error
        made.enable_truncation(wants.length)
        if wants.pad is None:
            made.no_padding()
        else:
            made.enable_padding(length=wants.length, pad_id=wants.pad)
        return made


def _prepared(pixels: Pixels, wants: PictureEncoder) -> Any:
    """Shape (1, 3, side, side), as the network was trained on."""
    import numpy as np
    from PIL import Image

    alpha = pixels[..., 3:].astype(np.float32) / 255
    image = Image.fromarray(np.rint(pixels[..., :3] * alpha + 255 * (1 - alpha)).astype(np.uint8))
    short = min(image.size)
    left, top = (image.width - short) / 2, (image.height - short) / 2
    box = (left, top, left + short, top + short) if wants.fit == "crop" else None
    small = image.resize((wants.side, wants.side), Image.Resampling.BICUBIC, box=box)
    scaled = (np.asarray(small, np.float32) / 255 - np.array(wants.mean, np.float32)) / np.array(wants.std, np.float32)
    return np.ascontiguousarray(scaled.transpose(2, 0, 1)[None])
