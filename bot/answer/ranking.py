"""From evidence to an order of answerables, and to the chance that the message is for us at all.

Both are linear in named features. Weights and thresholds are fitted by `bot.answer.fit` and kept in `weights.json`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import exp
from pathlib import Path

import numpy as np

from bot.answer.evidence import FEATURES, Evidence, Message, Table
from bot.answer.wording import stems, words
from bot.encoder import Encoder, Vector

WEIGHTS = Path(__file__).with_name("weights.json")

SCOPE_FEATURES = (
    "score",  # of the best answerable
    "meaning",  # of the best answerable
    "words",
    "letters",
    "answer_words",
    "answer_meaning",
    "named",  # the message names any topic
    "outside",  # likeness to the nearest message known not to be for us
    "closer",  # best phrasing's likeness minus that
    "familiar",  # share of the message's weighty words that the content uses
    "leaning",  # leans on a conversation that has a topic
    "length",  # words in the message, at most 40, in tens
)


@dataclass(frozen=True)
class Weights:
    """Fitted numbers. `rank` and `scope` are by feature name; `bias` belongs to `scope`; thresholds are probabilities or score gaps."""

    rank: Mapping[str, float]
    scope: Mapping[str, float]
    bias: float
    part: float  # how far the best part of a message may lift a score above that of the whole, 0 to 1
    decline_below: float
    caveat_below: float
    choice_gap: float
    near_gap: float

    @classmethod
    def load(cls, path: Path = WEIGHTS) -> Weights:
        return cls(**json.loads(path.read_text(encoding="utf-8")))


@dataclass(frozen=True)
class Ranked:
    """Answerables by falling score, with the chance (0 to 1) that the message is inside what we cover."""

    order: tuple[int, ...]
    scores: tuple[float, ...]
    inside: float


class Ranker:
    """Orders answerables for a message."""

    def __init__(self, evidence: Evidence, weights: Weights, encoder: Encoder) -> None:
        self.evidence = evidence
        self.weights = weights
        self._encoder = encoder
        self._rank = np.array([weights.rank.get(name, 0.0) for name in FEATURES], dtype=np.float32)

    def rank(self, message: Message, without: Collection[int] = (), most: int = 12) -> Ranked:
        """The best `most` answerables. `without` hides phrasings, for fitting and honest measuring."""
        scores, features = self.judge(message, without)
        order = np.argsort(-scores)[:most]
        logit = self.weights.bias + sum(self.weights.scope.get(name, 0.0) * value for name, value in features.items())
        return Ranked(tuple(map(int, order)), tuple(float(scores[i]) for i in order), 1 / (1 + exp(-max(-30.0, min(30.0, logit)))))

    def judge(
        self, message: Message, without: Collection[int] = (), without_outside: Collection[int] = ()
    ) -> tuple[Vector, dict[str, float]]:
        """The score of every answerable, and what tells whether the message is for us (names as in SCOPE_FEATURES)."""
        tables = self.evidence.tables(message, without)
        by_segment = np.stack([table @ self._rank for table in tables])
        whole = by_segment[0]
        scores = whole + self.weights.part * (by_segment.max(axis=0) - whole)
        best = int(scores.argmax())
        row = tables[int(by_segment[:, best].argmax())][best]
        return scores, self._scope(message, float(scores[best]), row, without_outside)

    def _scope(self, message: Message, score: float, row: Table, without_outside: Collection[int]) -> dict[str, float]:
        of = dict(zip(FEATURES, map(float, row), strict=True))
        likeness = self.evidence.index.outside_vectors @ self._encoder.encode(message.wording.plain)
        likeness[list(without_outside)] = -1
        outside = float(likeness.max()) if len(likeness) else 0.0
        return {
            "score": score,
            "meaning": of["meaning"],
            "words": of["words"],
            "letters": of["letters"],
            "answer_words": of["answer_words"],
            "answer_meaning": of["answer_meaning"],
            "named": float(bool(message.named.topics)),
            "outside": outside,
            "closer": max(of["meaning"], of["follow"]) - outside,
            "familiar": self._familiar(message),
            "leaning": message.leaning if message.context.topic else 0.0,
            "length": min(len(words(message.wording.plain)), 40) / 10,
        }

    def _familiar(self, message: Message) -> float:
        weighty = [word for word in words(message.wording.plain) if stems(word)]
        return sum(self.evidence.index.speller.knows(word) for word in weighty) / len(weighty) if weighty else 0.0
