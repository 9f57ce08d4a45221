"""Fits the thresholds of `weights.json` on questions that neither the content nor the encoder's tuning has seen.

The questions are the examples of the intent `ask`, the other messages those of `out_of_scope`; follow-ups come from the
content, with themselves hidden. The ranking weights (`rank`, `part`) are set by hand and kept: a pairwise regression on
hidden ways of asking ranked questions by other people no better, as its features are those the encoder was tuned on.
Run `make fit` after larger changes of content or tuning.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, replace

import numpy as np
from sklearn.linear_model import LogisticRegression

from bot.answer.context import Context
from bot.answer.evidence import LEANS, Evidence, Message
from bot.answer.ranking import SCOPE_FEATURES, WEIGHTS, Ranker, Weights
from bot.encoder import Encoder

FOLLOW_UPS = 400
FALSE_REJECTIONS = 0.02  # share of these questions that may be turned away: many are put more oddly than most learners put them
CAVEATS = 0.045  # share that is answered with a caveat, those turned away included
NEAR_ANSWERS = 0.64  # share whose answer is followed by the points of others that are close


def fit(ranker: Ranker, inside: Sequence[str], outside: Sequence[str]) -> Weights:
    """The ranker's weights with fitted scope and thresholds."""
    read = ranker.evidence.read
    questions = [message for message in (read(text, Context()) for text in inside) if message.leaning < LEANS]
    follow_ups = _follow_ups(ranker.evidence)
    talking = [message.context for message, _ in follow_ups]
    others = [read(text, talking[number % len(talking)] if number % 2 else Context()) for number, text in enumerate(outside)]
    rows = [
        *(_scope(ranker, message) for message in questions),
        *(_scope(ranker, message, (hidden,)) for message, hidden in follow_ups),
        *(_scope(ranker, message, (), (number,)) for number, message in enumerate(others)),
    ]
    labels = np.array([1] * (len(rows) - len(others)) + [0] * len(others))
    model = LogisticRegression(C=1.0, class_weight="balanced", max_iter=2000).fit(np.array(rows), labels)
    chances = model.predict_proba(np.array(rows[: len(questions)]))[:, 1]
    return replace(
        ranker.weights,
        scope={name: round(float(weight), 3) for name, weight in zip(SCOPE_FEATURES, model.coef_[0], strict=True)},
        bias=round(float(model.intercept_[0]), 3),
        decline_below=round(float(np.quantile(chances, FALSE_REJECTIONS)), 3),
        caveat_below=round(float(np.quantile(chances, CAVEATS)), 3),
        near_gap=round(float(np.quantile([_lead(ranker, message) for message in questions], NEAR_ANSWERS)), 3),
    )


def _follow_ups(evidence: Evidence) -> list[tuple[Message, int]]:
    """Every few of the content's follow-ups inside their topics, with the number of the phrasing to hide."""
    index = evidence.index
    numbers = [number for number, phrasing in enumerate(index.phrasings) if phrasing.follow]
    found = []
    for number in numbers[:: max(1, len(numbers) // FOLLOW_UPS)]:
        topic = index.answerables[index.phrasings[number].answerable].topic
        context = Context().after(f"{topic.id}.what", topic.facets["what"].ask[0])
        found.append((evidence.read(index.phrasings[number].text, context), number))
    return found


def _scope(ranker: Ranker, message: Message, without: Sequence[int] = (), without_outside: Sequence[int] = ()) -> list[float]:
    return list(ranker.judge(message, without, without_outside)[1].values())


def _lead(ranker: Ranker, message: Message) -> float:
    scores = ranker.rank(message, most=2).scores
    return scores[0] - scores[1]


def main() -> None:
    """Fit on the project's content and write `weights.json`."""
    from rich.console import Console

    from bot.answer.kept import open_index
    from bot.answer.lexicon import load_lexicon
    from bot.answer.vectors import VectorStore
    from bot.content import load
    from bot.outside import examples, outside_messages
    from bot.settings import read_settings

    settings = read_settings()
    lexicon, encoder = load_lexicon(settings.knowledge), Encoder.load()
    outside = outside_messages(settings.root)
    index = open_index(load(settings.knowledge), lexicon, outside, VectorStore(encoder, settings.var / "index"))
    ranker = Ranker(Evidence(index, lexicon, encoder), Weights.load(), encoder)
    weights = fit(ranker, examples(settings.root / "data" / "nlu" / "answer.yml", "ask"), outside)
    WEIGHTS.write_text(json.dumps(asdict(weights), indent=1) + "\n", encoding="utf-8")
    Console().print(weights)


if __name__ == "__main__":
    main()
