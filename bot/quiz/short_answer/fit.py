"""Fits `weights.json` on the labelled answers of knowledge/short_answers.jsonl: `python -m bot.quiz.short_answer.fit`.

The second model learns, and the limits are chosen, on chances that each item got from a model which had not seen the item:
so they are as unsure as they will be for a new item. Only items with labelled answers take part.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from bot.content.questions import Short
from bot.encoder import Vector
from bot.quiz.short_answer.evidence import FEATURES
from bot.quiz.short_answer.labelled import Labelled
from bot.quiz.short_answer.marker import ShortAnswers
from bot.quiz.short_answer.verdict import FARTHEST, MARKS, Judge, Logistic, Numbers, Weights, whole, with_products

FOLDS: Final = 8
IDEA_STRENGTH, WHOLE_STRENGTH = 0.02, 0.1  # of the models' regularisation: smaller is smoother
FOUND: Final = 0.4
WRONG: Final = 0.6  # a learner minds a false "wrong" more than a false "partly"; beyond this agreement falls steeply
READABLE: Final = 0.6
_NOTHING: Final = Logistic(np.zeros(0), np.zeros(0), np.zeros(0), np.zeros(0))


@dataclass(frozen=True)
class Sample:
    """A labelled answer with its evidence."""

    answer: Labelled
    table: Vector
    misbeliefs: Vector

    @property
    def holds(self) -> list[bool]:
        return [idea in self.answer.ideas for idea in range(len(self.table))]


def fit(marker: ShortAnswers, items: Mapping[str, Short], answers: Sequence[Labelled]) -> Weights:
    """Weights from labelled answers; `marker` only reads and compares."""
    samples = list(_samples(marker, items, answers))
    names = sorted({sample.answer.item for sample in samples})
    unseen: dict[int, Numbers] = {}
    for fold in range(FOLDS):
        left_out = set(names[fold::FOLDS])
        judge = Judge(_blank(_idea_model([sample for sample in samples if sample.answer.item not in left_out])))
        unseen |= {number: judge.chances(sample.table) for number, sample in enumerate(samples) if sample.answer.item in left_out}
    rows = np.stack([whole(unseen[number], sample.table) for number, sample in enumerate(samples)])
    weights = replace(_blank(_idea_model(samples)), whole=_whole_model(rows, [sample.answer.mark for sample in samples]))
    return replace(weights, misbelief=_misbelief_limit(samples))


def _samples(marker: ShortAnswers, items: Mapping[str, Short], answers: Sequence[Labelled]) -> Iterator[Sample]:
    for answer in answers:
        said = marker.read(items[answer.item], answer.text)
        if said.clauses and answer.mark in MARKS:
            yield Sample(answer, *marker.evidence(items[answer.item], said))


def _idea_model(samples: Sequence[Sample]) -> Logistic:
    table = np.concatenate([sample.table for sample in samples]).astype(np.float64)
    scaler = StandardScaler().fit(table)
    columns = with_products(np.clip(scaler.transform(table), -FARTHEST, FARTHEST))
    model = LogisticRegression(C=IDEA_STRENGTH, max_iter=5000).fit(columns, list(chain.from_iterable(sample.holds for sample in samples)))
    return Logistic(scaler.mean_, scaler.scale_, model.coef_[0], model.intercept_)


def _whole_model(rows: Numbers, marks: Sequence[str]) -> Logistic:
    scaler = StandardScaler().fit(rows)
    numbers = [MARKS.index(mark) for mark in marks]
    model = LogisticRegression(C=WHOLE_STRENGTH, max_iter=5000).fit(np.clip(scaler.transform(rows), -FARTHEST, FARTHEST), numbers)
    return Logistic(scaler.mean_, scaler.scale_, model.coef_, model.intercept_)


def _misbelief_limit(samples: Sequence[Sample]) -> float:
    """The strength that tells best whether the labelled misbelief is held (F1)."""
    both = FEATURES.index("both")
    strongest = [float(sample.misbeliefs.max(initial=-1)) for sample in samples]
    leads = [value >= float(sample.table[:, both].max()) for value, sample in zip(strongest, samples, strict=True)]
    true = np.array([sample.answer.misbelief is not None for sample in samples])

    def f1(limit: float) -> float:
        told = np.array([value >= limit and lead for value, lead in zip(strongest, leads, strict=True)])
        return float(2 * (told & true).sum() / max(told.sum() + true.sum(), 1))

    limits = [number / 20 for number in range(8, 26)]
    return max(limits, key=f1)


def _blank(idea: Logistic) -> Weights:
    return Weights(idea, _NOTHING, FOUND, WRONG, 1.0, READABLE)


def main() -> None:
    """Fit on the project's content and write `weights.json`."""
    from rich.console import Console

    from bot.answer.lexicon import load_lexicon
    from bot.answer.vectors import VectorStore
    from bot.content.files import read
    from bot.content.questions import QuestionFile
    from bot.encoder import Encoder
    from bot.quiz.short_answer.labelled import read_labelled
    from bot.settings import read_settings

    knowledge = read_settings().knowledge
    training = read_labelled(knowledge / "short_answers.jsonl")
    bank: list[Any] = [item for path in sorted((knowledge / "questions").glob("*.yml")) for item in read(path, QuestionFile).questions]
    with TemporaryDirectory(prefix="aftercare-short-") as folder:
        store = VectorStore(Encoder.load(), Path(folder))
        marker = ShortAnswers(store, bank, load_lexicon(knowledge), Judge(_blank(_NOTHING)))
        items = {**{item.id: item for item in bank if isinstance(item, Short)}, **training.invented}
        weights = fit(marker, items, training.answers)
    weights.save()
    Console().print({"answers": len(training.answers), "misbelief": weights.misbelief})


if __name__ == "__main__":
    main()
