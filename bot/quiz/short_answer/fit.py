"""Fits `weights.json` on the labelled answers of knowledge/short_answers.jsonl: `python -m bot.quiz.short_answer.fit`.

Besides those answers it learns from the items' own wordings, each with itself hidden (a way of saying an idea that is not
listed), and from wordings of other items, which say nothing here. Only items with labelled answers take part, so that the
others stay unseen. Thresholds are chosen on chances that each item got from a model fitted without it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import product
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from bot.content.questions import Idea, Short
from bot.encoder import Vector
from bot.quiz.short_answer.evidence import FEATURES
from bot.quiz.short_answer.marker import WEIGHTS, ShortAnswers, Weights, verdict_of

FOLDS: Final = 8
HIDDEN: Final = 0.5  # weight of a hidden wording or a foreign one, beside 1 for a labelled answer
FOREIGN: Final = 12  # wordings of other items to each item
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Labelled:
    """A learner's text with its mark and the numbers of the ideas that it holds."""

    item: str
    text: str
    mark: str
    ideas: tuple[int, ...]
    misbelief: int | None = None


@dataclass(frozen=True)
class Sample:
    """Features of an answer's ideas with what is true of each; `mark` where a person gave one."""

    item: str
    features: Vector
    holds: Flags
    weight: float
    mark: str | None = None


def read_labelled(path: Path) -> list[Labelled]:
    """One answer a line of JSON."""
    rows = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
    return [Labelled(**{**row, "ideas": tuple(row["ideas"])}) for row in rows]


def fit(marker: ShortAnswers, items: Mapping[str, Short], labelled: Sequence[Labelled]) -> Weights:
    """The marker's weights, fitted."""
    used = [items[key] for key in sorted({answer.item for answer in labelled})]
    samples = [*_answers(marker, items, labelled), *_hidden(marker, used), *_foreign(marker, used)]
    weights = _model(samples, marker.weights)
    return _with_thresholds(weights, samples, [item.id for item in used])
