"""Sentence vectors as the database keeps them: half precision is nearer to the whole than two wordings ever are to each other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bot.encoder import DIMENSIONS, Vector


def packed(vector: Vector) -> bytes:
    """384 half-precision floats, 768 bytes."""
    return vector.astype("<f2").tobytes()


def unpacked(kept: Sequence[bytes]) -> Vector:
    """Rows of shape (n, 384) in single precision. Raises ValueError when one is not 768 bytes long."""
    if any(len(one) != 2 * DIMENSIONS for one in kept):
        raise ValueError("a kept vector has the wrong length")
    return np.frombuffer(b"".join(kept), dtype="<f2").reshape(-1, DIMENSIONS).astype(np.float32)
