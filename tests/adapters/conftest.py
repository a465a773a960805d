"""ONNX models written byte by byte, so that onnxruntime is all that their tests need."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import pytest


def _varint(value: int) -> bytes:
    out = b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _bytes(field: int, value: bytes | str) -> bytes:
    data = value.encode() if isinstance(value, str) else value
    return _varint(field << 3 | 2) + _varint(len(data)) + data


def _tensor(name: str, shape: tuple[int, ...], values: list[float]) -> bytes:
    packed = b"".join(struct.pack("<f", value) for value in values)
    return b"".join(_number(1, size) for size in shape) + _number(2, 1) + _bytes(8, name) + _bytes(9, packed)


def _value(name: str, kind: int, shape: tuple[int | None, ...]) -> bytes:
    dimensions = b"".join(_bytes(1, b"" if size is None else _number(1, size)) for size in shape)
    return _bytes(1, name) + _bytes(2, _bytes(1, _number(1, kind) + _bytes(2, dimensions)))


def _node(kind: str, inputs: list[str], outputs: list[str], *attributes: bytes) -> bytes:
    names = b"".join(_bytes(1, one) for one in inputs) + b"".join(_bytes(2, one) for one in outputs)
    return names + _bytes(4, kind) + b"".join(_bytes(5, one) for one in attributes)


def _attribute(name: str, value: int) -> bytes:
    return _bytes(1, name) + _number(3, value) + _number(20, 2)


FLOAT, INT64 = 1, 7


@pytest.fixture
def write_onnx() -> Callable[..., None]:
    """Writes a linear model: `weights` (features x outputs), softmax and label when asked; inputs one or by column."""

    def write(
        path: Path,
        weights: list[list[float]],
        bias: list[float],
        *,
        softmax: bool = True,
        label: bool = False,
        columns: tuple[str, ...] | None = None,
        classes: str | None = None,
        rank: int = 2,
    ) -> None:
        features, outputs = len(weights), len(bias)
        nodes, graph_inputs = [], []
        if columns is None:
            shape = (None, features) if rank == 2 else (None, 1, 1, features)
            graph_inputs.append(_value("X", FLOAT, shape))
            joined = "X"
        else:
            graph_inputs += [_value(name, FLOAT, (None, 1)) for name in columns]
            nodes.append(_node("Concat", list(columns), ["joined"], _attribute("axis", 1)))
            joined = "joined"
        nodes.append(_node("MatMul", [joined, "W"], ["product"]))
        nodes.append(_node("Add", ["product", "B"], ["scores"]))
        results = [_value("scores", FLOAT, (None, outputs))]
        if softmax:
            nodes.append(_node("Softmax", ["scores"], ["probabilities"], _attribute("axis", 1)))
            results = [_value("probabilities", FLOAT, (None, outputs))]
        if label:
            nodes.append(_node("ArgMax", ["scores"], ["label"], _attribute("axis", 1), _attribute("keepdims", 0)))
            results.insert(0, _value("label", INT64, (None,)))
        flat = [value for row in weights for value in row]
        graph = (
            b"".join(_bytes(1, one) for one in nodes)
            + _bytes(2, "linear")
            + _bytes(5, _tensor("W", (features, outputs), flat))
            + _bytes(5, _tensor("B", (outputs,), bias))
            + b"".join(_bytes(11, one) for one in graph_inputs)
            + b"".join(_bytes(12, one) for one in results)
        )
        model = _number(1, 8) + _bytes(7, graph) + _bytes(8, _bytes(1, "") + _number(2, 13))
        if classes is not None:
            model += _bytes(14, _bytes(1, "classes") + _bytes(2, classes))
        path.write_bytes(model)

    return write
