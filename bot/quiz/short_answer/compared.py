"""Parts of an answer held against wordings: in meaning, in words, and in what they deny or exclude."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from bot.encoder import Encoder, Vector
from bot.quiz.short_answer.expected import Expected, Terms, Wordings
from bot.quiz.short_answer.said import Said
from bot.quiz.short_answer.terms import Vocabulary, kinds

ASKED: Final = 0.25  # what a term counts that the question said
WORDS: Final = 0.6  # what agreeing in all words counts beside agreeing in meaning


@dataclass(frozen=True)
class Answer:
    """An answer's parts with terms and vectors: the whole first, then its clauses if it has several."""

    said: Said
    parts: tuple[Terms, ...]
    vectors: Vector

    @classmethod
    def of(cls, said: Said, vocabulary: Vocabulary, encoder: Encoder) -> Answer:
        """`said` has a clause."""
        clauses = tuple(vocabulary.terms(clause) for clause in said.clauses)
        if len(clauses) == 1:
            return cls(said, clauses, encoder.encode(said.clauses[0])[None])
        whole = tuple(term for terms in clauses for term in terms)
        return cls(said, (whole, *clauses), np.stack([encoder.encode(text) for text in (said.whole, *said.clauses)]))


@dataclass(frozen=True)
class Compared:
    """Each of shape (parts, wordings): cosine, shares of the wording's weighty terms, and ones where the part names a rival.

    `agree` are terms that part and wording both say or both deny, `new` the same with terms of the question counting little,
    `denied` those that only one of them denies.
    """

    meaning: Vector
    agree: Vector
    new: Vector
    denied: Vector
    rival: Vector

    @cached_property
    def both(self) -> Vector:
        """Meaning and words together."""
        return self.meaning + WORDS * (self.agree - self.denied - self.rival)

    @cached_property
    def related(self) -> Vector:
        """The same whether it is said or denied."""
        return self.meaning + WORDS * (self.agree + self.denied)


def compare(answer: Answer, expected: Expected, wordings: Wordings, vocabulary: Vocabulary) -> Compared:
    """The answer's parts against wordings of the item's ideas or of its misbeliefs."""
    columns = expected.columns
    said, denied = columns.of(answer.parts, False), columns.of(answer.parts, True)
    wants_said, wants_denied = columns.of(wordings.terms, False), columns.of(wordings.terms, True)
    fresh = np.array([ASKED if key in expected.asked else 1 for key in columns.keys], dtype=np.float32)

    def share(first: Vector, second: Vector, weights: Vector, least: float) -> Vector:
        total = np.maximum((wants_said + wants_denied) @ weights, least)
        return np.asarray((first @ (wants_said * weights).T + second @ (wants_denied * weights).T) / total)

    return Compared(
        meaning=answer.vectors @ wordings.vectors.T,
        agree=share(said, denied, columns.weights, 1e-6),
        new=np.minimum(share(said, denied, columns.weights * fresh, 1.0), 1),
        denied=share(denied * (1 - said), said * (1 - denied), columns.weights, 1e-6),
        rival=_rivals(answer.parts, wordings.terms, vocabulary),
    )


def _rivals(parts: Sequence[Terms], wordings: Sequence[Terms], vocabulary: Vocabulary) -> Vector:
    """Ones where a part has another number of the same kind, or another one of a group of rivals, than the wording."""
    wanted = [_exclusive(terms, vocabulary) for terms in wordings]
    held = [_exclusive(tuple(term for term in terms if not term.denied), vocabulary) for terms in parts]
    rows = [[any(own.get(group) and not keys & own[group] for group, keys in other.items()) for other in wanted] for own in held]
    return np.array(rows, dtype=np.float32).reshape(len(parts), len(wordings))


def _exclusive(terms: Terms, vocabulary: Vocabulary) -> dict[str | frozenset[str], frozenset[str]]:
    """Terms of which only one can be meant, by the group that they are of."""
    groups: dict[str | frozenset[str], frozenset[str]] = dict(kinds(terms).items())
    for term in terms:
        if group := vocabulary.rivals_of(term.key):
            groups[group] = groups.get(group, frozenset()) | {term.key}
    return groups
