"""Messages that mean alike are found together, however they come in."""

from __future__ import annotations

import random
import time
from collections.abc import Hashable, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from bot.encoder import DIMENSIONS, Encoder
from bot.similar import Asked, Groups, clusters, packed, unpacked

WRITTEN = yaml.safe_load((Path(__file__).parent / "uncovered.yml").read_text(encoding="utf-8"))
BAR = 0.75


def f1(found: Sequence[Hashable], meant: Sequence[Hashable]) -> float:
    """Of pairs of messages: are they together in what was found, and in what was meant?"""
    pairs = [(found[a] == found[b], meant[a] == meant[b]) for a, b in combinations(range(len(found)), 2)]
    both = sum(one and other for one, other in pairs)
    return 2 * both / (sum(one for one, _ in pairs) + sum(other for _, other in pairs))


def grouped(part: dict[str, Any], seed: int) -> tuple[list[int], list[str]]:
    """Clusters found, and groups meant, of the questions in an order of the seed's."""
    questions = [(text, name) for name, texts in part["groups"].items() for text in texts]
    questions += [(text, text) for text in part["alone"]]
    random.Random(seed).shuffle(questions)
    encoder = Encoder.load(published=True)
    vectors = unpacked([packed(encoder.encode(text)) for text, _ in questions])
    groups = Groups()
    groups.add(range(len(questions)), vectors)
    names = groups.clusters()
    return [names[number] for number in range(len(questions))], [name for _, name in questions]


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("part", [WRITTEN, WRITTEN["held_out"]], ids=["chosen on", "held out"])
def test_written_questions_are_grouped_as_a_person_grouped_them(part: dict[str, Any], seed: int) -> None:
    assert f1(*grouped(part, seed)) >= BAR


def unit(rows: np.ndarray) -> np.ndarray:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def scattered(count: int, subjects: int) -> np.ndarray:
    """Unit vectors around seeded subjects, every one different."""
    dice = np.random.RandomState(7)
    return unit(dice.randn(subjects, DIMENSIONS)[dice.randint(0, subjects, count)] + 0.25 * dice.randn(count, DIMENSIONS))


def test_groups_do_not_depend_on_how_many_messages_come_at_a_time() -> None:
    vectors = scattered(1500, 60)
    at_once, in_parts = Groups(), Groups()
    at_once.add(range(1500), vectors)
    for start in range(0, 1500, 37):
        in_parts.add(range(start, min(start + 37, 1500)), vectors[start : start + 37])
        in_parts.clusters()
    assert at_once.clusters() == in_parts.clusters()
    assert len(set(at_once.clusters().values())) == 60


def test_new_messages_are_grouped_at_once_beside_twenty_thousand() -> None:
    vectors = scattered(20_200, 1500)
    groups = Groups()
    groups.add(range(20_000), vectors[:20_000])
    groups.clusters()
    started = time.perf_counter()
    groups.add(range(20_000, 20_200), vectors[20_000:])
    names = groups.clusters()
    assert time.perf_counter() - started < 1
    assert len(names) == 20_200


def test_a_vector_keeps_its_direction_when_it_is_packed() -> None:
    vector = scattered(1, 1)[0]
    assert len(packed(vector)) == 768
    assert float(unpacked([packed(vector)])[0] @ vector) > 0.9999
    with pytest.raises(ValueError, match="length"):
        unpacked([b"half a row"])


def test_what_is_asked_most_comes_first_and_says_who_asked() -> None:
    said = [("pay?", "a"), ("how much pay", "b"), ("PAY", "a"), ("bus times", "c"), ("bus times", "c"), ("cats", "d")]
    asked = [Asked(number, f"talk-{who}", who, float(number), text) for number, (text, who) in enumerate(said)]
    first, second, third = clusters(asked, {0: 0, 1: 0, 2: 0, 3: 3, 4: 3, 5: 5})
    assert (first.name, len(first.asked), first.learners, first.last_at) == (0, 3, 2, 2.0)
    assert [(wording.text, wording.times) for wording in first.wordings] == [("PAY", 2), ("how much pay", 1)]
    assert [(len(cluster.asked), cluster.learners) for cluster in (second, third)] == [(2, 1), (1, 1)]
