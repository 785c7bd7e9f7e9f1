"""Real ONNX files for tests, written byte by byte: nodes, weights, inputs and outputs as protobuf, without the package `onnx`.

Only what small networks need of onnx.proto (opset 13, IR version 8).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

_ELEMENTS = {np.dtype(np.float32): 1, np.dtype(np.int32): 6, np.dtype(np.int64): 7}


def model(nodes: Sequence[bytes], weights: dict[str, np.ndarray], inputs: Sequence[bytes], outputs: Sequence[bytes]) -> bytes:
    graph = [_field(1, node) for node in nodes] + [_field(2, b"graph")]
    graph += [_field(5, _tensor(name, values)) for name, values in weights.items()]
    graph += [_field(11, value) for value in inputs] + [_field(12, value) for value in outputs]
    return _number(1, 8) + _field(8, _field(1, b"") + _number(2, 13)) + _field(7, b"".join(graph))


def node(op: str, inputs: Sequence[str], output: str, **attributes: Any) -> bytes:
    parts = [_field(1, name.encode()) for name in inputs] + [_field(2, output.encode()), _field(4, op.encode())]
    return b"".join(parts + [_field(5, _attribute(name, value)) for name, value in attributes.items()])


def value(name: str, kind: type, shape: Sequence[int | str]) -> bytes:
    dims = b"".join(_field(1, _field(2, d.encode()) if isinstance(d, str) else _number(1, d)) for d in shape)
    tensor = _number(1, _ELEMENTS[np.dtype(kind)]) + _field(2, dims)
    return _field(1, name.encode()) + _field(2, _field(1, tensor))


def _tensor(name: str, values: np.ndarray) -> bytes:
    dims = b"".join(_number(1, side) for side in values.shape)
    return dims + _number(2, _ELEMENTS[values.dtype]) + _field(8, name.encode()) + _field(9, values.tobytes())


def _attribute(name: str, value: int | Sequence[int]) -> bytes:
    if isinstance(value, int):
        return _field(1, name.encode()) + _number(3, value) + _number(20, 2)
    return _field(1, name.encode()) + b"".join(_number(8, one) for one in value) + _number(20, 7)


def _field(number: int, data: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(data)) + data


def _number(number: int, value: int) -> bytes:
    return _varint(number << 3) + _varint(value)


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes(out + bytes([value]))
