"""What speaks for and against an idea being in an answer, as a table of features: one row per idea."""

from __future__ import annotations

from typing import Final

import numpy as np

from bot.answer.wording import STOPWORDS, words
from bot.encoder import Encoder, Vector
from bot.quiz.short_answer.compared import Answer, Compared, compare
from bot.quiz.short_answer.expected import Expected, Terms
from bot.quiz.short_answer.said import Said
from bot.quiz.short_answer.terms import Vocabulary

FEATURES: Final = (
    "meaning",  # closest wording to a part of the answer, cosine of sentence vectors
    "meaning_two",  # mean of the closest two wordings
    "fresh",  # the same cosine with what the question means taken out
    "words",  # share of a wording's weighty terms that a part holds, best wording
    "new_words",  # the same, with terms of the question counting little
    "both",  # best wording by meaning and words together
    "telling",  # terms that this idea's wordings share and others do not
    "denied",  # share of the closest wording's terms that only one of the two denies
    "rival",  # the closest wording's part names another number, party or card
    "other_idea",  # how much closer the part is to another idea
    "misbelief",  # how much closer the part is to a misbelief
    "misbelief_words",  # share of a misbelief's terms in the answer, less that of the idea
    "model",  # cosine of the whole answer with the full answer
    "ask",  # cosine of the part with the question
    "closer_other",  # how much closer the part is to another idea, by meaning and words together
    "other_subject",  # the part speaks of what another idea is about, and not of what this one is
    "stranger",  # the part speaks of a party that stands nowhere in the item
    "turned",  # the part denies something where the wordings do not, or the other way about
    "foreign",  # share of the part's weighty terms that stand nowhere in the item
    "part_length",  # log of the part's terms
    "bare",  # many words in a row without one that joins them
    "echoed",  # share copied from the question
    "length",  # log of the answer's words
)
_BARE: Final = 0.12  # share of joining words below which six words or more are a heap
_JOINING: Final = STOPWORDS | frozenset(
    """
    across after against along among around before behind below between beyond during except inside near onto outside per plus since
    through towards under until within without whenever whether although however instead unless whereas until both either neither
    """.split()  # noqa: SIM905
)


class Evidence:
    """Compares answers with what is expected."""

    def __init__(self, encoder: Encoder, vocabulary: Vocabulary) -> None:
        self._encoder = encoder
        self._vocabulary = vocabulary

    def table(self, expected: Expected, said: Said) -> tuple[Vector, Vector]:
        """Features of each idea, shape (ideas, FEATURES), and how strongly each misbelief is held, from 0 to about 1.6."""
        answer = Answer.of(said, self._vocabulary, self._encoder)
        ideas = compare(answer, expected, expected.ideas, self._vocabulary)
        wrong = compare(answer, expected, expected.wrong, self._vocabulary)
        by_idea = _features_by_idea(expected, answer, ideas, wrong)
        by_idea |= self._features_of_clauses(expected, answer, expected.ideas.best(ideas.both))
        by_idea |= {name: np.full(len(expected.item.ideas), value) for name, value in _features_of_answer(expected, answer).items()}
        return np.stack([by_idea[name] for name in FEATURES], axis=1).astype(np.float32), wrong.both.max(axis=0, initial=-1)

    def _features_of_clauses(self, expected: Expected, answer: Answer, both: Vector) -> dict[str, Vector]:
        """What the clause nearest to each idea, by meaning and words, says besides. `both` has shape (parts, ideas)."""
        first = int(len(answer.parts) > 1)  # the whole of several clauses says everything
        parts = [answer.parts[first + number] for number in both[first:].argmax(axis=0)]
        denies = np.array([any(term.denied for term in part) for part in parts], dtype=np.float32)
        return {
            "other_subject": np.array([_other_subject(expected, idea, part) for idea, part in enumerate(parts)]),
            "stranger": np.array([self._stranger(expected, part) for part in parts]),
            "turned": np.abs(denies - np.array(expected.denying)),
            "foreign": np.array([_foreign(expected, part) for part in parts]),
            "part_length": np.log1p([len(part) for part in parts]),
        }

    def _stranger(self, expected: Expected, part: Terms) -> bool:
        parties = [term.key for term in part if self._vocabulary.rivals_of(term.key) and not term.denied]
        return any(key not in expected.known for key in parties)


