"""Sentence vectors kept on disk by the hash of their text, so that only what changed is encoded again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from bot.encoder import Encoder, Vector
from bot.kept_arrays import keep


@dataclass(frozen=True)
class VectorStore:
    """Vectors of one encoder in a folder; calls `advance(done, total)` while it has to encode."""

    encoder: Encoder
    folder: Path
    advance: Callable[[int, int], None] = lambda done, total: None

    def of(self, texts: Sequence[str]) -> Vector:
        """One row per text. What was kept for other texts or another encoder is dropped.

        Raises IndexUnusableError when nothing can be written.
        """
        path = self.folder / f"vectors-{self.encoder.fingerprint}.npz"
        known = _read(path)
        keys = [hashlib.sha256(text.encode()).digest()[:16] for text in texts]
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        if missing:
            done = iter(range(1, len(missing) + 1))
            made = self.encoder.encode_many(missing.values(), lambda: self.advance(next(done), len(missing)))
            known |= dict(zip(missing, made, strict=True))
            wanted = dict.fromkeys(keys)
            arrays = {
                "keys": np.array([np.frombuffer(key, dtype=np.uint8) for key in wanted]),
                "vectors": np.vstack([known[key] for key in wanted]),
            }
            keep(path, arrays, "vectors-*.npz", "The search index")
        return np.vstack([known[key] for key in keys])


def _read(path: Path) -> dict[bytes, Vector]:
    """None when the file is absent or damaged, as everything can be made again."""
    try:
        with np.load(path, allow_pickle=False) as file:
            return {bytes(key): vector for key, vector in zip(file["keys"], file["vectors"], strict=True)}
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return {}
