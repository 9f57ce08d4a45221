"""Marks short answers: which ideas of an item does the learner's text hold?"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from bot.answer.lexicon import Lexicon
from bot.answer.vectors import VectorStore
from bot.answer.wording import word_counts
from bot.content.questions import Item, Short, wordings
from bot.encoder import Encoder, Vector
from bot.quiz.short_answer.evidence import FEATURES, Evidence
from bot.quiz.short_answer.expected import Expected, Rarity, prepare, texts_of
from bot.quiz.short_answer.result import ShortMark
from bot.quiz.short_answer.said import AnswerReader, Said
from bot.quiz.short_answer.terms import Vocabulary

WEIGHTS = Path(__file__).with_name("weights.json")


@dataclass(frozen=True)
class Weights:
    """Of a logistic model over FEATURES, and where its chances (0 to 1) become verdicts."""

    idea: Mapping[str, float]
    bias: float
    found: float  # an idea counts as said from this chance on
    partly: float  # an answer is not wrong when one of its ideas has this chance
    misbelief: float  # strength from which a misbelief counts as held
    readable: float  # share of words that must be words

    @classmethod
    def load(cls, path: Path = WEIGHTS) -> Weights:
        return cls(**json.loads(path.read_text(encoding="utf-8")))


class ShortAnswers:
    """The marker of all short items. What it needs of them is made when the first answer comes, and vectors are kept on disk."""

    def __init__(self, store: VectorStore, items: Iterable[Item], lexicon: Lexicon | None, weights: Weights) -> None:
        self._store = store
        every = tuple(items)
        self._items = tuple(item for item in every if isinstance(item, Short))
        self._texts = tuple(text for item in every for text in wordings(item))
        self._lexicon = lexicon
        self.weights = weights
        self._coefficients = np.array([weights.idea.get(name, 0.0) for name in FEATURES], dtype=np.float32)
        self._expected: dict[str, Expected] = {}
        self._readers: dict[str, AnswerReader] = {}

    @classmethod
    def open(cls, encoder: Encoder, kept: VectorStore | Path, items: Iterable[Item], lexicon: Lexicon | None = None) -> ShortAnswers:
        """`kept` is a store or folder of the marker's own, as a store keeps only the texts that it was last asked for."""
        store = kept if isinstance(kept, VectorStore) else VectorStore(encoder, kept)
        return cls(store, items, lexicon, Weights.load())

    def mark(self, item: Short, text: str) -> ShortMark:
        """The mark of a learner's text to one of the items. Raises IndexUnusableError when vectors cannot be kept."""
        said = self.read(item, text)
        if not said.spoken or said.readable < self.weights.readable:
            return ShortMark("unreadable")
        if not said.clauses:
            return ShortMark("wrong", tuple(range(len(item.ideas))))
        features, misbeliefs = self.table(item, said)
        return self._judge(self._chances(features), features, misbeliefs)

    def read(self, item: Short, text: str) -> Said:
        """The text as it is compared with this item."""
        if item.id not in self._readers:
            own = word_counts([*wordings(item), *texts_of(item)])
            asked = f"{item.story or ''} {item.ask}"
            self._readers[item.id] = AnswerReader(asked, own, self._words, self._lexicon, self._store.encoder.tokeniser)
        return self._readers[item.id].read(text)

    def table(self, item: Short, said: Said) -> tuple[Vector, Vector]:
        """Features of the item's ideas, shape (ideas, FEATURES), and the strength of each misbelief. `said` has a clause."""
        if item.id not in self._expected:
            self._expected[item.id] = prepare(item, self._vocabulary.terms, self._rarity, self._vectors)
        return self._evidence.table(self._expected[item.id], said)

    def _chances(self, features: Vector) -> Vector:
        return np.asarray(1 / (1 + np.exp(-(features @ self._coefficients + self.weights.bias))))

    def _judge(self, chances: Vector, features: Vector, misbeliefs: Vector) -> ShortMark:
        found = chances >= self.weights.found
        missing = tuple(int(number) for number in np.flatnonzero(~found))
        held = self._held(features, misbeliefs)
        if not missing and held is None:
            return ShortMark("right")
        if chances.max() >= self.weights.partly and not (held is not None and chances.max() < self.weights.found):
            return ShortMark("partly", missing, held)
        return ShortMark("wrong", missing, held)

    def _held(self, features: Vector, misbeliefs: Vector) -> int | None:
        both = features[:, FEATURES.index("both")].max()
        best = int(misbeliefs.argmax()) if len(misbeliefs) else -1
        return best if best >= 0 and misbeliefs[best] >= max(self.weights.misbelief, both) else None

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        return Vocabulary.load()

    @cached_property
    def _evidence(self) -> Evidence:
        return Evidence(self._store.encoder, self._vocabulary)

    @cached_property
    def _words(self) -> Counter[str]:
        return word_counts((*self._texts, *(text for item in self._items for text in texts_of(item))))

    @cached_property
    def _rarity(self) -> Rarity:
        return Rarity([self._vocabulary.terms(text) for text in texts_of(item)] for item in self._items)

    @cached_property
    def _vectors(self) -> dict[str, Vector]:
        texts = list(dict.fromkeys(text for item in self._items for text in texts_of(item)))
        return dict(zip(texts, self._store.of(texts), strict=True))
