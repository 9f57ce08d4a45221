"""The arithmetic of the intent classifier, free of Rasa: fit, calibrate, predict, save.

Logistic regression on sentence vectors beside weighted letter n-grams says which intent; a second, small one says how
likely that is to be right. It is fitted on two kinds of made-up trouble: held-out examples of known intents, and whole
intents held out, which stand for messages that no intent is meant for.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, hstack, load_npz, save_npz
from sklearn.linear_model import LogisticRegression

Array = npt.NDArray[np.float64]

DENSE_WEIGHT = 1.25  # of a unit sentence vector beside a unit n-gram vector; best of 1, 1.25, 1.5 and 3 in cross-validation
STRENGTH = 10.0  # inverse regularisation
FOLDS = 5
SEED = 42


@dataclass(frozen=True)
class Examples:
    """Rows of both kinds of features, each of unit length; `dense` in single precision where it is kept."""

    dense: npt.NDArray[np.floating[Any]]
    letters: csr_matrix

    def __getitem__(self, rows: npt.NDArray[np.bool_]) -> Examples:
        return Examples(self.dense[rows], self.letters[rows])

    def joined(self) -> csr_matrix:
        return hstack([csr_matrix(self.dense * DENSE_WEIGHT), self.letters]).tocsr()

    @cached_property
    def letters_by_term(self) -> csr_matrix:
        """Turned over once, so that a message touches the rows of its own terms only."""
        return self.letters.T.tocsr()


@dataclass(frozen=True)
class IntentModel:
    """Intents in order, both regressions' numbers, and the training examples that proximity is measured against."""

    intents: tuple[str, ...]
    labels: npt.NDArray[np.int64]
    rarity: Array
    weights: Array
    bias: Array
    examples: Examples
    calibration: Array

    @classmethod
    def fit(cls, dense: Array, counts: csr_matrix, names: Sequence[str]) -> IntentModel:
        """`dense` (n, d) and `counts` (n, terms) for n examples with intents `names`."""
        intents, labels = np.unique(np.array(names), return_inverse=True)
        rarity = np.log((1 + counts.shape[0]) / (1 + np.asarray((counts > 0).sum(axis=0)).ravel())) + 1
        examples = Examples(dense.astype(np.float32), weighed(counts, rarity))
        calibration = _calibrate(examples, labels, len(intents))
        weights, bias = _fit(examples, labels, len(intents))
        return cls(tuple(map(str, intents)), labels, rarity, weights, bias, examples, calibration)

    def predict(self, dense: Array, counts: csr_matrix) -> list[list[tuple[str, float]]]:
        """For each row the intents with their confidences, most likely first.

        The first intent's confidence is the chance that it is right; the others share what the regression leaves them.
        """
        rows = Examples(dense, weighed(counts, self.rarity))
        chances = _chances(rows, self.weights, self.bias)
        sure = 1 / (1 + np.exp(-(_signs(chances, rows, self.examples, self.labels) @ self.calibration[:-1] + self.calibration[-1])))
        return [self._ranking(row, float(confidence)) for row, confidence in zip(chances, sure, strict=True)]

    def _ranking(self, chances: Array, confidence: float) -> list[tuple[str, float]]:
        order = np.argsort(-chances)
        rest = max(float(chances[order[1:]].sum()), 1e-9)
        share = np.minimum(chances[order[1:]] / rest * (1 - confidence), confidence)
        return [(self.intents[order[0]], confidence), *((self.intents[i], float(s)) for i, s in zip(order[1:], share, strict=True))]

    def save(self, folder: Path) -> None:
        """Numbers only: nothing that is executed when it is read."""
        np.savez(
            folder / "intents.npz",
            labels=self.labels,
            rarity=self.rarity,
            weights=self.weights,
            bias=self.bias,
            dense=self.examples.dense,
            calibration=self.calibration,
        )
        save_npz(folder / "letters.npz", self.examples.letters)
        (folder / "intents.json").write_text(json.dumps(self.intents), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> IntentModel:
        with np.load(folder / "intents.npz", allow_pickle=False) as file:
            values = {name: file[name] for name in file.files}
        intents = tuple(json.loads((folder / "intents.json").read_text(encoding="utf-8")))
        examples = Examples(values.pop("dense"), load_npz(folder / "letters.npz"))
        values["weights"] = np.asfortranarray(values["weights"])  # read by feature: a message has few of them
        return cls(intents=intents, examples=examples, **values)


def weighed(counts: csr_matrix, rarity: Array) -> csr_matrix:
    """Counts as unit rows of (1 + log count) times rarity."""
    rows = csr_matrix(counts, dtype=np.float64, copy=True)
    rows.data = (1 + np.log(np.maximum(rows.data, 1))) * rarity[rows.indices]
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    rows.data /= np.repeat(np.maximum(lengths, 1e-9), np.diff(rows.indptr))
    return rows


def _fit(examples: Examples, labels: npt.NDArray[np.int64], intents: int) -> tuple[Array, Array]:
    """Weights (intents, features) and biases (intents,); an intent without examples gets a bias that never wins."""
    model = LogisticRegression(C=STRENGTH, max_iter=400, random_state=SEED)
    model.fit(examples.joined(), labels)
    coefficients, intercepts = model.coef_, model.intercept_
    if len(model.classes_) == 2:
        coefficients, intercepts = np.vstack([-coefficients, coefficients]) / 2, np.r_[-intercepts, intercepts] / 2
    weights = np.zeros((intents, coefficients.shape[1]))
    bias = np.full(intents, -1e9)
    weights[model.classes_], bias[model.classes_] = coefficients, intercepts
    return np.asfortranarray(weights), bias


def _chances(rows: Examples, weights: Array, bias: Array) -> Array:
    size = rows.dense.shape[1]
    logits = DENSE_WEIGHT * (rows.dense @ weights[:, :size].T) + np.asarray(rows.letters @ weights[:, size:].T) + bias
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def _signs(chances: Array, rows: Examples, known: Examples, labels: npt.NDArray[np.int64]) -> Array:
    """What confidence is read from: log-odds and lead of the first intent, closeness to its nearest example in meaning and in letters."""
    two = np.sort(chances, axis=1)[:, -2:]
    best = np.clip(two[:, -1], 1e-6, 1 - 1e-6)
    own = chances.argmax(axis=1)[:, None] == labels[None, :]
    meaning = np.where(own, rows.dense.astype(known.dense.dtype) @ known.dense.T, -1).max(axis=1)
    letters = np.where(own, (rows.letters @ known.letters_by_term).toarray(), 0).max(axis=1)
    return np.column_stack([np.log(best / (1 - best)), two[:, -1] - two[:, 0], meaning, letters])


def _calibrate(examples: Examples, labels: npt.NDArray[np.int64], intents: int) -> Array:
    """Four weights and a bias. With too little data to hold anything out, the first intent's own log-odds."""
    dice = np.random.RandomState(SEED)
    spread = _spread(labels, dice)
    whole = dice.permutation(np.arange(intents) % FOLDS)[labels]
    signs, right = [], []
    for fold in range(FOLDS):
        for held, known_intent in ((spread == fold, True), (whole == fold, False)):
            if not held.any() or len(np.unique(labels[~held])) < 2:
                continue
            weights, bias = _fit(examples[~held], labels[~held], intents)
            chances = _chances(examples[held], weights, bias)
            signs.append(_signs(chances, examples[held], examples[~held], labels[~held]))
            right.append((chances.argmax(axis=1) == labels[held]) & known_intent)
    if not signs or len(np.unique(np.concatenate(right))) < 2:
        return np.array([1.0, 0, 0, 0, 0])
    model = LogisticRegression(C=1.0).fit(np.vstack(signs), np.concatenate(right))
    return np.r_[model.coef_[0], model.intercept_]


def _spread(labels: npt.NDArray[np.int64], dice: np.random.RandomState) -> npt.NDArray[np.int64]:
    """A fold per example, every intent spread evenly; an intent's only example stays out of every fold."""
    folds = np.full(len(labels), -1)
    for label in np.unique(labels):
        own = dice.permutation(np.flatnonzero(labels == label))
        if len(own) > 1:
            folds[own] = np.arange(len(own)) % FOLDS
    return folds
