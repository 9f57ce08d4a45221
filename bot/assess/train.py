"""Trains the assessor on knowledge/moves/*.jsonl: `python -m bot.assess.train`.

Deterministic and offline. The pair encoder comes tuned (`tools/tune_assessor.py`); what is learned here, beside it, is one
logistic regression per move over cues and words. Calibration, and the confidence from which a move is named, come from the
lines that a trial of the pair encoder had not learned, scored by a regression that has not learned them either.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from bot.assess.cues import CueBook
from bot.assess.features import TERMS, Features, Numbers, features
from bot.assess.labels import LABELS
from bot.assess.lines import Line, read_lines
from bot.assess.model import Model, chances, mixed, rarity_of, weighed
from bot.assess.pair_encoder import held_out
from bot.errors import ContentError

FOLDS = 5
_PENALTY = 1.0
_POSITIVE_WEIGHT = 2.0  # a move that is there counts for more than one that is not, as most are not
_ROUNDS = 120
_DEFAULT_THRESHOLD = 0.4
_LOWEST, _HIGHEST = 0.3, 0.5
_LEAST = 10  # lines that make a move, to choose its threshold by


def make(knowledge: Path) -> Model:
    """A model of the labelled lines. Raises ContentError when there are none."""
    lines = read_lines(knowledge / "moves")
    if not lines:
        raise ContentError([f"{knowledge / 'moves'}: there are no labelled lines to learn from"])
    book = CueBook.load(knowledge)
    return train(lines, [features(book, line.customer, line.text) for line in lines])


def train(lines: Sequence[Line], made: Sequence[Features]) -> Model:
    """A model with calibration and thresholds from lines held out of both of its parts."""
    truth = truth_of(lines)
    kept, read, own = held_out_scores(lines, made)
    scores = mixed(read, own)
    slope, shift = _calibration(scores, truth[kept])
    confidences = chances(scores, slope, shift)
    threshold = np.array([best_threshold(confidences[:, n], truth[kept, n]) for n in range(len(LABELS))])
    return fit(made, truth, slope, shift, threshold)


def truth_of(lines: Sequence[Line]) -> Numbers:
    """Shape (lines, labels), 1 where a line has the label."""
    return np.array([[float(name in line.labels) for name in LABELS] for line in lines])


def folds_of(lines: Sequence[Line]) -> npt.NDArray[np.int64]:
    """The fold of each line: scenarios are dealt out whole, in the order of a hash of their names."""
    names = sorted({line.scenario for line in lines}, key=lambda name: hashlib.sha256(name.encode()).digest())
    order = {name: number % FOLDS for number, name in enumerate(names)}
    return np.array([order[line.scenario] for line in lines])


def held_out_scores(lines: Sequence[Line], made: Sequence[Features]) -> tuple[list[int], Numbers, Numbers]:
    """Numbers of the lines that the trial of the pair encoder had not learned; its scores, and those of features alone."""
    trial = held_out()
    kept = [number for number, line in enumerate(lines) if line.key in trial]
    scenarios = {lines[number].scenario for number in kept}
    learned = [number for number, line in enumerate(lines) if line.scenario not in scenarios]
    read = np.array([trial[lines[number].key] for number in kept]).reshape(-1, len(LABELS))
    if not kept or not learned:
        return kept, read, np.zeros_like(read)
    nothing = np.zeros(len(LABELS))
    model = fit([made[number] for number in learned], truth_of(lines)[learned], nothing, nothing, nothing)
    return kept, read, own_scores([made[number] for number in kept], model)


def best_threshold(confidence: Numbers, truth: Numbers) -> float:
    """The confidence from which to name the move: half the best F1 that any gives, which is where F1 is best for true chances
    (Lipton et al. 2014) and steadier than where it happened to be best on these lines.
    """
    if truth.sum() < _LEAST:
        return _DEFAULT_THRESHOLD
    tried = np.arange(0.1, 0.9, 0.01)
    hits = np.array([(truth * (confidence >= at)).sum() for at in tried])
    named = np.array([(confidence >= at).sum() for at in tried])
    return float(np.clip((hits / np.maximum(1, named + truth.sum())).max(), _LOWEST, _HIGHEST))


def fit(made: Sequence[Features], truth: Numbers, slope: Numbers, shift: Numbers, threshold: Numbers) -> Model:
    """All moves at once: independent logistic regressions with one penalty, by L-BFGS."""
    rarity = rarity_of([one.terms for one in made], TERMS)
    dense, terms = _matrices(made, rarity)
    width = dense.shape[1]
    terms_turned = terms.T.tocsr()
    weight = np.where(truth > 0, _POSITIVE_WEIGHT, 1.0)
    shape = (width + TERMS + 1, truth.shape[1])

    def loss(flat: Numbers) -> tuple[float, Numbers]:
        weights = flat.reshape(shape)
        scores = dense @ weights[:width] + terms @ weights[width:-1] + weights[-1]
        total = float((weight * (np.logaddexp(0, scores) - truth * scores)).sum() + 0.5 / _PENALTY * (weights[:-1] ** 2).sum())
        away = weight * (1 / (1 + np.exp(-scores)) - truth)
        slopes = np.vstack([dense.T @ away, terms_turned @ away, away.sum(axis=0)])
        slopes[:-1] += weights[:-1] / _PENALTY
        return total, slopes.ravel()

    found = minimize(loss, np.zeros(shape).ravel(), jac=True, method="L-BFGS-B", options={"maxiter": _ROUNDS, "ftol": 1e-6})
    weights = found.x.reshape(shape)
    return Model(rarity, weights[:width], weights[width:-1], weights[-1], slope, shift, threshold)


def own_scores(made: Sequence[Features], model: Model) -> Numbers:
    """Scores by features alone, shape (lines, labels)."""
    dense, terms = _matrices(made, model.rarity)
    return np.asarray(dense @ model.dense + terms @ model.terms + model.bias)


def _matrices(made: Sequence[Features], rarity: Numbers) -> tuple[Numbers, csr_matrix]:
    rows = [weighed(one.terms, rarity) for one in made]
    ends = np.cumsum([0, *(len(columns) for columns, _ in rows)])
    columns, weights = np.concatenate([columns for columns, _ in rows]), np.concatenate([weights for _, weights in rows])
    return np.array([one.dense for one in made]), csr_matrix((weights, columns, ends), shape=(len(rows), TERMS))


def _calibration(scores: Numbers, truth: Numbers) -> tuple[Numbers, Numbers]:
    """Slope and shift per move that make held-out scores into chances (Platt 1999)."""
    from sklearn.linear_model import LogisticRegression

    pairs = []
    for score, true in zip(scores.T, truth.T, strict=True):
        if _LEAST <= true.sum() < len(true):
            model = LogisticRegression(C=1e3).fit(score[:, None], true)
            pairs.append((float(model.coef_[0][0]), float(model.intercept_[0])))
        else:
            pairs.append((1.0, 0.0))
    return np.array([slope for slope, _ in pairs]), np.array([shift for _, shift in pairs])


def main() -> None:
    """Train now if anything changed, and say where the file is."""
    from rich.console import Console

    from bot.assess.kept import ready
    from bot.settings import read_settings

    Console().print(str(ready(read_settings())), highlight=False)


if __name__ == "__main__":
    main()
