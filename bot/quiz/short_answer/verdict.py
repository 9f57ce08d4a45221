"""From features to a mark: the chance that each idea was said, then what that makes the answer as a whole.

Both steps are logistic models. The first also weighs products of two features, as a word in common says more where nothing
is denied. Their weights are fitted by `bot.quiz.short_answer.fit` and kept in `weights.json`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from bot.encoder import Vector
from bot.quiz.short_answer.evidence import FEATURES
from bot.quiz.short_answer.result import ShortMark

WEIGHTS: Final = Path(__file__).with_name("weights.json")
FARTHEST: Final = 4.0  # standard deviations: an odd answer shall not outweigh everything by one feature
MARKS: Final = ("wrong", "partly", "right")
LITERAL: Final = 1.55  # of `both`, which is 1.6 for a wording itself
SURE: Final = 0.998  # chances are taken no nearer to 0 or 1

# Features of the whole answer, beside the chances of its ideas: the most and the least of these among its ideas.
_MOST: Final = (
    "denied", "rival", "other_subject", "stranger", "turned", "misbelief", "misbelief_words", "foreign", "model", "bare", "echoed",
    "length", "ask", "both",
)  # fmt: skip
_LEAST: Final = ("turned", "foreign")
_FROM_CHANCES: Final = ("least_likely", "likeliest", "mean", "least_x_least", "least_x_likeliest", "likeliest_x_likeliest")
WHOLE: Final = (*_FROM_CHANCES, "one_idea", "many_ideas", "said_and_denied", *(f"most_{n}" for n in _MOST), *(f"least_{n}" for n in _LEAST))
Numbers = npt.NDArray[np.float64]
_AT: Final = {name: number for number, name in enumerate(FEATURES)}


@dataclass(frozen=True)
class Logistic:
    """Weights of scaled columns, (columns,) for a yes or no and (classes, columns) for several; `bias` likewise."""

    mean: Numbers
    scale: Numbers
    weights: Numbers
    bias: Numbers

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Logistic:
        return cls(*(np.array(plain[name], dtype=np.float64) for name in ("mean", "scale", "weights", "bias")))

    def plain(self) -> dict[str, Any]:
        """As JSON holds it."""
        return {name: np.round(getattr(self, name), 4).tolist() for name in ("mean", "scale", "weights", "bias")}

    def scaled(self, columns: npt.NDArray[Any]) -> Numbers:
        return np.asarray(np.clip((columns - self.mean) / self.scale, -FARTHEST, FARTHEST))


@dataclass(frozen=True)
class Weights:
    """Both models and the limits between verdicts, all from 0 to 1 but `misbelief`, a strength."""

    idea: Logistic
    whole: Logistic
    found: float  # an idea counts as said from this chance on
    wrong: float  # an answer is called wrong only from this chance on
    misbelief: float  # a misbelief counts as held from this strength on, if no idea is as strong
    readable: float  # share of words that must be words

    @classmethod
    def load(cls, path: Path = WEIGHTS) -> Weights:
        plain = json.loads(path.read_text(encoding="utf-8"))
        return cls(**{**plain, "idea": Logistic.from_plain(plain["idea"]), "whole": Logistic.from_plain(plain["whole"])})

    def save(self, path: Path = WEIGHTS) -> None:
        plain = {**vars(self), "idea": self.idea.plain(), "whole": self.whole.plain()}
        path.write_text(json.dumps(plain) + "\n", encoding="utf-8")


def with_products(columns: Numbers) -> Numbers:
    """The columns, and every product of two of them: shape (rows, n) to (rows, n + n(n+1)/2)."""
    first, second = np.triu_indices(columns.shape[1])
    return np.hstack([columns, columns[:, first] * columns[:, second]])


class Judge:
    """Turns evidence into marks."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights

    def chances(self, table: Vector) -> Numbers:
        """The chance of each idea, from its row of features."""
        model = self.weights.idea
        chances = _sigmoid(with_products(model.scaled(table)) @ model.weights + model.bias)
        return np.where(_is_literal(table), np.maximum(chances, SURE), chances)

    def mark(self, table: Vector, misbeliefs: Vector) -> ShortMark:
        """The mark of an answer from its ideas' features and its misbeliefs' strengths."""
        chances = self.chances(table)
        verdict = self._verdict(whole(chances, table))
        if verdict == "right":
            return ShortMark("right")
        held = self._held(table, misbeliefs)  # nearer than any idea, so it is what the answer says
        if held is not None or (verdict == "wrong" and not _is_literal(table).any()):
            return ShortMark("wrong", tuple(range(len(chances))), held)
        return ShortMark("partly", self._missing(chances))

    def _verdict(self, row: Numbers) -> str:
        model = self.weights.whole
        strength = np.exp(model.weights @ model.scaled(row) + model.bias)
        of = dict(zip(MARKS, strength / strength.sum(), strict=True))
        if of["wrong"] >= max(self.weights.wrong, of["partly"], of["right"]):
            return "wrong"
        return max("partly", "right", key=lambda mark: of[mark])

    def _missing(self, chances: Numbers) -> tuple[int, ...]:
        """What a partly right answer lacks: something, but not everything."""
        order = np.argsort(chances)
        missing = [int(idea) for number, idea in enumerate(order[:-1]) if number == 0 or chances[idea] < self.weights.found]
        return tuple(sorted(missing))

    def _held(self, table: Vector, misbeliefs: Vector) -> int | None:
        best = int(misbeliefs.argmax()) if len(misbeliefs) else -1
        return best if best >= 0 and misbeliefs[best] >= max(self.weights.misbelief, table[:, _AT["both"]].max()) else None


def whole(chances: Numbers, table: Vector) -> Numbers:
    """Features of the whole answer, in the order of WHOLE."""
    kept = np.clip(chances, 1 - SURE, SURE)
    odds = np.log(kept / (1 - kept))
    least, most = odds.min(), odds.max()
    from_chances = [least, most, odds.mean(), least * least, least * most, most * most]
    count = len(chances)
    denied = float((chances * table[:, _AT["denied"]]).max())
    most_of = [float(table[:, _AT[name]].max()) for name in _MOST]
    least_of = [float(table[:, _AT[name]].min()) for name in _LEAST]
    return np.array([*from_chances, float(count == 1), float(count >= 3), denied, *most_of, *least_of])


def _is_literal(table: Vector) -> npt.NDArray[np.bool_]:
    """Which ideas a part of the answer gives in a listed wording: content says that it counts, whatever the models make of it."""
    return np.asarray(table[:, _AT["both"]] >= LITERAL)


def _sigmoid(values: Numbers) -> Numbers:
    return np.asarray(1 / (1 + np.exp(-values)))
