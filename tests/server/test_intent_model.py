"""The intent classifier learns any intents, and its confidence is the chance of being right."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from server.intent_model import IntentModel


def clusters(per_intent: int, intents: int, seed: int, spread: float = 0.35) -> tuple[np.ndarray, csr_matrix, list[str]]:
    """Made-up examples: each intent a direction in 32 dimensions with noise, and one letter term of its own."""
    centres = np.random.RandomState(0).randn(intents, 32)
    dice = np.random.RandomState(seed)
    names = np.repeat(np.arange(intents), per_intent)
    dense = centres[names] / np.linalg.norm(centres[names], axis=1, keepdims=True) + dice.randn(len(names), 32) * spread / np.sqrt(32) * 2
    dense /= np.linalg.norm(dense, axis=1, keepdims=True)
    counts = np.zeros((len(names), intents + 5))
    counts[np.arange(len(names)), names] = dice.rand(len(names)) < 0.6
    counts[:, intents:] = dice.poisson(1, (len(names), 5))
    return dense, csr_matrix(counts), [f"intent_{name}" for name in names]


@pytest.fixture(scope="module")
def fitted() -> IntentModel:
    return IntentModel.fit(*clusters(30, 8, 1))


def test_unseen_examples_are_recognised(fitted: IntentModel) -> None:
    dense, counts, names = clusters(20, 8, 2)
    firsts = [ranking[0][0] for ranking in fitted.predict(dense, counts)]
    assert np.mean([first == name for first, name in zip(firsts, names, strict=True)]) > 0.9


def test_confidence_is_high_inside_and_low_outside(fitted: IntentModel) -> None:
    dense, counts, _ = clusters(20, 8, 2)
    inside = [ranking[0][1] for ranking in fitted.predict(dense, counts)]
    stray = np.random.RandomState(3).randn(100, 32)
    stray /= np.linalg.norm(stray, axis=1, keepdims=True)
    outside = [ranking[0][1] for ranking in fitted.predict(stray, csr_matrix((100, 13)))]
    assert np.median(inside) > 0.7
    assert np.median(outside) < 0.3


def test_rankings_are_ordered_and_add_up(fitted: IntentModel) -> None:
    for ranking in fitted.predict(*clusters(5, 8, 4)[:2]):
        confidences = [confidence for _, confidence in ranking]
        assert confidences == sorted(confidences, reverse=True)
        assert all(0 <= confidence <= 1 for confidence in confidences)
        assert sum(confidences) <= 1 + 1e-6


def test_a_saved_model_predicts_the_same(fitted: IntentModel, tmp_path: Path) -> None:
    fitted.save(tmp_path)
    dense, counts, _ = clusters(3, 8, 5)
    assert IntentModel.read(tmp_path).predict(dense, counts) == fitted.predict(dense, counts)


@pytest.mark.parametrize(("per_intent", "intents"), [(1, 2), (1, 5), (2, 2), (3, 3), (40, 2)])
def test_tiny_data_sets_train_too(per_intent: int, intents: int) -> None:
    dense, counts, names = clusters(per_intent, intents, 6)
    ranking = IntentModel.fit(dense, counts, names).predict(dense, counts)
    assert ranking[0][0][0] in names
