"""Fits the numbers of `weights.json` from the content's own phrasings and from messages that are not for us.

Each phrasing is ranked with itself hidden, so that it has to be found by its neighbours: the order is a pairwise
logistic regression on feature differences, the scope a logistic regression on the winner's features.
Run `python -m bot.answer.fit` (or `make fit`) after larger changes of content.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from bot.answer.context import Context
from bot.answer.evidence import FEATURES, Evidence, Message
from bot.answer.ranking import SCOPE_FEATURES, WEIGHTS, Ranker, Weights, scope_features
from bot.encoder import Encoder

SEED = 20261122
START = Weights(
    rank={"meaning": 6, "meaning_two": 2, "words": 3, "letters": 2, "answer_words": 2, "answer_meaning": 2, "named": 1, "follow": 2, "same_topic": 1},
    scope={},
    bias=0.0,
    part=0.3,
    decline_below=0.5,
    caveat_below=0.7,
    choice_gap=0.15,
)
NEGATIVES = 15
FALSE_REJECTIONS = 0.02


@dataclass(frozen=True)
class Trial:
    """A message whose answer is known; `without` are the phrasings to hide (itself)."""

    message: Message
    answerable: int
    without: tuple[int, ...]


def trials(evidence: Evidence, dice: random.Random, most: int) -> list[Trial]:
    """Phrasings as messages: questions out of the blue and within another topic's conversation, and follow-ups within their own."""
    index = evidence.index
    by_text: dict[str, list[int]] = {}
    for number, phrasing in enumerate(index.phrasings):
        by_text.setdefault(phrasing.text, []).append(number)
    chosen = dice.sample(range(len(index.phrasings)), min(most, len(index.phrasings)))
    found = []
    for number in chosen:
        phrasing = index.phrasings[number]
        answerable = index.answerables[phrasing.answerable]
        home = answerable.topic if phrasing.follow else dice.choice(index.answerables).topic
        talking = phrasing.follow or dice.random() < 0.4
        first = home.facets["what"].ask[0]
        context = Context().after(f"{home.id}.what", first) if talking else Context()
        opener = dice.choice(("and ", "so ", "ok, ", "what about this: ")) if talking and not phrasing.follow and dice.random() < 0.6 else ""
        found.append(Trial(evidence.read(opener + phrasing.text, context), phrasing.answerable, tuple(by_text[phrasing.text])))
    return found


def fit_order(evidence: Evidence, sample: Sequence[Trial], weights: Weights) -> Weights:
    """Weights of the ranking features."""
    start = np.array([weights.rank.get(name, 0.0) for name in FEATURES])
    topics = [answerable.topic.id for answerable in evidence.index.answerables]
    rows: list[npt.NDArray[np.float32]] = []
    importance: list[float] = []
    for trial in sample:
        table = evidence.table(trial.message, trial.message.wording.plain, trial.without)
        rivals = [int(i) for i in np.argsort(-(table @ start))[: NEGATIVES + 1] if int(i) != trial.answerable][:NEGATIVES]
        rows += [table[trial.answerable] - table[rival] for rival in rivals]
        importance += [0.4 if topics[rival] == topics[trial.answerable] else 1.0 for rival in rivals]
    differences = np.vstack(rows)
    sign = np.where(np.arange(len(differences)) % 2, 1, -1)
    model = LogisticRegression(C=1.0, fit_intercept=False, max_iter=2000)
    model.fit(differences * sign[:, None], sign, sample_weight=np.array(importance))
    return replace(weights, rank={name: round(float(w), 3) for name, w in zip(FEATURES, model.coef_[0], strict=True)})


def fit_scope(evidence: Evidence, encoder: Encoder, sample: Sequence[Trial], outside: Sequence[str], weights: Weights) -> Weights:
    """Weights of the scope features, and the threshold that turns away FALSE_REJECTIONS of our own questions."""
    ranker = Ranker(evidence, weights, encoder)
    inside_rows = [_scope_row(evidence, encoder, ranker, trial.message, trial.without, ()) for trial in sample]
    outside_rows = [
        _scope_row(evidence, encoder, ranker, evidence.read(text, Context()), (), (number,)) for number, text in enumerate(outside)
    ]
    table = np.array(inside_rows + outside_rows)
    labels = np.array([1] * len(inside_rows) + [0] * len(outside_rows))
    model = LogisticRegression(C=1.0, class_weight="balanced", max_iter=2000).fit(table, labels)
    chances = model.predict_proba(table[: len(inside_rows)])[:, 1]
    return replace(
        weights,
        scope={name: round(float(w), 3) for name, w in zip(SCOPE_FEATURES, model.coef_[0], strict=True)},
        bias=round(float(model.intercept_[0]), 3),
        decline_below=round(float(np.quantile(chances, FALSE_REJECTIONS)), 3),
        caveat_below=round(float(np.quantile(chances, FALSE_REJECTIONS * 3)), 3),
    )


def _scope_row(
    evidence: Evidence, encoder: Encoder, ranker: Ranker, message: Message, without: Sequence[int], without_outside: Sequence[int]
) -> list[float]:
    tables = [table for _, table in evidence.tables(message, without)]
    scores, chosen = ranker._combine(tables)
    best = int(scores.argmax())
    features = scope_features(evidence, encoder, message, float(scores[best]), tables[chosen[best]][best], without_outside)
    return [features[name] for name in SCOPE_FEATURES]


def measure(ranker: Ranker, evidence: Evidence, sample: Sequence[Trial]) -> dict[str, float]:
    """Share of trials whose answerable, and whose topic, comes first."""
    topics = [answerable.topic.id for answerable in evidence.index.answerables]
    firsts = [ranker.rank(trial.message, trial.without).order[0] for trial in sample]
    right = [first == trial.answerable for first, trial in zip(firsts, sample, strict=True)]
    near = [topics[first] == topics[trial.answerable] for first, trial in zip(firsts, sample, strict=True)]
    return {"answer": float(np.mean(right)), "topic": float(np.mean(near)), "trials": len(sample)}


def fit(evidence: Evidence, encoder: Encoder, outside: Sequence[str], most: int = 2500, say: Callable[[str], None] = lambda line: None) -> Weights:
    """Fitted weights. `say` receives a line on each step."""
    dice = random.Random(SEED)
    sample = trials(evidence, dice, most)
    fitting, held = sample[: len(sample) * 4 // 5], sample[len(sample) * 4 // 5 :]
    say(f"start: {measure(Ranker(evidence, START, encoder), evidence, held)}")
    weights = fit_order(evidence, fitting, START)
    say(f"order fitted: {measure(Ranker(evidence, weights, encoder), evidence, held)}")
    weights = fit_scope(evidence, encoder, fitting[:1200], outside, weights)
    return weights


def main() -> None:
    """Fit on the project's content and write `weights.json`."""
    from rich.console import Console

    from bot.answer.index import build
    from bot.answer.lexicon import load_lexicon
    from bot.content import load
    from bot.settings import read_settings
    from bot.tutor import outside_messages

    settings, out = read_settings(), Console()
    lexicon, encoder = load_lexicon(settings.knowledge), Encoder.load()
    outside = outside_messages(settings.root)
    index = build(load(settings.knowledge), lexicon, encoder, outside, settings.var / "index")
    weights = fit(Evidence(index, lexicon, encoder), encoder, outside, say=out.print)
    WEIGHTS.write_text(json.dumps(asdict(weights), indent=1) + "\n", encoding="utf-8")
    out.print(weights)


if __name__ == "__main__":
    main()
