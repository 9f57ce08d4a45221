"""What is learned from labelled lines: how far each feature speaks for each move, and from which confidence a move is named."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from bot.assess.features import Features, Numbers, Terms
from bot.assess.labels import LABELS
from bot.kept_arrays import keep

_TERM_WEIGHT = 4.0  # what word patterns count for beside the dense features under one penalty
_READ = 0.6  # share of the pair encoder's score in the whole score; the rest is the features
_ARRAYS = ("rarity", "dense", "terms", "bias", "slope", "shift", "threshold")


@dataclass(frozen=True)
class Model:
    """Weights by column of LABELS. A score s becomes the confidence 1 / (1 + exp(-(slope * s + shift)))."""

    rarity: npt.NDArray[Any]
    dense: npt.NDArray[Any]
    terms: npt.NDArray[Any]
    bias: npt.NDArray[Any]
    slope: npt.NDArray[Any]
    shift: npt.NDArray[Any]
    threshold: npt.NDArray[Any]

    def confidences(self, of: Features, read: Numbers) -> Numbers:
        """One per label, from 0 to 1; `read` are the pair encoder's scores."""
        columns, weights = weighed(of.terms, self.rarity)
        own = of.dense @ self.dense + weights @ self.terms[columns] + self.bias
        return chances(mixed(read, own), self.slope, self.shift)

    def save(self, path: Path) -> None:
        """Write it in place of all others in its folder. Raises IndexUnusableError when nothing can be written."""
        arrays = {name: getattr(self, name).astype(np.float16 if name in {"dense", "terms"} else np.float32) for name in _ARRAYS}
        keep(path, {"labels": np.frombuffer(json.dumps(LABELS).encode(), dtype=np.uint8), **arrays}, "*.npz", "The assessor")

    @classmethod
    def read(cls, path: Path) -> Model | None:
        """None when the file is absent, damaged or made for other labels."""
        try:
            with np.load(path, allow_pickle=False) as file:
                if tuple(json.loads(file["labels"].tobytes())) != LABELS:
                    return None
                return cls(**{name: file[name].astype(np.float64) for name in _ARRAYS})
        except (OSError, ValueError, KeyError, EOFError, BadZipFile):
            return None


def mixed(read: Numbers, own: Numbers) -> Numbers:
    """The whole score of the pair encoder's and the features' own."""
    return np.asarray(_READ * read + (1 - _READ) * own)


def chances(scores: Numbers, slope: Numbers, shift: Numbers) -> Numbers:
    """Scores as confidences from 0 to 1."""
    return np.asarray(1 / (1 + np.exp(-(slope * scores + shift))))


def rarity_of(terms: Sequence[Terms], size: int) -> Numbers:
    """How telling each hashed term is: the smoothed logarithm of the share of lines without it."""
    counts = np.bincount([term for one in terms for term in one], minlength=size)
    return np.asarray(np.log((1 + len(terms)) / (1 + counts)) + 1)


def weighed(terms: Terms, rarity: npt.NDArray[Any]) -> tuple[npt.NDArray[np.int64], Numbers]:
    """The terms in order and their weights, which together are as long as _TERM_WEIGHT."""
    columns = np.array(sorted(terms), dtype=np.int64)
    weights = (1 + np.log(np.array([terms[column] for column in columns], dtype=np.float64))) * rarity[columns]
    return columns, _TERM_WEIGHT * weights / max(float(np.linalg.norm(weights)), 1e-9)
