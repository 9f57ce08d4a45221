"""What speaks for and against an idea being in an answer, as a table of features: one row per idea."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from bot.encoder import Encoder, Vector
from bot.quiz.short_answer.expected import Expected, Terms, Wordings
from bot.quiz.short_answer.said import Said
from bot.quiz.short_answer.terms import Vocabulary, kinds

FEATURES: Final = (
    "meaning",  # closest wording to a part of the answer, cosine of sentence vectors
    "meaning_two",  # mean of the closest two wordings
    "fresh",  # the same cosine with what the question means taken out
    "words",  # share of a wording's weighty terms that a part holds, best wording
    "new_words",  # the same, with terms of the question counting little
    "both",  # best wording by meaning and words together
    "telling",  # terms that this idea's wordings share and others do not
    "denied",  # share of the best wording's terms that the answer denies, or says where the wording denies
    "rival",  # the best wording names something else: another number, party or card
    "other_idea",  # how much closer the same part is to another idea
    "misbelief",  # how much closer the same part is to a misbelief
    "misbelief_words",  # share of a misbelief's terms in the answer, less that of the idea
    "model",  # cosine of the whole answer with the full answer
    "ask",  # cosine of the best part with the question
    "closer_other",  # how much closer the best part is to another idea, by meaning and words together
    "other_subject",  # the best part speaks of what another idea is about, and not of what this one is
    "stranger",  # the best part speaks of a party that stands nowhere in the item
    "turned",  # the best part denies something where the wordings do not, or the other way about
    "foreign",  # share of the best part's weighty terms that stand nowhere in the item
    "part_length",
    "bare",  # many words in a row without one that joins them
    "echoed",  # share copied from the question
    "length",
)
ASKED: Final = 0.25  # what a term counts that the question said


@dataclass(frozen=True)
class Compared:
    """Parts of an answer against wordings: meaning, agreeing and denied terms, and rivals, each of shape (parts, wordings)."""

    meaning: Vector
    agree: Vector
    new: Vector
    denied: Vector
    rival: Vector


class Evidence:
    """Compares answers with what is expected."""

    def __init__(self, encoder: Encoder, vocabulary: Vocabulary) -> None:
        self._encoder = encoder
        self._vocabulary = vocabulary

    def table(self, expected: Expected, said: Said) -> tuple[Vector, Vector]:
        """Features of each idea, shape (ideas, features), and how strongly each misbelief is held, from 0 to about 1."""
        clauses = [self._vocabulary.terms(clause) for clause in said.clauses]
        parts = [tuple(term for terms in clauses for term in terms), *clauses] if len(clauses) > 1 else clauses
        texts = [said.whole, *said.clauses] if len(clauses) > 1 else list(said.clauses)
        vectors = np.stack([self._encoder.encode(text) for text in texts])
        ideas = self._compare(expected, expected.ideas, parts, vectors)
        wrong = self._compare(expected, expected.wrong, parts, vectors)
        return self._ideas(expected, ideas, wrong, parts, vectors, said), _strength(wrong)

    def _compare(self, expected: Expected, wordings: Wordings, parts: Sequence[Terms], vectors: Vector) -> Compared:
        columns = expected.columns
        weights = columns.weights
        new = weights * np.array([ASKED if key in expected.asked else 1 for key in columns.keys], dtype=np.float32)
        of_parts = columns.of(parts, False), columns.of(parts, True)
        of_wordings = columns.of(wordings.terms, False), columns.of(wordings.terms, True)
        said_only, denied_only = of_parts[0] * (1 - of_parts[1]), of_parts[1] * (1 - of_parts[0])
        total = np.maximum(((of_wordings[0] + of_wordings[1]) * weights).sum(axis=1), 1e-6)
        total_new = np.maximum(((of_wordings[0] + of_wordings[1]) * new).sum(axis=1), 1.0)
        same = of_parts[0] @ (of_wordings[0] * weights).T + of_parts[1] @ (of_wordings[1] * weights).T
        same_new = of_parts[0] @ (of_wordings[0] * new).T + of_parts[1] @ (of_wordings[1] * new).T
        against = said_only @ (of_wordings[1] * weights).T + denied_only @ (of_wordings[0] * weights).T
        return Compared(
            vectors @ wordings.vectors.T,
            same / total,
            np.minimum(same_new / total_new, 1),
            against / total,
            self._rivals(wordings, parts),
        )

    def _rivals(self, wordings: Wordings, parts: Sequence[Terms]) -> Vector:
        """Ones where a part has another number of the same kind, or another one of a group of rivals, than the wording."""
        found = np.zeros((len(parts), len(wordings.terms)), dtype=np.float32)
        mine = [self._exclusive(terms, False) for terms in wordings.terms]
        theirs = [self._exclusive(terms, True) for terms in parts]
        for row, held in zip(found, theirs, strict=True):
            for number, wanted in enumerate(mine):
                row[number] = any(held.get(group) and not keys & held[group] for group, keys in wanted.items())
        return found

    def _exclusive(self, terms: Terms, only_said: bool) -> dict[object, frozenset[str]]:
        """Terms of which only one can be meant, by the group that they are of."""
        kept = [term for term in terms if not (only_said and term.denied)]
        groups: dict[object, frozenset[str]] = dict(kinds(kept))
        for term in kept:
            if group := self._vocabulary.rivals_of(term.key):
                groups[group] = groups.get(group, frozenset()) | {term.key}
        return groups

    def _ideas(self, expected: Expected, ideas: Compared, wrong: Compared, parts: Sequence[Terms], vectors: Vector, said: Said) -> Vector:
        wordings = expected.ideas
        along = vectors @ expected.ask
        fresh = _without(vectors, expected.ask) @ _without(wordings.vectors, expected.ask).T
        raw = ideas.meaning + 0.6 * (ideas.agree + ideas.denied)
        both = ideas.meaning + 0.6 * (ideas.agree - ideas.denied - ideas.rival)
        meaning_by_part, both_by_part = wordings.best(ideas.meaning), wordings.best(both)
        held = np.maximum(expected.columns.of(parts, False), expected.columns.of(parts, True)).max(axis=0)
        telling = held @ expected.telling
        bare = _bare(said.whole)
        foreign = [self._foreign(expected, part) for part in parts]
        denies = np.array([float(any(term.denied for term in part)) for part in parts])
        table = np.zeros((len(wordings.starts), len(FEATURES)), dtype=np.float32)
        for idea in range(len(table)):
            own = wordings.owners == idea
            part, wording = np.unravel_index(np.argmax(np.where(own, raw, -9)), raw.shape)
            by_wording = np.sort(ideas.meaning[:, own].max(axis=0))[::-1]
            nearest = int(meaning_by_part[:, idea].argmax())
            both_part = int(both_by_part[:, idea].argmax())
            meaning, words = float(by_wording[0]), float(ideas.agree[:, own].max())
            table[idea] = (
                meaning,
                float(by_wording[:2].mean()),
                float(fresh[:, own].max()),
                words,
                float(ideas.new[:, own].max()),
                float(both[:, own].max()),
                float(telling[idea]),
                float(ideas.denied[part, wording]),
                float(ideas.rival[part, wording]),
                float(np.delete(meaning_by_part[nearest], idea).max(initial=0)) - meaning,
                float(wrong.meaning[nearest].max(initial=0)) - meaning,
                float(wrong.agree.max(initial=0)) - words,
                float(vectors[0] @ expected.model),
                float(along[nearest]),
                float(np.delete(both_by_part[both_part], idea).max(initial=0) - both_by_part[both_part, idea]),
                self._other_subject(expected, idea, parts[both_part]),
                self._stranger(expected, parts[both_part]),
                abs(denies[both_part] - expected.denying[idea]),
                foreign[both_part],
                np.log1p(len(parts[both_part])),
                bare,
                said.echoed,
                np.log1p(len(said.whole.split())),
            )
        return table

    def _foreign(self, expected: Expected, part: Terms) -> float:
        weights = [(expected.rarity.of(term.key), term.key in expected.known) for term in part]
        return sum(weight for weight, known in weights if not known) / max(sum(weight for weight, _ in weights), 1.0)

    def _stranger(self, expected: Expected, part: Terms) -> float:
        return float(any(self._vocabulary.rivals_of(term.key) and term.key not in expected.known and not term.denied for term in part))

    def _other_subject(self, expected: Expected, idea: int, part: Terms) -> float:
        said = {term.key for term in part}
        others = any(said & subject for number, subject in enumerate(expected.subjects) if number != idea)
        return float(others and bool(expected.subjects[idea]) and not said & expected.subjects[idea])


def _without(rows: Vector, direction: Vector) -> Vector:
    """Unit rows with the part along `direction` taken out."""
    left = rows - np.outer(rows @ direction, direction)
    return np.asarray(left / np.maximum(np.linalg.norm(left, axis=1, keepdims=True), 1e-6))


def _strength(wrong: Compared) -> Vector:
    return np.asarray((wrong.meaning + 0.6 * (wrong.agree - wrong.denied - wrong.rival)).max(axis=0, initial=-1))


def _bare(text: str) -> float:
    from bot.answer.wording import STOPWORDS, words

    spoken = words(text)
    joining = sum(word in STOPWORDS for word in spoken) + text.count(",")
    return float(len(spoken) >= 6 and joining / len(spoken) < 0.15)
