"""What simple means find on the same content and questions: BM25, and the published encoder alone.

Each returns the numbers of the answers by falling score, so that they are marked exactly like the tutor.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import CountVectorizer

from bot.answer.index import Index
from bot.answer.wording import stems
from bot.encoder import Encoder

Rank = Callable[[str], npt.NDArray[np.int64]]
K1, B = 1.2, 0.75  # the usual values of Robertson and Zaragoza (2009)


def bm25(texts: Sequence[str]) -> Rank:
    """Okapi BM25 over stems of one text per answer."""
    counter = CountVectorizer(analyzer=stems)
    counts: csr_matrix = counter.fit_transform(texts).astype(np.float64)
    seen = np.asarray((counts > 0).sum(axis=0)).ravel()
    rarity = np.log(1 + (len(texts) - seen + 0.5) / (seen + 0.5))
    lengths = np.asarray(counts.sum(axis=1)).ravel()
    per_row = np.repeat(K1 * (1 - B + B * lengths / lengths.mean()), np.diff(counts.indptr))
    counts.data = counts.data * (K1 + 1) / (counts.data + per_row) * rarity[counts.indices]

    def rank(text: str) -> npt.NDArray[np.int64]:
        asked = (counter.transform([text]) > 0).astype(np.float64)
        return np.argsort(-(counts @ asked.T).toarray().ravel(), kind="stable")

    return rank


def encoder_alone(index: Index) -> Rank:
    """Cosine of the message with the closest way of asking, by the published encoder."""
    encoder = Encoder.load(published=True)
    vectors = encoder.encode_many([phrasing.text for phrasing in index.phrasings])

    def rank(text: str) -> npt.NDArray[np.int64]:
        return np.argsort(-np.maximum.reduceat(vectors @ encoder.encode(text.lower()), index.starts), kind="stable")

    return rank
