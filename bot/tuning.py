"""Low-rank changes to the encoder's weights that make it tell our answers apart, applied when it is loaded.

The encoder's own file stays as published and is checked by SHA-256. `tuning.npz` beside this module holds, for the upper
layers, two thin matrices per weight (W + 2AB), and whole biases and norms; `tools/tune_encoder.py` makes it from the content.
The method is low-rank adaptation (Hu et al. 2021, LoRA).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.errors import EncoderError

TUNING = Path(__file__).with_name("tuning.npz")
SCALE = 2.0
_LARGEST = 127
_TYPES: dict[int, np.dtype[Any]] = {1: np.dtype("<f4"), 3: np.dtype("i1")}

Weights = Mapping[str, npt.NDArray[Any]]


def tuned(weights: Path, tuning: Path = TUNING) -> bytes:
    """The ONNX model of the file `weights` with its tuning applied, as bytes.

    Shapes and types stay, so every changed weight is written over its old bytes. Raises EncoderError when the tuning does
    not belong to these weights.
    """
    try:
        with np.load(tuning, allow_pickle=False) as file:
            changes = {name: file[name].astype(np.float32) for name in file.files}
    except (OSError, ValueError) as error:
        raise EncoderError(f"The encoder's tuning {tuning.name} cannot be read. Fetch it again from the repository.") from error
    model = bytearray(weights.read_bytes())
    stored = dict(stored_weights(memoryview(model)))
    try:
        for name, value in _replacements(changes, stored).items():
            stored[name][...] = value
    except (KeyError, ValueError) as error:
        raise EncoderError("The encoder's tuning was made for other weights. Run tools/tune_encoder.py again.") from error
    return bytes(model)


def tuning_mark(tuning: Path = TUNING) -> str:
    """Changes with the tuning and with how it is applied, and with nothing else. Raises OSError when the file cannot be read."""
    return hashlib.sha256(tuning.read_bytes() + Path(__file__).read_bytes()).hexdigest()


def _replacements(changes: Weights, stored: Weights) -> dict[str, npt.NDArray[Any]]:
    replaced = {name[2:]: value for name, value in changes.items() if name.startswith("b.")}
    for name in sorted(name[2:] for name in changes if name.startswith("A.")):
        old = stored[f"{name}_q"].astype(np.float32) * stored[f"{name}_scale"]
        new = old + SCALE * changes[f"A.{name}"] @ changes[f"B.{name}"]
        scale = np.abs(new).max(axis=0, keepdims=True) / _LARGEST
        replaced |= {f"{name}_q": np.rint(new / scale).astype(np.int8), f"{name}_scale": scale}
    return replaced


def stored_weights(model: memoryview) -> Iterator[tuple[str, npt.NDArray[Any]]]:
    """Weights of an ONNX model as arrays over its own bytes (ModelProto.graph = 7, GraphProto.initializer = 5)."""
    for graph in _fields(model, 7):
        for tensor in _fields(graph, 5):
            kind = _TYPES.get(next(_fields(tensor, 2)))
            raw = next(_fields(tensor, 9), None)
            if kind is not None and raw is not None:
                yield bytes(next(_fields(tensor, 8))).decode(), np.frombuffer(raw, dtype=kind).reshape(list(_fields(tensor, 1)))


def _fields(message: memoryview, wanted: int) -> Iterator[Any]:
    """Values of one field of a protobuf message: numbers, or views of length-delimited parts."""
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        field, wire = key >> 3, key & 7
        if wire == 0:
            value, at = _varint(message, at)
        elif wire == 2:
            size, at = _varint(message, at)
            value, at = message[at : at + size], at + size  # type: ignore[assignment]
        else:
            size = 8 if wire == 1 else 4
            value, at = message[at : at + size], at + size  # type: ignore[assignment]
        if field == wanted:
            yield value


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        value |= (byte & 0x7F) << shift
        at += 1
        if byte < 0x80:
            return value, at
        shift += 7
