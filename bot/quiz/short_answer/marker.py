"""Marks short answers: which ideas of an item does the learner's text hold?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np

from bot.answer.lexicon import Lexicon
from bot.answer.vectors import VectorStore
from bot.answer.wording import word_counts
from bot.content.questions import Item, Short, wordings
from bot.encoder import Encoder, Vector
from bot.quiz.short_answer.evidence import Evidence
from bot.quiz.short_answer.expected import Expected, Rarity, prepare, texts_of
from bot.quiz.short_answer.result import ShortMark
from bot.quiz.short_answer.said import AnswerReader, Said
from bot.quiz.short_answer.terms import Vocabulary
from bot.quiz.short_answer.verdict import Judge, Weights

ENOUGH: Final = 5  # words that are marked even if each of them alone says nothing


class ShortAnswers:
    """The marker of all short items. What it needs of them is made when the first answer comes, and vectors are kept on disk."""

    def __init__(self, store: VectorStore, items: Iterable[Item], lexicon: Lexicon | None, judge: Judge) -> None:
        every = tuple(items)
        self._store = store
        self._items = tuple(item for item in every if isinstance(item, Short))
        self._texts = tuple(text for item in every for text in wordings(item))
        self._lexicon = lexicon
        self.judge = judge
        self._expected: dict[str, Expected] = {}
        self._readers: dict[str, AnswerReader] = {}

    @classmethod
    def open(cls, encoder: Encoder, kept: VectorStore | Path, items: Iterable[Item], lexicon: Lexicon | None = None) -> ShortAnswers:
        """`kept` is a store or folder of the marker's own, as a store keeps only the texts that it was last asked for.

        `items` may be all of the bank: spelling is mended towards the words of every kind.
        """
        store = kept if isinstance(kept, VectorStore) else VectorStore(encoder, kept)
        return cls(store, items, lexicon, Judge(Weights.load()))

    def mark(self, item: Short, text: str) -> ShortMark:
        """The mark of a learner's text to one of the items. Raises IndexUnusableError when vectors cannot be kept."""
        said = self.read(item, text)
        if said.readable < self.judge.weights.readable or (said.spoken < ENOUGH and not self._says_something(said.whole)):
            return ShortMark("unreadable")
        if not said.clauses:  # all of it repeats the question
            return ShortMark("wrong", tuple(range(len(item.ideas))))
        return self.judge.mark(*self.evidence(item, said))

    def read(self, item: Short, text: str) -> Said:
        """The text as it is compared with this item."""
        if item.id not in self._readers:
            own = word_counts([*wordings(item), *texts_of(item)])
            self._readers[item.id] = AnswerReader(item.ask, own, self._words, self._lexicon, self._store.encoder.tokeniser)
        return self._readers[item.id].read(text)

    def evidence(self, item: Short, said: Said) -> tuple[Vector, Vector]:
        """Features of the item's ideas, shape (ideas, FEATURES), and the strength of each misbelief. `said` has a clause."""
        if item.id not in self._expected:
            vectors = self._vectors if all(text in self._vectors for text in texts_of(item)) else self._encoded(item)
            self._expected[item.id] = prepare(item, self._vocabulary.terms, self._rarity, vectors)
        return self._evidence.table(self._expected[item.id], said)

    def _says_something(self, text: str) -> bool:
        return bool(self._vocabulary.terms(text))

    def _encoded(self, item: Short) -> dict[str, Vector]:
        """Vectors of an item that was not among those the marker was opened with."""
        return {text: self._store.encoder.encode(text) for text in texts_of(item)}

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
        rows = self._store.of(texts) if texts else np.zeros((0, 0), dtype=np.float32)
        return dict(zip(texts, rows, strict=True))