def _features_by_idea(expected: Expected, answer: Answer, ideas: Compared, wrong: Compared) -> dict[str, Vector]:
    wordings = expected.ideas
    meaning, both = wordings.best(ideas.meaning), wordings.best(ideas.both)
    nearest, nearest_both = meaning.argmax(axis=0), both.argmax(axis=0)
    numbers = np.arange(meaning.shape[1])
    best, words_held = meaning.max(axis=0), wordings.best(ideas.agree).max(axis=0)
    pairs = [_best_pair(ideas.related, wordings.owners == idea) for idea in numbers]
    fresh = _without(answer.vectors, expected.ask) @ _without(wordings.vectors, expected.ask).T
    along = answer.vectors @ expected.ask
    said = np.maximum(expected.columns.of(answer.parts, False), expected.columns.of(answer.parts, True)).max(axis=0)
    return {
        "meaning": best,
        "meaning_two": np.array([np.sort(ideas.meaning[:, wordings.owners == idea].max(axis=0))[-2:].mean() for idea in numbers]),
        "fresh": wordings.best(fresh).max(axis=0),
        "words": words_held,
        "new_words": wordings.best(ideas.new).max(axis=0),
        "both": both.max(axis=0),
        "telling": said @ expected.telling,
        "denied": np.array([ideas.denied[pair] for pair in pairs]),
        "rival": np.array([ideas.rival[pair] for pair in pairs]),
        "other_idea": _best_other(meaning[nearest]) - best,
        "misbelief": wrong.meaning[nearest].max(axis=1, initial=0) - best,
        "misbelief_words": wrong.agree.max(initial=0) - words_held,
        "ask": along[nearest],
        "closer_other": _best_other(both[nearest_both]) - both.max(axis=0),
    }


def _features_of_answer(expected: Expected, answer: Answer) -> dict[str, float]:
    return {
        "model": float(answer.vectors[0] @ expected.model),
        "bare": float(_is_bare(answer.said.whole)),
        "echoed": answer.said.echoed,
        "length": float(np.log1p(len(answer.said.whole.split()))),
    }


def _best_pair(values: Vector, own: Vector) -> tuple[int, int]:
    """Part and wording of the largest value among an idea's own wordings."""
    part, wording = np.unravel_index(np.argmax(np.where(own, values, -np.inf)), values.shape)
    return int(part), int(wording)


def _best_other(rows: Vector) -> Vector:
    """In each row, of which number n is idea n's, the largest value of another idea; 0 when there is none."""
    return np.array([np.delete(row, idea).max(initial=0) for idea, row in enumerate(rows)])


def _foreign(expected: Expected, part: Terms) -> float:
    weights = [(expected.rarity.of(term.key), term.key in expected.known) for term in part]
    return sum(weight for weight, known in weights if not known) / max(sum(weight for weight, _ in weights), 1.0)


def _other_subject(expected: Expected, idea: int, part: Terms) -> bool:
    said = {term.key for term in part}
    own, others = expected.subjects[idea], [subject for number, subject in enumerate(expected.subjects) if number != idea]
    return bool(own) and not said & own and any(said & subject for subject in others)


def _without(rows: Vector, direction: Vector) -> Vector:
    """Unit rows with the part along `direction` taken out."""
    left = rows - np.outer(rows @ direction, direction)
    return np.asarray(left / np.maximum(np.linalg.norm(left, axis=1, keepdims=True), 1e-6))


def _is_bare(text: str) -> bool:
    spoken = words(text)
    joining = sum(word in _JOINING for word in spoken) + text.count(",")
    return len(spoken) >= 6 and joining / len(spoken) < _BARE
