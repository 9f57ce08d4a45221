"""Weighted terms of many texts: word stems and pairs, or letter n-grams, compared with a message by cosine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from zlib import crc32

import numpy as np
import numpy.typing as npt
from scipy.sparse import csc_matrix, csr_matrix

from bot.answer.wording import stems_and_pairs, words
from bot.encoder import Vector

Arrays = Mapping[str, npt.NDArray[Any]]
_TERMS = 2**18
_LETTERS = (3, 4)
_COMMON = 1000  # texts; a term in more than these and in more than a tenth of all tells nothing apart


class Terms:
    """Terms by column, so that a message touches only the columns of its own terms."""

    def __init__(self, kind: str, columns: csc_matrix, rarity: Vector) -> None:
        self._kind = kind
        self._columns = columns
        self._rarity = rarity
        self._spread = np.diff(columns.indptr)  # in how many texts each term stands

    @classmethod
    def of(cls, kind: str, texts: Sequence[str]) -> Terms:
        """The terms of the texts; `kind` is `words` or `letters`."""
        counts = _counted(kind, texts)
        seen = np.asarray((counts > 0).sum(axis=0)).ravel()
        rarity = np.log((1 + len(texts)) / (1 + seen)).astype(np.float32) + 1
        return cls(kind, _weighed(counts, rarity).tocsc(), rarity)

    def arrays(self) -> Arrays:
        """All that `from_arrays` needs."""
        columns = self._columns
        size = np.array(columns.shape)
        return {"data": columns.data, "rows": columns.indices, "ends": columns.indptr, "size": size, "rarity": self._rarity}

    @classmethod
    def from_arrays(cls, kind: str, arrays: Arrays) -> Terms:
        return cls(kind, csc_matrix((arrays["data"], arrays["rows"], arrays["ends"]), shape=tuple(arrays["size"])), arrays["rarity"])

    def likeness(self, text: str) -> Vector:
        """Cosine of the text with each of the texts, from 0 to 1, but for what the commonest terms would add: little, and slowly."""
        terms, weights = self._query(text)
        spread = self._spread[terms]
        telling = spread <= max(_COMMON, self._columns.shape[0] // 10)
        return self._gather([term for term, kept in zip(terms, telling, strict=True) if kept], weights[telling], self._columns.data)

    def share(self, text: str) -> Vector:
        """The share of the text's weighty terms that each of the texts holds, from 0 to 1."""
        terms, weights = self._query(text)
        return self._gather(terms, np.square(weights), None)

    def _query(self, text: str) -> tuple[list[int], Vector]:
        """The text's terms and their weights, a unit vector: as `_weighed` does for many texts, without a matrix for one."""
        counts = _counts(self._kind, text)
        terms = list(counts)
        weights = (1 + np.log(np.array(list(counts.values()), dtype=np.float32))) * self._rarity[terms]
        return terms, weights / max(float(np.linalg.norm(weights)), 1e-9)

    def _gather(self, terms: Sequence[int], weights: Vector, values: Vector | None) -> Vector:
        """Sums over the query's terms only: a matrix product would walk through every term of every text."""
        columns = self._columns
        spans = [slice(columns.indptr[term], columns.indptr[term + 1]) for term in terms]
        if not spans:
            return np.zeros(columns.shape[0], dtype=np.float32)
        rows = np.concatenate([columns.indices[span] for span in spans])
        parts = np.repeat(weights, [span.stop - span.start for span in spans])
        if values is not None:
            parts = parts * np.concatenate([values[span] for span in spans])
        return np.bincount(rows, weights=parts, minlength=columns.shape[0]).astype(np.float32)


def _counted(kind: str, texts: Sequence[str]) -> csr_matrix:
    """How often each hashed term stands in each text. Hashing needs no vocabulary, and importing scikit-learn's costs a second."""
    counted = [_counts(kind, text) for text in texts]
    ends = np.cumsum([0, *map(len, counted)])
    columns = np.array([term for counts in counted for term in counts], dtype=np.int32)
    values = np.array([count for counts in counted for count in counts.values()], dtype=np.float32)
    return csr_matrix((values, columns, ends), shape=(len(texts), _TERMS))


def _counts(kind: str, text: str) -> Counter[int]:
    return Counter(crc32(term.encode()) % _TERMS for term in _terms(kind, text))


def _terms(kind: str, text: str) -> Iterator[str]:
    if kind == "words":
        yield from stems_and_pairs(text)
        return
    for word in words(text):
        framed = f" {word} "
        for size in _LETTERS:
            yield from (framed[at : at + size] for at in range(max(1, len(framed) - size + 1)))


def _weighed(counts: csr_matrix, rarity: Vector) -> csr_matrix:
    """Counts as unit rows of (1 + log count) times rarity."""
    weighted = counts.astype(np.float32)
    weighted.data = (1 + np.log(weighted.data)) * rarity[weighted.indices]
    lengths = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    weighted.data /= np.repeat(np.maximum(lengths, 1e-9), np.diff(weighted.indptr))
    return weighted
