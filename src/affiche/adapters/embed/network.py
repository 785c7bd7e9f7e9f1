"""One network in an ONNX file: what it asks for, and which of its outputs is the vector. Knows neither pictures nor phrases."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

from affiche.errors import CapabilityError
from affiche.values.vector import Vector

#: More threads make one picture hardly quicker and take the machine from others.
_THREADS = 4
#: Names of outputs that are vectors of the common space, of exports that give more than one.
_VECTORS = ("image_embeds", "text_embeds", "pooler_output")
_TYPES = {"tensor(int64)": "int64", "tensor(int32)": "int32", "tensor(float)": "float32"}


class Network:
    """A loaded network. `inputs`: name -> the type that it takes."""

    def __init__(self, file: Path, output: str = "") -> None:
        """`output`: the vector among several. Raises CapabilityError."""
        self.file = file
        self._session = _loaded(file)
        self.inputs = {one.name: _TYPES.get(one.type, "float32") for one in self._session.get_inputs()}
        self._output = self._vector(output)

    @property
    def only_input(self) -> str:
        """Its name."""
        return str(next(iter(self.inputs)))

    def run(self, given: Mapping[str, Any]) -> Vector:
        """The vector for a batch of one. Raises CapabilityError."""
        import numpy as np

        asked = {name: np.asarray(value, self.inputs[name]) for name, value in given.items()}
        try:
            found = self._session.run([self._output], asked)[0]
        except Exception as error:
            hint = "side, length and pad in embedding.toml must be what it was made for"
            raise CapabilityError(f"{self.file} cannot be run: {_first_line(error)}", hint=hint) from error
        vector: Vector = np.asarray(found, np.float32)[0]
        return vector

    def refuse(self, why: str) -> NoReturn:
        """Raises CapabilityError."""
        raise CapabilityError(f"{self.file} {why}", hint="export the two encoders as files of their own (docs/meaning.md)")

    def _vector(self, wanted: str) -> str:
        names = [one.name for one in self._session.get_outputs()]
        found = [wanted] if wanted else [name for name in _VECTORS if name in names] or (names if len(names) == 1 else [])
        if found and found[0] in names:
            return found[0]
        why = f"has no output {wanted!r}" if wanted else "has several outputs"
        hint = "say in embedding.toml which is the vector: output = ..."
        raise CapabilityError(f"{self.file} {why}: {', '.join(names)}", hint=hint)


def _loaded(file: Path) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = min(_THREADS, _cores())
    options.log_severity_level = 4  # what goes wrong is raised
    try:
        return onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise CapabilityError(f"{file} cannot be loaded: {_first_line(error)}", hint="is it an ONNX file, and whole?") from error


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0][:300]


def _cores() -> int:
    """Cores that this process may use; the runtime itself would take all that the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
